import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFrame } from '../tshark.ts';
import {
  attempts,
  described,
  exposes,
  holds,
  outcome,
  type ProtocolOracle,
  type Say,
  seenAs,
  texts,
  values,
} from './oracle.ts';

/** modify, add, delete, modify DN and compare requests (RFC 4511 §4.6 to §4.10) */
const changes = ['6', '8', '10', '12', '14'];
/** operationsError, strongerAuthRequired, confidentialityRequired, insufficientAccessRights */
const refusals = ['1', '8', '13', '50'];
const startTls = '1.3.6.1.4.1.1466.20037';

export const ldap: ProtocolOracle = {
  name: 'ldap',
  fields: [
    'ldap.messageID',
    'ldap.protocolOp',
    'ldap.authentication',
    'ldap.mechanism',
    'ldap.resultCode',
    'ldap.requestName',
    'ldap.baseObject',
    'ldap.scope',
  ],
  recognised: (flow) =>
    seenAs(flow, /^LDAP$/) || (flow.transport === 'tcp' && seenAs(flow, /^LDAP$/, 'ldap.protocolOp')),
  compare,
  readable: ['ldap.protocolOp'],
};

export const cldap: ProtocolOracle = { name: 'cldap', fields: [], recognised: (flow) => seenAs(flow, /^CLDAP$/) };

function compare(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const ldap = read.filter((frame) => frame.fields['ldap.protocolOp']);
  say(
    'ldap binds',
    texts(bindsOf(ldap)),
    texts(attempts(record, 'ldap').map(({ name, outcome }) => `${name} ${outcome}`)),
  );
  const asked = ldap.filter((frame) => holds(frame, 'ldap.requestName', startTls));
  const answers = asked.map((request) => {
    const response = ldap.find(
      ({ frame, fields }) => frame > request.frame && fields['ldap.protocolOp']!.includes('24'),
    );
    return `asked ${response ? values(response, 'ldap.resultCode')[0] : 'none'}`;
  });
  const ours = record.facts.flatMap((fact) => {
    if (fact.kind === 'refused' && fact.what === 'upgrade') return [`asked ${fact.code}`];
    return fact.kind === 'described' && fact.what === 'upgrade-accepted' ? [`asked ${fact.code}`] : [];
  });
  const asks = described(record, 'upgrade-asked').length > 0;
  say('ldap starttls', texts(answers), texts(ours.length > 0 || !asks ? ours : ['asked none']));
  const layer = record.facts.some(
    (fact) => fact.kind === 'secured' && fact.mechanism === 'sasl' && fact.level === 'integrity',
  );
  say('ldap content readable', String(contentOf(ldap)), String(exposes(record, 'directory') || layer));
}

/** Whether tshark reads more than a look at the root DSE that was answered, or a change. */
function contentOf(ldap: TsharkFrame[]): boolean {
  const answered = (request: TsharkFrame) => {
    const [id = ''] = values(request, 'ldap.messageID');
    const end = ldap.find(
      (frame) =>
        frame.frame > request.frame && holds(frame, 'ldap.messageID', id) && holds(frame, 'ldap.protocolOp', '5'),
    );
    return end === undefined || !refusals.includes(values(end, 'ldap.resultCode').at(-1) ?? '');
  };
  return ldap.some((frame) => {
    if (values(frame, 'ldap.protocolOp').some((operation) => changes.includes(operation))) return true;
    // an empty base is no value to tshark
    const rootDse = !frame.fields['ldap.baseObject'] && values(frame, 'ldap.scope').every((scope) => scope === '0');
    return holds(frame, 'ldap.protocolOp', '3') && !rootDse && answered(frame);
  });
}

/** BindRequests with the result that ended them. Sicily's three authentication choices count as one NTLM exchange. */
function bindsOf(ldap: TsharkFrame[]): string[] {
  const binds: string[] = [];
  let open: string | null = null;
  for (const frame of ldap) {
    for (const operation of values(frame, 'ldap.protocolOp')) {
      if (operation === '0') {
        const kind = values(frame, 'ldap.authentication')[0];
        open =
          kind === '3'
            ? (values(frame, 'ldap.mechanism')[0] ?? 'sasl').toLowerCase()
            : kind === '0'
              ? 'simple'
              : 'sicily';
      } else if (operation === '1' && open !== null) {
        const code = values(frame, 'ldap.resultCode')[0] ?? 'none';
        if (code === '14') continue;
        binds.push(`${open} ${outcome(code, '0')}`);
        open = null;
      }
    }
  }
  return open === null ? binds : [...binds, `${open} none`];
}
