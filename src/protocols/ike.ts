import { Malformed } from '../bytes/malformed.ts';
import { be32 } from '../bytes/read.ts';
import type { Reader } from '../bytes/reader.ts';
import { defineAnalyzer, type Out } from './analyzer.ts';
import { isEsp } from './esp.ts';
import { HEADER, isIke, versionAt } from './ike/header.ts';
import { readProposals } from './ike/proposal.ts';

/** what IKE's own port never has: ESP */
const IKE_ONLY = 500;
const KEEPALIVE = 0xff;
/** next payload numbers */
const SA_1 = 1;
const SA_2 = 33;
/** of IKEv2: what follows is encrypted (SK), or part of it (SKF) */
const SEALED: readonly number[] = [46, 53];
/** flags: of IKEv1 that all payloads are encrypted; of IKEv2 that this answers a request */
const ENCRYPTED_1 = 0x01;
const RESPONSE_2 = 0x20;

/**
 * IKE (RFC 7296; RFC 2408, 2409) on UDP 500, and on 4500 together with the ESP that it negotiates (RFC 3948): four zero bytes before
 * an IKE message, an SPI before ESP, one byte FF to keep a NAT open. What it says in clear is the cipher of its own messages; that
 * of ESP is inside them.
 */
export const ike = defineAnalyzer<{ port: number }>({
  name: 'ike',
  transports: ['udp'],
  ports: [500, 4500],
  lasting: true,
  start: ({ port }) => ({ port }),

  recognise(bytes, start, end) {
    if (isIke(bytes, start, end) || isMarked(bytes, start, end)) return 'certain';
    return isKeepalive(bytes, start, end) || isEsp(bytes, start, end) ? 'possible' : 'no';
  },

  frame: (_bytes, start, end) => end - start,

  message(reader, _direction, { port }, out) {
    const { bytes, at, end } = reader;
    if (isKeepalive(bytes, at, end)) return;
    if (isIke(bytes, at, end)) readIke(reader, out);
    else if (isMarked(bytes, at, end)) {
      reader.skip(4);
      readIke(reader, out);
    } else if (port !== IKE_ONLY && isEsp(bytes, at, end)) out.carry('esp', 'esp', bytes, at, end, null);
    else throw new Malformed('ike message', 0, HEADER, end - at);
  },
});

const isMarked = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start >= 4 && be32(bytes, start) === 0 && isIke(bytes, start + 4, end);

const isKeepalive = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 1 && bytes[start] === KEEPALIVE;

function readIke(reader: Reader, out: Out): void {
  const { bytes, at } = reader;
  const version = versionAt(bytes, at)!;
  const exchange = bytes[at + 18]!;
  const flags = bytes[at + 19]!;
  out.fact({ kind: 'described', what: 'property', name: 'ike-version', value: version });
  out.fact({ kind: 'described', what: 'property', name: 'ike-exchange', value: exchange });
  if (version === 1 && (flags & ENCRYPTED_1) !== 0) return;
  const answers = version === 2 ? (flags & RESPONSE_2) !== 0 : be32(bytes, at + 8) !== 0 || be32(bytes, at + 12) !== 0;
  let next = bytes[at + 16]!;
  reader.skip(HEADER);
  // each payload takes four bytes at least
  while (next !== 0 && !SEALED.includes(next)) {
    const kind = next;
    next = reader.u8();
    reader.skip(1);
    const length = reader.u16();
    if (length < 4) throw new Malformed('ike payload', reader.at - at, 4, length);
    const payload = reader.sub(length - 4);
    if (answers && kind === (version === 1 ? SA_1 : SA_2)) stateChoice(version, payload, out);
  }
}

/** Who answers, chooses: one proposal with one cipher. */
function stateChoice(version: 1 | 2, payload: Reader, out: Out): void {
  const [chosen, ...others] = readProposals(version, payload);
  if (chosen === undefined || others.length > 0 || chosen.of === 'other') return;
  const [cipher, ...more] = chosen.ciphers;
  if (cipher === undefined || more.length > 0) return;
  out.fact({ kind: 'described', what: 'ipsec-cipher', ikeVersion: version, of: chosen.of, cipher });
}
