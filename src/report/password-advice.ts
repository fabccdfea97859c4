import type { Accounts } from './accounts.ts';
import type { Words } from './words.ts';

/** accounts named in one sentence */
const accountsShown = 20;

/** accounts of an Edge subscription (EdgeSync replication and bootstrap), whose passwords nobody sets by hand */
const ofSubscription = /^(cn=)?ESB?RA\./i;

/** What to do after a task about the passwords and tokens that went in clear; nothing where none did. */
export function passwordAdvice({ list, flows, tokenFlows, flowsLeft }: Accounts, { page, phrases }: Words): string[] {
  const passwords = list.filter(({ token }) => !token);
  const names = passwords.flatMap(({ name }) => name ?? []).sort();
  const unnamed = (passwords.find(({ name }) => name === null)?.flows ?? 0) + flowsLeft;
  const renewed = names.filter((name) => ofSubscription.test(name));
  const changed = names.filter((name) => !ofSubscription.test(name));
  const shown = (all: string[]): string => {
    const more = all.length > accountsShown ? [phrases.more(all.length - accountsShown)] : [];
    return [...all.slice(0, accountsShown), ...more].join(', ');
  };
  return [
    flows > 0 && (changed.length > 0 || unnamed > 0) ? page.changePasswords(shown(changed), unnamed) : null,
    renewed.length > 0 ? page.renewSubscription(shown(renewed)) : null,
    tokenFlows > 0 ? page.revokeTokens(tokenFlows) : null,
  ].filter((advice) => advice !== null);
}
