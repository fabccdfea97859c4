import type { Language } from '../format.ts';
import type { Words } from '../words.ts';
import { english } from './english.ts';
import { korean } from './korean.ts';

const tables: Record<Language, Words> = { en: english, ko: korean };

export const wordsOf = (language: Language): Words => tables[language];
