/** Seconds of 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z: the first and last that RFC 3339 has text for. */
export const earliestSecond = -62_167_219_200;
export const latestSecond = 253_402_300_799;

/** A time since 1970-01-01T00:00:00Z as RFC 3339 UTC with nine digits; what lies outside years 0000 to 9999 becomes the nearest that has a text. */
export function formatTime(seconds: number, nanoseconds: number): string {
  const whole = Math.min(Math.max(seconds, earliestSecond), latestSecond);
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${String(nanoseconds).padStart(9, '0')}Z`;
}
