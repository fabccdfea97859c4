import type { Language } from '../format.ts';
import type { Words } from '../words.ts';
import { english } from './english.ts';

const tables = { en: english } satisfies Partial<Record<Language, Words>>;

/** The words of a language; English where it has no table. */
export function wordsOf(language: Language): Words {
  return language in tables ? tables[language as keyof typeof tables] : tables.en;
}
