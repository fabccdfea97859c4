import { hash } from 'node:crypto';
import type { Fact } from '../../src/protocols/fact.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import type { Comparison, Joined } from './compare-flows.ts';
import type { TsharkFlow, TsharkFrame } from './tshark.ts';

type Say = (fact: string, tshark: string, ours: string) => void;
type Described<What> = Extract<Fact, { kind: 'described'; what: What }>;

/** modify, add, delete, modify DN and compare requests (RFC 4511 §4.6 to §4.10) */
const changes = ['6', '8', '10', '12', '14'];
/** operationsError, strongerAuthRequired, confidentialityRequired, insufficientAccessRights */
const refusals = ['1', '8', '13', '50'];
/** where neither side has anything to say, nothing is counted as agreed */
const nothing = 'none';
const startTls = '1.3.6.1.4.1.1466.20037';

/** Holds what our analyzers state of each flow against what tshark reads in it. */
export function compareProtocols(capture: string, { pairs }: Joined): Comparison[] {
  const comparisons: Comparison[] = [];
  for (const { name: flow, tshark, ours } of pairs) {
    const say: Say = (fact, theirs, our) => {
      if (theirs !== nothing || our !== nothing) comparisons.push({ fact, capture, flow, tshark: theirs, ours: our });
    };
    const record = { ...ours[0]!, facts: ours.flatMap(({ facts }) => facts) };
    const paths = new Set(ours.flatMap(({ protocolPath }) => protocolPath));
    compareNames(tshark, paths, say);
    if (tshark.read === null || tshark.transport !== 'tcp') continue;
    if (paths.has('tls') || has(tshark.read, 'tls.handshake.type')) compareTls(tshark.read, record, say);
    if (paths.has('smtp') || has(tshark.read, 'smtp.req.command')) compareSmtp(tshark.read, record, say);
    if (paths.has('ldap') || has(tshark.read, 'ldap.protocolOp')) compareLdap(tshark.read, record, say);
    compareSecured(tshark.read, record, say);
  }
  return comparisons;
}

/** Which protocols a flow is recognised as. */
function compareNames({ protocols, transport, read }: TsharkFlow, paths: Set<string>, say: Say): void {
  const columns = Object.keys(protocols);
  const field = (name: string) => read !== null && has(read, name);
  const theirs: Record<string, boolean> = {
    tls: transport === 'tcp' && (columns.some((name) => /^(TLS|SSL)/.test(name)) || field('tls.handshake.type')),
    smtp: columns.some((name) => name.startsWith('SMTP')) || field('smtp.req.command') || field('smtp.response.code'),
    ldap: columns.includes('LDAP') || (transport === 'tcp' && field('ldap.protocolOp')),
    cldap: columns.includes('CLDAP'),
    dns: columns.includes('DNS'),
  };
  for (const [name, seen] of Object.entries(theirs)) {
    if (seen || paths.has(name)) say(`${name} recognised`, seen ? name : 'no', paths.has(name) ? name : 'no');
  }
}

