import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beside } from '../beside.ts';
import { type Exceptions, loadExceptions } from '../check/exceptions.ts';
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
  exceptions: { source: Source; list: Exceptions } | null;
  rules: Rules[];
}

/** Files that a check is made with, as the user names them. */
export interface InputFiles {
  rules?: string[];
  topology?: string;
  exceptions?: string;
}

export const defaultPack = 'exchange-2010';
const rulesFolder = fileURLToPath(beside('../rules/'));

/** Reads packs, by name or path, the topology and the accepted risks. */
export function readInputs({ rules = [], topology, exceptions }: InputFiles): Inputs {
  return understand({
    packs: (rules.length > 0 ? rules : [defaultPack]).map(readPackSource),
    topology: topology === undefined ? null : readSource(topology),
    exceptions: exceptions === undefined ? null : readSource(exceptions),
  });
}

/** The same from what a check has kept. */
export const inputsOf = (check: StoredCheck): Inputs => understand(check);

function understand(sources: Pick<StoredCheck, 'packs' | 'topology' | 'exceptions'>): Inputs {
  const { topology: topologySource, exceptions: exceptionsSource } = sources;
  const packs = sources.packs.map((source) => ({
    source,
    pack: loadPack(source.file, source.text, parsedWhenBuilt(source.text)),
  }));
  const roles = [...new Set(packs.flatMap(({ pack }) => Object.keys(pack.roles)))];
  const ports = packs.flatMap(({ pack }) => customisablePorts(pack));
  const topology = topologySource && {
    source: topologySource,
    topology: loadTopology(topologySource.file, topologySource.text, roles, ports),
  };
  const rules = packs.map(({ pack }) => ({
    pack,
    ...whoIsWho(pack, topology?.topology ?? null),
    analyzers: analyzerNames,
  }));
  refuseSharedIds(packs);
  const pathIds = packs.flatMap(({ pack }) => pack.paths.map(({ id }) => id));
  const exceptions = exceptionsSource && {
    source: exceptionsSource,
    list: loadExceptions(exceptionsSource.file, exceptionsSource.text, pathIds),
  };
  return { packs, topology, exceptions, rules };
}

/** A pack that needs no topology has everybody play its one role. */
function whoIsWho(pack: Pack, topology: Topology | null): Pick<Rules, 'topology' | 'roles'> {
  if (pack.withoutTopology) return { topology: null, roles: createRoleMap(emptyTopology, pack) };
  return { topology, roles: topology && createRoleMap(topology, pack) };
}

const emptyTopology: Topology = { hosts: [], networks: [], ports: {}, gateways: [], interfaces: {}, thumbprints: {} };

/** Results are told by a path's id, whichever pack it is of. */
function refuseSharedIds(packs: readonly { source: Source; pack: Pack }[]): void {
  const owners = new Map<string, string>();
  for (const { source, pack } of packs) {
    for (const { id } of [...pack.paths, ...pack.groups]) {
      const owner = owners.get(id);
      if (owner !== undefined && owner !== source.file) {
        throw new UsageError(
          `${source.file}: ${id} is also an id in ${owner}; packs that are checked together need different ids`,
        );
      }
      owners.set(id, source.file);
    }
  }
}

/** Protocols that the program reads. */
export const analyzerNames: ReadonlySet<string> = new Set(registry.map((analyzer) => analyzer.name));

/** A pack that comes with the program, by name; else a file. */
export function readPackSource(name: string): Source {
  const own = packNames();
  if (own.includes(name)) return { file: `${name}.yaml`, text: readFileSync(`${rulesFolder}${name}.yaml`, 'utf8') };
  if (!/[./\\]/.test(name) && !existsSync(name)) {
    throw new UsageError(`--rules ${name}: no such rule pack; there is ${own.join(', ')}, or name a file`);
  }
  return readSource(name);
}

/** What the text of a pack says, where the build has parsed that very text (by its SHA-256): reading YAML takes a fifth of a second. */
function parsedWhenBuilt(text: string): unknown {
  const path = fileURLToPath(beside(`./rules/${sha256(text)}.json`));
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
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
