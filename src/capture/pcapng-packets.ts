// hot: one of these methods runs for every frame
import { be16, be32, le16, le32 } from '../bytes/read.ts';
import { limits } from '../limits.ts';
import { emptyFrame, type Frame, type FrameSink } from './frame.ts';
import { setTime } from './pcapng-clock.ts';
import { counter64, findOption, type Interface, loseBetween, optComment, textOption } from './pcapng-interface.ts';
import type { Tally } from './tally.ts';

/** What became of a block: `too-short` for what it says it holds, or a packet `too-large` to be believed. */
export type BlockVerdict = 'read' | 'too-short' | 'too-large';

const epbDropcount = 4;

/** Reads the three kinds of packet block of one section. In every method the block's body is bytes[body, end), and `byte` is where the block begins in the file. */
export class PacketBlocks {
  littleEndian = true;
  interfaces: Interface[] = [];
  readonly frame: Frame = emptyFrame();
  private readonly tally: Tally;
  private readonly sink: FrameSink;

  constructor(tally: Tally, sink: FrameSink) {
    this.tally = tally;
    this.sink = sink;
  }

  /** §4.3 */
  enhanced(bytes: Uint8Array, body: number, end: number, byte: number): BlockVerdict {
    if (end - body < 20) return 'too-short';
    const captured = this.u32(bytes, body + 12);
    if (captured > limits.record) return 'too-large';
    if (captured > end - body - 20) return 'too-short';
    const index = this.u32(bytes, body);
    const from = index < this.interfaces.length ? this.interfaces[index] : undefined;
    const options = body + 20 + ((captured + 3) & ~3);
    this.frame.comment = '';
    if (from !== undefined && options < end) {
      this.countLost(from, bytes, options, end, byte);
      this.frame.comment = textOption(bytes, options, end, optComment, this.littleEndian);
    }
    this.hand(from, index, bytes, body + 4, body + 20, captured, byte);
    return 'read';
  }

  /** §4.4: the first interface, no time, and a captured length that follows from its snap length */
  simple(bytes: Uint8Array, body: number, end: number, byte: number): BlockVerdict {
    if (end - body < 4) return 'too-short';
    const original = this.u32(bytes, body);
    const from = this.interfaces[0];
    const captured = from && from.snapLength > 0 ? Math.min(from.snapLength, original) : original;
    if (captured > limits.record) return 'too-large';
    if (captured > end - body - 4) return 'too-short';
    const { frame } = this;
    frame.number = ++this.tally.frames;
    if (from === undefined) {
      this.unknown(0, byte);
      return 'read';
    }
    frame.start = body + 4;
    frame.end = body + 4 + captured;
    frame.wireLength = original;
    frame.byte = byte;
    frame.seconds = 0;
    frame.nanoseconds = 0;
    frame.comment = '';
    this.describe(from);
    this.sink(frame);
    return 'read';
  }

  /** Appendix A */
  obsolete(bytes: Uint8Array, body: number, end: number, byte: number): BlockVerdict {
    if (end - body < 20) return 'too-short';
    const captured = this.u32(bytes, body + 12);
    if (captured > limits.record) return 'too-large';
    if (captured > end - body - 20) return 'too-short';
    const index = this.u16(bytes, body);
    const lost = this.u16(bytes, body + 2);
    this.frame.comment = '';
    const from = index < this.interfaces.length ? this.interfaces[index] : undefined;
    if (from !== undefined && lost !== 0xffff) loseBetween(from, lost, byte);
    this.hand(from, index, bytes, body + 4, body + 20, captured, byte);
    return 'read';
  }

  /** The part that enhanced and obsolete blocks share: time and lengths at `fields`, the packet at `start`. */
  private hand(
    from: Interface | undefined,
    index: number,
    bytes: Uint8Array,
    fields: number,
    start: number,
    captured: number,
    byte: number,
  ): void {
    const { frame, tally } = this;
    frame.number = ++tally.frames;
    if (from === undefined) {
      this.unknown(index, byte);
      return;
    }
    const original = this.u32(bytes, fields + 12);
    frame.start = start;
    frame.end = start + captured;
    frame.wireLength = Math.max(original, captured);
    frame.byte = byte;
    this.describe(from);
    setTime(frame, from.clock, this.u32(bytes, fields), this.u32(bytes, fields + 4));
    tally.note(frame, byte);
    this.sink(frame);
  }

  private describe(from: Interface): void {
    const { frame } = this;
    frame.linkType = from.linkType;
    frame.checkSequence = from.checkSequence;
    frame.interfaceName = this.interfaces.length > 1 ? from.name : '';
  }

  private unknown(index: number, byte: number): void {
    this.tally.problem('unknown-interface', byte, `a packet of interface ${index}, which is not described; left out`);
  }

  private countLost(from: Interface, bytes: Uint8Array, options: number, end: number, byte: number): void {
    const at = findOption(bytes, options, end, epbDropcount, 8, this.littleEndian);
    if (at < 0) return;
    const lost = counter64(bytes, at, this.littleEndian);
    if (lost !== null) loseBetween(from, lost, byte);
  }

  u16(bytes: Uint8Array, at: number): number {
    return this.littleEndian ? le16(bytes, at) : be16(bytes, at);
  }

  u32(bytes: Uint8Array, at: number): number {
    return this.littleEndian ? le32(bytes, at) : be32(bytes, at);
  }
}
