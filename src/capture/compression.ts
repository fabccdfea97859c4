import { be16, be32 } from '../bytes/read.ts';
import type { CaptureSummary } from './capture-summary.ts';
import { gunzip } from './gzip.ts';
import { PackedInput, type Trouble, Unpackable } from './packed-input.ts';
import type { ByteSource } from './source.ts';
import { unzstd } from './zstd.ts';

export type Compression = CaptureSummary['compression'];

/** How a file is packed, by its first four bytes (RFC 1952 §2.3.1, RFC 8878 §3.1.1). */
export function compressionOf(head: Uint8Array, length: number): Compression {
  if (length >= 2 && be16(head, 0) === 0x1f8b) return 'gzip';
  if (length >= 4 && be32(head, 0) === 0x28b52ffd) return 'zstd';
  return 'none';
}

/** Unpacked bytes; what can be unpacked is handed out before anything is said against the rest. */
export interface Unpacked extends ByteSource {
  /** why unpacking ended before the packed data said so; null while all is well */
  trouble(): Trouble | null;
}

const nothing = new Uint8Array(0);

/** Unpacks `packed`, of which `head` has already been read. Several members or frames in a row are one. */
export function unpack(packed: ByteSource, head: Uint8Array, compression: Exclude<Compression, 'none'>): Unpacked {
  const input = new PackedInput(packed, head);
  const pieces = compression === 'gzip' ? gunzip(input) : unzstd(input);
  let rest: Uint8Array = nothing;
  let trouble: Trouble | null = null;
  return {
    async read(into, at, count) {
      while (rest.length === 0) {
        try {
          const next = await pieces.next();
          if (next.done) return 0;
          rest = next.value;
        } catch (thrown) {
          if (!(thrown instanceof Unpackable)) throw thrown;
          trouble = thrown.trouble;
          return 0;
        }
      }
      const size = Math.min(count, rest.length);
      into.set(rest.subarray(0, size), at);
      rest = rest.subarray(size);
      return size;
    },
    trouble: () => trouble,
    // ends the generator where it stands, and with it the decoder it holds
    close: async () => {
      await pieces.return(undefined);
    },
  };
}
