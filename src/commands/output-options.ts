import { type Command, Option } from 'commander';
import type { Language } from '../report/format.ts';
import { formatNames } from '../report/formats.ts';
import { formatFor, type Output, type Presentation } from './outputs.ts';

export interface OutputOptions {
  report?: string[];
  format?: string;
  verbose?: boolean;
  color: boolean;
  lang: Language;
}

export const formatOption = (description: string): Option =>
  new Option('--format <name>', description).choices(formatNames);

export const addPresentationOptions = (command: Command): Command =>
  command
    .option('--verbose', 'tell every finding, and list what is otherwise only counted')
    .option('--no-color', 'no colours on the terminal (NO_COLOR does the same)')
    .addOption(new Option('--lang <language>', 'language of the report').choices(['en', 'ko']).default('en'));

export const addAnnotateOptions = (command: Command): Command =>
  command
    .option('--annotate <file>', 'write the frames that show findings as pcapng, with a comment on each')
    .option('--whole-flows', 'with --annotate: all frames of flows with findings, not only those that show them')
    .option('--redact', 'with --annotate: blank credentials, message bodies and whatever else could be read');

/** The reports that were asked for: files, and one on standard output. Wrong names are found before any work is done. */
export function outputsOf(options: OutputOptions): Output[] {
  const files = (options.report ?? []).map((path) => ({ path, format: formatFor(undefined, path) }));
  return [...files, { path: null, format: formatFor(options.format, null) }];
}

export const presentationFrom = (options: OutputOptions): Presentation => ({
  verbose: options.verbose ?? false,
  color: options.color,
  language: options.lang,
});
