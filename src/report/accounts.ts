import type { AttemptReport, EvidenceReport, FlowReport } from '../check/audit-report.ts';
import { limits } from '../limits.ts';
import type { AuthenticationMechanism } from '../protocols/fact.ts';
import { endsOf } from './finding.ts';

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

/** The logins of a flow that show the password. */
export const loginsInClear = ({ authentication }: FlowReport): AttemptReport[] =>
  authentication.attempts.filter((attempt) => !attempt.protected && showing.has(attempt.mechanism));

/** ends named of one account */
const endsKept = 5;

/** An account whose password, or what stands for one, went in clear. */
export interface Account {
  /** null where no login names it */
  name: string | null;
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
  flowsLeft = 0;
  readonly #known = new Map<string | null, Account>();

  add(flow: FlowReport): void {
    if (!flow.authentication.credentialsExposed) return;
    this.flows++;
    const shown = loginsInClear(flow);
    const names = new Set(shown.map(({ principal }) => principal));
    for (const name of names.size === 0 ? [null] : names) {
      const account = this.#accountOf(name, flow);
      if (account === null) continue;
      account.flows++;
      if (account.ends.size < endsKept) account.ends.add(endsOf(flow));
      for (const { mechanism, outcome, principal } of shown)
        if (principal === name) account.logins.set(`${mechanism} ${outcome}`, { mechanism, outcome });
    }
  }

  /** Those of most flows first; who is not named last. */
  get list(): Account[] {
    return [...this.#known.values()].sort(
      (a, b) => Number(a.name === null) - Number(b.name === null) || b.flows - a.flows,
    );
  }

  #accountOf(name: string | null, flow: FlowReport): Account | null {
    const known = this.#known.get(name);
    if (known) return known;
    if (this.#known.size >= limits.tableRows) {
      this.flowsLeft++;
      return null;
    }
    const seen = flow.encryption.exposures.find(({ content }) => content === 'credentials');
    const where = seen ? { file: seen.file, frame: seen.frame, fact: 'credentials in clear' } : null;
    const account: Account = { name, logins: new Map(), ends: new Set(), flows: 0, where };
    this.#known.set(name, account);
    return account;
  }
}
