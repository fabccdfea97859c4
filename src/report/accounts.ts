import type { AttemptReport, EvidenceReport, FlowReport } from '../check/audit-report.ts';
import { limits } from '../limits.ts';
import { endsOf } from './finding.ts';
import { isToken, loginsInClear } from './logins-in-clear.ts';

/** `anna` of `EXAMPLE\anna` and `Anna@example.test`. */
const userOf = (name: string): string =>
  name
    .slice(name.lastIndexOf('\\') + 1)
    .split('@', 1)[0]!
    .toLowerCase();

/** ends named of one account */
const endsKept = 5;

/** An account whose password, or what stands for one, went in clear. */
export interface Account {
  /** null where no login names it */
  name: string | null;
  /** it went as a token that stands for the account, not as its password */
  token: boolean;
  logins: Map<string, Pick<AttemptReport, 'mechanism' | 'outcome'>>;
  /** `client1 → cas1`, a few */
  ends: Set<string>;
  flows: number;
  /** the first frame that shows it */
  where: EvidenceReport | null;
}

/** The accounts to give a new password, at most as many as a table has rows; flows of others are counted. */
export class Accounts {
  /** in which a password went in clear */
  flows = 0;
  /** in which a token did */
  tokenFlows = 0;
  flowsLeft = 0;
  readonly #known = new Map<string, Account>();

  add(flow: FlowReport): void {
    if (!flow.authentication.credentialsExposed) return;
    const shown = loginsInClear(flow);
    const tokens = shown.filter(isToken);
    const passwords = shown.filter((login) => !isToken(login));
    if (tokens.length > 0) {
      this.tokenFlows++;
      this.#addLogins(flow, tokens, true);
    }
    if (passwords.length > 0 || tokens.length === 0) {
      this.flows++;
      this.#addLogins(flow, passwords, false);
    }
  }

  #addLogins(flow: FlowReport, shown: readonly AttemptReport[], token: boolean): void {
    const names = new Set(shown.map(({ principal }) => principal));
    for (const name of names.size === 0 ? [null] : names) {
      const account = this.#accountOf(name, token, flow);
      if (account === null) continue;
      account.flows++;
      if (account.ends.size < endsKept) account.ends.add(endsOf(flow));
      for (const { mechanism, outcome, principal } of shown)
        if (principal === name) account.logins.set(`${mechanism} ${outcome}`, { mechanism, outcome });
    }
  }

  /** Those of most flows first; who is not named, and tokens, last. */
  get list(): Account[] {
    return [...this.#known.values()].sort(
      (a, b) =>
        Number(a.token) - Number(b.token) || Number(a.name === null) - Number(b.name === null) || b.flows - a.flows,
    );
  }

  /** Names that may be of one account, as the user is called the same, with a domain or without. */
  get alike(): string[][] {
    const users = new Map<string, string[]>();
    for (const { name, token } of this.#known.values()) {
      if (name === null || token) continue;
      const names = users.get(userOf(name)) ?? [];
      users.set(userOf(name), names);
      names.push(name);
    }
    return [...users.values()].filter(({ length }) => length > 1).map((names) => names.sort());
  }

  #accountOf(name: string | null, token: boolean, flow: FlowReport): Account | null {
    const key = JSON.stringify([token, name]);
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#known.size >= limits.tableRows) {
      this.flowsLeft++;
      return null;
    }
    const seen = flow.encryption.exposures.find(({ content }) => content === 'credentials');
    const where = seen ? { file: seen.file, frame: seen.frame, fact: 'credentials in clear' } : null;
    const account: Account = { name, token, logins: new Map(), ends: new Set(), flows: 0, where };
    this.#known.set(key, account);
    return account;
  }
}
