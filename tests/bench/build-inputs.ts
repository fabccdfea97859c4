import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { readCapture } from '../../src/capture/read-capture.ts';
import { ownCaptures } from '../support/folders.ts';
import { organisation } from '../support/organisation.ts';

/** What the benchmarks read: captures built the same way every time, from our own recordings. All are classic, of Ethernet. */
export interface Input {
  path: string;
  frames: number;
  bytes: number;
}

const template = 'smtp/hub-to-hub-x-anonymoustls.pcap';
/** seconds between two packets; in *busy* those of an hour or so */
const dense = 1e-5;
const ofHours = 5e-4;

/** A few thousand long flows: a recorded TLS session each, and application data in full segments. */
export async function buildBulk(path: string, frames: number, flows = 3000): Promise<Input> {
  const { client, frames: session } = await sessionOf(template);
  const open = session.slice(0, -6);
  const last = [lastOf(open, client, false), lastOf(open, client, true)] as const;
  const out = new CaptureWriter(path);
  for (let flow = 0; flow < flows; flow++) for (const frame of open) out.write(renumbered(frame, client, flow));
  const data = new Uint8Array(54 + 1405);
  for (let sent = 0; out.frames < frames; sent++) {
    for (let flow = 0; flow < flows && out.frames < frames; flow++) {
      // two segments of the server, then an acknowledgment of the client
      const turn = sent % 3;
      const from = last[turn === 2 ? 1 : 0];
      const frame = turn === 2 ? acknowledge(last[1], last[0], sent) : fill(data, from, sent);
      out.write(renumbered(frame, client, flow));
    }
  }
  return out.close();
}

/** One packet a flow: SYNs to every port of many hosts. */
export function buildScan(path: string, frames: number): Input {
  const out = new CaptureWriter(path);
  const frame = new Uint8Array(54);
  frame.set([0x08, 0x00, 0x45, 0x00, 0x00, 0x28], 12);
  frame.set([64, 6], 22);
  frame.set([10, 0, 0, 1], 26);
  frame.set([0x50, 0x02, 0xff, 0xff], 46);
  const view = new DataView(frame.buffer);
  for (let i = 0; i < frames; i++) {
    view.setUint32(30, 0x0b000000 + Math.floor(i / 60_000));
    view.setUint16(34, 40_000);
    view.setUint16(36, 1 + (i % 60_000));
    view.setUint32(38, i);
    out.write(frame);
  }
  return out.close();
}

/** recordings of every protocol; voice and IPsec with one call or association, and no long media */
const recordings = [
  'smtp/hub-to-hub-clear.pcap',
  'smtp/hub-to-hub-offered-not-used.pcap',
  template,
  'smtp/client-auth-plain-clear.pcap',
  'smtp/hub-to-edge-mtls.pcap',
  'directory/dc-sealed-kerberos.pcap',
  'directory/edgesync-tls.pcap',
  'directory/dc-simple-bind-clear.pcap',
  'directory/dc-cldap-ping.pcap',
  'directory/dc-dns.pcap',
  'kerberos/tickets-udp.pcap',
  'kerberos/wrong-password-udp.pcap',
  'mailbox-access/imap4-starttls.pcap',
  'mailbox-access/pop3-clear.pcap',
  'replication/mrs-ntlm-sealed.pcap',
  'replication/replication-kerberos-sealed.pcap',
  'rpc/samr-sealed-ntlm.pcap',
  'rpc/emsmdb-sealed.pcap',
  'file-sharing/smb311-encrypted.pcapng',
  'file-sharing/pipe-winreg-seal.pcap',
  'web/ews-ntlm-clear.pcap',
  'web/owa-forms-clear.pcap',
  'voice/register-digest-accepted.pcap',
  'voice/invite-redirected.pcap',
  'cluster/heartbeat.pcap',
  'ipsec/ikev2-esp-gcm.pcap',
];

/** Short sessions of all our recordings under new addresses and times, interleaved in groups. */
export async function buildBusy(path: string, replays: number): Promise<Input> {
  const sessions = await Promise.all(recordings.map(sessionOf));
  const out = new CaptureWriter(path, ofHours);
  const together = 64;
  for (let first = 0; first < replays; first += together) {
    const group = Array.from({ length: Math.min(together, replays - first) }, (_, i) => ({
      replay: first + i,
      session: sessions[(first + i) % sessions.length]!,
    }));
    const longest = Math.max(...group.map(({ session }) => session.frames.length));
    for (let step = 0; step < longest; step++) {
      for (const { replay, session } of group) {
        const frame = session.frames[step];
        if (frame) out.write(renumbered(frame, session.client, replay));
      }
    }
  }
  return out.close();
}

/** Who is who in these captures: the hosts of the lab, and all the clients as hosts of its networks. */
export function writeTopology(path: string): void {
  const folders = [...new Set(recordings.map((name) => ownCaptures + name.split('/')[0]))];
  const lab = parse(
    readFileSync(
      organisation(
        folders.map((folder) => ({ folder, topology: 'topology.yaml' })),
        dirname(path),
      ),
      'utf8',
    ),
  );
  const networks = [{ cidr: '10.64.0.0/10', roles: ['hub', 'cas', 'mailbox'] }];
  writeFileSync(path, stringify({ ...lab, networks }));
}

