import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFrame } from '../tshark.ts';
import { described, exposes, has, type ProtocolOracle, type Say, seenAs, texts, values } from './oracle.ts';

export const smb: ProtocolOracle = {
  name: 'smb',
  fields: [
    'smb2.cmd',
    'smb2.dialect',
    'smb2.flags.response',
    'smb2.flags.signature',
    'smb2.nt_status',
    'smb2.header.transform.signature',
    'smb2.tree',
    'smb2.filename',
    'smb2.read_length',
    'smb.cmd',
    'smb.path',
    'smb.account',
    'smb.primary_domain',
    'ntlmssp.messagetype',
    'ntlmssp.auth.username',
    'ntlmssp.auth.domain',
  ],
  recognised: (flow) => flow.transport === 'tcp' && seenAs(flow, /^(SMB2?|NBSS)$/, 'smb2.cmd', 'smb.cmd'),
  compare,
  readable: ['smb2.filename', 'smb2.read_length'],
};

function compare(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const property = (name: string) =>
    described(record, 'property')
      .filter((fact) => fact.name === name)
      .map(({ value }) => String(value));
  // 0x02ff only asks for another NEGOTIATE
  const answers = read.filter((frame) => values(frame, 'smb2.flags.response').includes('1'));
  const dialects = answers.flatMap((frame) => values(frame, 'smb2.dialect').map(Number)).filter((d) => d !== 0x02ff);
  say('smb dialect', texts(dialects), texts(property('smb-dialect').filter((value) => /^\d+$/.test(value))));
  const sealed = has(read, 'smb2.header.transform.signature');
  if (sealed || property('smb-encrypted').length > 0) {
    say('smb encrypted', String(sealed), String(property('smb-encrypted').includes('true')));
  }
  const trees = read.flatMap((frame) => [...values(frame, 'smb2.tree'), ...values(frame, 'smb.path')]);
  const shares = trees.filter((name) => name.startsWith('\\\\')).map((name) => name.toLowerCase());
  const ours = described(record, 'resource').map(({ name }) => name.toLowerCase());
  say('smb shares', texts(shares), texts(ours.filter((name) => name.startsWith('\\\\'))));
  say('smb ntlm users', texts(usersOf(read)), texts(ourUsers(record)));
  const answered = answers.filter((frame) => values(frame, 'smb2.cmd').some((command) => content.includes(command)));
  const granted = answered.filter((frame) => values(frame, 'smb2.nt_status').every((status) => Number(status) === 0));
  const signed = granted.some((frame) => values(frame, 'smb2.flags.signature').includes('1'));
  if (granted.length > 0) say('smb signed', String(signed), String(property('smb-signed').includes('true')));
  const contents = read.some((frame) => readsFile(frame));
  const signs = record.facts.some((fact) => fact.kind === 'secured' && fact.mechanism === 'smb-signing');
  if (contents) say('smb content readable', 'true', String(exposes(record, 'file') || signs));
}

/** READ, WRITE and QUERY_DIRECTORY */
const content = ['8', '9', '14'];

const usersOf = (read: TsharkFrame[]): string[] =>
  read.flatMap((frame) => [
    ...named(values(frame, 'ntlmssp.auth.username'), values(frame, 'ntlmssp.auth.domain')),
    ...named(values(frame, 'smb.account'), values(frame, 'smb.primary_domain')),
  ]);

const named = (users: string[], domains: string[]): string[] =>
  users.flatMap((user, i) => {
    if (user === 'NULL' || user === '') return [];
    return domains[i] && domains[i] !== 'NULL' ? `${domains[i]}\\${user}` : user;
  });

/** NTLM of whichever protocol of the flow: tshark does not tell the pipe's login from the session's. */
const ourUsers = (record: FlowRecord): string[] =>
  record.facts.flatMap((fact) =>
    fact.kind === 'authenticated' && ['ntlm', 'guest'].includes(fact.mechanism) && fact.principal ? fact.principal : [],
  );

/** tshark read an answer to QUERY_DIRECTORY that was granted. */
const readsFile = (frame: TsharkFrame): boolean =>
  values(frame, 'smb2.cmd').includes('14') &&
  values(frame, 'smb2.flags.response').includes('1') &&
  values(frame, 'smb2.nt_status').every((status) => Number(status) === 0);
