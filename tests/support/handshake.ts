import { join } from './ldap-messages.ts';
import type { Step } from './play.ts';

/** A TLS record of version 1.2. */
const record = (type: number, ...body: number[]) =>
  Uint8Array.of(type, 3, 3, body.length >> 8, body.length & 0xff, ...body);
const many = (count: number, byte: number): number[] => Array<number>(count).fill(byte);

/** A TLS 1.2 session with this suite, as far as it shows from outside: hellos, ChangeCipherSpec, Finished and a record of content each way (RFC 5246 §7.3). */
export function tlsSession(suite = 0xc030): Step[] {
  const clientHello = record(22, 1, 0, 0, 41, 3, 3, ...many(32, 8), 0, 0, 2, suite >> 8, suite & 0xff, 1, 0);
  const serverHello = record(22, 2, 0, 0, 38, 3, 3, ...many(32, 7), 0, suite >> 8, suite & 0xff, 0);
  const finished = join(record(20, 1), record(22, ...many(40, 0x99)));
  return [
    ['client', clientHello],
    ['server', serverHello],
    ['client', finished],
    ['server', finished],
    ['client', record(23, ...many(60, 0xc8))],
    ['server', record(23, ...many(60, 0x82))],
  ];
}
