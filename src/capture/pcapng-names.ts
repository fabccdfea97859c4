import { formatAddress } from '../bytes/address.ts';
import { be16, le16 } from '../bytes/read.ts';
import { limits } from '../limits.ts';
import type { Tally } from './tally.ts';

/** record types of a name resolution block: an address of so many bytes, then names that each end in 0 */
const addressBytes: Readonly<Record<number, number>> = { 1: 4, 2: 16 };

/** A name resolution block (§4.5), whose body is bytes[at, end): what the capturing machine called addresses. */
export function readNames(bytes: Uint8Array, at: number, end: number, littleEndian: boolean, tally: Tally): void {
  const u16 = littleEndian ? le16 : be16;
  for (let record = at; end - record >= 4; ) {
    const type = u16(bytes, record);
    const size = u16(bytes, record + 2);
    if (type === 0 || end - record - 4 < size) return;
    const length = addressBytes[type] ?? 0;
    if (length > 0 && size > length) {
      const address = formatAddress(bytes.subarray(record + 4, record + 4 + length));
      // the first name is the one it goes by; there may be others
      const names = bytes.subarray(record + 4 + length, record + 4 + size);
      const ends = names.indexOf(0);
      const name = new TextDecoder().decode(names.subarray(0, ends < 0 ? names.length : ends)).slice(0, limits.text);
      if (name !== '') tally.called(address, name);
    }
    record += 4 + ((size + 3) & ~3);
  }
}
