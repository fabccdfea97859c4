import { be32 } from '../bytes/read.ts';
import { CaptureError } from './capture-error.ts';
import { foreignFormat } from './foreign.ts';
import type { FrameSink } from './frame.ts';
import { PcapReader, pcapHeaderLength, pcapVariant } from './pcap.ts';
import { PcapngReader } from './pcapng.ts';
import { blockType } from './pcapng-block.ts';
import type { RecordReader } from './record-reader.ts';
import type { Tally } from './tally.ts';

/** bytes from which a format is told; fewer only where the file has no more */
export const headLength = 1024;

/** The reader of a file that begins with bytes[0, end), by its content. Throws `CaptureError` where it is nothing that can be read. */
export function readerFor(name: string, bytes: Uint8Array, end: number, tally: Tally, sink: FrameSink): RecordReader {
  if (end === 0) throw new CaptureError('empty', `${name}: empty file; record it again, or leave it out`);
  const variant = end >= 4 ? pcapVariant(bytes) : null;
  if (variant) {
    if (end < pcapHeaderLength) throw cutInHeader(name, `it ends after ${end} bytes`);
    return new PcapReader(variant, bytes, tally, sink);
  }
  if (end >= 4 && be32(bytes, 0) === blockType.section) return new PcapngReader(tally, sink);
  const foreign = foreignFormat(name, bytes, end);
  if (foreign) {
    const { what, command } = foreign;
    throw new CaptureError(
      'unsupported-format',
      `${name}: ${what}, which is not read here; convert it: ${command(name)}`,
    );
  }
  throw new CaptureError('not-a-capture', `${name}: neither pcap nor pcapng; see what it is with: capinfos ${name}`);
}

/** A capture whose own header cannot be read, so that nothing in it can. */
export function cutInHeader(name: string, how: string): CaptureError {
  return new CaptureError(
    'not-a-capture',
    `${name}: no capture can be read, its header is cut short or damaged (${how}); copy or record it again`,
  );
}
