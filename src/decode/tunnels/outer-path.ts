// hot: reset for every frame
import { limits } from '../../limits.ts';

/** What carries packets inside packets or frames. */
export const tunnelKinds = [
  'mpls',
  'pppoe',
  'l2tp',
  'gre',
  'erspan',
  'vxlan',
  'geneve',
  'gtp-u',
  'ip-in-ip',
  'etherip',
  'teredo',
  'ah',
] as const;

export type TunnelKind = (typeof tunnelKinds)[number];

/** One layer that a packet lay in: its kind, its two ends, and the number that tells it from others between them. */
export interface Tunnel {
  kind: TunnelKind;
  /** label, session, key, network identifier or SPI; null where there is none */
  id: number | null;
  /** 4 or 16 bytes each; null where the layer has no addresses of its own */
  source: Uint8Array | null;
  destination: Uint8Array | null;
}

const none = -1;

/** The layers that a packet lay in, from the outermost: one reused view like the packet's, in columns. */
export class OuterPath {
  count = 0;
  private readonly kinds = new Uint8Array(limits.tunnels);
  private readonly ids = new Float64Array(limits.tunnels);
  private readonly lengths = new Uint8Array(limits.tunnels);
  /** 16 bytes for the source and 16 for the destination of each */
  private readonly addresses = new Uint8Array(limits.tunnels * 32);

  /** Notes a layer; `length` 0 where it has no addresses. False where the cap is reached. */
  enter(
    kind: TunnelKind,
    id: number | null,
    bytes: Uint8Array,
    source: number,
    destination: number,
    length: number,
  ): boolean {
    const at = this.count;
    if (at === limits.tunnels) return false;
    this.count++;
    this.kinds[at] = tunnelKinds.indexOf(kind);
    this.ids[at] = id ?? none;
    this.lengths[at] = length;
    for (let i = 0; i < length; i++) {
      this.addresses[at * 32 + i] = bytes[source + i]!;
      this.addresses[at * 32 + 16 + i] = bytes[destination + i]!;
    }
    return true;
  }

  copyFrom(other: OuterPath): void {
    this.count = other.count;
    if (other.count === 0) return;
    this.kinds.set(other.kinds);
    this.ids.set(other.ids);
    this.lengths.set(other.lengths);
    this.addresses.set(other.addresses);
  }

  /** As a list of its own, to be kept. */
  list(): Tunnel[] {
    return Array.from({ length: this.count }, (_, at) => {
      const length = this.lengths[at]!;
      const address = (from: number) => (length === 0 ? null : this.addresses.slice(from, from + length));
      const id = this.ids[at]!;
      return {
        kind: tunnelKinds[this.kinds[at]!]!,
        id: id === none ? null : id,
        source: address(at * 32),
        destination: address(at * 32 + 16),
      };
    });
  }
}
