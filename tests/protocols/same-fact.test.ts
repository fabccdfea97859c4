import { expect, test } from 'vitest';
import type { Fact } from '../../src/protocols/fact.ts';
import { isSameFact } from '../../src/protocols/same-fact.ts';

const at = (fact: Fact, frame = 1) => ({
  ...fact,
  capture: 0,
  frame,
  time: frame,
  from: 'client' as const,
  protocol: 'smtp',
});
const login: Fact = { kind: 'authenticated', mechanism: 'ntlm', outcome: 'accepted', protected: true };

test('says the same wherever and whenever', () => {
  expect(isSameFact(at(login, 1), login)).toBe(true);
  expect(isSameFact(at({ ...login, principal: 'a' }, 9), { ...login, principal: 'a' })).toBe(true);
  const offer = (mechanisms: string[]): Fact => ({ kind: 'offered', what: 'authentication', mechanisms });
  expect(isSameFact(at(offer(['ntlm', 'plain'])), offer(['ntlm', 'plain']))).toBe(true);
  expect(isSameFact(at(offer(['ntlm', 'plain'])), offer(['ntlm']))).toBe(false);
});

test('a value more, less or other is another fact', () => {
  expect(isSameFact(at(login), { ...login, principal: 'a' })).toBe(false);
  expect(isSameFact(at({ ...login, principal: 'a' }), login)).toBe(false);
  expect(isSameFact(at(login), { ...login, outcome: 'refused' })).toBe(false);
  expect(isSameFact(at({ kind: 'exposed', content: 'message' }), { kind: 'exposed', content: 'web' })).toBe(false);
  expect(
    isSameFact(at({ kind: 'described', what: 'property', name: 'a', value: 1 }), {
      kind: 'described',
      what: 'property',
      name: 'a',
      value: '1',
    }),
  ).toBe(false);
});
