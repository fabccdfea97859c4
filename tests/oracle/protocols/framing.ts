import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFrame } from '../tshark.ts';
import { described, exposes, has, type ProtocolOracle, type Say, seenAs, texts, values } from './oracle.ts';

/** tshark is told which port message framing is on; it finds the negotiate stream inside, and never alone. */
export const nmf: ProtocolOracle = {
  name: 'nmf',
  fields: [
    'mc-nmf.record_type',
    'mc-nmf.via',
    'mc-nmf.upgrade',
    'mc-nmf.fault',
    'mc-nmf.mode',
    'mc-nmf.known_encoding',
  ],
  recognised: (flow) => seenAs(flow, /^MC-NMF$/, 'mc-nmf.record_type'),
  compare: compareFraming,
};

export const nns: ProtocolOracle = {
  name: 'nns',
  fields: ['ms-nns.message_id', 'ms-nns.payload_size'],
  recognised: (flow) => seenAs(flow, /^MS-NNS$/, 'ms-nns.message_id'),
  compare: compareStream,
};

const property = (record: FlowRecord, name: string) =>
  described(record, 'property').flatMap((fact) => (fact.name === name ? [fact.value.toString()] : []));

function compareFraming(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const all = (field: string) => read.flatMap((frame) => values(frame, field));
  say('nmf via', texts(all('mc-nmf.via')), texts(property(record, 'nmf-via')));
  say('nmf mode', texts(all('mc-nmf.mode').map(Number)), texts(property(record, 'nmf-mode')));
  say('nmf encoding', texts(all('mc-nmf.known_encoding').map(Number)), texts(property(record, 'nmf-encoding')));
  const records = all('mc-nmf.record_type').map(Number);
  const asked = all('mc-nmf.upgrade');
  const refused = all('mc-nmf.fault').map((fault) => fault.slice(fault.lastIndexOf('/') + 1));
  const theirs = asked.map((name) => `${name} ${records.includes(10) ? '0A' : (refused[0] ?? 'none')}`);
  const ours = described(record, 'upgrade-asked').map(({ verb }) => {
    const accepted = described(record, 'upgrade-accepted').find((fact) => fact.verb === verb);
    const no = record.facts.find((fact) => fact.kind === 'refused' && fact.what === 'upgrade');
    return `${verb} ${accepted?.code ?? (no && 'code' in no ? no.code : 'none')}`;
  });
  say('nmf upgrade', texts(theirs), texts(ours));
  const upgraded = records.includes(10);
  if (!upgraded) say('nmf envelope in clear', String(records.includes(6)), String(exposes(record, 'mailbox')));
}

function compareStream(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const messages = read.flatMap((frame) => values(frame, 'ms-nns.message_id')).map(Number);
  const outcome = messages.includes(0x15)
    ? 'refused'
    : messages.filter((id) => id === 0x14).length === 2
      ? 'accepted'
      : 'none';
  const ours = record.facts.flatMap((fact) =>
    fact.kind === 'authenticated' && fact.protocol === 'nns' ? [fact.outcome] : [],
  );
  say('nns handshake', outcome, texts(ours));
  const framed = record.facts.some((fact) => fact.kind === 'secured' && fact.mechanism === 'nns');
  say('nns framed', String(has(read, 'ms-nns.payload_size')), String(framed));
}
