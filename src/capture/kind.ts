import { be32 } from '../bytes/read.ts';
import { CaptureError } from './capture-error.ts';
import { compressionOf, unpack } from './compression.ts';
import { foreignFormat } from './foreign.ts';
import { pcapVariant } from './pcap.ts';
import { blockType } from './pcapng-block.ts';
import { headLength } from './recognise.ts';
import { type ByteSource, type CaptureSource, fill, openSource } from './source.ts';

/** What a file in a folder is: a capture, a capture that cannot be read for the reason given, or something else. */
export type Kind = 'capture' | 'other' | { unread: string };

/** Tells by a file's first bytes, unpacked where they are packed; what cannot be opened counts as a capture, so that reading it says why. */
export async function kindOf({ path, name }: CaptureSource): Promise<Kind> {
  try {
    const stored = openSource(path);
    try {
      return await kindOfContent(name, stored);
    } finally {
      await stored.close();
    }
  } catch (thrown) {
    if (thrown instanceof CaptureError) return 'capture';
    throw thrown;
  }
}

async function kindOfContent(name: string, stored: ByteSource): Promise<Kind> {
  const bytes = new Uint8Array(headLength);
  let end = await fill(stored, bytes, 0, headLength);
  const compression = compressionOf(bytes, end);
  if (compression !== 'none') {
    const unpacked = unpack(stored, bytes.slice(0, end), compression);
    end = await fill(unpacked, bytes, 0, headLength);
    await unpacked.close();
    if (end < 4 && unpacked.trouble()) return { unread: `${compression} data that cannot be unpacked` };
  }
  if (end === 0 && /\.(pcap|pcapng|cap)\b/i.test(name)) return { unread: 'an empty file' };
  if (end < 4) return 'other';
  if (be32(bytes, 0) === blockType.section || pcapVariant(bytes)) return 'capture';
  const foreign = foreignFormat(name, bytes, end);
  return foreign?.capture ? { unread: foreign.what } : 'other';
}
