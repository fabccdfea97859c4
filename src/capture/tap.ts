// hot: `take` is called for every frame
import type { CaptureSummary } from './capture-summary.ts';
import { emptyFrame, type Frame } from './frame.ts';
import { type ReadOptions, readCapture } from './read-capture.ts';
import type { Moment, TimedSource } from './source.ts';

/** What becomes of the frames and summaries of several captures, told apart by their index. */
export interface Sinks {
  frame(frame: Frame, capture: number): void;
  ended(summary: CaptureSummary, capture: number): void;
}

/** One of several captures that are read at once: hands frames on, or holds them until it is their turn. */
export class Tap {
  readonly index: number;
  summary: CaptureSummary | null = null;
  readonly #sinks: Sinks;
  readonly #reading: Promise<void>;
  /** frames before it go on at once, as nobody else's can come first; `hold`: none do */
  #through: Moment | null | 'hold' = 'hold';
  /** frames that wait, with copies of their bytes, and the next of them */
  #held: Frame[] = [];
  #count = 0;
  #next = 0;
  #slab: Uint8Array = new Uint8Array(0);
  #filled = 0;
  /** the latest time of the frames handed on or next in turn: frames that are out of order keep their place */
  readonly #clock: Moment = { seconds: Number.NEGATIVE_INFINITY, nanoseconds: 0 };
  #failure: unknown = null;
  #ended = false;
  #abandoned = false;
  #resume = (): void => {};
  #wake = (): void => {};

  constructor(source: TimedSource, index: number, sinks: Sinks, options: ReadOptions) {
    this.index = index;
    this.#sinks = sinks;
    const stop = (): boolean => this.#abandoned || (options.stop?.() ?? false);
    this.#reading = readCapture(source, (frame) => this.#take(frame), { ...options, stop, pause: () => this.#pause() })
      .then((summary) => {
        this.summary = summary;
      })
      .catch((failure: unknown) => {
        this.#failure = failure;
      })
      .then(() => {
        this.#ended = true;
        this.#wake();
      });
  }

  /** Whether nothing waits to be handed on. */
  get isEmpty(): boolean {
    return this.#next === this.#count;
  }

  /** Whether it has been read to its end and everything was handed on. */
  get isOver(): boolean {
    return this.#ended && this.#next === this.#count;
  }

  /** Reads on until frames wait or the capture is over. Throws what reading it threw. */
  async more(through: Moment | null | 'hold'): Promise<void> {
    this.#through = through;
    while (this.#next === this.#count && !this.#ended) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#count = this.#next = this.#filled = 0;
      this.#resume();
      await woken;
    }
    if (this.#failure !== null) throw this.#failure;
    if (this.#next < this.#count) this.#advance(this.#held[this.#next]!);
  }

  isBefore(moment: Moment): boolean {
    return isBefore(this.#clock, moment);
  }

  /** By the next frame's time, then by the order in which the captures begin. */
  compare(other: Tap): number {
    if (isBefore(this.#clock, other.#clock)) return -1;
    return isBefore(other.#clock, this.#clock) ? 1 : this.index - other.index;
  }

  /** Hands on what waits, until it is another's turn or the next capture begins. At least one frame. */
  handOn(other: Tap | null, begins: Moment | null): void {
    do {
      this.#sinks.frame(this.#held[this.#next++]!, this.index);
      if (this.#next === this.#count) return;
      this.#advance(this.#held[this.#next]!);
    } while ((other === null || this.compare(other) < 0) && (begins === null || this.isBefore(begins)));
  }

  /** Lets go of the file. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    this.#resume();
    await this.#reading;
  }

  #take(frame: Frame): void {
    const through = this.#through;
    if (this.#count === 0 && through !== 'hold' && (through === null || isBefore(frame, through))) {
      this.#advance(frame);
      this.#sinks.frame(frame, this.index);
    } else if (!this.#abandoned) this.#hold(frame);
  }

  #advance(frame: Moment): void {
    if (!isBefore(this.#clock, frame)) return;
    this.#clock.seconds = frame.seconds;
    this.#clock.nanoseconds = frame.nanoseconds;
  }

  #hold(frame: Frame): void {
    const length = frame.end - frame.start;
    if (this.#filled + length > this.#slab.length) {
      // frames that wait keep the bytes they have
      this.#slab = new Uint8Array(Math.max(1 << 20, length));
      this.#filled = 0;
    }
    this.#slab.set(frame.bytes.subarray(frame.start, frame.end), this.#filled);
    this.#held[this.#count] ??= emptyFrame();
    const held = Object.assign(this.#held[this.#count]!, frame);
    held.bytes = this.#slab;
    held.start = this.#filled;
    held.end = this.#filled + length;
    this.#filled += length;
    this.#count++;
  }

  /** Between two chunks: waits until what is held was handed on. */
  #pause(): Promise<void> | null {
    if (this.#next === this.#count || this.#abandoned) return null;
    return new Promise((resolve) => {
      this.#resume = resolve;
      this.#wake();
    });
  }
}

const isBefore = (one: Moment, other: Moment): boolean =>
  one.seconds === other.seconds ? one.nanoseconds < other.nanoseconds : one.seconds < other.seconds;
