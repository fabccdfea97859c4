import { limits } from '../limits.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import type { FirewallReport } from './audit-report.ts';
import type { Pack } from './pack.ts';
import type { Rules } from './rules.ts';
import type { Topology } from './topology.ts';

/** A port that a host was seen to listen on. */
interface Listening {
  port: number;
  flows: number;
  /** its flows are of a protocol that the pack finds on dynamic ports */
  dynamic: boolean;
}

/** Holds the ports on which named hosts were seen to listen against the pack's firewall rules of their roles. */
export class Firewall {
  readonly #pack: Pack;
  readonly #hosts: Topology['hosts'];
  readonly #nameOf: (address: string) => string | null;
  readonly #dynamicProtocols: ReadonlySet<string>;
  /** by host's name and port */
  readonly #seen = new Map<string, Map<number, Listening>>();
  #kept = 0;
  /** ports that were not kept because there were too many */
  leftOut = 0;

  constructor({ pack, topology, roles }: Rules) {
    this.#pack = pack;
    this.#hosts = topology?.hosts ?? [];
    this.#nameOf = (address) => roles?.hostOf(address).name ?? null;
    const dynamic = pack.paths.flatMap(({ carriers }) => carriers.filter(({ port }) => port === 'dynamic'));
    this.#dynamicProtocols = new Set(dynamic.map(({ protocol }) => protocol));
  }

  add(flow: FlowRecord): void {
    if (flow.transport !== 'tcp' || flow.server.port === null || !listens(flow)) return;
    const host = this.#nameOf(flow.server.address);
    if (host === null) return;
    const ports = this.#seen.get(host) ?? new Map<number, Listening>();
    this.#seen.set(host, ports);
    let listening = ports.get(flow.server.port);
    if (!listening) {
      if (this.#kept >= limits.listeningPorts) {
        this.leftOut++;
        return;
      }
      this.#kept++;
      listening = { port: flow.server.port, flows: 0, dynamic: false };
      ports.set(flow.server.port, listening);
    }
    listening.flows++;
    listening.dynamic ||= this.#dynamicProtocols.has(flow.protocol);
  }

  /** By host, role and port, in the topology's and the pack's order. */
  list(): FirewallReport[] {
    return this.#hosts.flatMap(({ name, roles }) => {
      const seen = [...(this.#seen.get(name)?.values() ?? [])].sort((a, b) => a.port - b.port);
      return roles.flatMap((role) => this.#ofRole(name, role, roles, seen));
    });
  }

  #ofRole(host: string, role: string, roles: readonly string[], seen: readonly Listening[]): FirewallReport[] {
    const rules = this.#rulesOf([role]);
    if (rules.length === 0) return [];
    const row = (port: number, flows: number, kind: FirewallReport['kind'], by: Rule[]): FirewallReport => ({
      host,
      role,
      transport: 'tcp',
      port,
      kind,
      rules: by.map(({ id }) => id),
      flows,
    });
    const rows: FirewallReport[] = [];
    for (const listening of seen) {
      const { port, flows } = listening;
      const opening = opens(rules, listening);
      const any = rules.filter(({ ports }) => ports.includes('any'));
      const elsewhere = this.#pack.openedElsewhere.find(({ ports }) => ports.includes(port));
      if (opening.length > 0) rows.push(row(port, flows, 'opened-and-seen', opening));
      else if (elsewhere) rows.push(row(port, flows, elsewhere.by, []));
      else if (any.length > 0) rows.push(row(port, flows, 'any-rule', any));
      // another role of the host may open it
      else if (opens(this.#rulesOf(roles), listening).length === 0) rows.push(row(port, flows, 'seen-not-opened', []));
    }
    const fixed = new Set(rules.flatMap(({ ports }) => ports.filter((port) => typeof port === 'number')));
    for (const { port } of seen) fixed.delete(port);
    for (const port of fixed) {
      rows.push(
        row(
          port,
          0,
          'opened-not-seen',
          rules.filter(({ ports }) => ports.includes(port)),
        ),
      );
    }
    return rows.sort((a, b) => a.port - b.port);
  }

  #rulesOf(roles: readonly string[]): Rule[] {
    return this.#pack.firewall.filter((rule) => rule.roles.some((role) => roles.includes(role)));
  }
}

type Rule = Pack['firewall'][number];

/** The rules that open a port: by its number, else as one of those that RPC gave out. */
function opens(rules: readonly Rule[], { port, dynamic }: Listening): Rule[] {
  const byNumber = rules.filter(({ ports }) => ports.includes(port));
  return byNumber.length > 0 || !dynamic ? byNumber : rules.filter(({ ports }) => ports.includes('rpc-dynamic'));
}

/** Whether the server was seen to take the connection; of one under way, whether its protocol tells who the server is. */
const listens = ({ opened, history, protocol, bytes }: FlowRecord): boolean =>
  opened ? history.includes('h') : protocol !== 'unknown' && bytes.server > 0;
