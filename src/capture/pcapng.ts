// hot: the loop of `read` runs once per frame
import { be32 } from '../bytes/read.ts';
import { limits } from '../limits.ts';
import type { FrameSink } from './frame.ts';
import { blockType } from './pcapng-block.ts';
import { readInterface, readStatistics, tallyLosses } from './pcapng-interface.ts';
import { readNames } from './pcapng-names.ts';
import { type BlockVerdict, PacketBlocks } from './pcapng-packets.ts';
import type { RecordReader } from './record-reader.ts';
import type { Tally } from './tally.ts';

/** Reads pcapng (draft-ietf-opsawg-pcapng): all sections of a file, each with its own byte order and interfaces. */
export class PcapngReader implements RecordReader {
  readonly format = 'pcapng';
  headerRead = false;
  stopped = false;
  private readonly packets: PacketBlocks;
  private readonly tally: Tally;

  constructor(tally: Tally, sink: FrameSink) {
    this.tally = tally;
    this.packets = new PacketBlocks(tally, sink);
  }

  read(bytes: Uint8Array, from: number, end: number, base: number): number {
    const { packets } = this;
    packets.frame.bytes = bytes;
    let at = from;
    while (end - at >= 12) {
      // a section's block type reads the same both ways, so it can be told before its byte order is known
      if (be32(bytes, at) === blockType.section && !this.takeByteOrder(bytes, at + 8)) {
        return this.damaged('a section states no byte order', at, base);
      }
      const type = packets.u32(bytes, at);
      const length = packets.u32(bytes, at + 4);
      if (length < 12 || length % 4 !== 0) {
        return this.damaged(`a block claims a length of ${length} bytes`, at, base);
      }
      let verdict: BlockVerdict;
      if (length > limits.block) {
        verdict = this.oversized(type, base + at);
      } else {
        if (length > end - at) return at;
        if (packets.u32(bytes, at + length - 4) !== length) {
          return this.damaged('the two lengths of a block differ', at, base);
        }
        verdict = this.block(type, bytes, at + 8, at + length - 4, base + at);
      }
      if (verdict === 'too-short') {
        return this.damaged('a block is too short for what it should hold, or of an unknown version', at, base);
      }
      if (verdict === 'too-large') {
        this.tally.problem(
          'record-too-large',
          base + at,
          'a record is too large to be believed; nothing after it was read',
        );
        this.stopped = true;
        return at;
      }
      at += length;
    }
    return at;
  }

  finish(): void {
    tallyLosses(this.packets.interfaces, this.tally);
    this.packets.interfaces = [];
  }

  private takeByteOrder(bytes: Uint8Array, at: number): boolean {
    const magic = be32(bytes, at);
    this.packets.littleEndian = magic === 0x4d3c2b1a;
    return magic === 0x4d3c2b1a || magic === 0x1a2b3c4d;
  }

  /** One whole block, whose body is bytes[body, end). */
  private block(type: number, bytes: Uint8Array, body: number, end: number, byte: number): BlockVerdict {
    switch (type) {
      case blockType.enhancedPacket:
        return this.packets.enhanced(bytes, body, end, byte);
      case blockType.simplePacket:
        return this.packets.simple(bytes, body, end, byte);
      case blockType.obsoletePacket:
        return this.packets.obsolete(bytes, body, end, byte);
      case blockType.section:
        return this.section(bytes, body, end);
      case blockType.interface:
        return this.interface(bytes, body, end, byte);
      case blockType.statistics:
        return this.statistics(bytes, body, end, byte);
      case blockType.names:
        readNames(bytes, body, end, this.packets.littleEndian, this.tally);
        return 'read';
      default:
        return this.unread(type, byte);
    }
  }

  private section(bytes: Uint8Array, body: number, end: number): BlockVerdict {
    if (end - body < 16 || this.packets.u16(bytes, body + 4) !== 1) return 'too-short';
    this.finish();
    this.headerRead = true;
    return 'read';
  }

  private interface(bytes: Uint8Array, body: number, end: number, byte: number): BlockVerdict {
    if (end - body < 8) return 'too-short';
    const { interfaces, littleEndian } = this.packets;
    if (interfaces.length === limits.interfaces) {
      this.tally.problem(
        'unknown-interface',
        byte,
        `more than ${limits.interfaces} interfaces in one section; left out`,
      );
      return 'read';
    }
    const described = readInterface(bytes, body, end, littleEndian);
    interfaces.push(described);
    this.tally.linkTypes.add(described.linkType);
    return 'read';
  }

  private statistics(bytes: Uint8Array, body: number, end: number, byte: number): BlockVerdict {
    if (end - body < 12) return 'too-short';
    const of = this.packets.interfaces[this.packets.u32(bytes, body)];
    if (of) readStatistics(of, bytes, body + 12, end, this.packets.littleEndian, byte);
    return 'read';
  }

  /** A block larger than is ever held: passed over, unless the rest cannot be understood without it. */
  private oversized(type: number, byte: number): BlockVerdict {
    switch (type) {
      case blockType.enhancedPacket:
      case blockType.simplePacket:
      case blockType.obsoletePacket:
      case blockType.section:
      case blockType.interface:
        return 'too-large';
      default:
        return this.unread(type, byte);
    }
  }

  /** A block whose content is not looked at. */
  private unread(type: number, byte: number): BlockVerdict {
    switch (type) {
      case blockType.secrets:
        this.tally.problem('secrets-present', byte, 'decryption secrets, which were not read');
        break;
      case blockType.journal:
      case blockType.custom:
      case blockType.customNoCopy:
      case blockType.sysdigEvent:
      case blockType.sysdigEventV2:
      case blockType.sysdigEventV2Large:
        this.tally.frames++;
        break;
      default:
    }
    return 'read';
  }

  private damaged(detail: string, at: number, base: number): number {
    this.tally.problem('damaged', base + at, `${detail}; nothing after it was read`);
    this.stopped = true;
    return at;
  }
}
