import { formatAddress, parseAddress } from '../bytes/address.ts';

/** A network: all addresses of `address`'s length whose first `prefix` bits are its. */
export interface Network {
  address: Uint8Array;
  prefix: number;
}

/** An address as text, one text for each host: RFC 5952, and an IPv4-mapped IPv6 address as the IPv4 address it means. */
export function canonicalAddress(text: string): string | null {
  const address = parseHost(text);
  return address && formatAddress(address);
}

/** As `canonicalAddress`, but bytes: 4 or 16. */
export function parseHost(text: string): Uint8Array | null {
  const address = parseAddress(text);
  return address && isMapped(address) ? address.slice(12) : address;
}

/** RFC 4291 §2.5.5.2: ::ffff:a.b.c.d */
function isMapped(address: Uint8Array): boolean {
  return (
    address.length === 16 &&
    address[10] === 255 &&
    address[11] === 255 &&
    address.subarray(0, 10).every((byte) => byte === 0)
  );
}

/** `10.1.0.0/16` and the like; null where it is none. Bits after the prefix may be set: see `networkOf`. */
export function parseNetwork(text: string): Network | null {
  const parts = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const address = parts && parseAddress(parts[1]!);
  if (!address) return null;
  const prefix = Number(parts[2]);
  if (prefix > address.length * 8) return null;
  return isMapped(address) && prefix >= 96 ? { address: address.slice(12), prefix: prefix - 96 } : { address, prefix };
}

/** The network with every bit after the prefix cleared. */
export function networkOf({ address, prefix }: Network): Network {
  return { address: address.map((byte, i) => byte & maskOf(prefix - 8 * i)), prefix };
}

export const formatNetwork = ({ address, prefix }: Network): string => `${formatAddress(address)}/${prefix}`;

/** Whether the address lies in the network; never across IPv4 and IPv6. */
export function contains({ address: network, prefix }: Network, address: Uint8Array): boolean {
  return (
    network.length === address.length &&
    network.every((byte, i) => ((byte ^ address[i]!) & maskOf(prefix - 8 * i)) === 0)
  );
}

/** The byte whose first `bits` bits are set; of fewer than 0 none, of more than 8 all. */
const maskOf = (bits: number): number => (0xff00 >> Math.min(8, Math.max(0, bits))) & 0xff;
