import { html, type Markup } from './escape.ts';

/** A drawing that a screen reader reads as a picture with a title and a description; `body` is made of SVG elements. */
export function drawing(
  id: string,
  { width, height, title, description }: { width: number; height: number; title: string; description: string },
  body: Markup,
): Markup {
  return html`<div class="scroll drawing"><svg role="img" aria-labelledby="${id}-title ${id}-text" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
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
