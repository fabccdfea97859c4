// hot: looked up for every packet
import { hashKey, keyWords } from './flow-key.ts';

/** Flows by key: open addressing over typed arrays, linear probing, deletion by shifting back. Grows by doubling. */
export class FlowIndex<Entry extends object | number> {
  #mask: number;
  #keys: Uint32Array;
  #flows: (Entry | null)[];
  /** flows in it */
  size = 0;

  constructor(capacity = 1 << 12) {
    this.#mask = capacity - 1;
    this.#keys = new Uint32Array(capacity * keyWords);
    this.#flows = new Array<Entry | null>(capacity).fill(null);
  }

  get(key: Uint32Array): Entry | null {
    return this.#flows[this.#slot(key)]!;
  }

  set(key: Uint32Array, flow: Entry): void {
    if (this.size * 2 > this.#mask) this.#grow();
    const slot = this.#slot(key);
    if (this.#flows[slot] === null) this.size++;
    this.#keys.set(key, slot * keyWords);
    this.#flows[slot] = flow;
  }

  forEach(visit: (flow: Entry) => void): void {
    for (const flow of this.#flows) if (flow !== null) visit(flow);
  }

  delete(key: Uint32Array): void {
    let hole = this.#slot(key);
    if (this.#flows[hole] === null) return;
    this.size--;
    for (let next = (hole + 1) & this.#mask; this.#flows[next] !== null; next = (next + 1) & this.#mask) {
      const home = hashKey(this.#keyAt(next)) & this.#mask;
      // an entry may move back to the hole only if its home does not lie behind it
      if (((next - home) & this.#mask) < ((next - hole) & this.#mask)) continue;
      this.#keys.copyWithin(hole * keyWords, next * keyWords, (next + 1) * keyWords);
      this.#flows[hole] = this.#flows[next]!;
      hole = next;
    }
    this.#flows[hole] = null;
  }

  #slot(key: Uint32Array): number {
    let slot = hashKey(key) & this.#mask;
    while (this.#flows[slot] !== null && !this.#matches(slot, key)) slot = (slot + 1) & this.#mask;
    return slot;
  }

  #matches(slot: number, key: Uint32Array): boolean {
    const at = slot * keyWords;
    for (let i = 0; i < keyWords; i++) if (this.#keys[at + i] !== key[i]) return false;
    return true;
  }

  #keyAt(slot: number): Uint32Array {
    return this.#keys.subarray(slot * keyWords, (slot + 1) * keyWords);
  }

  #grow(): void {
    const bigger = new FlowIndex<Entry>((this.#mask + 1) * 2);
    for (let slot = 0; slot <= this.#mask; slot++) {
      const flow = this.#flows[slot]!;
      if (flow !== null) bigger.set(this.#keyAt(slot), flow);
    }
    this.#mask = bigger.#mask;
    this.#keys = bigger.#keys;
    this.#flows = bigger.#flows;
  }
}
