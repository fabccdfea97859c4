import { be32 } from '../bytes/read.ts';
import type { Direction } from '../flows/direction.ts';
import { limits } from '../limits.ts';
import { defineAnalyzer, type Out } from './analyzer.ts';
import { type Association, HEADER, natureOf, startAssociation, takePacket } from './ipsec/association.ts';

interface EspState {
  associations: Association[];
  /** more associations than are told apart */
  more: boolean;
  readable: boolean;
}

/** SPIs below are reserved (RFC 4303 §2.1) */
const FIRST_SPI = 256;
/** payload, trailer and padding end at a multiple of this, and so does what is before and behind them (RFC 4303 §2.4) */
const ALIGNMENT = 4;

/**
 * ESP (RFC 4303): what IPsec protects is hidden, unless it is ESP-NULL (RFC 2410), which nothing in a header tells. So
 * protection is stated at the end, and only if every association was seen to be encrypted; else that it could be ESP-NULL.
 */
export const esp = defineAnalyzer<EspState>({
  name: 'esp',
  transports: ['esp'],
  ports: [],
  lasting: true,
  start: () => ({ associations: [], more: false, readable: false }),

  recognise: (bytes, start, end) => (isEsp(bytes, start, end) ? 'certain' : 'no'),

  frame(bytes, start, end, direction, state) {
    // also of a packet that was captured short, whose content nobody will look at
    if (isEsp(bytes, start, end)) associationOf(state, be32(bytes, start), direction);
    return end - start;
  },

  message({ bytes, at, end }, direction, state, out) {
    if (!isEsp(bytes, at, end)) {
      out.blind('malformed', 'esp: a packet without SPI, or out of alignment');
      return;
    }
    const association = associationOf(state, be32(bytes, at), direction);
    if (association === null) return;
    takePacket(association, bytes, at, end);
    if (state.readable || natureOf(association) !== 'readable') return;
    state.readable = true;
    out.fact({ kind: 'secured', mechanism: 'esp', level: 'integrity' });
  },

  end: stateNature,
});

export const isEsp = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start >= HEADER + ALIGNMENT && (end - start) % ALIGNMENT === 0 && be32(bytes, start) >= FIRST_SPI;

/** The association of this sender and SPI; null where there are too many. */
function associationOf(state: EspState, spi: number, from: Direction): Association | null {
  for (const known of state.associations) if (known.spi === spi && known.from === from) return known;
  if (state.associations.length >= limits.associations) {
    state.more = true;
    return null;
  }
  const association = startAssociation(spi, from);
  state.associations.push(association);
  return association;
}

function stateNature({ associations, more, readable }: EspState, out: Out): void {
  const open = associations.filter((association) => natureOf(association) === 'open');
  const sides = new Set(associations.map(({ from }) => from));
  if (more) out.blind('limit', `esp: more than ${limits.associations} associations`);
  if (!more && !readable && open.length === 0 && sides.size === 2) {
    out.fact({ kind: 'secured', mechanism: 'esp', level: 'privacy' });
    return;
  }
  if (open.length > 0) {
    out.blind('esp-null-possible', `esp: ${open.length} of ${associations.length} associations could be ESP-NULL`);
  } else if (sides.size === 1) {
    out.blind('esp-null-possible', 'esp: the other direction was not captured');
  }
}
