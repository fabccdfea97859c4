import { Malformed } from '../bytes/malformed.ts';
import { be16, be32 } from '../bytes/read.ts';
import { defineAnalyzer } from './analyzer.ts';
import { hasContent } from './ipsec/inner.ts';

const ESP = 50;
/** next header, length, reserved, SPI, sequence number */
const FIXED = 12;

/** AH (RFC 4302): what it protects can be read, and not changed. ESP inside it is a flow of its own, which tells whether it hides anything. */
export const ah = defineAnalyzer({
  name: 'ah',
  transports: ['ah'],
  ports: [],
  lasting: true,
  start: () => null,
  recognise: (bytes, start, end) => (headerOf(bytes, start, end) > 0 ? 'certain' : 'no'),
  frame: (_bytes, start, end) => end - start,

  message({ bytes, at, end }, _direction, _state, out) {
    const header = headerOf(bytes, at, end);
    if (header === 0) throw new Malformed('ah header', 0, FIXED, end - at);
    const next = bytes[at]!;
    if (next !== ESP && hasContent(next, bytes, at + header, end)) {
      out.fact({ kind: 'secured', mechanism: 'ah', level: 'integrity' });
    }
  },
});

/** Bytes of the header: its length field counts words, less two. 0 where this is none. */
function headerOf(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < FIXED || be16(bytes, start + 2) !== 0 || be32(bytes, start + 4) === 0) return 0;
  const header = (bytes[start + 1]! + 2) * 4;
  return header >= FIXED && header <= end - start ? header : 0;
}
