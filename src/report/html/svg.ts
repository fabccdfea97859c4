import { html, type Markup } from './escape.ts';

/**
 * A drawing with a title and a description, for a screen reader too: to it a picture is one thing, while a group has parts,
 * such as links. `body` is made of SVG elements.
 */
export function drawing(
  id: string,
  { width, height, title, description }: { width: number; height: number; title: string; description: string },
  body: Markup,
  role: 'img' | 'group' = 'img',
): Markup {
  return html`<div class="scroll drawing"><svg role="${role}" aria-labelledby="${id}-title ${id}-text" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title id="${id}-title">${title}</title>
<desc id="${id}-text">${description}</desc>
${body}</svg></div>
`;
}

/** A number as SVG takes it, to a tenth. */
export const tenth = (number: number): string => String(Math.round(number * 10) / 10);

/** The text, cut with an ellipsis where it has more characters than fit; wide characters count twice. */
export function fitted(text: string, columns: number): string {
  let used = 0;
  let out = '';
  for (const character of text) {
    used += character.codePointAt(0)! >= 0x1100 ? 2 : 1;
    if (used > columns) return `${out}…`;
    out += character;
  }
  return out;
}
