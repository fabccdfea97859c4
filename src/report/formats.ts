import type { Format } from './format.ts';
import { writeHtml } from './html/html.ts';
import { writeJson } from './json.ts';
import { writeTerminal } from './terminal/terminal.ts';

export const formatNames = ['terminal', 'json', 'html'] as const;
export type FormatName = (typeof formatNames)[number];

export const formats: Record<FormatName, Format> = {
  terminal: { endings: ['.txt'], write: writeTerminal },
  json: { endings: ['.json'], write: writeJson },
  html: { endings: ['.html', '.htm'], write: writeHtml },
};

/** The format that a file name's ending means, or what could have been chosen. */
export function formatByEnding(path: string): { format: FormatName } | { choices: string } {
  const lower = path.toLowerCase();
  for (const format of formatNames) {
    if (formats[format].endings.some((ending) => lower.endsWith(ending))) return { format };
  }
  return { choices: formatNames.map((name) => `${name} (${formats[name].endings.join(', ')})`).join(', ') };
}
