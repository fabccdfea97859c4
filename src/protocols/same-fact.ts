import type { Fact, StampedFact } from './fact.ts';

/** What the host stamps on a fact: where and when, not what. */
const stamps: ReadonlySet<string> = new Set(['capture', 'frame', 'order', 'time', 'from', 'protocol']);

/** Whether a fact says what one that was stated before says, wherever and whenever. */
export function isSameFact(stated: StampedFact, fact: Fact): boolean {
  if (stated.kind !== fact.kind) return false;
  const before = stated as unknown as Record<string, unknown>;
  const now = fact as unknown as Record<string, unknown>;
  for (const name in now) {
    if (before[name] !== now[name] && !stamps.has(name) && !isSameValue(before[name], now[name])) return false;
  }
  for (const name in before) {
    if (now[name] === undefined && before[name] !== undefined && !stamps.has(name)) return false;
  }
  return true;
}

/** Lists and the like: rare, and small. */
function isSameValue(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  return JSON.stringify(one) === JSON.stringify(other);
}
