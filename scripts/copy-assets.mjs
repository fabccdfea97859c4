// What the compiler does not make: the schema that stands beside the store's code, and the rule packs, parsed.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

const dist = new URL('../dist/', import.meta.url);
cpSync(new URL('../src/store/schema.sql', import.meta.url), new URL('store/schema.sql', dist));

const rules = new URL('../rules/', import.meta.url);
rmSync(new URL('rules/', dist), { recursive: true, force: true });
mkdirSync(new URL('rules/', dist));
for (const file of readdirSync(rules).filter((name) => name.endsWith('.yaml'))) {
  const text = readFileSync(new URL(file, rules), 'utf8');
  const name = createHash('sha256').update(text).digest('hex');
  writeFileSync(new URL(`rules/${name}.json`, dist), JSON.stringify(parse(text, { stringKeys: true })));
}
