import { Malformed } from '../../bytes/malformed.ts';
import type { Reader } from '../../bytes/reader.ts';
import { u32 } from './fields.ts';

/** How integers and pointers stand in a call ([C706] chapter 14; NDR64: [MS-RPCE] §2.2.5). Offsets count from the reader's start. */
export class Ndr {
  readonly reader: Reader;
  readonly #littleEndian: boolean;
  readonly #wide: boolean;

  constructor(reader: Reader, littleEndian: boolean, wide: boolean) {
    this.reader = reader;
    this.#littleEndian = littleEndian;
    this.#wide = wide;
  }

  u32(): number {
    this.#align(4);
    return u32(this.reader, this.#littleEndian);
  }

  /** A pointer's referent, or a count of an array: 8 octets in NDR64. What does not fit 32 bits is nothing that a message can hold. */
  size(): number {
    if (!this.#wide) return this.u32();
    this.#align(8);
    const first = u32(this.reader, this.#littleEndian);
    const second = u32(this.reader, this.#littleEndian);
    const [low, high] = this.#littleEndian ? [first, second] : [second, first];
    return high === 0 ? low : 0xffffffff;
  }

  /** Counts of a conformant varying array: how many elements there are, once they are known to be there at `least` octets each. */
  varying(least: number): number {
    this.size();
    return this.counted(least);
  }

  /** The same without the conformance: offset and count. */
  counted(least: number): number {
    this.size();
    const count = this.size();
    const { reader } = this;
    if (count * least > reader.remaining) {
      throw new Malformed(reader.layer, reader.at - reader.start, count * least, reader.remaining);
    }
    return count;
  }

  /** Before a structure that holds pointers. */
  alignStructure(): void {
    this.#align(this.#wide ? 8 : 4);
  }

  #align(size: number): void {
    const over = (this.reader.at - this.reader.start) % size;
    if (over > 0) this.reader.skip(size - over);
  }
}
