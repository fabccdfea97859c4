import type { AuditReport } from '../check/audit-report.ts';
import type { Digest } from './digest.ts';

/** Where a format writes its text, piece by piece. */
export type Sink = (chunk: string) => void;

export type Language = 'en' | 'ko';

export interface FormatOptions {
  /** of path titles; the rest is English wherever a language has no table of words */
  language: Language;
  /** ANSI colours (terminal only) */
  color: boolean;
  /** columns (terminal only); fewer than 60 count as 60 */
  width: number;
  /** lists what is otherwise only counted */
  verbose: boolean;
  /** the report's digest in this language, taken while its flows were judged; without it, formats walk them for it */
  found?: Digest;
}

/** A way to print a report. It computes no result, and holds no more than a bounded part of the flows at once. */
export interface Format {
  /** endings of file names that mean this format, with the dot */
  endings: readonly string[];
  write(report: AuditReport, options: FormatOptions, sink: Sink): void;
}
