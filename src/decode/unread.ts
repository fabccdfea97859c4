import { limits } from '../limits.ts';
import type { Packet, Trouble } from './packet.ts';

/** Frames of one capture that could not be decoded as far as an audit needs, by why. */
export class UnreadFrames {
  count = 0;
  /** those in which packets lay in each other too deep */
  tooDeep = 0;
  #firstByte = 0;
  readonly #reasons = new Map<string, { count: number; first: number }>();

  /** @param byte where the frame's record begins in the file */
  add({ trouble, frame }: Packet, linkType: number, byte: number): void {
    if (this.count++ === 0) this.#firstByte = byte;
    if (trouble.why === 'limit') this.tooDeep++;
    const reason = reasonOf(trouble, linkType);
    const known = this.#reasons.get(reason);
    if (known) known.count++;
    else if (this.#reasons.size < limits.unreadReasons) this.#reasons.set(reason, { count: 1, first: frame });
  }

  /** What a report says of them; null where there are none. */
  statement(): { byte: number; detail: string } | null {
    if (this.count === 0) return null;
    const said = [...this.#reasons].map(([reason, { count, first }]) => `${count} ${reason} (first: frame ${first})`);
    const told = [...this.#reasons.values()].reduce((sum, { count }) => sum + count, 0);
    if (told < this.count) said.push(`${this.count - told} for other reasons`);
    return { byte: this.#firstByte, detail: said.join(', ') };
  }
}

function reasonOf({ why, layer }: Trouble, linkType: number): string {
  switch (why) {
    case 'unknown-link':
      return layer === 'link'
        ? `of link type ${linkType}, which is not read here`
        : `with ${layer} that is not read here`;
    case 'encrypted':
      return `with ${layer}`;
    case 'truncated-capture':
      return `cut off inside ${layer} by the snap length`;
    case 'malformed':
      return `with damaged ${layer}`;
    case 'limit':
      return `with more ${layer} in each other than are read`;
    case 'nothing':
      return '';
    default:
      return why satisfies never;
  }
}
