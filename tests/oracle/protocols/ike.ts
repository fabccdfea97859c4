import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFrame } from '../tshark.ts';
import { described, holds, type ProtocolOracle, type Say, seenAs, texts, values } from './oracle.ts';

export const ike: ProtocolOracle = {
  name: 'ike',
  fields: [
    'isakmp.version',
    'isakmp.exchangetype',
    'isakmp.rspi',
    'isakmp.flag_r',
    'isakmp.tf.id.encr',
    'isakmp.ike.attr.encryption_algorithm',
    'esp.spi',
  ],
  recognised: (flow) => flow.transport === 'udp' && seenAs(flow, /^(ISAKMP|ESP|UDPENCAP)$/),
  compare,
};

function compare(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const messages = read.filter((frame) => frame.fields['isakmp.version']);
  const versions = messages.map((frame) => Number(values(frame, 'isakmp.version')[0]) >> 4);
  say('ike version', texts(versions), texts(property(record, 'ike-version')));
  const exchanges = messages.map((frame) => values(frame, 'isakmp.exchangetype')[0]!);
  say('ike exchanges', texts(exchanges), texts(property(record, 'ike-exchange')));
  const chosen = messages.filter(isAnswer).flatMap(ciphersOf);
  say('ike cipher', texts(chosen), texts(described(record, 'ipsec-cipher').map(({ cipher }) => cipher)));
  const carries = read.some((frame) => frame.fields['esp.spi']);
  say('esp inside udp', String(carries), String(record.protocolPath.includes('esp')));
}

const isAnswer = (frame: TsharkFrame) =>
  frame.fields['isakmp.flag_r']
    ? holds(frame, 'isakmp.flag_r', '1') || holds(frame, 'isakmp.flag_r', 'True')
    : !/^0*$/.test(values(frame, 'isakmp.rspi')[0] ?? '0');
const ciphersOf = (frame: TsharkFrame) => [
  ...values(frame, 'isakmp.tf.id.encr'),
  ...values(frame, 'isakmp.ike.attr.encryption_algorithm'),
];
const property = (record: FlowRecord, name: string) =>
  described(record, 'property').flatMap((fact) => (fact.name === name ? [Number(fact.value)] : []));
