import { hash } from 'node:crypto';
import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFlow, TsharkFrame } from '../tshark.ts';
import { described, type ProtocolOracle, type Say, seenAs, texts, values } from './oracle.ts';

/** Where media follow, the flow is theirs: `rtp` and `rtcp` compare what DTLS says in it. */
export const dtls: ProtocolOracle = {
  name: 'dtls',
  fields: [
    'dtls.handshake.type',
    'dtls.handshake.version',
    'dtls.handshake.ciphersuite',
    'dtls.handshake.certificate',
    'dtls.record.content_type',
    'dtls.record.epoch',
  ],
  recognised: (flow) => seenAs(flow, /^DTLS/, 'dtls.handshake.type') && !isMedia(flow),
  compare: compareDtls,
};

export const isMedia = (flow: TsharkFlow): boolean => seenAs(flow, /^S?RTC?P$/, 'rtp.ssrc', 'rtcp.pt');

/** DTLS 1.0 is made of TLS 1.1, 1.2 of 1.2 (RFC 6347 §1) */
const tlsVersions: Record<string, number> = { '0xfeff': 0x0302, '0xfefd': 0x0303 };

export function compareDtls(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const type = (frame: TsharkFrame, wanted: string) => values(frame, 'dtls.handshake.type').includes(wanted);
  const hellos = read.filter((frame) => type(frame, '2'));
  const serverHellos = described(record, 'tls-server-hello');
  const suites = hellos.map((frame) => Number(values(frame, 'dtls.handshake.ciphersuite')[0]));
  say('dtls suite', texts(suites), texts(serverHellos.map(({ cipherSuite }) => cipherSuite)));
  const versions = hellos.map((frame) => tlsVersions[values(frame, 'dtls.handshake.version')[0] ?? ''] ?? 'unknown');
  say('dtls version', texts(versions), texts(serverHellos.map(({ version }) => version)));
  const shown = read.flatMap((frame) => values(frame, 'dtls.handshake.certificate'));
  const leaves = shown.map((der) => hash('sha256', Buffer.from(der, 'hex'), 'hex'));
  say('dtls certificates', texts(leaves), texts(described(record, 'certificate').map(({ sha256 }) => sha256)));
  // handshake records of a later epoch are Finished
  const isClient = ({ from }: TsharkFrame) => from === `${record.client.address}:${record.client.port}`;
  const finished = (client: boolean) =>
    read.some(
      (frame) =>
        isClient(frame) === client && epochs(frame).some(({ content, epoch }) => content === '22' && epoch > 0),
    );
  say('dtls finished', String(finished(true) && finished(false)), String(described(record, 'tls-finished').length > 0));
}

const epochs = (frame: TsharkFrame) =>
  values(frame, 'dtls.record.content_type').map((content, i) => ({
    content,
    epoch: Number(values(frame, 'dtls.record.epoch')[i] ?? 0),
  }));
