import { describe, expect, test } from 'vitest';
import { Malformed } from '../../../src/bytes/malformed.ts';
import { Reader } from '../../../src/bytes/reader.ts';
import { limits } from '../../../src/limits.ts';
import {
  contentOf,
  elementLength,
  expectChild,
  hasMore,
  integerOf,
  NO_ELEMENT,
  readChild,
  readElement,
  textOf,
  UNFINISHED,
} from '../../../src/protocols/parts/ber.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const lengthOf = (text: string) => elementLength(hex(text), 0, hex(text).length);
const reader = (text: string) => new Reader('test', hex(text));

describe('the length of an element', () => {
  test.each([
    // X.690 §8.1.3.4 and §8.1.3.5: short and long form
    ['30 00', 2],
    ['04 7f', 129],
    ['04 81 c9', 204],
    ['04 82 01 00', 260],
    ['04 83 01 00 00', 5 + 0x10000],
    ['30 84 00 00 00 10', 22],
    ['30 84 ff ff ff ff', 6 + 0xffffffff],
    // not all there
    ['', UNFINISHED],
    ['30', UNFINISHED],
    ['30 84 00 00 00', UNFINISHED],
    // X.690 §8.1.3.6, forbidden by RFC 4511 §5.1; more than 32 bits; tags of several bytes
    ['30 80', NO_ELEMENT],
    ['30 85 00 00 00 00 01', NO_ELEMENT],
    ['30 ff', NO_ELEMENT],
    ['1f 81 01 00', NO_ELEMENT],
    ['7f', NO_ELEMENT],
  ])('%s', (bytes, length) => {
    expect(lengthOf(bytes)).toBe(length);
  });
});

describe('reading elements', () => {
  test('one after the other, one inside the other', () => {
    const whole = reader('30 08 02 01 05 04 03 61 62 63 02 02 01 00');
    const sequence = readElement(whole);
    expect(sequence.tag).toBe(0x30);
    expect(integerOf(expectChild(sequence, 0x02))).toBe(5);
    expect(textOf(readChild(sequence))).toBe('abc');
    expect(hasMore(sequence)).toBe(false);
    expect(integerOf(readElement(whole))).toBe(256);
    expect(whole.remaining).toBe(0);
  });

  test.each([
    // X.690 §8.3: two's complement
    ['02 01 00', 0],
    ['02 01 7f', 127],
    ['02 02 00 80', 128],
    ['02 01 80', -128],
    ['02 01 ff', -1],
    ['02 04 7f ff ff ff', 2147483647],
    ['0a 01 0e', 14],
  ])('integer %s', (bytes, value) => {
    expect(integerOf(readElement(reader(bytes)))).toBe(value);
  });

  test.each(['', '30', '30 05 02 01', '30 80 00 00', '04 84 ff ff ff ff 00'])('malformed: %s', (bytes) => {
    expect(() => readElement(reader(bytes))).toThrow(Malformed);
  });

  test('a child ends with its parent', () => {
    const sequence = readElement(reader('30 03 04 05 61 62 63 64 65'));
    expect(() => readChild(sequence)).toThrow(Malformed);
  });

  test.each(['02 00', '02 05 00 00 00 00 01'])('no integer: %s', (bytes) => {
    expect(() => integerOf(readElement(reader(bytes)))).toThrow(Malformed);
  });

  test('another tag than expected', () => {
    expect(() => expectChild(readElement(reader('30 02 04 00')), 0x02)).toThrow(Malformed);
  });

  test('nesting is bounded', () => {
    const depth = limits.nesting + 1;
    let element = readElement(
      reader(
        Array.from({ length: depth + 1 }, (_, i) => `30${(2 * (depth - i)).toString(16).padStart(2, '0')}`).join(''),
      ),
    );
    expect(() => {
      for (let i = 0; i < depth; i++) element = readChild(element);
    }).toThrow(/nesting/);
  });

  test('text is cut at its limit', () => {
    const long = `04 82 10 00 ${'61'.repeat(4096)}`;
    expect(textOf(readElement(reader(long)))).toHaveLength(limits.text);
    expect(contentOf(readElement(reader(long)))).toHaveLength(4096);
  });
});
