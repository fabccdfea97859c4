import { expect, test } from 'vitest';
import { visible } from '../../src/report/visible.ts';

test.each([
  ['\x1b[31m', '␛[31m'],
  ['a\r\nb\tc\x00', 'a␍␊b␉c␀'],
  ['\x7f\x9b', '␡\\x9b'],
  ['\u202eexe\u2066', '\\u202eexe\\u2066'],
  ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
  ['\u2028\u2029', '\\u2028\\u2029'],
  ['\ud800x', '\\ud800x'],
  ['\u{e0041}', '\\u{e0041}'],
  ['허브 → hub “1” 😀', '허브 → hub “1” 😀'],
])('%j becomes %j', (raw, shown) => {
  expect(visible(raw)).toBe(shown);
});
