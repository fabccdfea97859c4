import { le32 } from '../../bytes/read.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import { NEED_MORE, NOT_THIS_PROTOCOL, type Out } from '../analyzer.ts';
import type { ProtectionLevel } from '../fact.ts';
import { RecordType } from '../nmf/records.ts';
import { isMic, wrapLevel } from '../parts/gssapi.ts';
import { isReadable, isReadableWith, readableAtLeast } from '../parts/randomness.ts';
import type { NnsState } from './state.ts';

/** bytes of a frame's payload at most ([MS-NNS] §2.2.2) */
const PAYLOAD_AT_MOST = 0xfc30;
const SIZE = 4;
const NTLM_SIGNATURE = 16;
/** bytes of a frame that are looked at: what tells its level, and enough of its content to tell ciphertext */
const HEAD = SIZE + 64 + 512;
/** bytes of the shortest sealed token: that of RC4 (RFC 4757 §7.3) has a header of 45 */
const SEALED_AT_LEAST = 45;
/** bytes of a payload that may be no more than the end of a preamble, or its acknowledgment, sealed (RFC 4121 §4.2.4: 60) */
const NO_CONTENT = 128;
/** frames of a side of which not one may be readable by chance, which ciphertext is once in 10^6 times */
const FEW_FRAMES = 64;

/** Whether a frame with a token of Kerberos or NTLM begins here. */
export function beginsFrame(bytes: Uint8Array, start: number, end: number): 'yes' | 'no' | 'more' {
  if (end - start >= 4 && !isSize(le32(bytes, start))) return 'no';
  if (end - start < SIZE + 32) {
    if (end - start < SIZE) return 'more';
    if (end - start < SIZE + Math.min(32, le32(bytes, start))) return 'more';
  }
  return tokenAt(bytes, start + SIZE, end) === null ? 'no' : 'yes';
}

export const isSize = (size: number): boolean => size >= NTLM_SIGNATURE && size <= PAYLOAD_AT_MOST;

/** What kind of token a payload begins with. */
function tokenAt(bytes: Uint8Array, at: number, end: number): ProtectionLevel | 'ntlm' | null {
  const level = wrapLevel(bytes, at, end);
  if (level !== null) return level;
  if (isMic(bytes, at, end)) return 'integrity';
  // NTLMSSP_MESSAGE_SIGNATURE ([MS-NLMP] §2.2.2.9): version 1
  return end - at >= NTLM_SIGNATURE && le32(bytes, at) === 1 ? 'ntlm' : null;
}

/** As much of the frame as is read. */
export function frameLength(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < SIZE) return NEED_MORE;
  const size = le32(bytes, start);
  if (size === 0 || size > PAYLOAD_AT_MOST) return NOT_THIS_PROTOCOL;
  const head = Math.min(SIZE + size, HEAD);
  return end - start < head ? NEED_MORE : head;
}

export function readFrame(reader: Reader, direction: Direction, state: NnsState, out: Out): void {
  const { bytes, at, end } = reader;
  const size = le32(bytes, at);
  const payload = at + SIZE;
  out.skip(SIZE + size - (end - at));
  const side = state[direction];
  side.frames++;
  const token = tokenAt(bytes, payload, end);
  const content = payload + (token === 'ntlm' ? NTLM_SIGNATURE : 0);
  // a header of 16 bytes is more regular than ciphertext, and shorter than what is looked at
  const from = payload + NTLM_SIGNATURE;
  const readable =
    isReadable(bytes, from, end) || (isShort(bytes, payload, end) && isReadableWith(side.short, bytes, from, end));
  if (readable) side.readable++;
  const level = token === 'ntlm' ? ntlmLevel(bytes, content, end, readable, direction, state) : token;
  if (level === 'privacy' && token !== 'ntlm' && size < SEALED_AT_LEAST) {
    out.blind('malformed', 'nns: a frame that says it is sealed, and is too short for it');
    return;
  }
  if (level === 'privacy' && readable) {
    if (side.readable > 1 || side.frames <= FEW_FRAMES) {
      out.blind('left-protocol', 'nns: a frame that says it is sealed can be read');
    }
    return;
  }
  if (state.insideFraming && side.frames === 1 && size < NO_CONTENT) return;
  stateLevel(level, state, out);
}

/** Too short to tell alone. The longer header of RC4 (RFC 4757 §7.3), which is no ciphertext, would tell what is not so. */
const isShort = (bytes: Uint8Array, payload: number, end: number): boolean =>
  end - payload < NTLM_SIGNATURE + readableAtLeast && bytes[payload] !== 0x60;

function stateLevel(level: ProtectionLevel | null, state: NnsState, out: Out): void {
  const name = level ?? 'untold';
  if (state.stated[name]) return;
  state.stated[name] = true;
  // what was told by other frames of this flow must not stand for this one
  if (level !== 'integrity' && state.stated.untold && state.stated.privacy) {
    out.blind('left-protocol', 'nns: frames that hide their content, and frames that do not tell');
  }
  if (level === null) out.blind('encrypted', 'nns: a frame that does not tell whether it hides its content');
  else out.fact({ kind: 'secured', mechanism: 'nns', level });
}

/** how message framing goes on behind the handshake ([MC-NMF] §3.1.4.3, §3.2.4) */
const goesOn: Record<Direction, readonly number[]> = {
  client: [RecordType.preambleEnd, RecordType.upgradeRequest],
  server: [RecordType.preambleAck, RecordType.upgradeResponse, RecordType.fault],
};

/** Whether NTLM seals is told by what must stand behind the signature of a side's first frame, or by content that can be read. */
function ntlmLevel(
  bytes: Uint8Array,
  content: number,
  end: number,
  readable: boolean,
  direction: Direction,
  state: NnsState,
): ProtectionLevel | null {
  const side = state[direction];
  const first = side.frames === 1 && !side.lost && state.insideFraming;
  if (readable) {
    if (state.ntlm === 'sealed') return 'privacy';
    state.ntlm = 'signed';
  } else if (first && end > content && !goesOn[direction].includes(bytes[content]!)) {
    if (state.ntlm === 'untold') state.ntlm = 'sealed';
  }
  return state.ntlm === 'sealed' ? 'privacy' : state.ntlm === 'signed' ? 'integrity' : null;
}
