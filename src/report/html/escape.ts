import { visible } from '../visible.ts';

/** Text that is HTML already. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[] | null;

/** HTML from a template; every string put into it is made visible and escaped, so that none can be markup. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Markup {
  let markup = strings[0]!;
  for (const [at, value] of values.entries()) markup += rendered(value) + strings[at + 1]!;
  return { markup };
}

function rendered(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if ('markup' in value) return value.markup;
  return value.map(({ markup }) => markup).join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escaped for text and quoted attributes. What a spreadsheet would take for a formula once a table is pasted there gets an apostrophe. */
export function escapeHtml(text: string): string {
  const guarded = /^\s*[=+\-@]/.test(text) ? `'${text}` : text;
  return visible(guarded).replace(/[&<>"']/g, (character) => entities[character]!);
}
