import { describe, expect, test } from 'vitest';
import { formatTime } from '../../src/bytes/time.ts';

describe('a time as text', () => {
  // `date -u -d @N +%FT%TZ`
  test.each([
    [0, 0, '1970-01-01T00:00:00.000000000Z'],
    [1_600_000_000, 123_456_789, '2020-09-13T12:26:40.123456789Z'],
    [4_294_967_295, 999_999_999, '2106-02-07T06:28:15.999999999Z'],
    [-1, 1, '1969-12-31T23:59:59.000000001Z'],
  ])('%d s %d ns', (seconds, nanoseconds, text) => {
    expect(formatTime(seconds, nanoseconds)).toBe(text);
  });

  test('what RFC 3339 has no text for becomes the nearest that has one', () => {
    expect(formatTime(1e18, 5)).toBe('9999-12-31T23:59:59.000000005Z');
    expect(formatTime(-1e18, 0)).toBe('0000-01-01T00:00:00.000000000Z');
  });
});