/** A folder of captures of one short session each, one after the other. */
export async function buildMany(path: string, files: number): Promise<Input> {
  const { client, frames: session } = await sessionOf('smtp/hub-to-hub-clear.pcap');
  mkdirSync(path);
  let frames = 0;
  let bytes = 0;
  for (let file = 0; file < files; file++) {
    const out = new CaptureWriter(join(path, `${String(file).padStart(6, '0')}.pcap`), dense, 1 << 16, file);
    for (const frame of session) out.write(renumbered(frame, client, file));
    const built = out.close();
    frames += built.frames;
    bytes += built.bytes;
  }
  return { path, frames, bytes };
}

/** Some 10 kB of one session again and again. */
export async function buildTiny(path: string): Promise<Input> {
  const { client, frames: session } = await sessionOf('smtp/hub-to-hub-clear.pcap');
  const out = new CaptureWriter(path);
  for (let flow = 0; flow < 3; flow++) for (const frame of session) out.write(renumbered(frame, client, flow));
  return out.close();
}

class CaptureWriter {
  frames = 0;
  readonly #path: string;
  readonly #file: number;
  readonly #buffer: Buffer;
  readonly #start: number;
  #held = 24;
  #bytes = 0;

  readonly #pace: number;

  /** @param start seconds after the first moment of all inputs */
  constructor(path: string, pace = dense, room = 1 << 22, start = 0) {
    this.#path = path;
    this.#start = start;
    this.#pace = pace;
    this.#buffer = Buffer.alloc(room);
    this.#file = openSync(path, 'w');
    this.#buffer.writeUInt32LE(0xa1b2c3d4, 0);
    this.#buffer.writeUInt16LE(2, 4);
    this.#buffer.writeUInt16LE(4, 6);
    this.#buffer.writeUInt32LE(262_144, 16);
    this.#buffer.writeUInt32LE(1, 20);
  }

  write(frame: Uint8Array): void {
    if (this.#held + 16 + frame.length > this.#buffer.length) this.#flush();
    const time = this.frames * this.#pace;
    const at = this.#held;
    this.#buffer.writeUInt32LE(1_700_000_000 + this.#start + Math.floor(time), at);
    this.#buffer.writeUInt32LE(Math.floor((time % 1) * 1e6), at + 4);
    this.#buffer.writeUInt32LE(frame.length, at + 8);
    this.#buffer.writeUInt32LE(frame.length, at + 12);
    this.#buffer.set(frame, at + 16);
    this.#held += 16 + frame.length;
    this.frames++;
  }

  close(): Input {
    this.#flush();
    closeSync(this.#file);
    return { path: this.#path, frames: this.frames, bytes: this.#bytes };
  }

  #flush(): void {
    writeSync(this.#file, this.#buffer, 0, this.#held);
    this.#bytes += this.#held;
    this.#held = 0;
  }
}

interface Session {
  frames: Uint8Array[];
  /** who speaks first */
  client: Uint8Array;
}

/** The IPv4 frames of one of our recordings. */
async function sessionOf(name: string): Promise<Session> {
  const frames: Uint8Array[] = [];
  await readCapture(
    { path: ownCaptures + name, name },
    ({ bytes, start, end }) => {
      if (bytes[start + 12] === 0x08 && bytes[start + 13] === 0) frames.push(bytes.slice(start, end));
    },
    { hash: false },
  );
  return { frames, client: frames[0]!.slice(26, 30) };
}

const scratch = new Uint8Array(1 << 16);

/** The frame with the client's address replaced by one of the replay's own. Ports stay, so each replay has a client to itself. */
function renumbered(frame: Uint8Array, client: Uint8Array, replay: number): Uint8Array {
  const copy = scratch.subarray(0, frame.length);
  copy.set(frame);
  for (const at of [26, 30]) {
    if (!isAt(frame, at, client)) continue;
    copy[at] = 10;
    copy[at + 1] = 64 + (replay >> 16);
    copy[at + 2] = (replay >> 8) & 255;
    copy[at + 3] = replay & 255;
  }
  return copy;
}

const isAt = (frame: Uint8Array, at: number, address: Uint8Array): boolean =>
  address.every((byte, i) => frame[at + i] === byte);

function lastOf(frames: readonly Uint8Array[], client: Uint8Array, ofClient: boolean): Uint8Array {
  return frames.filter((frame) => isAt(frame, 26, client) === ofClient && frame.length > 54).at(-1)!;
}

/** A full segment of the server with one application data record, the `sent`th after `from`. */
function fill(frame: Uint8Array, from: Uint8Array, sent: number): Uint8Array {
  const view = new DataView(frame.buffer);
  const before = new DataView(from.buffer, from.byteOffset);
  frame.set(from.subarray(0, 54));
  view.setUint16(16, frame.length - 14);
  frame[46] = 0x50;
  const index = Math.floor(sent / 3) * 2 + (sent % 3);
  view.setUint32(38, before.getUint32(38) + from.length - 54 - headerExtra(from) + index * 1405);
  frame.set([0x17, 0x03, 0x03, 1400 >> 8, 1400 & 255], 54);
  return frame;
}

function acknowledge(client: Uint8Array, server: Uint8Array, sent: number): Uint8Array {
  const frame = client.slice(0, 54);
  const view = new DataView(frame.buffer);
  const own = new DataView(client.buffer, client.byteOffset);
  const other = new DataView(server.buffer, server.byteOffset);
  view.setUint16(16, 40);
  frame[46] = 0x50;
  view.setUint32(38, own.getUint32(38) + client.length - 54 - headerExtra(client));
  view.setUint32(
    42,
    other.getUint32(38) + server.length - 54 - headerExtra(server) + Math.floor(sent / 3 + 1) * 2 * 1405,
  );
  return frame;
}

/** Bytes of TCP options. */
const headerExtra = (frame: Uint8Array): number => (frame[46]! >> 4) * 4 - 20;
