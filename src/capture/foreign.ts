import { be16, le32 } from '../bytes/read.ts';
import { latin1 } from '../bytes/reader.ts';

/** A file that is no pcap and no pcapng, named for what it is. */
export interface Foreign {
  what: string;
  /** whether it holds packets, as far as its name or content tell */
  capture: boolean;
  /** the command that makes a capture of it */
  command(path: string): string;
}

const editcap = (path: string) => `editcap -F pcapng ${path} ${path}.pcapng`;

const byMagic: readonly [magic: string, Foreign][] = [
  ['snoop\0\0\0', { what: 'a Sun snoop capture', capture: true, command: editcap }],
  ['RTSS', { what: 'a Microsoft Network Monitor 1 capture', capture: true, command: editcap }],
  ['GMBU', { what: 'a Microsoft Network Monitor 2 capture', capture: true, command: editcap }],
  ['TRSNIFF data', { what: 'a Sniffer capture', capture: true, command: editcap }],
  ['XCP\0', { what: 'a NetXray or Windows Sniffer capture', capture: true, command: editcap }],
  ['iptrace ', { what: 'an AIX iptrace capture', capture: true, command: editcap }],
  ['btsnoop\0', { what: 'a Bluetooth snoop capture', capture: true, command: editcap }],
  ['ObserverPktBuffe', { what: 'a Network Instruments Observer capture', capture: true, command: editcap }],
  ['\x7fver', { what: 'a WildPackets OmniPeek capture', capture: true, command: editcap }],
  ['\xaa\xaa\xaa\xaa', { what: 'a 5Views capture', capture: true, command: editcap }],
  ['\x05VNF', { what: 'a Visual Networks capture', capture: true, command: editcap }],
  ['T\0R\0', { what: 'an HP-UX nettl trace', capture: true, command: editcap }],
  ['LOGG', { what: 'a Vector binary log', capture: true, command: editcap }],
  ['\0\0\x02\0\x12\x05', { what: 'a Tektronix K12 capture', capture: true, command: editcap }],
  ['BZh', { what: 'bzip2-compressed', capture: false, command: (path) => `bzip2 -dk ${path}` }],
  ['\xfd7zXZ\0', { what: 'xz-compressed', capture: false, command: (path) => `xz -dk ${path}` }],
  ['\x04\x22\x4d\x18', { what: 'lz4-compressed', capture: false, command: (path) => `lz4 -d ${path} ${path}.pcap` }],
  ['\x1f\x9d', { what: 'compressed with compress', capture: false, command: (path) => `gunzip -k ${path}` }],
  ['\x1f\x8b', { what: 'compressed twice', capture: false, command: (path) => `gunzip -k ${path}` }],
  ['\x28\xb5\x2f\xfd', { what: 'compressed twice', capture: false, command: (path) => `zstd -dk ${path}` }],
  ['PK\x03\x04', { what: 'a zip archive', capture: false, command: (path) => `unzip ${path}` }],
  ['7z\xbc\xaf\x27\x1c', { what: 'a 7-Zip archive', capture: false, command: (path) => `7z x ${path}` }],
];

const etl: Foreign = {
  what: 'a Windows event trace (netsh trace, pktmon)',
  capture: true,
  command: (path) => `etl2pcapng ${path} ${path}.pcapng`,
};

/** Says what a file is that begins with bytes[0, end), or null. */
export function foreignFormat(name: string, bytes: Uint8Array, end: number): Foreign | null {
  const head = latin1(bytes, 0, Math.min(end, 16));
  for (const [magic, foreign] of byMagic) if (head.startsWith(magic)) return foreign;
  if (end >= 262 && latin1(bytes, 257, 262) === 'ustar') {
    return { what: 'a tar archive', capture: false, command: (path) => `tar -xf ${path}` };
  }
  if (/\.etl$/i.test(name)) return etl;
  if (isHexDump(latin1(bytes, 0, Math.min(end, 200)))) {
    return { what: 'a hex dump of packets', capture: true, command: (path) => `text2pcap ${path} ${path}.pcapng` };
  }
  if (looksLikeErf(bytes, end)) return { what: 'an Endace ERF capture', capture: true, command: editcap };
  return null;
}

/** An offset, then bytes, as tcpdump -x, tshark -x and od print packets, perhaps below a line that names the packet. */
const isHexDump = (head: string): boolean =>
  /^(.*\r?\n)?\s*(0x)?0000:?\s+([0-9a-f]{2} ?){8,}/i.test(head) && !/[^\t\r\n -~]/.test(head);

/** ERF has no magic: up to three records in a row must have a known type, a sane length and times within a day of each other. */
function looksLikeErf(bytes: Uint8Array, end: number): boolean {
  let at = 0;
  let seen = 0;
  let seconds = 0;
  for (; seen < 3 && end - at >= 16; seen++) {
    const type = bytes[at + 8]! & 0x7f;
    const length = be16(bytes, at + 10);
    const time = le32(bytes, at + 4);
    if (type === 0 || type > 48 || length < 16) return false;
    if (seen > 0 && Math.abs(time - seconds) > 86_400) return false;
    seconds = time;
    at += length;
  }
  return seen >= 2;
}
