import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { FormatOptions, Sink } from '../report/format.ts';
import { type FormatName, formatByEnding, formatNames, formats } from '../report/formats.ts';
import type { Audited } from './auditing.ts';
import { fileError, UsageError } from './usage-error.ts';

/** A report to write: to a file, or to standard output where `path` is null. */
export interface Output {
  path: string | null;
  format: FormatName;
}

/** The format that a name or a file's ending asks for. */
export function formatFor(name: string | undefined, path: string | null): FormatName {
  if (name !== undefined) {
    const format = formatNames.find((known) => known === name);
    if (!format) throw new UsageError(`--format ${name}: no such format; there is ${formatNames.join(', ')}`);
    return format;
  }
  if (path === null) return 'terminal';
  const found = formatByEnding(path);
  if ('choices' in found) throw new UsageError(`${path}: its ending names no format; use one of ${found.choices}`);
  return found.format;
}

/** Writes the outputs; a file appears whole or not at all. */
export function writeOutputs({ report, found }: Audited, outputs: readonly Output[], presentation: Presentation): void {
  for (const { path, format } of outputs) {
    const options = { ...presentationOf(presentation, path === null), found };
    if (path === null) toStandardOutput((sink) => formats[format].write(report, options, sink));
    else writeWhole(path, (sink) => formats[format].write(report, options, sink));
  }
}

/** How the user wants to see reports. */
export interface Presentation {
  verbose: boolean;
  /** false with --no-color */
  color: boolean;
  language: FormatOptions['language'];
}

export function presentationOf({ verbose, color, language }: Presentation, toTerminal: boolean): FormatOptions {
  const terminal = toTerminal && isatty(1);
  const plain = !color || (process.env.NO_COLOR ?? '') !== '' || process.env.TERM === 'dumb';
  return { language, verbose, color: terminal && !plain, width: terminal ? Math.min(columns(), 120) : 80 };
}

const columns = (): number => process.stdout.columns ?? 80;

export function toStandardOutput(write: (sink: Sink) => void): void {
  const chunks: string[] = [];
  let held = 0;
  const flush = () => {
    process.stdout.write(chunks.join(''));
    chunks.length = 0;
    held = 0;
  };
  write((chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held > 1 << 16) flush();
  });
  flush();
}

function writeWhole(path: string, write: (sink: Sink) => void): void {
  const partial = `${path}.part-${process.pid}`;
  try {
    const file = openSync(partial, 'wx', 0o644);
    try {
      write((chunk) => writeAll(file, chunk));
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw fileError(path, 'written', error);
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
