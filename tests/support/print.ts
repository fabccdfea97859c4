import type { AuditReport } from '../../src/check/audit-report.ts';
import type { FormatOptions } from '../../src/report/format.ts';
import { type FormatName, formats } from '../../src/report/formats.ts';

/** A report as one text. */
export function print(format: FormatName, report: AuditReport, options: Partial<FormatOptions> = {}): string {
  let text = '';
  const all = { language: 'en', color: false, width: 80, verbose: false, ...options } as const;
  formats[format].write(report, all, (chunk) => {
    text += chunk;
  });
  return text;
}

/** What must not reach a reader as it is: control characters but the line feed, formatting characters, lone surrogates. */
export const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
