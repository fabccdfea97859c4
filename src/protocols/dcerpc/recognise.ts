import { latin1, Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import type { Recognition } from '../analyzer.ts';
import { BANNER } from './connection.ts';
import { uuid } from './fields.ts';
import { ENDPOINT_MAPPER } from './interfaces.ts';
import { HEADER, isLittleEndian, lengthAt, looksLikeHeader, Ptype, senderOf } from './pdu.ts';

/** What the first bytes of a direction are: a bind of the endpoint mapper alone, or any other PDU or the banner. */
export function recogniseRpc(
  bytes: Uint8Array,
  start: number,
  end: number,
  direction: Direction,
): { epm: Recognition; dcerpc: Recognition } {
  if (direction === 'server' && bytes[start] === BANNER.charCodeAt(0)) {
    const there = Math.min(end - start, BANNER.length);
    if (latin1(bytes, start, start + there) !== BANNER.slice(0, there)) return both('no');
    return { epm: 'no', dcerpc: there < BANNER.length ? 'more' : 'certain' };
  }
  if (!looksLikeHeader(bytes, start, end)) return both('no');
  if (end - start < HEADER) return both('more');
  const sender = senderOf(bytes[start + 2]!);
  if (sender !== 'both' && sender !== direction) return both('no');
  if (bytes[start + 2] !== Ptype.bind) return { epm: 'no', dcerpc: 'certain' };
  const whole = Math.min(end, start + Math.min(lengthAt(bytes, start), BIND_SEEN));
  switch (bindsOnlyMapper(bytes, start, whole)) {
    case 'yes':
      return { epm: 'certain', dcerpc: 'no' };
    case 'no':
      return { epm: 'no', dcerpc: 'certain' };
    case 'cut':
      return whole < end || end - start >= BIND_SEEN ? { epm: 'no', dcerpc: 'certain' } : both('more');
  }
}

/** bytes; a bind of the endpoint mapper with three transfer syntaxes each, as Windows sends it, has 160 */
const BIND_SEEN = 400;

const both = (recognition: Recognition) => ({ epm: recognition, dcerpc: recognition });

function bindsOnlyMapper(bytes: Uint8Array, start: number, end: number): 'yes' | 'no' | 'cut' {
  const littleEndian = isLittleEndian(bytes, start);
  if (end - start < 28) return 'cut';
  const count = bytes[start + 24]!;
  let at = start + 28;
  for (let i = 0; i < count; i++) {
    if (at + 24 > end) return 'cut';
    if (uuid(new Reader('dcerpc', bytes, at + 4, end), littleEndian) !== ENDPOINT_MAPPER) return 'no';
    at += 24 + 20 * bytes[at + 2]!;
  }
  return count > 0 && at <= end ? 'yes' : count === 0 ? 'no' : 'cut';
}
