import { formatAddress } from '../../bytes/address.ts';
import { be16, le16 } from '../../bytes/read.ts';
import { Reader } from '../../bytes/reader.ts';
import { uuid } from './fields.ts';

/** Where an interface can be reached, as a protocol tower says it ([C706] Appendix L, protocol identifiers: Appendix I). */
export interface Endpoint {
  uuid: string;
  transport: 'tcp' | 'udp' | 'http';
  /** null: the server that says so itself */
  address: string | null;
  port: number;
}

const UUID = 0x0d;
const IP = 0x09;
const PORTS: Readonly<Record<number, Endpoint['transport']>> = { 7: 'tcp', 8: 'udp', 31: 'http' };

/** interface, transfer syntax, RPC protocol, port, host; a tower with more names something else */
const FLOORS_READ = 8;

/** Reads a tower; null where it does not end in an IP port: named pipes, local calls, what is damaged. Never throws. */
export function readTower(bytes: Uint8Array): Endpoint | null {
  if (bytes.length < 2) return null;
  const floors = Math.min(le16(bytes, 0), FLOORS_READ);
  const found: { uuid: string | null; transport: Endpoint['transport'] | null; port: number; address: string | null } =
    {
      uuid: null,
      transport: null,
      port: 0,
      address: null,
    };
  let at = 2;
  for (let floor = 0; floor < floors; floor++) {
    if (at + 2 > bytes.length) return null;
    const left = at + 2;
    const right = left + le16(bytes, at);
    if (right + 2 > bytes.length) return null;
    const value = right + 2;
    const next = value + le16(bytes, right);
    if (next > bytes.length || left === right) return null;
    const protocol = bytes[left]!;
    const transport = PORTS[protocol];
    if (floor === 0) {
      if (protocol !== UUID || right - left < 19) return null;
      found.uuid = uuid(new Reader('epm tower', bytes, left + 1, right), true);
    } else if (transport !== undefined && next - value === 2) {
      found.transport = transport;
      found.port = be16(bytes, value);
    } else if (protocol === IP && next - value === 4) {
      const address = formatAddress(bytes.subarray(value, next));
      if (address !== '0.0.0.0') found.address = address;
    }
    at = next;
  }
  const { transport, port, address } = found;
  return found.uuid === null || transport === null || port === 0
    ? null
    : { uuid: found.uuid, transport, address, port };
}
