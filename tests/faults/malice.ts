import { once } from 'node:events';
import { closeSync, createWriteStream, openSync, writeSync } from 'node:fs';
import { constants, createGzip } from 'node:zlib';
import {
  block,
  nameResolution,
  networkInterface,
  packet,
  pcapFile,
  pcapngFile,
  section,
  text,
} from '../support/build-capture.ts';
import { ethernet, ipv4, tcpFrame, udpFrame } from '../support/build-packets.ts';

/** Captures that somebody made to hurt: each writes a file with so many of what it is named for. */
export const attacks: Record<string, (path: string, count: number) => Promise<void>> = {
  'SYNs from everywhere': (path, count) => write(path, count, (index) => syn(index)),
  'flows of one datagram': (path, count) =>
    write(
      path,
      count,
      (index) =>
        udpFrame({
          from: address(index),
          to: '10.9.9.9',
          fromPort: 1000 + (index % 60_000),
          toPort: 53,
          payload: text('x'),
        }).bytes,
    ),
  'flows with one byte out of order each': (path, count) =>
    write(
      path,
      count,
      (index) =>
        tcpFrame({
          ...ends(index >> 1),
          flags: index % 2 ? 'PA' : 'S',
          sequence: index % 2 ? 500 : 1,
          payload: text(index % 2 ? 'y' : ''),
        }).bytes,
    ),
  'dialogues without an end': (path, count) =>
    write(path, count, (index) => {
      const [from, flags, said] = dialogue[index % dialogue.length]!;
      const before = dialogue.slice(0, index % dialogue.length);
      const sent = (side: 'client' | 'server') =>
        1 + before.reduce((sum, [by, , text]) => sum + (by === side ? Math.max(1, text.length) : 0), 0);
      const { from: client, to: server, fromPort, toPort } = ends(Math.floor(index / dialogue.length));
      const back = { from: server, to: client, fromPort: toPort, toPort: fromPort };
      return tcpFrame({
        ...(from === 'client' ? { from: client, to: server, fromPort, toPort } : back),
        flags,
        sequence: sent(from),
        acknowledgment: sent(from === 'client' ? 'server' : 'client'),
        payload: text(said),
      }).bytes;
    }),
  'holes in one stream': (path, count) =>
    write(
      path,
      count,
      (index) =>
        tcpFrame({
          ...ends(1),
          flags: index === 0 ? 'S' : 'PA',
          sequence: 1 + 2 * index,
          payload: text(index === 0 ? '' : 'z'),
        }).bytes,
    ),
  'first fragments without an end': (path, count) =>
    write(path, count, (index) =>
      ethernet(
        0x0800,
        ipv4(
          Uint8Array.of(10, index >> 16, index >> 8, index),
          Uint8Array.of(10, 9, 9, 9),
          6,
          new Uint8Array(1400),
          0x2000,
          index,
        ),
      ),
    ),
  'names, comments and interfaces': async (path, count) => {
    const file = openSync(path, 'w');
    const put = (...blocks: Parameters<typeof pcapngFile>[0][number][]) => writeSync(file, pcapngFile(blocks));
    put(section());
    for (let i = 0; i < count; i++) {
      if (i < 10_000) put(networkInterface({ name: 'n'.repeat(500) }));
      put(nameResolution([{ address: Uint8Array.of(10, i >> 16, i >> 8, i), names: ['x'.repeat(300)] }]));
      put(
        packet({
          bytes: tcpFrame({ ...ends(1), flags: 'A', sequence: i }).bytes,
          options: [[1, text('c'.repeat(2000))]],
        }),
      );
      put(block(0xbad, ({ u32 }) => [u32(32_473), text('customer')]));
    }
    closeSync(file);
  },
  // most as large frames, and sixty-five thousand empty ones in every sixteenth megabyte
  'zeros, packed a thousand times smaller': async (path, count) => {
    const packed = createGzip({ level: constants.Z_BEST_SPEED });
    packed.pipe(createWriteStream(path));
    packed.write(pcapFile());
    const empty = new Uint8Array(1 << 20);
    const large = pcapFile({ records: [{ bytes: new Uint8Array((1 << 18) - 16) }] }).subarray(24);
    const megabyte = Buffer.concat([large, large, large, large]);
    for (let left = count >> 4; left > 0; left--)
      if (!packed.write(left % 16 === 0 ? empty : megabyte)) await once(packed, 'drain');
    packed.end();
    await once(packed, 'end');
  },
};

/** the beginning of a delivery, up to half a command */
const dialogue: readonly ['client' | 'server', string, string][] = [
  ['client', 'S', ''],
  ['server', 'SA', ''],
  ['server', 'PA', '220 mail.example.test ESMTP\r\n'],
  ['client', 'PA', 'EHLO client.example.test\r\n'],
  ['server', 'PA', '250-mail.example.test\r\n250-STARTTLS\r\n250 AUTH LOGIN NTLM GSSAPI\r\n'],
  ['client', 'PA', 'MAIL FR'],
];

const address = (index: number) => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
const ends = (index: number) => ({ from: address(index), to: '10.9.9.9', fromPort: 2000, toPort: 25 });
const syn = (index: number) => tcpFrame({ ...ends(index), flags: 'S', fromPort: 1 + (index >> 24) }).bytes;

/** A classic pcap of frames, a millisecond apart, without ever holding them all. */
async function write(path: string, count: number, frame: (index: number) => Uint8Array): Promise<void> {
  const file = openSync(path, 'w');
  writeSync(file, pcapFile());
  const parts: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const bytes = frame(index);
    const record = pcapFile({
      records: [{ bytes, seconds: Math.floor(index / 1000), fraction: (index % 1000) * 1000 }],
    });
    parts.push(record.subarray(24));
    if (parts.length === 1000 || index === count - 1) writeSync(file, Buffer.concat(parts.splice(0)));
  }
  closeSync(file);
}
