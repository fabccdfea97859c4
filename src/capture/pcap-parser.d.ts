/** The part of this package, which has no types of its own, that the tests use. */
declare module 'pcap-parser' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  interface Packet {
    header: {
      timestampSeconds: number;
      timestampMicroseconds: number;
      capturedLength: number;
      originalLength: number;
    };
    data: Buffer;
  }

  export function parse(input: string | Readable): EventEmitter<{ packet: [Packet]; end: []; error: [Error] }>;
}
