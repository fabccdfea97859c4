import { limits } from '../limits.ts';
import type { StampedFact } from '../protocols/fact.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import type { Moment } from './moment.ts';
import { canonicalAddress } from './network-address.ts';

/** Facts that say something of other flows than their own. */
export const tellingFacts = ['ticket-issued', 'ticket-shown', 'address-name', 'upgrade'] as const;

/** A Kerberos service ticket that a KDC gave to a host. */
export interface IssuedTicket extends Moment {
  /** the flow in which it was issued */
  flow: string;
  /** `smtpsvc` and `hub2.example.com`, in lower case */
  serviceClass: string;
  host: string;
  /** seconds since 1970 */
  time: number;
  /** as the KDC wrote it */
  service: string;
}

/** A server's word that it can upgrade to TLS. */
export interface SeenOffer extends Moment {
  flow: string;
}

/** What flows say of each other, gathered before any of them is judged. */
export class Knowledge {
  readonly #tickets = new Map<string, IssuedTicket[]>();
  readonly #names = new Map<string, Set<string>>();
  readonly #offers = new Map<string, SeenOffer>();
  #kept = 0;
  /** tickets, names and offers that were not kept because there were too many */
  leftOut = 0;

  add(flow: FlowRecord): void {
    let shown: string | null = null;
    for (const fact of flow.facts) {
      if (fact.kind === 'offered' && fact.what === 'upgrade') this.#addOffer(flow, fact);
      // a ticket names the server that has taken it: anybody can show any ticket to anybody
      else if (shown !== null && takesTicket(fact)) this.#addName(flow.server.address, hostOf(shown));
      else if (fact.kind !== 'described') continue;
      else if (fact.what === 'ticket-issued') this.#addTicket(flow, fact);
      else if (fact.what === 'ticket-shown') shown = fact.service;
      else if (fact.what === 'address-name') this.#addName(fact.address, fact.name);
    }
  }

  /** The last ticket for a service of one of these classes that was issued to `client` in (until - seconds, until]. */
  ticket(
    client: readonly string[],
    serviceClasses: readonly string[],
    isServer: (host: string) => boolean,
    until: number,
    seconds: number,
  ): IssuedTicket | null {
    const classes = serviceClasses.map((name) => name.toLowerCase());
    let last: IssuedTicket | null = null;
    for (const ticket of client.flatMap((address) => this.#tickets.get(plain(address)) ?? [])) {
      if (ticket.time > until || ticket.time < until - seconds || !classes.includes(ticket.serviceClass)) continue;
      if ((last === null || ticket.time >= last.time) && isServer(ticket.host)) last = ticket;
    }
    return last;
  }

  /** Names of an address by DNS and by the tickets that it has taken, in lower case. */
  namesOf(address: string): ReadonlySet<string> {
    return this.#names.get(plain(address)) ?? none;
  }

  /** Where this server offered an upgrade to somebody, first. */
  offerOf({ address, port }: FlowRecord['server']): SeenOffer | null {
    return this.#offers.get(`${plain(address)} ${port}`) ?? null;
  }

  #addTicket(flow: FlowRecord, fact: StampedFact & { service: string }): void {
    if (!this.#takeRoom()) return;
    const { service, time, capture, frame } = fact;
    const serviceClass = service.split('/')[0]!.toLowerCase();
    const key = plain(flow.client.address);
    const list = this.#tickets.get(key) ?? [];
    this.#tickets.set(key, list);
    list.push({ flow: flow.id, serviceClass, host: hostOf(service), time, service, capture, frame });
  }

  #addName(address: string, name: string): void {
    if (name === '' || !this.#takeRoom()) return;
    const key = plain(address);
    const names = this.#names.get(key) ?? new Set();
    this.#names.set(key, names.add(name.toLowerCase()));
  }

  #addOffer(flow: FlowRecord, { capture, frame }: Moment): void {
    const key = `${plain(flow.server.address)} ${flow.server.port}`;
    if (this.#offers.has(key) || !this.#takeRoom()) return;
    this.#offers.set(key, { flow: flow.id, capture, frame });
  }

  #takeRoom(): boolean {
    if (this.#kept >= limits.knowledge) {
      this.leftOut++;
      return false;
    }
    this.#kept++;
    return true;
  }
}

const none: ReadonlySet<string> = new Set();

/** The host of a service's name `class/host[:port][/realm]` (RFC 4120 §6.2.1), in lower case; empty where it has none. */
const hostOf = (service: string): string => (service.split('/')[1] ?? '').toLowerCase().replace(/:\d+$/, '');

const takesTicket = (fact: StampedFact): boolean =>
  fact.kind === 'authenticated' &&
  fact.outcome === 'accepted' &&
  (fact.mechanism === 'kerberos' || fact.mechanism === 'exchangeauth');

/** The same for an IPv4-mapped IPv6 address as for the IPv4 address. */
const plain = (address: string): string => (address.includes(':') ? (canonicalAddress(address) ?? address) : address);

/** Whether two full names have a first label in common and not the rest: two hosts, one of them perhaps a stranger's. */
export function isNamesake(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a !== b && a.includes('.') && b.includes('.') && a.split('.')[0] === b.split('.')[0];
}

/** Whether two names are of one host; a name without a domain stands for any with that first label. */
export function isSameHost(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (a === b) return a !== '';
  const label = (name: string) => name.split('.')[0]!;
  return (!a.includes('.') || !b.includes('.')) && label(a) === label(b) && label(a) !== '';
}
