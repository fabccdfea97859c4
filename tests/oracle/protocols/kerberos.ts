import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFrame } from '../tshark.ts';
import { described, holds, type ProtocolOracle, type Say, seenAs, texts, values } from './oracle.ts';

export const kerberos: ProtocolOracle = {
  name: 'kerberos',
  fields: [
    'kerberos.msg_type',
    'kerberos.CNameString',
    'kerberos.SNameString',
    'kerberos.realm',
    'kerberos.error_code',
    'kerberos.etype',
    'kerberos.ENCTYPE',
    'kerberos.padata_type',
    'kerberos.addr_type',
  ],
  // an AP-REQ inside another protocol has fields too, but no column of its own
  recognised: (flow) => seenAs(flow, /^KRB5$/),
  compare,
};

const AS_REQ = '10';
const TGS_REQ = '12';
const ERROR = '30';

function compare(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const of = (...types: string[]) =>
    read.filter((frame) => types.includes(values(frame, 'kerberos.msg_type')[0] ?? ''));
  const requested = described(record, 'ticket-requested');
  const issued = described(record, 'ticket-issued');
  const errors = described(record, 'kerberos-error');

  say(
    'kerberos etypes asked for',
    texts(of(AS_REQ, TGS_REQ).map(offered)),
    texts(requested.map(({ etypes }) => etypes.join('/'))),
  );
  say(
    'kerberos services asked for',
    texts(of(AS_REQ, TGS_REQ).map(lastName)),
    texts(requested.map(({ service }) => plain(service))),
  );
  const clients = of(AS_REQ).map((frame) => joined(frame, 'kerberos.CNameString'));
  say('kerberos clients asking', texts(clients), texts(requested.flatMap(({ client }) => withoutRealm(client) ?? [])));

  const tickets = of('11', '13');
  say('kerberos services issued', texts(tickets.map(lastName)), texts(issued.map(({ service }) => plain(service))));
  const to = tickets.map((frame) => joined(frame, 'kerberos.CNameString'));
  say('kerberos clients issued to', texts(to), texts(issued.map(({ client }) => withoutRealm(client) ?? '')));
  // the ticket's comes next to last or before what padata tells, the answer's own last
  const ticketEtypes = tickets.map((frame) => values(frame, 'kerberos.etype').at(-2) ?? '');
  say('kerberos ticket etypes', texts(ticketEtypes), texts(issued.map(({ etype }) => etype)));
  const replyEtypes = tickets.map((frame) => values(frame, 'kerberos.etype').at(-1) ?? '');
  say('kerberos reply etypes', texts(replyEtypes), texts(properties(record, 'kerberos-reply-etype')));

  const theirErrors = of(ERROR).map(
    (frame) => `${values(frame, 'kerberos.error_code')[0]} ${joined(frame, 'kerberos.SNameString')}`,
  );
  say('kerberos errors', texts(theirErrors), texts(errors.map(({ code, service }) => `${code} ${plain(service)}`)));

  const proofs = of(AS_REQ, TGS_REQ).flatMap((frame) =>
    values(frame, 'kerberos.padata_type').filter((type) => isProof(type)),
  );
  say(
    'kerberos pre-authentication',
    texts(proofs),
    texts(properties(record, 'kerberos-preauthentication').filter((value) => value !== 'none')),
  );
  // what a KDC answers to a wrong password: KDC_ERR_PREAUTH_FAILED, or, Heimdal once, KRB_AP_ERR_BAD_INTEGRITY
  const wrong = of(ERROR).some((frame) => ['24', '31'].some((code) => holds(frame, 'kerberos.error_code', code)));
  const refused = record.facts.some((fact) => fact.kind === 'authenticated' && fact.outcome === 'refused');
  if (proofs.length > 0) say('kerberos wrong password', String(wrong), String(refused));
}

const isProof = (type: string) => ['2', '14', '16', '138', '151'].includes(type);
const offered = (frame: TsharkFrame) => values(frame, 'kerberos.ENCTYPE').join('/');
const joined = (frame: TsharkFrame, field: string) => values(frame, field).join('/');
/** Of a TGS-REQ the first service is that of the ticket that is shown, in its padata. */
function lastName(frame: TsharkFrame): string {
  const names = values(frame, 'kerberos.SNameString');
  const shown = holds(frame, 'kerberos.msg_type', TGS_REQ)
    ? 2 * values(frame, 'kerberos.msg_type').filter((type) => type === '14').length
    : 0;
  const armour = holds(frame, 'kerberos.msg_type', AS_REQ) && holds(frame, 'kerberos.padata_type', '136') ? 2 : 0;
  return names.slice(shown + armour).join('/');
}
/** tshark tells a client's name and realm apart. */
const withoutRealm = (client: string | null) => (client === null ? null : plain(client.replace(/@[^@]*$/, '')));
/** tshark marks no signs inside a component (RFC 1964 §2.1.3). */
const plain = (name: string) => name.replace(/\\(.)/g, '$1');
const properties = (record: FlowRecord, name: string) =>
  described(record, 'property').flatMap((fact) => (fact.name === name ? [String(fact.value)] : []));
