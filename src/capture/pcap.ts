// hot: the loop of `read` runs once per frame
import { be16, be32, le16, le32 } from '../bytes/read.ts';
import { limits } from '../limits.ts';
import type { CaptureFormat } from './capture-summary.ts';
import { emptyFrame, type Frame, type FrameSink } from './frame.ts';
import type { RecordReader } from './record-reader.ts';
import type { Tally } from './tally.ts';

/** bytes of a file header (draft-ietf-opsawg-pcap §4) */
export const pcapHeaderLength = 24;

interface Variant {
  format: CaptureFormat;
  littleEndian: boolean;
  /** nanoseconds of one unit of a record's fraction of a second */
  unit: number;
  /** bytes of a record header; Alexey Kuznetzov's modified format adds interface, protocol and packet type */
  recordHeader: number;
}

/** Which pcap this is, by its magic number; null if none. */
export function pcapVariant(bytes: Uint8Array): Variant | null {
  switch (be32(bytes, 0)) {
    case 0xa1b2c3d4:
      return { format: 'pcap', littleEndian: false, unit: 1000, recordHeader: 16 };
    case 0xd4c3b2a1:
      return { format: 'pcap', littleEndian: true, unit: 1000, recordHeader: 16 };
    case 0xa1b23c4d:
      return { format: 'pcap-nanosecond', littleEndian: false, unit: 1, recordHeader: 16 };
    case 0x4d3cb2a1:
      return { format: 'pcap-nanosecond', littleEndian: true, unit: 1, recordHeader: 16 };
    case 0xa1b2cd34:
      return { format: 'pcap-modified', littleEndian: false, unit: 1000, recordHeader: 24 };
    case 0x34cdb2a1:
      return { format: 'pcap-modified', littleEndian: true, unit: 1000, recordHeader: 24 };
    default:
      return null;
  }
}

/** Reads classic pcap. `header` holds the file header, whole. */
export class PcapReader implements RecordReader {
  readonly format: CaptureFormat;
  headerRead = false;
  stopped = false;
  private readonly littleEndian: boolean;
  private readonly unit: number;
  private readonly recordHeader: number;
  /** Before version 2.3 the original length comes first; 2.3 was written both ways, so there the larger one is it (libpcap, sf-pcap.c). */
  private readonly swapped: 'no' | 'yes' | 'by-size';
  private readonly frame: Frame = emptyFrame();
  private readonly tally: Tally;
  private readonly sink: FrameSink;

  constructor(variant: Variant, header: Uint8Array, tally: Tally, sink: FrameSink) {
    this.format = variant.format;
    this.littleEndian = variant.littleEndian;
    this.unit = variant.unit;
    this.recordHeader = variant.recordHeader;
    this.tally = tally;
    this.sink = sink;
    const u16 = variant.littleEndian ? le16 : be16;
    const major = u16(header, 4);
    const minor = u16(header, 6);
    this.swapped = major === 2 && minor < 3 ? 'yes' : major === 2 && minor === 3 ? 'by-size' : 'no';
    // of the upper half one bit says whether frames end in a check sequence, and four how many times 16 bits that has
    const linkType = (variant.littleEndian ? le32 : be32)(header, 20);
    this.frame.linkType = linkType & 0xffff;
    this.frame.checkSequence = (linkType & 0x0400_0000) === 0 ? 0 : 2 * (linkType >>> 28);
    tally.linkTypes.add(this.frame.linkType);
  }

  read(bytes: Uint8Array, from: number, end: number, base: number): number {
    const { frame, tally, sink, littleEndian, unit, recordHeader, swapped } = this;
    let at = from;
    if (!this.headerRead) {
      this.headerRead = true;
      at += pcapHeaderLength;
    }
    frame.bytes = bytes;
    while (end - at >= recordHeader) {
      let captured = littleEndian ? le32(bytes, at + 8) : be32(bytes, at + 8);
      let original = littleEndian ? le32(bytes, at + 12) : be32(bytes, at + 12);
      if (swapped === 'yes' || (swapped === 'by-size' && captured > original)) {
        const first = captured;
        captured = original;
        original = first;
      }
      if (captured > limits.record) {
        tally.problem('record-too-large', base + at, `a record claims ${captured} bytes; nothing after it was read`);
        this.stopped = true;
        return at;
      }
      const start = at + recordHeader;
      const next = start + captured;
      if (next > end) return at;
      let seconds = littleEndian ? le32(bytes, at) : be32(bytes, at);
      let nanoseconds = (littleEndian ? le32(bytes, at + 4) : be32(bytes, at + 4)) * unit;
      if (nanoseconds >= 1e9) {
        seconds += Math.floor(nanoseconds / 1e9);
        nanoseconds %= 1e9;
      }
      frame.start = start;
      frame.end = next;
      frame.wireLength = Math.max(original, captured);
      frame.seconds = seconds;
      frame.nanoseconds = nanoseconds;
      frame.number = ++tally.frames;
      frame.byte = base + at;
      tally.note(frame, base + at);
      sink(frame);
      at = next;
    }
    return at;
  }

  finish(): void {}
}
