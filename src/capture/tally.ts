// hot: `note` is called for every frame
import { formatTime } from '../bytes/time.ts';
import { limits } from '../limits.ts';
import type { CaptureProblem, CaptureProblemKind, KnownName } from './capture-summary.ts';
import type { Frame } from './frame.ts';

/** What is learnt of a capture while its frames go by. */
export class Tally {
  /** packet records seen, whether or not they could be handed on: the number of the last one */
  frames = 0;
  readonly linkTypes = new Set<number>();
  private readonly known = new Map<string, string>();
  /** null until the file says something of losses */
  dropped: number | null = null;
  private readonly problems = new Map<CaptureProblemKind, CaptureProblem & { count: number }>();
  private timed = false;
  private firstSeconds = 0;
  private firstNanoseconds = 0;
  private lastSeconds = 0;
  private lastNanoseconds = 0;
  private previousSeconds = 0;
  private previousNanoseconds = 0;

  /** A frame with a time; `byte` is where its record begins in the file. */
  note(frame: Frame, byte: number): void {
    const { seconds, nanoseconds } = frame;
    if (!this.timed) {
      this.timed = true;
      this.firstSeconds = this.lastSeconds = seconds;
      this.firstNanoseconds = this.lastNanoseconds = nanoseconds;
    } else if (seconds > this.lastSeconds || (seconds === this.lastSeconds && nanoseconds >= this.lastNanoseconds)) {
      this.lastSeconds = seconds;
      this.lastNanoseconds = nanoseconds;
    } else {
      this.noteEarlier(seconds, nanoseconds, byte);
    }
    this.previousSeconds = seconds;
    this.previousNanoseconds = nanoseconds;
  }

  private noteEarlier(seconds: number, nanoseconds: number, byte: number): void {
    if (seconds < this.firstSeconds || (seconds === this.firstSeconds && nanoseconds < this.firstNanoseconds)) {
      this.firstSeconds = seconds;
      this.firstNanoseconds = nanoseconds;
    }
    if (
      seconds < this.previousSeconds ||
      (seconds === this.previousSeconds && nanoseconds < this.previousNanoseconds)
    ) {
      this.problem(
        'not-in-time-order',
        byte,
        'frames are earlier than the one before them; reordercap puts them in order',
      );
    }
  }

  /** States a problem; a kind is reported once, where it came up first, with a count. */
  problem(kind: CaptureProblemKind, byte: number, detail: string): void {
    const known = this.problems.get(kind);
    if (known) known.count++;
    else this.problems.set(kind, { kind, byte, detail, count: 1 });
  }

  /** The file says what an address is called. The first name stays; past the cap no more are kept. */
  called(address: string, name: string): void {
    if (!this.known.has(address) && this.known.size < limits.names) this.known.set(address, name);
  }

  get names(): KnownName[] {
    return [...this.known].map(([address, name]) => ({ address, name }));
  }

  /** Packets that the capturing machine lost; `byte` is where the file says so. */
  lost(packets: number, byte: number): void {
    this.dropped = Math.min((this.dropped ?? 0) + packets, Number.MAX_SAFE_INTEGER);
    if (packets > 0) this.problem('dropped-packets', byte, '');
  }

  get firstSeen(): string | null {
    return this.timed ? formatTime(this.firstSeconds, this.firstNanoseconds) : null;
  }

  get lastSeen(): string | null {
    return this.timed ? formatTime(this.lastSeconds, this.lastNanoseconds) : null;
  }

  /** In the order in which they came up in the file. */
  statedProblems(): CaptureProblem[] {
    const stated = [...this.problems.values()].map(({ kind, byte, detail, count }) => {
      switch (kind) {
        case 'not-in-time-order':
        case 'unknown-interface':
        case 'secrets-present':
          return { kind, byte, detail: count === 1 ? detail : `${count} times: ${detail}` };
        case 'dropped-packets':
          return { kind, byte, detail: `the capturing machine lost ${this.dropped} packets` };
        case 'no-frames':
        case 'cut-short':
        case 'damaged':
        case 'record-too-large':
        case 'unread-frames':
          return { kind, byte, detail };
        default:
          return kind satisfies never;
      }
    });
    return stated.sort((one, other) => one.byte - other.byte);
  }
}
