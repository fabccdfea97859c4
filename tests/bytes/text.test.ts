import { describe, expect, test } from 'vitest';
import { utf8, utf16 } from '../../src/bytes/text.ts';
import { limits } from '../../src/limits.ts';

describe('text', () => {
  test('in UTF-8, cut where it is long', () => {
    expect(utf8(Buffer.from('관리자@example.test'))).toBe('관리자@example.test');
    expect(utf8(Uint8Array.of(0x61, 0xff, 0x62))).toBe('a\ufffdb');
    expect(utf8(Buffer.alloc(10_000, 'a'))).toBe('a'.repeat(limits.text));
    expect(utf8(Buffer.alloc(10_000, 'a'), 500)).toHaveLength(500);
  });

  test('in UTF-16, with half a character at the end left out', () => {
    expect(utf16(Buffer.from('관리자', 'utf16le'))).toBe('관리자');
    expect(utf16(Buffer.concat([Buffer.from('EX', 'utf16le'), Buffer.of(0x41)]))).toBe('EX');
    expect(utf16(Buffer.from('a'.repeat(5000), 'utf16le'))).toBe('a'.repeat(limits.text));
  });
});
