import { be16, le32 } from '../bytes/read.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Direction } from '../flows/direction.ts';
import { defineAnalyzer, NEED_MORE, NOT_THIS_PROTOCOL, type Out, WAIT } from './analyzer.ts';
import { mayCome } from './nmf/records.ts';
import { beginsFrame, frameLength, isSize, readFrame } from './nns/frames.ts';
import { endLogin, HEADER, isHandshake, readHandshake, recogniseHandshake } from './nns/handshake.ts';
import { type NnsState, otherSide, startNns } from './nns/state.ts';

/** bytes of a side that are held until the other has ended its handshake */
const HELD_AT_MOST = 1 << 16;

/**
 * The .NET negotiate stream ([MS-NNS]): inside message framing, or alone, as under log shipping and seeding (64327). Only
 * the wire tells what was agreed: data is framed where it is signed or sealed, and a token tells which.
 */
export const nns = defineAnalyzer<NnsState>({
  name: 'nns',
  transports: ['tcp'],
  ports: [64327],
  start: ({ upgrade, fromTheStart }) => startNns(upgrade !== null, fromTheStart),

  recognise(bytes, start, end) {
    const handshake = recogniseHandshake(bytes, start, end);
    // less than the size of a frame is none: where an upgrade was not used, message framing goes on with one byte
    if (handshake !== 'no' || end - start < 4) return handshake;
    const frame = beginsFrame(bytes, start, end);
    return frame === 'yes' ? 'possible' : frame;
  },

  frame(bytes, start, end, direction, state) {
    const side = state[direction];
    if (state.stage === 'handshake') {
      if (!side.done) return handshakeLength(bytes, start, end);
      if (state[otherSide(direction)].heard && end - start <= HELD_AT_MOST) return WAIT;
      state.stage = 'unknown';
    }
    if (state.stage === 'unknown') {
      const found = beginsFrame(bytes, start, end);
      if (found === 'more') return NEED_MORE;
      if (found === 'no' && !isClear(bytes, start, end, direction, state)) return NOT_THIS_PROTOCOL;
      state.stage = found === 'yes' ? 'framed' : 'clear';
    }
    return state.stage === 'framed' ? frameLength(bytes, start, end) : end - start;
  },

  message(reader, direction, state, out) {
    switch (state.stage) {
      case 'handshake':
        readHandshake(reader, direction, state, out);
        return;
      case 'framed':
        readFrame(reader, direction, state, out);
        return;
      case 'unknown':
      case 'clear':
        readClear(reader, state, out);
        return;
      default:
        state.stage satisfies never;
    }
  },

  resume(bytes, start, end, direction, state) {
    state[direction].lost = true;
    if (state.stage === 'clear') return start;
    if (state.stage === 'handshake' && recogniseHandshake(bytes, start, end) === 'certain') return start;
    for (let at = start; at < end; at++) {
      if (beginsFrame(bytes, at, end) !== 'yes') continue;
      // data: the handshake has ended, though perhaps unseen
      if (state.stage !== 'framed') state.stage = 'framed';
      return at;
    }
    return -1;
  },

  end(state, out) {
    const whole = state.client.heard && state.server.heard && !state.client.lost && !state.server.lost;
    endLogin(whole ? 'unfinished' : 'unseen', state, out);
  },
});

function handshakeLength(bytes: Uint8Array, start: number, end: number): number {
  const found = isHandshake(bytes, start, end);
  if (found === 'no') return NOT_THIS_PROTOCOL;
  if (found === 'more' || end - start < HEADER) return NEED_MORE;
  const total = HEADER + be16(bytes, start + 3);
  return end - start < total ? NEED_MORE : total;
}

/** Where the mechanism is not known, a frame of it may look like anything that begins with its size. */
function isClear(bytes: Uint8Array, start: number, end: number, direction: Direction, state: NnsState): boolean {
  if (state.knowsFrames || (state.insideFraming && mayCome(bytes[start]!, direction))) return true;
  return end - start >= 4 && !isSize(le32(bytes, start));
}

/** Neither signed nor sealed: what follows is the protocol inside, or the contents of a database and its logs. */
function readClear({ bytes, at, end }: Reader, state: NnsState, out: Out): void {
  if (state.insideFraming) out.carry('nmf', 'nns', bytes, at, end, null);
  else out.fact({ kind: 'exposed', content: 'mailbox' });
}
