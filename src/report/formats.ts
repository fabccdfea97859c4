import { writeCsv } from './csv.ts';
import type { Format } from './format.ts';
import { writeHtml } from './html/html.ts';
import { writeJson } from './json.ts';
import { writeJunit } from './junit.ts';
import { writeMarkdown } from './markdown.ts';
import { writeOcsf } from './ocsf.ts';
import { writeSarif } from './sarif.ts';
import { writeTerminal } from './terminal/terminal.ts';

export const formatNames = ['terminal', 'json', 'html', 'csv', 'markdown', 'sarif', 'ocsf', 'junit'] as const;
export type FormatName = (typeof formatNames)[number];

/** An ending goes to the format that names the longest one that fits: `.ocsf.json` before `.json`. */
export const formats: Record<FormatName, Format> = {
  terminal: { endings: ['.txt'], write: writeTerminal },
  json: { endings: ['.json'], write: writeJson },
  html: { endings: ['.html', '.htm'], write: writeHtml },
  csv: { endings: ['.csv'], write: writeCsv },
  markdown: { endings: ['.md', '.markdown'], write: writeMarkdown },
  sarif: { endings: ['.sarif', '.sarif.json'], write: writeSarif },
  ocsf: { endings: ['.ocsf', '.ocsf.json', '.jsonl'], write: writeOcsf },
  junit: { endings: ['.xml', '.junit'], write: writeJunit },
};

/** The format that a file name's ending means, or what could have been chosen. */
export function formatByEnding(path: string): { format: FormatName } | { choices: string } {
  const lower = path.toLowerCase();
  const fitting = formatNames
    .flatMap((format) => formats[format].endings.map((ending) => ({ format, ending })))
    .filter(({ ending }) => lower.endsWith(ending))
    .sort((a, b) => b.ending.length - a.ending.length);
  const [best] = fitting;
  if (best) return { format: best.format };
  return { choices: formatNames.map((name) => `${name} (${formats[name].endings.join(', ')})`).join(', ') };
}
