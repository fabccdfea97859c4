import type { FlowReport } from '../check/audit-report.ts';
import { limits } from '../limits.ts';
import { loginsInClear } from './accounts.ts';
import type { Words } from './words.ts';

/** accounts named in one sentence, and servers named of one account */
const accountsShown = 20;
const serversShown = 4;

/** Accounts whose password crossed in clear, each with the servers that it was sent to; past the cap of a table they are counted. */
export class ExposedAccounts {
  readonly #servers = new Map<string, Set<string>>();
  /** flows with a password of an account that the capture does not name, or past the cap */
  #flowsLeft = 0;

  add(flow: FlowReport): void {
    if (!flow.authentication.credentialsExposed) return;
    const { server } = flow;
    const shown = loginsInClear(flow).filter(({ principal }) => principal !== null);
    if (shown.length === 0) this.#flowsLeft++;
    for (const { principal } of shown) this.#add(principal!, server.name ?? server.address);
  }

  /** What to do about them; null where no password crossed. */
  advice({ page, phrases }: Words): string | null {
    const names = [...this.#servers.keys()].sort();
    if (names.length + this.#flowsLeft === 0) return null;
    const shown = names.slice(0, accountsShown).map((name) => {
      const servers = [...this.#servers.get(name)!].sort();
      const more = servers.length > serversShown ? ` ${phrases.more(servers.length - serversShown)}` : '';
      return `${name} (${servers.slice(0, serversShown).join(', ')}${more})`;
    });
    if (names.length > shown.length) shown.push(phrases.more(names.length - shown.length));
    return page.changePasswords(shown.join(', '), this.#flowsLeft);
  }

  #add(name: string, server: string): void {
    const servers = this.#servers.get(name);
    if (servers) {
      if (servers.size < limits.tableRows) servers.add(server);
    } else if (this.#servers.size < limits.tableRows) this.#servers.set(name, new Set([server]));
    else this.#flowsLeft++;
  }
}
