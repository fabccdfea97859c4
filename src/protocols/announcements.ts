import { formatAddress } from '../bytes/address.ts';
import { addressOf, client, type Flow, type FlowEnd, server } from '../flows/flow.ts';
import { limits } from '../limits.ts';
import type { Announced, Announcement } from './analyzer.ts';

/** What flows said of others that are to come: which protocol an address and port will speak. */
export class Announcements {
  readonly #known = new Map<string, Announced>();
  /** all ports announced: few flows have one, and only for those is an address written out */
  readonly #ports = new Set<number>();
  leftOut = 0;

  /** The last word counts. */
  add(flow: Flow, announcement: Announcement): void {
    const speaker = formatAddress(addressOf(server(flow)));
    const address = announcement.address ?? speaker;
    const key = keyOf(announcement.transport, address, announcement.port);
    if (this.#known.size >= limits.announcements && !this.#known.has(key)) {
      this.leftOut++;
      return;
    }
    this.#ports.add(announcement.port);
    const detail = announcement.detail.slice(0, limits.text);
    const before = this.#known.get(key);
    const others = before !== undefined && (before.others || before.detail !== detail);
    const byItself = address === speaker || (before !== undefined && !others && before.byItself);
    this.#known.set(key, {
      ...announcement,
      address,
      detail,
      others,
      byItself,
      capture: flow.atCapture,
      frame: flow.atFrame,
    });
  }

  /** What was said of this flow's server, else of its client: in media both ends are announced. */
  of(flow: Flow): Announced | null {
    return this.#at(flow, server(flow)) ?? this.#at(flow, client(flow));
  }

  #at(flow: Flow, end: FlowEnd): Announced | null {
    if (!this.#ports.has(end.port)) return null;
    return this.#known.get(keyOf(flow.transport, formatAddress(addressOf(end)), end.port)) ?? null;
  }
}

const keyOf = (transport: string, address: string, port: number): string => `${transport} ${address} ${port}`;
