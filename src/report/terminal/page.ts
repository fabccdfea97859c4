import type { FormatOptions, Sink } from '../format.ts';
import { visible } from '../visible.ts';
import { type Style, styled } from './style.ts';
import { inColumns, wrap } from './width.ts';

const narrowest = 60;

/** What a terminal report is written on: every text is made visible, then laid out, then styled, so none can act on the terminal. */
export interface Page {
  width: number;
  /** a blank line and a heading */
  heading(text: string): void;
  /** wrapped at the page's width; lines after the first are indented by `hanging` more columns */
  text(text: string, layout?: { indent?: number; hanging?: number; style?: Style }): void;
  /** one line that is never broken, to be copied */
  verbatim(text: string, indent: number): void;
  /** one line of fixed columns */
  row(cells: Cell[]): void;
}

export interface Cell {
  text: string;
  width: number;
  side?: 'left' | 'right';
  style?: Style | undefined;
}

export function pageOn(sink: Sink, options: Pick<FormatOptions, 'width' | 'color'>): Page {
  const width = Math.max(narrowest, options.width);
  const paint = (text: string, style: Style | undefined) => (options.color && style ? styled(text, style) : text);
  const text: Page['text'] = (raw, { indent = 0, hanging = 0, style } = {}) => {
    const lines = wrap(visible(raw), width - indent - hanging);
    for (const [at, line] of lines.entries()) {
      sink(`${' '.repeat(at === 0 ? indent : indent + hanging)}${paint(line, style)}\n`);
    }
  };
  return {
    width,
    text,
    heading(raw) {
      sink('\n');
      text(raw, { style: 'bold' });
    },
    verbatim(raw, indent) {
      sink(`${' '.repeat(indent)}${paint(visible(raw), 'cyan')}\n`);
    },
    row(cells) {
      const parts = cells.map(({ text: raw, width: columns, side, style }) => {
        const laid = inColumns(visible(raw), columns, side);
        const bare = laid.trimEnd();
        return paint(bare, style) + laid.slice(bare.length);
      });
      sink(`${parts.join(' ').trimEnd()}\n`);
    },
  };
}
