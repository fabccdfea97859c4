import { describe, expect, test } from 'vitest';
import { columns, inColumns, wrap } from '../../src/report/terminal/width.ts';

/** Widths by Unicode TR 11. */
describe('columns', () => {
  test.each([
    ['mail', 4],
    ['허브 전송', 9],
    ['全角', 4],
    ['ｶﾅ', 2],
    ['e\u0301', 1],
    ['→…–', 3],
    ['😀', 2],
  ])('%s takes %i', (text, width) => {
    expect(columns(text)).toBe(width);
  });
});

describe('wrap', () => {
  test('breaks at spaces', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  });

  test('breaks a word that no line holds, and loses nothing', () => {
    const word = 'x'.repeat(25);
    expect(wrap(`a ${word} b`, 10).every((line) => columns(line) <= 10)).toBe(true);
    expect(wrap(`a ${word} b`, 10).join('').replaceAll(' ', '')).toBe(`a${word}b`);
  });

  test('ends also where a character is wider than the line', () => {
    expect(wrap('허브', 1)).toEqual(['허', '브']);
  });

  test('gives an empty text one empty line', () => {
    expect(wrap('', 10)).toEqual(['']);
  });
});

describe('inColumns', () => {
  test.each([
    ['mail', 'mail  '],
    ['mailbox', 'mailb…'],
    ['허브전송', '허브… '],
    ['허브 ', '허브  '],
  ])('%s', (text, laid) => {
    expect(inColumns(text, 6)).toBe(laid);
  });

  test('to the right', () => {
    expect(inColumns('12', 4, 'right')).toBe('  12');
  });
});
