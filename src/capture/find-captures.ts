import { type Dirent, globSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { CaptureError, refusal } from './capture-error.ts';
import { type Kind, kindOf } from './kind.ts';
import type { CaptureSource } from './source.ts';

/**
 * The captures that the CAPTURE arguments name: files by their own name, folders and globs with the captures in them (by content,
 * sorted by name), `-` for standard input. A file named twice is taken once. Throws `CaptureError` where an argument leads to none.
 * @param leftOut told of what in a folder looks like a capture and cannot be read, and what it is
 */
export async function findCaptures(
  names: readonly string[],
  leftOut?: (file: string, what: string) => void,
): Promise<CaptureSource[]> {
  const found = new Map<string, CaptureSource>();
  for (const argument of names) {
    for (const source of await capturesOf(argument, leftOut)) {
      const identity = source.path === '-' ? '-' : realPathOf(source.path);
      if (!found.has(identity)) found.set(identity, source);
    }
  }
  return unmistakable([...found.values()]);
}

/** Names that several files share give way to the paths they were named by. */
function unmistakable(sources: readonly CaptureSource[]): CaptureSource[] {
  const known = new Set<string>();
  const shared = new Set<string>();
  for (const { name } of sources) (known.has(name) ? shared : known).add(name);
  return sources.map((source) => (shared.has(source.name) ? { ...source, name: slashes(source.path) } : source));
}

type LeftOut = ((file: string, what: string) => void) | undefined;

async function capturesOf(argument: string, leftOut: LeftOut): Promise<CaptureSource[]> {
  if (argument === '-') return [{ path: '-', name: '-' }];
  const stats = statOf(argument);
  if (stats?.isDirectory()) {
    const captures = await capturesAmong(filesBelow(argument), leftOut);
    if (captures.length > 0) return captures;
    throw new CaptureError('no-captures', `${argument}: no pcap or pcapng file in this folder or below; name another`);
  }
  if (stats) return [{ path: argument, name: basename(argument) }];
  const matches = /[*?[{]/.test(argument) ? globSync(argument).sort(byName) : [];
  if (matches.length === 0) throw new CaptureError('missing', `${argument}: no such file or folder; check the path`);
  const files = matches.flatMap((match) =>
    statOf(match)?.isDirectory()
      ? filesBelow(match).map(({ path }) => ({ path, name: slashes(path) }))
      : [{ path: match, name: slashes(match) }],
  );
  const captures = await capturesAmong(files, leftOut);
  if (captures.length > 0) return captures;
  throw new CaptureError('no-captures', `${argument}: matches no pcap or pcapng file; check the pattern`);
}

async function capturesAmong(files: readonly CaptureSource[], leftOut: LeftOut): Promise<CaptureSource[]> {
  const captures: CaptureSource[] = [];
  for (const file of files) {
    const kind: Kind = await kindOf(file);
    if (kind === 'capture') captures.push(file);
    else if (kind !== 'other') leftOut?.(file.name, kind.unread);
  }
  return captures;
}

/**
 * Regular files in a folder and below, named relative to it and sorted. Links to files count, links to folders do not: they may
 * run in circles, and node's own recursive listing follows them.
 */
function filesBelow(folder: string): CaptureSource[] {
  const paths: string[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of entriesOf(next)) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() || (entry.isSymbolicLink() && leadsToFile(path))) paths.push(path);
    }
  }
  return paths
    .map((path) => ({ path, name: slashes(relative(folder, path)) }))
    .sort((one, other) => byName(one.name, other.name));
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (thrown) {
    throw refusal(folder, thrown);
  }
}

function leadsToFile(link: string): boolean {
  try {
    return statSync(link).isFile();
  } catch {
    // a link to nowhere
    return false;
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (thrown) {
    throw refusal(path, thrown);
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (thrown) {
    throw refusal(path, thrown);
  }
}

const byName = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** Names read the same on every system, as they stand in reports. */
const slashes = (name: string) => (sep === '/' ? name : name.replaceAll(sep, '/'));
