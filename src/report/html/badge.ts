import type { Result } from '../../check/result.ts';
import type { Words } from '../words.ts';
import { html, type Markup } from './escape.ts';

/** A sign of its own for each result, so that a page without colours reads the same. */
const signs: Record<Result, string> = {
  pass: '✓',
  fail: '✗',
  unknown: '?',
  notchecked: '–',
  notapplicable: '·',
  informational: 'i',
  error: '!',
};

export const signOf = (result: Result): string => signs[result];

export function badge(result: Result, words: Words): Markup {
  return html`<span class="badge ${result}"><span class="sign" aria-hidden="true">${{ markup: signs[result] }}</span> ${words.result[result]}</span>`;
}

/** The sign alone, with its word for those who do not see it. */
export function sign(result: Result, label: string): Markup {
  return html`<span class="badge ${result}" title="${label}"><span class="sign" aria-hidden="true">${{ markup: signs[result] }}</span><span class="hidden">${label}</span></span>`;
}