function compareTls(read: TsharkFrame[], record: FlowRecord, say: Say): void {
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

function compareSmtp(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  // tshark's own command field holds four letters
  const commands = read.flatMap((frame) =>
    values(frame, 'smtp.command_line').map((line, before) => {
      const [verb = '', parameter = ''] = line.replace(/\\r|\\n|\s+$/g, '').split(' ');
      return { verb: verb.toUpperCase(), parameter: parameter.toLowerCase(), frame, before };
    }),
  );
  const codes = read.flatMap((frame) => values(frame, 'smtp.response.code').map((code) => ({ code, frame })));
  /** the answer that says more than "go on", after those to the commands before it in the same frame */
  const answer = ({ frame, before }: { frame: TsharkFrame; before: number }) =>
    codes.filter(({ code, frame: { frame: at } }) => at > frame.frame && code !== '334')[before]?.code ?? 'none';
  const upgrades = commands.filter(({ verb }) => verb === 'STARTTLS' || verb === 'X-ANONYMOUSTLS');
  const theirs = upgrades.map((command) => `${command.verb} ${answer(command)}`);
  const answers = record.facts.flatMap((fact) => {
    if (fact.kind === 'refused' && fact.what === 'upgrade') return [`${fact.verb} ${fact.code}`];
    return fact.kind === 'described' && fact.what === 'upgrade-accepted' ? [`${fact.verb} ${fact.code}`] : [];
  });
  const unanswered = described(record, 'upgrade-asked').filter(({ verb }) => !answers.some((a) => a.startsWith(verb)));
  const ours = [...answers, ...unanswered.map(({ verb }) => `${verb} none`)];
  say('smtp upgrade', texts(theirs), texts(ours));
  const logins = commands
    .filter(({ verb }) => verb === 'AUTH' || verb === 'X-EXPS')
    .map((command) => `${command.parameter} ${outcome(answer(command), '235')}`);
  say('smtp auth', texts(logins), texts(attempts(record, 'smtp').map(({ name, outcome }) => `${name} ${outcome}`)));
  const content = commands.some(({ verb }) => verb === 'MAIL' || verb === 'DATA' || verb === 'BDAT');
  say('smtp message in clear', String(content), String(exposes(record, 'message')));
}

function compareLdap(read: TsharkFrame[], record: FlowRecord, say: Say): void {
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

/** Nothing of a protocol is readable after we said that it is hidden. */
function compareSecured(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  for (const fact of record.facts) {
    if (fact.kind !== 'secured' || fact.level !== 'privacy') continue;
    const after = read.filter(
      ({ frame, fields }) =>
        frame > fact.frame && (fields['smtp.req.command'] || fields['smtp.response.code'] || fields['ldap.protocolOp']),
    );
    const frames = after.map(({ frame }) => frame).slice(0, 3);
    say('secured stays secured', frames.length === 0 ? 'nothing readable' : `readable ${frames}`, 'nothing readable');
  }
}

/** Our mechanisms in the words of the wire. */
function attempts(record: FlowRecord, protocol: string): { name: string; outcome: string }[] {
  return record.facts.flatMap((fact) => {
    if (fact.kind !== 'authenticated' || fact.protocol !== protocol) return [];
    const { mechanism, inside, version } = fact;
    let name: string = mechanism;
    if (mechanism === 'simple-bind' || (mechanism === 'anonymous' && protocol === 'ldap')) name = 'simple';
    else if (inside === 'negotiate' && protocol === 'ldap') name = 'gss-spnego';
    else if (mechanism === 'kerberos') name = 'gssapi';
    else if (mechanism === 'digest') name = 'digest-md5';
    else if ((mechanism === 'scram' || mechanism === 'unknown') && version) name = version.toLowerCase();
    const ended = fact.outcome === 'accepted' || fact.outcome === 'refused' ? fact.outcome : 'none';
    return [{ name, outcome: ended }];
  });
}

const outcome = (code: string, good: string) => (code === 'none' ? 'none' : code === good ? 'accepted' : 'refused');
const holds = (frame: TsharkFrame, field: string, value: string): boolean => values(frame, field).includes(value);
const values = (frame: TsharkFrame, field: string): string[] => frame.fields[field] ?? [];
const has = (read: TsharkFrame[], field: string): boolean => read.some(({ fields }) => fields[field]);
const exposes = (record: FlowRecord, content: string): boolean =>
  record.facts.some((fact) => fact.kind === 'exposed' && fact.content === content);
/** A set as text. */
const texts = (all: (string | number)[]): string => [...new Set(all.map(String))].sort().join(', ') || nothing;
const described = <What extends Described<string>['what']>(record: FlowRecord, what: What): Described<What>[] =>
  record.facts.filter((fact): fact is typeof fact & Described<What> => fact.kind === 'described' && fact.what === what);
const clientTest = ({ client }: FlowRecord) => {
  const name = `${client.address}:${client.port}`;
  return (frame: TsharkFrame) => frame.from === name;
};
const fingerprint = (der: string | undefined): string =>
  der === undefined ? 'none to show' : hash('sha256', Buffer.from(der, 'hex'), 'hex');
