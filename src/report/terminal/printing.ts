import type { AuditReport } from '../../check/audit-report.ts';
import type { Digest } from '../digest.ts';
import type { FormatOptions } from '../format.ts';
import type { Words } from '../words.ts';
import type { Page } from './page.ts';

/** A report on its way to a page. */
export interface Printing {
  page: Page;
  report: AuditReport;
  found: Digest;
  options: FormatOptions;
  words: Words;
  /** whether every failing flow is told with its frames and its filter; else the worst finding of each path is */
  whole: boolean;
}

/** What is shown of a list unless `--verbose` asks for all, and how many more there are. */
export function shownOf<T>(
  list: readonly T[],
  most: number,
  { options }: Printing,
): { shown: readonly T[]; left: number } {
  const shown = options.verbose ? list : list.slice(0, most);
  return { shown, left: list.length - shown.length };
}
