import { be16, be32, le16, le32 } from '../bytes/read.ts';
import { limits } from '../limits.ts';
import { type Clock, clockOf } from './pcapng-clock.ts';
import type { Tally } from './tally.ts';

/** An interface of a pcapng section. */
export interface Interface {
  linkType: number;
  /** as the capturing system calls it, else empty */
  name: string;
  /** bytes of a packet's check sequence; 0 where there is none or nothing is said */
  checkSequence: number;
  /** bytes kept of a packet; 0 for all */
  snapLength: number;
  clock: Clock;
  /** packets lost as its packets say one by one, and as its last statistics say in sum; null where they say nothing */
  lostBetween: number | null;
  lostInSum: number | null;
  /** where the file first spoke of a loss */
  lostAt: number;
}

/** a text of any length, in every block */
export const optComment = 1;
const ifName = 2;
const ifTsresol = 9;
const ifFcslen = 13;
const ifTsoffset = 14;
const isbIfdrop = 5;
const isbOsdrop = 7;

/** Reads an interface description block (§4.2) whose body is bytes[at, end). */
export function readInterface(bytes: Uint8Array, at: number, end: number, littleEndian: boolean): Interface {
  const options = at + 8;
  const resolution = findOption(bytes, options, end, ifTsresol, 1, littleEndian);
  const offset = findOption(bytes, options, end, ifTsoffset, 8, littleEndian);
  const clock = clockOf(
    resolution < 0 ? 6 : bytes[resolution]!,
    offset < 0 ? 0 : signed64(bytes, offset, littleEndian),
  );
  const check = findOption(bytes, options, end, ifFcslen, 1, littleEndian);
  const checked = check < 0 ? 0 : bytes[check]!;
  return {
    name: textOption(bytes, options, end, ifName, littleEndian),
    // in octets, once in bits: no check sequence is longer than 8 octets or shorter than 16 bits
    checkSequence: checked >= 16 ? checked >> 3 : checked,
    linkType: littleEndian ? le16(bytes, at) : be16(bytes, at),
    snapLength: littleEndian ? le32(bytes, at + 4) : be32(bytes, at + 4),
    clock,
    lostBetween: null,
    lostInSum: null,
    lostAt: 0,
  };
}

/** Takes note of an interface statistics block's losses (§4.6); counters run from the start of the capture, so the last block says all. */
export function readStatistics(
  to: Interface,
  bytes: Uint8Array,
  at: number,
  end: number,
  le: boolean,
  byte: number,
): void {
  const byInterface = findOption(bytes, at, end, isbIfdrop, 8, le);
  const bySystem = findOption(bytes, at, end, isbOsdrop, 8, le);
  const counts = [byInterface, bySystem].filter((found) => found >= 0).map((found) => counter64(bytes, found, le));
  const known = counts.filter((count) => count !== null);
  if (known.length === 0) return;
  const sum = known.reduce((total, count) => total + count, 0);
  if (sum > 0 && !to.lostBetween && !to.lostInSum) to.lostAt = byte;
  to.lostInSum = sum;
}

/** Losses between two packets of an interface. */
export function loseBetween(to: Interface, packets: number, byte: number): void {
  if (packets > 0 && !to.lostBetween && !to.lostInSum) to.lostAt = byte;
  to.lostBetween = (to.lostBetween ?? 0) + packets;
}

/** Adds up what the interfaces of a section lost. Both ways of saying it count the same packets, so the larger one stands. */
export function tallyLosses(interfaces: readonly Interface[], tally: Tally): void {
  for (const { lostBetween, lostInSum, lostAt } of interfaces) {
    if (lostBetween !== null || lostInSum !== null) tally.lost(Math.max(lostBetween ?? 0, lostInSum ?? 0), lostAt);
  }
}

/** The text of the first option of this code, cut to what is kept of a text; empty where there is none. */
export function textOption(bytes: Uint8Array, at: number, end: number, code: number, littleEndian: boolean): string {
  const found = findOption(bytes, at, end, code, -1, littleEndian);
  if (found < 0) return '';
  const size = littleEndian ? le16(bytes, found - 2) : be16(bytes, found - 2);
  const text = new TextDecoder().decode(bytes.subarray(found, found + Math.min(size, 4 * limits.text)));
  return text.slice(0, limits.text);
}

/** Where the value of the first option of this code and length (-1: any) begins in bytes[at, end), or -1 (§3.5). */
export function findOption(
  bytes: Uint8Array,
  at: number,
  end: number,
  code: number,
  length: number,
  littleEndian: boolean,
): number {
  let option = at;
  while (end - option >= 4) {
    const found = littleEndian ? le16(bytes, option) : be16(bytes, option);
    const size = littleEndian ? le16(bytes, option + 2) : be16(bytes, option + 2);
    if (found === 0) return -1;
    if (found === code && (length < 0 || size === length) && end - option - 4 >= size) return option + 4;
    option += 4 + ((size + 3) & ~3);
  }
  return -1;
}

/** A 64-bit counter; null where it is all ones, which stands for "not known". */
export function counter64(bytes: Uint8Array, at: number, littleEndian: boolean): number | null {
  const high = littleEndian ? le32(bytes, at + 4) : be32(bytes, at);
  const low = littleEndian ? le32(bytes, at) : be32(bytes, at + 4);
  if (high === 0xffffffff && low === 0xffffffff) return null;
  return Math.min(high * 0x1_0000_0000 + low, Number.MAX_SAFE_INTEGER);
}

function signed64(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  const high = littleEndian ? le32(bytes, at + 4) : be32(bytes, at);
  const low = littleEndian ? le32(bytes, at) : be32(bytes, at + 4);
  return (high | 0) * 0x1_0000_0000 + low;
}
