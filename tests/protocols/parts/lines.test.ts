import { expect, test } from 'vitest';
import { begins, lineLength, lineText, nextLine } from '../../../src/protocols/parts/lines.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

test('a line ends at LF, with or without CR, and never beyond the end given', () => {
  expect(lineLength(bytes('a\r\nb'), 0, 4)).toBe(3);
  expect(lineLength(bytes('a\nb'), 0, 3)).toBe(2);
  expect(lineLength(bytes('a\r\n'), 0, 2)).toBe(0);
  expect(lineLength(bytes('\n'), 0, 1)).toBe(1);
});

test('text comes without its end, and keeps a CR elsewhere', () => {
  expect(lineText(bytes('a\r\n'), 0, 3)).toBe('a');
  expect(lineText(bytes('a\rb\n'), 0, 4)).toBe('a\rb');
  expect(lineText(bytes('a'), 0, 1)).toBe('a');
  expect(lineText(bytes('\r\n'), 0, 2)).toBe('');
});

test('after lost bytes the next line is the one after a break', () => {
  expect(nextLine(bytes('xx\r\nyy'), 0, 6)).toBe(4);
  expect(nextLine(bytes('xx'), 0, 2)).toBe(-1);
});

test('beginnings are compared in either case', () => {
  expect(begins(bytes('eHlo x'), 0, 6, 'EHLO ')).toBe('yes');
  expect(begins(bytes('EH'), 0, 2, 'EHLO ')).toBe('more');
  expect(begins(bytes('EX'), 0, 2, 'EHLO ')).toBe('no');
});
