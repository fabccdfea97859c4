import type { Accounts } from './accounts.ts';
import type { Words } from './words.ts';

/** accounts named in one sentence */
const accountsShown = 20;

/** Which passwords to change after a task; null where none went in clear. */
export function passwordAdvice({ list, flows, flowsLeft }: Accounts, { page, phrases }: Words): string | null {
  if (flows === 0) return null;
  const names = list.flatMap(({ name }) => name ?? []).sort();
  const unnamed = list.find(({ name }) => name === null)?.flows ?? 0;
  const shown = names.slice(0, accountsShown);
  if (names.length > shown.length) shown.push(phrases.more(names.length - shown.length));
  return page.changePasswords(shown.join(', '), unnamed + flowsLeft);
}
