import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFrame } from '../tshark.ts';
import { attempts, described, exposes, type ProtocolOracle, type Say, seenAs, texts, values } from './oracle.ts';

/** POP3 and IMAP4: what each answers to what, in the order in which tshark lists requests and answers. */
interface Exchange {
  verb: string;
  argument: string;
  /** `accepted`, `refused`, or `none` where no answer was seen */
  outcome: string;
  code: string;
}

export const pop3: ProtocolOracle = {
  name: 'pop3',
  fields: ['pop.request.command', 'pop.request.parameter', 'pop.response.indicator'],
  recognised: (flow) => seenAs(flow, /^POP$/, 'pop.request.command', 'pop.response.indicator'),
  compare: (read, record, say) => compare('pop3', 'STLS', popExchanges(read), record, say),
  readable: ['pop.request.command', 'pop.response.indicator'],
};

export const imap4: ProtocolOracle = {
  name: 'imap4',
  fields: ['imap.request_tag', 'imap.request.command', 'imap.request', 'imap.response_tag', 'imap.response.status'],
  recognised: (flow) => seenAs(flow, /^IMAP$/, 'imap.request.command', 'imap.response.status'),
  compare: (read, record, say) => compare('imap4', 'STARTTLS', imapExchanges(read), record, say),
  readable: ['imap.request.command', 'imap.response.status'],
};

const CONTENT: Record<string, readonly string[]> = {
  pop3: ['STAT', 'LIST', 'UIDL', 'RETR', 'TOP'],
  imap4: ['SELECT', 'EXAMINE', 'LIST', 'LSUB', 'STATUS', 'FETCH', 'SEARCH', 'APPEND', 'UID'],
};

function compare(name: string, upgrade: string, exchanges: Exchange[], record: FlowRecord, say: Say): void {
  const theirs = exchanges.filter(({ verb }) => verb === upgrade).map(({ code }) => `${upgrade} ${code}`);
  const answers = record.facts.flatMap((fact) => {
    if (fact.kind === 'refused' && fact.what === 'upgrade') return [`${fact.verb} ${fact.code}`];
    return fact.kind === 'described' && fact.what === 'upgrade-accepted' ? [`${fact.verb} ${fact.code}`] : [];
  });
  const unanswered = answers.length === 0 ? described(record, 'upgrade-asked').map(({ verb }) => `${verb} none`) : [];
  say(`${name} upgrade`, texts(theirs), texts([...answers, ...unanswered]));
  const logins = exchanges.flatMap(({ verb, argument, outcome }) => {
    if (verb === 'PASS') return [`user-pass ${outcome}`];
    if (verb === 'APOP' || (verb === 'LOGIN' && name === 'imap4')) return [`${verb.toLowerCase()} ${outcome}`];
    const asks = (verb === 'AUTH' || verb === 'AUTHENTICATE') && argument !== '';
    return asks ? [`${argument.split(' ')[0]!.toLowerCase()} ${outcome}`] : [];
  });
  say(`${name} login`, texts(logins), texts(attempts(record, name).map((one) => `${one.name} ${one.outcome}`)));
  const content = exchanges.some(({ verb, outcome }) => CONTENT[name]!.includes(verb) && outcome === 'accepted');
  say(`${name} mailbox in clear`, String(content), String(exposes(record, 'mailbox')));
}

/** An answer to POP3 belongs to the request before it; `+` goes on. */
function popExchanges(read: TsharkFrame[]): Exchange[] {
  const exchanges: Exchange[] = [];
  let open: Exchange | null = null;
  for (const frame of read) {
    const [verb] = values(frame, 'pop.request.command');
    const [indicator] = values(frame, 'pop.response.indicator');
    const known = /^(CAPA|STLS|AUTH|USER|PASS|APOP|STAT|LIST|RETR|DELE|NOOP|RSET|QUIT|TOP|UIDL)$/i;
    if (verb !== undefined && known.test(verb)) {
      const argument = values(frame, 'pop.request.parameter')[0] ?? '';
      open = { verb: verb.toUpperCase(), argument, outcome: 'none', code: 'none' };
      exchanges.push(open);
    } else if (open !== null && (indicator === '+OK' || indicator === '-ERR')) {
      open.outcome = indicator === '+OK' ? 'accepted' : 'refused';
      open.code = indicator;
      open = null;
    }
  }
  return exchanges;
}

function imapExchanges(read: TsharkFrame[]): Exchange[] {
  const exchanges: Exchange[] = [];
  const open = new Map<string, Exchange>();
  for (const frame of read) {
    for (const [i, tag] of values(frame, 'imap.request_tag').entries()) {
      const verb = values(frame, 'imap.request.command')[i];
      if (verb === undefined) continue;
      const line = values(frame, 'imap.request')[i] ?? '';
      const argument = line.slice(line.toUpperCase().indexOf(verb.toUpperCase()) + verb.length).trim();
      const exchange = { verb: verb.toUpperCase(), argument, outcome: 'none', code: 'none' };
      open.set(tag, exchange);
      exchanges.push(exchange);
    }
    const tags = values(frame, 'imap.response_tag').filter((tag) => tag !== '*' && tag !== '+');
    const statuses = values(frame, 'imap.response.status');
    for (const [i, tag] of tags.entries()) {
      const exchange = open.get(tag);
      const status = statuses[statuses.length - tags.length + i];
      if (!exchange || !status || !/^(OK|NO|BAD)$/i.test(status)) continue;
      exchange.code = status.toUpperCase();
      exchange.outcome = exchange.code === 'OK' ? 'accepted' : 'refused';
    }
  }
  return exchanges;
}
