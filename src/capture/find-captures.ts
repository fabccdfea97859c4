import { globSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { CaptureError, refusal } from './capture-error.ts';
import { type Kind, kindOf } from './kind.ts';
import type { CaptureSource } from './source.ts';

/**
 * The captures that the CAPTURE arguments name: files as they stand, folders and globs with the captures in them (by content,
 * sorted by name), `-` for standard input. A file named twice is taken once. Throws `CaptureError` where an argument leads to none.
 * @param leftOut told of captures in a folder that are of a format which is not read
 */
export async function findCaptures(
  names: readonly string[],
  leftOut?: (file: string, what: string) => void,
): Promise<CaptureSource[]> {
  const found = new Map<string, CaptureSource>();
  for (const argument of names) {
    for (const source of await capturesOf(argument, leftOut)) {
      const identity = source.path === '-' ? '-' : realpathSync(source.path);
      if (!found.has(identity)) found.set(identity, source);
    }
  }
  return [...found.values()];
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
  if (stats) return [{ path: argument, name: argument }];
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
    else if (kind !== 'other') leftOut?.(file.name, kind.foreign);
  }
  return captures;
}

/** Regular files in a folder and below, named relative to it; links to files count, links to folders do not (they may run in circles). */
function filesBelow(folder: string): CaptureSource[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => ({ path: join(folder, name), name: slashes(name) }))
      .filter(({ path }) => statOf(path)?.isFile())
      .sort((one, other) => byName(one.name, other.name));
  } catch (thrown) {
    throw refusal(folder, thrown);
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (thrown) {
    throw refusal(path, thrown);
  }
}

const byName = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** Names read the same on every system, as they stand in reports. */
const slashes = (name: string) => (sep === '/' ? name : name.replaceAll(sep, '/'));
