import { addressOf, judge } from './judge-flow.ts';
import { join } from './ldap-messages.ts';
import { play, type Step } from './play.ts';

/** Builds records of [MC-NMF] §2.2 and messages of [MS-NNS] §2.2 for tests. */

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
/** [MC-NMF] §2.2.2 */
const size = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...size(value >> 7)]);

const text = (type: number, value: string): Uint8Array =>
  join(Uint8Array.of(type, ...size(value.length)), ascii(value));
export const via = 'net.tcp://cas2.example.test/Microsoft.Exchange.MailboxReplicationService';
/** version 1.0, duplex, via, binary encoding with a session's dictionary */
export const preamble = (to: string = via): Uint8Array =>
  join(Uint8Array.of(0, 1, 0, 1, 2), text(2, to), Uint8Array.of(3, 8));
export const upgradeRequest = (name = 'application/negotiate'): Uint8Array => text(9, name);
export const fault = (code: string): Uint8Array =>
  text(8, `http://schemas.microsoft.com/ws/2006/05/framing/faults/${code}`);
export const upgradeResponse = Uint8Array.of(0x0a);
export const preambleAck = Uint8Array.of(0x0b);
export const preambleEnd = Uint8Array.of(0x0c);
export const end = Uint8Array.of(7);

/** A binary SOAP envelope ([MC-NBFS]: `s:Envelope` with its namespaces) with text in it, as a sized record. */
export function envelope(content = 'made-up mailbox item '.repeat(20)): Uint8Array {
  const head = [0, 0x56, 0x02, 0x0b, 0x01, 0x73, 0x04, 0x0b, 0x01, 0x61, 0x06, 0x56, 0x08, 0x44, 0x0a, 0x1e, 0x00];
  const body = join(Uint8Array.from(head), ascii(content));
  return join(Uint8Array.of(6, ...size(body.length)), body);
}

/** A handshake message: 0x14 done, 0x15 error, 0x16 in progress */
export const handshake = (id: number, token: Uint8Array = new Uint8Array(0)): Uint8Array =>
  join(Uint8Array.of(id, 1, 0, token.length >> 8, token.length & 0xff), token);
export const logonDenied = handshake(0x15, Uint8Array.of(0, 0, 0, 0, 0x80, 0x09, 0x03, 0x0c));

export function frame(payload: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(payload.length);
  return join(new Uint8Array(head), payload);
}

/** Bytes as even as ciphertext, the same every time. */
export const cipher = (length: number, seed = 1): Uint8Array => {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
};

/** A wrap token of RFC 4121 §4.2.6.2: flags 02 say that it is sealed. */
export const wrapped = (flags: number, content: Uint8Array): Uint8Array =>
  join(Uint8Array.of(5, 4, flags, 0xff, 0, 0, 0, 28, 0, 0, 0, 0, 0, 0, 0, 7), content);
/** A signature of RFC 4121 §4.2.6.1, then what it signs. */
export const signed = (content: Uint8Array): Uint8Array =>
  join(Uint8Array.of(4, 4, 4, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 7), cipher(12), content);
/** [MS-NLMP] §2.2.2.9: a signature of version 1, then content, sealed or not. */
export const ntlm = (content: Uint8Array): Uint8Array =>
  join(Uint8Array.of(1, 0, 0, 0), cipher(8, 9), Uint8Array.of(0, 0, 0, 0), content);

/** How a session is judged: message framing between two client-access servers, or a stream between two mailbox servers. */
export function judgedFraming(steps: readonly Step[], port: 808 | 64327) {
  const { record } = play(steps, { port });
  const gaps = steps.flatMap(([, said], index) =>
    typeof said === 'object' && 'lost' in said
      ? [{ why: 'gap', capture: 0, frame: index + 1, detail: '' } as const]
      : [],
  );
  const [from, to, path] =
    port === 808
      ? (['cas1', 'cas2', 'mailbox-replication-service'] as const)
      : (['mbx1', 'mbx2', 'log-shipping'] as const);
  const client = { address: addressOf(from), port: 40_000 };
  const server = { address: addressOf(to), port };
  return judge({ ...record, client, server, blindSpots: [...gaps, ...record.blindSpots] }, path);
}
