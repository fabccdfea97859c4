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

/** The flows of one path, as runs of places: how far each begins behind the last, and how long it is. */
export class PathFlows implements FlowList {
  readonly #ids: FlowIds;
  /** numbers of seven bits a byte, the last of each below 128 */
  #bytes = new Uint8Array(16);
  #used = 0;
  /** the run that is growing: its first place, and the one behind its last */
  #from = 0;
  #to = 0;
  /** the place behind the run before it */
  #before = 0;
  length = 0;

  constructor(ids: FlowIds) {
    this.#ids = ids;
  }

  /** Places come in ascending order. */
  push(place: number): void {
    if (place !== this.#to || this.length === 0) {
      if (this.length > 0) this.#writeRun();
      this.#before = this.#to;
      this.#from = place;
    }
    this.#to = place + 1;
    this.length++;
  }

  *[Symbol.iterator](): Iterator<string> {
    let place = 0;
    for (let at = 0; at < this.#used; ) {
      const gap = this.#numberAt(at);
      const run = this.#numberAt(gap.end);
      place += gap.value;
      for (const end = place + run.value; place < end; place++) yield this.#ids.at(place);
      at = run.end;
    }
    for (let last = this.#from; last < this.#to; last++) yield this.#ids.at(last);
  }

  #writeRun(): void {
    this.#write(this.#from - this.#before);
    this.#write(this.#to - this.#from);
  }

  #write(value: number): void {
    if (this.#used + 8 > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    let left = value;
    for (; left > 127; left = Math.floor(left / 128)) this.#bytes[this.#used++] = 128 + (left % 128);
    this.#bytes[this.#used++] = left;
  }

  #numberAt(start: number): { value: number; end: number } {
    let value = 0;
    let end = start;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#bytes[end++]!;
      value += (byte % 128) * unit;
      if (byte < 128) return { value, end };
    }
  }
}
