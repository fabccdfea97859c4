import { limits } from '../limits.ts';

const fromUtf8 = new TextDecoder();
const fromUtf16 = new TextDecoder('utf-16le');

/** UTF-8, at most so many characters; what is none stands as U+FFFD. */
export const utf8 = (bytes: Uint8Array, most: number = limits.text): string =>
  fromUtf8.decode(bytes.subarray(0, 4 * most)).slice(0, most);

/** UTF-16 as Windows writes it, at most `limits.text` characters; half a one at the end is left out. */
export const utf16 = (bytes: Uint8Array): string =>
  fromUtf16.decode(bytes.subarray(0, Math.min(bytes.length & ~1, 2 * limits.text)));
