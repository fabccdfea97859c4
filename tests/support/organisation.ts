import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

interface Host {
  name: string;
  addresses: string[];
  roles: string[];
}

/** A topology of all hosts of all entries' topologies, written into the folder; who plays several roles plays them all. */
export function organisation(entries: readonly { folder: string; topology: string }[], folder: string): string {
  const hosts = new Map<string, Host>();
  const rest: Record<string, unknown> = {};
  for (const file of new Set(entries.map((entry) => `${entry.folder}/${entry.topology}`))) {
    const { hosts: theirs = [], ...more } = parse(readFileSync(file, 'utf8')) as { hosts?: Host[] };
    Object.assign(rest, more);
    for (const host of theirs) {
      const known = hosts.get(host.name);
      if (!known) hosts.set(host.name, structuredClone(host));
      else {
        known.addresses = [...new Set([...known.addresses, ...host.addresses])];
        known.roles = [...new Set([...known.roles, ...host.roles])];
      }
    }
  }
  const path = join(folder, 'organisation.yaml');
  writeFileSync(path, stringify({ ...rest, hosts: [...hosts.values()] }));
  return path;
}
