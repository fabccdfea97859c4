/** Ids of flows, in the order in which they were judged; a report of a large capture has millions. */
export interface FlowList extends Iterable<string> {
  readonly length: number;
}

const usualId = /^[0-9a-f]{16}$/;
/** ids of one piece of the table */
const pieceIds = 1 << 14;

/** The ids of all flows that are on a path, at eight bytes each. */
export class FlowIds {
  readonly #pieces: Uint32Array[] = [];
  /** ids of another form: the second flow of the same ends and moment has `-2` behind it */
  readonly #others = new Map<number, string>();
  #count = 0;

  /** Keeps an id, and gives its place. */
  add(id: string): number {
    const place = this.#count++;
    const at = (place % pieceIds) * 2;
    if (at === 0) this.#pieces.push(new Uint32Array(2 * pieceIds));
    if (usualId.test(id)) {
      const piece = this.#pieces.at(-1)!;
      piece[at] = Number.parseInt(id.slice(0, 8), 16);
      piece[at + 1] = Number.parseInt(id.slice(8), 16);
    } else this.#others.set(place, id);
    return place;
  }

  at(place: number): string {
    const other = this.#others.get(place);
    if (other !== undefined) return other;
    const piece = this.#pieces[Math.floor(place / pieceIds)]!;
    const at = (place % pieceIds) * 2;
    return hex(piece[at]!) + hex(piece[at + 1]!);
  }
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/** The flows of one path, as the steps between their places: one byte each where most flows are on it. */
export class PathFlows implements FlowList {
  readonly #ids: FlowIds;
  #steps = new Uint8Array(16);
  #used = 0;
  #last = 0;
  length = 0;

  constructor(ids: FlowIds) {
    this.#ids = ids;
  }

  /** Places come in ascending order. */
  push(place: number): void {
    if (this.#used + 5 > this.#steps.length) {
      const larger = new Uint8Array(2 * this.#steps.length);
      larger.set(this.#steps);
      this.#steps = larger;
    }
    let step = place - this.#last;
    for (; step > 127; step = Math.floor(step / 128)) this.#steps[this.#used++] = 128 + (step % 128);
    this.#steps[this.#used++] = step;
    this.#last = place;
    this.length++;
  }

  *[Symbol.iterator](): Iterator<string> {
    let place = 0;
    for (let at = 0; at < this.#used; ) {
      for (let unit = 1; ; unit *= 128) {
        const byte = this.#steps[at++]!;
        place += (byte % 128) * unit;
        if (byte < 128) break;
      }
      yield this.#ids.at(place);
    }
  }
}
