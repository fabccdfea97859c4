import { hash } from 'node:crypto';
import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFrame } from '../tshark.ts';
import { described, type ProtocolOracle, type Say, seenAs, texts, values } from './oracle.ts';

export const tls: ProtocolOracle = {
  name: 'tls',
  fields: [
    'tls.handshake.type',
    'tls.handshake.version',
    'tls.handshake.extensions.supported_version',
    'tls.handshake.ciphersuite',
    'tls.handshake.extensions_server_name',
    'tls.handshake.certificate',
    'tls.alert_message.level',
    'tls.alert_message.desc',
  ],
  recognised: (flow) => flow.transport === 'tcp' && seenAs(flow, /^(TLS|SSL)/, 'tls.handshake.type'),
  compare,
};

function compare(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const type = (frame: TsharkFrame, wanted: string) => values(frame, 'tls.handshake.type').includes(wanted);
  const isClient = clientTest(record);
  const hellos = read.filter((frame) => type(frame, '2'));
  const chosen = (frame: TsharkFrame) =>
    Number(values(frame, 'tls.handshake.extensions.supported_version')[0] ?? values(frame, 'tls.handshake.version')[0]);
  const serverHellos = described(record, 'tls-server-hello');
  say('tls version', texts(hellos.map(chosen)), texts(serverHellos.map(({ version }) => version)));
  const suites = hellos.map((frame) => Number(values(frame, 'tls.handshake.ciphersuite')[0]));
  say('tls suite', texts(suites), texts(serverHellos.map(({ cipherSuite }) => cipherSuite)));
  const clientHellos = read.filter((frame) => type(frame, '1'));
  const names = clientHellos.map((frame) => values(frame, 'tls.handshake.extensions_server_name')[0] ?? '(none)');
  const ourNames = described(record, 'tls-client-hello').map(({ serverName }) => serverName ?? '(none)');
  say('tls server name', texts(names), texts(ourNames));
  for (const side of ['client', 'server'] as const) {
    const sent = read.filter((frame) => type(frame, '11') && isClient(frame) === (side === 'client'));
    const leaves = sent.map((frame) => fingerprint(values(frame, 'tls.handshake.certificate')[0]));
    const ours: string[] = described(record, 'certificate')
      .filter((certificate) => certificate.of === side)
      .map(({ sha256 }) => sha256);
    if (
      side === 'client' &&
      record.facts.some((fact) => fact.kind === 'refused' && fact.what === 'client-certificate')
    ) {
      ours.push('none to show');
    }
    if (leaves.length + ours.length > 0) say(`tls ${side} certificate`, texts(leaves), texts(ours));
  }
  const asked = read.some((frame) => type(frame, '13') && !isClient(frame));
  const weAsked = record.facts.some((fact) => fact.kind === 'offered' && fact.what === 'client-certificate');
  if (asked || weAsked) say('tls certificate request', String(asked), String(weAsked));
  const proven = read.some((frame) => type(frame, '15') && isClient(frame));
  const weProven = described(record, 'client-certificate-proven').length > 0;
  if (proven || weProven) say('tls certificate verify', String(proven), String(weProven));
  const alerts = read.flatMap((frame) =>
    values(frame, 'tls.alert_message.level').map(
      (level, i) => `${level}/${values(frame, 'tls.alert_message.desc')[i]}`,
    ),
  );
  const ours = described(record, 'tls-alert').map(({ level, code }) => `${level}/${code}`);
  if (alerts.length + ours.length > 0) say('tls alerts', texts(alerts), texts(ours));
}

const clientTest = ({ client }: FlowRecord) => {
  const name = `${client.address}:${client.port}`;
  return (frame: TsharkFrame) => frame.from === name;
};
const fingerprint = (der: string | undefined): string =>
  der === undefined ? 'none to show' : hash('sha256', Buffer.from(der, 'hex'), 'hex');
