// hot: `setTime` is called for every frame
import { earliestSecond, latestSecond } from '../bytes/time.ts';
import type { Frame } from './frame.ts';

/** How an interface counts time (draft-ietf-opsawg-pcapng §4.2, if_tsresol and if_tsoffset). */
export interface Clock {
  /** units in a second where that is 1 to 10^9, a power of ten; 0 for anything finer or binary */
  perSecond: number;
  /** nanoseconds of one unit; 0 as above */
  unit: number;
  /** units in a second, exactly */
  exact: bigint;
  /** seconds to add */
  offset: number;
}

/** @param resolution the if_tsresol octet: a negative power of ten, or of two where the top bit is set */
export function clockOf(resolution: number, offset: number): Clock {
  const exponent = resolution & 0x7f;
  const exact = (resolution & 0x80 ? 2n : 10n) ** BigInt(exponent);
  const plain = (resolution & 0x80) === 0 && exponent <= 9;
  const perSecond = plain ? 10 ** exponent : 0;
  return { perSecond, unit: plain ? 1e9 / perSecond : 0, exact, offset };
}

const half = 0x1_0000;

/** Sets a frame's time from a 64-bit count of units. Numbers only, and exact, on decimal clocks of up to nine digits. */
export function setTime(frame: Frame, clock: Clock, high: number, low: number): void {
  const { perSecond } = clock;
  if (perSecond === 0) {
    setExactTime(frame, clock, high, low);
    return;
  }
  // long division in steps of 16 bits: a rest below 10^9 times 2^16 stays below 2^53
  const highest = Math.floor(high / perSecond);
  const middle = (high - highest * perSecond) * half + (low >>> 16);
  const next = Math.floor(middle / perSecond);
  const lowest = (middle - next * perSecond) * half + (low & 0xffff);
  const last = Math.floor(lowest / perSecond);
  frame.nanoseconds = (lowest - last * perSecond) * clock.unit;
  frame.seconds = sayable((highest * half + next) * half + last + clock.offset);
}

function setExactTime(frame: Frame, clock: Clock, high: number, low: number): void {
  const units = (BigInt(high) << 32n) | BigInt(low);
  frame.nanoseconds = Number(((units % clock.exact) * 1_000_000_000n) / clock.exact);
  frame.seconds = sayable(Number(units / clock.exact) + clock.offset);
}

const sayable = (seconds: number) => (seconds > latestSecond ? latestSecond : Math.max(seconds, earliestSecond));
