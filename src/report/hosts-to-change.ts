import type { EndReport, FlowReport } from '../check/audit-report.ts';
import type { Remedy } from '../check/reference.ts';
import { limits } from '../limits.ts';
import type { Gravity } from './finding.ts';

/** two hosts with something between them */
const between = ' ↔ ';
/** addresses named of one host */
const addressesShown = 3;

/** A host, or two with something between them, that has to be changed. */
export interface HostToChange {
  /** `hub1`; the address where no topology names it */
  name: string;
  /** of one host, or of the two */
  names: readonly string[];
  /** `hub1 (10.0.0.11, fd00::11)`; the address alone where no topology names it */
  label: string;
  /** not accepted ones */
  findings: number;
  gravity: Gravity;
  /** places of its tasks in their list */
  tasks: readonly number[];
}

interface Known extends Omit<HostToChange, 'name' | 'label'> {
  /** of each name */
  addresses: Set<string>[];
  tasks: number[];
}

/** The hosts that a task asks to change, at most as many as a table has rows; the flows of others are counted. */
export class Hosts {
  readonly #known = new Map<string, Known>();
  /** flows of hosts past the cap */
  flowsLeft = 0;

  add(remedy: Remedy | null, { client, server }: FlowReport, findings: number, gravity: Gravity): void {
    for (const ends of endsOf(remedy, client, server)) {
      const names = ends.map(({ name, address }) => name ?? address);
      const addresses = ends.map(({ name, address }) => new Set(name === null ? [] : [address]));
      this.#add({ names, addresses, findings, gravity, tasks: [] });
    }
  }

  /** Takes over the hosts of a task that have findings left. */
  absorb(others: Hosts, task: number): void {
    this.flowsLeft += others.flowsLeft;
    for (const host of others.#known.values()) if (host.findings > 0) this.#add({ ...host, tasks: [task] });
  }

  /** The gravest first, then those with most findings. */
  get list(): HostToChange[] {
    return [...this.#known.values()]
      .map(({ names, addresses, findings, gravity, tasks }) => ({
        name: names.join(between),
        names,
        label: names.map((name, at) => labelOf(name, addresses[at]!)).join(between),
        findings,
        gravity,
        tasks,
      }))
      .sort((a, b) => a.gravity - b.gravity || b.findings - a.findings);
  }

  #add(host: Known): void {
    const key = host.names.join(between);
    const known = this.#known.get(key);
    if (known) {
      known.findings += host.findings;
      known.gravity = Math.min(known.gravity, host.gravity) as Gravity;
      known.tasks.push(...host.tasks);
      for (const [at, addresses] of host.addresses.entries()) {
        for (const address of addresses) {
          if (known.addresses[at]!.size < addressesShown) known.addresses[at]!.add(address);
        }
      }
    } else if (this.#known.size < limits.tableRows) {
      this.#known.set(key, { ...host, addresses: host.addresses.map((of) => new Set(of)) });
    } else {
      this.flowsLeft++;
    }
  }
}

const labelOf = (name: string, addresses: ReadonlySet<string>): string =>
  addresses.size === 0 ? name : `${name} (${[...addresses].join(', ')})`;

function endsOf(remedy: Remedy | null, client: EndReport, server: EndReport): EndReport[][] {
  switch (remedy?.at) {
    case 'client':
      return [[client]];
    case 'server':
      return [[server]];
    case 'between':
      return [[client, server]];
    default:
      return [[client], [server]];
  }
}
