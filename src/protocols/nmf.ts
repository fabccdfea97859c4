import type { Reader } from '../bytes/reader.ts';
import { utf8 } from '../bytes/text.ts';
import type { Direction } from '../flows/direction.ts';
import { defineAnalyzer, NOT_THIS_PROTOCOL, type Out, type Recognition, WAIT } from './analyzer.ts';
import type { Content, SecurityMechanism, UpgradeVerb } from './fact.ts';
import { beginsEnvelope, mayCome, RecordType, recordLength, sizeAt, sizeLength } from './nmf/records.ts';

/** bytes of the client that are held for the answer to an upgrade; a handshake's first token is shorter */
const HELD_AT_MOST = 1 << 16;

interface NmfState {
  /** inside an envelope that comes in chunks ([MC-NMF] §2.2.4.3) */
  chunks: Record<Direction, boolean>;
  /** the upgrade that waits for its answer */
  asked: string | null;
  /** the upgrade that was accepted and handed over */
  accepted: UpgradeVerb | null;
  content: Content;
}

/**
 * .NET message framing ([MC-NMF]): net.tcp, as on 808 (mailbox replication). A session may be upgraded before its preamble
 * ends, to the negotiate stream ([MS-NNS]) or to TLS; else all envelopes are in clear.
 */
export const nmf = defineAnalyzer<NmfState>({
  name: 'nmf',
  transports: ['tcp'],
  ports: [808, 64337],
  start: () => ({ chunks: { client: false, server: false }, asked: null, accepted: null, content: 'mailbox' }),
  recognise,

  frame(bytes, start, end, direction, state) {
    // whose bytes these are only the answer tells
    if (direction === 'client' && state.asked !== null) {
      return end - start <= HELD_AT_MOST ? WAIT : NOT_THIS_PROTOCOL;
    }
    if (state.chunks[direction]) return sizeLength(bytes, start, end, 0);
    return mayCome(bytes[start]!, direction) ? recordLength(bytes, start, end) : NOT_THIS_PROTOCOL;
  },

  message(reader, direction, state, out) {
    if (state.chunks[direction]) readEnvelope(reader, direction, state, out);
    else readRecord(reader, direction, state, out);
  },

  resume(bytes, start, end, direction, state) {
    state.chunks[direction] = false;
    return beginsEnvelope(bytes, start, end) === 'yes' ? start : -1;
  },

  handOverFailed(state, out) {
    if (state.accepted) out.fact({ kind: 'described', what: 'upgrade-not-followed', verb: state.accepted });
    state.accepted = null;
  },
});

/** A preamble: version 1.0, then one of four modes, then a via. */
function recognise(bytes: Uint8Array, start: number, end: number, direction: Direction): Recognition {
  const envelope = beginsEnvelope(bytes, start, end);
  if (envelope !== 'no') return envelope === 'yes' ? 'certain' : 'more';
  if (direction === 'server') return 'no';
  const preamble = [RecordType.version, 1, 0, RecordType.mode, null, RecordType.via];
  for (const [i, byte] of preamble.entries()) {
    if (start + i >= end) return 'more';
    const seen = bytes[start + i]!;
    if (byte === null ? seen < 1 || seen > 4 : seen !== byte) return 'no';
  }
  return 'certain';
}

function readRecord(reader: Reader, direction: Direction, state: NmfState, out: Out): void {
  const type = reader.u8();
  switch (type) {
    case RecordType.mode:
      out.fact({ kind: 'described', what: 'property', name: 'nmf-mode', value: reader.u8() });
      return;
    case RecordType.knownEncoding:
      out.fact({ kind: 'described', what: 'property', name: 'nmf-encoding', value: reader.u8() });
      return;
    case RecordType.extensibleEncoding:
      out.fact({ kind: 'described', what: 'property', name: 'nmf-encoding', value: readText(reader) });
      return;
    case RecordType.via:
      readVia(readText(reader), state, out);
      return;
    case RecordType.upgradeRequest:
      askUpgrade(readText(reader), state, out);
      return;
    case RecordType.upgradeResponse:
      acceptUpgrade(state, out);
      return;
    case RecordType.fault:
      readFault(readText(reader), state, out);
      return;
    case RecordType.sizedEnvelope:
      readEnvelope(reader, direction, state, out);
      return;
    case RecordType.unsizedEnvelope:
      state.chunks[direction] = true;
      return;
    default:
      return;
  }
}

function readText(reader: Reader): string {
  const size = sizeAt(reader.bytes, reader.at, reader.end);
  reader.skip(Math.max(0, size.length));
  return utf8(reader.take(size.value));
}

/** The size of an envelope, or of a chunk of one: the last chunk has none. */
function readEnvelope(reader: Reader, direction: Direction, state: NmfState, out: Out): void {
  const { value } = sizeAt(reader.bytes, reader.at, reader.end);
  if (value === 0) {
    state.chunks[direction] = false;
    return;
  }
  out.fact({ kind: 'exposed', content: state.content });
  out.skip(value);
}

/** `net.tcp://host:port/service`: whom the client calls, and which service there. */
function readVia(via: string, state: NmfState, out: Out): void {
  const [, host, path = '/'] = /^[a-z.]+:\/\/([^/:]+|\[[^\]]*\])(?::\d+)?(\/[^?#]*)?/i.exec(via) ?? [];
  out.fact({ kind: 'described', what: 'property', name: 'nmf-via', value: via });
  if (host === undefined) return;
  out.fact({ kind: 'described', what: 'resource', name: path });
  out.fact({ kind: 'described', what: 'peer-name', of: 'server', name: host });
  if (/^\/Microsoft\.Exchange\./i.test(path)) state.content = 'mailbox';
  else state.content = /^\/ActiveDirectoryWebServices\//i.test(path) ? 'directory' : 'rpc';
}

function askUpgrade(name: string, state: NmfState, out: Out): void {
  state.asked = name;
  const verb = verbOf(name);
  if (verb !== null) out.fact({ kind: 'described', what: 'upgrade-asked', verb });
}

function acceptUpgrade(state: NmfState, out: Out): void {
  const { asked } = state;
  state.asked = null;
  const verb = asked === null ? null : verbOf(asked);
  if (verb === null) {
    out.blind('left-protocol', 'nmf: the answer to an upgrade that was not seen, or that nobody knows');
    out.done();
    return;
  }
  out.fact({ kind: 'described', what: 'upgrade-accepted', verb, code: '0A' });
  state.accepted = verb;
  const [to, mechanism] = upgrades[verb];
  out.handOver(to, mechanism);
}

/** `http://schemas.microsoft.com/ws/2006/05/framing/faults/UpgradeInvalid` ([MC-NMF] §2.2.4.4) */
function readFault(fault: string, state: NmfState, out: Out): void {
  const code = fault.slice(fault.lastIndexOf('/') + 1);
  const verb = state.asked === null ? null : verbOf(state.asked);
  state.asked = null;
  if (verb !== null) out.fact({ kind: 'refused', what: 'upgrade', verb, code });
  else out.fact({ kind: 'described', what: 'property', name: 'nmf-fault', value: code });
}

type NmfVerb = Extract<UpgradeVerb, `application/${string}`>;
const upgrades: Record<NmfVerb, readonly [string, SecurityMechanism]> = {
  'application/negotiate': ['nns', 'nns'],
  'application/ssl-tls': ['tls', 'tls'],
};
const verbOf = (name: string): NmfVerb | null =>
  name === 'application/negotiate' || name === 'application/ssl-tls' ? name : null;
