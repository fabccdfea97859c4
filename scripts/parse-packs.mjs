import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

const rules = new URL('../rules/', import.meta.url);

/** Writes what each rule pack says as JSON, by the SHA-256 of its text: the program reads that instead where it is there. */
export function parsePacks(folder) {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(rules).filter((name) => name.endsWith('.yaml'))) {
    const text = readFileSync(new URL(file, rules), 'utf8');
    const parsed = new URL(`${createHash('sha256').update(text).digest('hex')}.json`, folder);
    if (existsSync(parsed)) continue;
    const part = new URL(`${process.pid}.part`, folder);
    writeFileSync(part, JSON.stringify(parse(text, { stringKeys: true })));
    renameSync(part, parsed);
  }
}
