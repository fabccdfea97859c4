import type { AttemptReport, FlowReport } from '../check/audit-report.ts';
import type { AuthenticationMechanism } from '../protocols/fact.ts';
import type { Words } from './words.ts';

/** logins that send what the account proves itself by as it is */
const showing: ReadonlySet<AuthenticationMechanism> = new Set([
  'basic',
  'bearer',
  'forms',
  'login',
  'plain',
  'simple-bind',
  'user-pass',
]);

/** The logins of a flow that show the password, or a token that stands for one. */
export const loginsInClear = ({ authentication }: FlowReport): AttemptReport[] =>
  authentication.attempts.filter((attempt) => !attempt.protected && showing.has(attempt.mechanism));

export const isToken = ({ mechanism }: AttemptReport): boolean => mechanism === 'bearer';

/** The words for a flow: what went in clear is called a token where its logins show no password. */
export function wordsFor(flow: FlowReport, words: Words): Words {
  const shown = loginsInClear(flow);
  if (shown.length === 0 || !shown.every(isToken)) return words;
  return { ...words, content: { ...words.content, credentials: words.token } };
}
