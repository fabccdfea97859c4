import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFrame } from '../tshark.ts';
import {
  attempts,
  described,
  exposes,
  outcome,
  type ProtocolOracle,
  type Say,
  seenAs,
  texts,
  values,
} from './oracle.ts';

export const smtp: ProtocolOracle = {
  name: 'smtp',
  fields: ['smtp.req.command', 'smtp.command_line', 'smtp.response.code'],
  recognised: (flow) => seenAs(flow, /^SMTP/, 'smtp.req.command', 'smtp.response.code'),
  compare,
  readable: ['smtp.req.command', 'smtp.response.code'],
};

function compare(read: TsharkFrame[], record: FlowRecord, say: Say): void {
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
