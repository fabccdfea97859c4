import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadPack } from '../check/load-pack.ts';
import type { Pack } from '../check/pack.ts';
import { createRoleMap } from '../check/roles.ts';
import type { Rules } from '../check/rules.ts';
import { customisablePorts, loadTopology, type Topology } from '../check/topology.ts';
import { registry } from '../protocols/registry.ts';
import type { StoredCheck } from '../store/store.ts';
import { UsageError, withFile } from './usage-error.ts';

/** A file's name and text, as kept with a check. */
export interface Source {
  file: string;
  text: string;
}

/** The rules that a check is made with, read and understood. */
export interface Inputs {
  packs: { source: Source; pack: Pack }[];
  topology: { source: Source; topology: Topology } | null;
  rules: Rules[];
}

export const defaultPack = 'exchange-2010';
const rulesFolder = fileURLToPath(new URL('../../rules/', import.meta.url));

/** Reads packs, by name or path, and the topology. */
export function readInputs(packNames: readonly string[], topologyFile: string | undefined): Inputs {
  const packs = (packNames.length > 0 ? packNames : [defaultPack]).map(readPackSource);
  return understand(packs, topologyFile === undefined ? null : readSource(topologyFile));
}

/** The same from what a check has kept. */
export const inputsOf = (check: StoredCheck): Inputs => understand(check.packs, check.topology);

function understand(packSources: readonly Source[], topologySource: Source | null): Inputs {
  const packs = packSources.map((source) => ({ source, pack: loadPack(source.file, source.text) }));
  const roles = [...new Set(packs.flatMap(({ pack }) => Object.keys(pack.roles)))];
  const ports = packs.flatMap(({ pack }) => customisablePorts(pack));
  const topology = topologySource && {
    source: topologySource,
    topology: loadTopology(topologySource.file, topologySource.text, roles, ports),
  };
  const analyzers = new Set(registry.map((analyzer) => analyzer.name));
  const rules = packs.map(({ pack }) => ({
    pack,
    topology: topology?.topology ?? null,
    roles: topology && createRoleMap(topology.topology, pack),
    analyzers,
  }));
  return { packs, topology, rules };
}

/** A pack that comes with the program, by name; else a file. */
export function readPackSource(name: string): Source {
  const own = packNames();
  if (own.includes(name)) return { file: `${name}.yaml`, text: readFileSync(`${rulesFolder}${name}.yaml`, 'utf8') };
  if (!/[./\\]/.test(name) && !existsSync(name)) {
    throw new UsageError(`--rules ${name}: no such rule pack; there is ${own.join(', ')}, or name a file`);
  }
  return readSource(name);
}

/** The packs that come with the program. */
export const packNames = (): string[] =>
  readdirSync(rulesFolder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();

export const readSource = (file: string): Source => ({
  file,
  text: withFile(file, 'read', () => readFileSync(file, 'utf8')),
});

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
