import { type Findings, loadYaml, type Path, readOnce } from './load-yaml.ts';
import { type Pack, packSchema } from './pack.ts';
import { choices, show } from './schema-issue.ts';

/**
 * The rule pack that a YAML text holds; a `RuleError` names every mistake in it with file, line and column. `parsed`: what
 * the text says, where that is known already; it is held against the schema all the same.
 */
export function loadPack(fileName: string, text: string, parsed?: unknown): Pack {
  const pack = packSchema.safeParse(parsed, readOnce);
  if (!pack.success) return loadYaml(fileName, text, packSchema, checkMeaning);
  let problems = 0;
  checkMeaning(pack.data, { problem: () => problems++, lineOf: () => 0 });
  return problems === 0 ? pack.data : loadYaml(fileName, text, packSchema, checkMeaning);
}

/** Does every name in the pack stand for something, and for one thing? */
function checkMeaning(pack: Pack, findings: Findings): void {
  const roles = Object.keys(pack.roles);
  const words = Object.keys(pack.authenticationWords);
  const protocols = Object.keys(pack.protocols);
  const interfaces = [...Object.keys(pack.interfaces), ...Object.keys(pack.unpublishedInterfaces)];
  const noteIds = pack.notes.map((note) => note.id);
  const pathIds = pack.paths.map((path) => path.id);
  const known = (kind: string, names: readonly string[], allowed: readonly string[], path: Path) => {
    for (const [i, name] of names.entries()) {
      if (!allowed.includes(name))
        findings.problem([...path, i], `no ${kind} is called ${show(name)}; ${choices(name, allowed)}`);
    }
  };
  const one = (
    kind: string,
    name: string,
    allowed: readonly string[],
    path: Path,
    where: 'value' | 'key' = 'value',
  ) => {
    if (!allowed.includes(name))
      findings.problem(path, `no ${kind} is called ${show(name)}; ${choices(name, allowed)}`, where);
  };

  for (const [i, clue] of pack.clues.entries()) {
    one('role', clue.role, roles, ['clues', i, 'role']);
    known('protocol', clue.protocols ?? [], [...protocols, 'tls'], ['clues', i, 'protocols']);
    known('interface', clue.interfaces ?? [], interfaces, ['clues', i, 'interfaces']);
  }
  known('role', pack.offloads, roles, ['offloads']);
  if (pack.withoutTopology && pack.unnamedRole === undefined) {
    findings.problem(['withoutTopology'], 'every host plays `unnamedRole`, which is not given');
  }
  if (pack.unnamedRole !== undefined) one('role', pack.unnamedRole, roles, ['unnamedRole']);
  for (const [role, others] of Object.entries(pack.accepts)) {
    one('role', role, roles, ['accepts', role], 'key');
    known('role', others, roles, ['accepts', role]);
  }
  for (const [word, { betterThan = [] }] of Object.entries(pack.authenticationWords)) {
    known('authentication word', betterThan, words, ['authenticationWords', word, 'betterThan']);
  }
  for (const [i, path] of pack.paths.entries()) {
    const at = ['paths', i];
    known('role', path.from, roles, [...at, 'from']);
    known('role', path.to, roles, [...at, 'to']);
    const { default: usual = [], supported = [] } = path.authentication ?? {};
    known('authentication word', usual, words, [...at, 'authentication', 'default']);
    known('authentication word', supported, words, [...at, 'authentication', 'supported']);
    for (const [j, { from, to }] of path.examples.entries()) {
      if (from !== undefined) one('role', from, roles, [...at, 'examples', j, 'from']);
      if (to !== undefined) one('role', to, roles, [...at, 'examples', j, 'to']);
    }
    known('note', path.notes, noteIds, [...at, 'notes']);
    if (!path.encryption.supported && path.encryption.byDefault !== 'no') {
      const at = ['paths', i, 'encryption', 'byDefault'];
      findings.problem(at, `what is not supported cannot be on by default; write "no", or supported: true`);
    }
    for (const [j, carrier] of path.carriers.entries()) {
      one('protocol', carrier.protocol, protocols, [...at, 'carriers', j, 'protocol']);
      known('interface', carrier.interfaces ?? [], interfaces, [...at, 'carriers', j, 'interfaces']);
      if (Array.isArray(carrier.port) && carrier.port[0] > carrier.port[1]) {
        const [first, last] = carrier.port;
        findings.problem(
          [...at, 'carriers', j, 'port'],
          `the range ${first} to ${last} is empty; write [${last}, ${first}]`,
        );
      }
    }
  }
  for (const [i, { check }] of pack.notes.entries()) {
    const at = ['notes', i, 'check'];
    if ('paths' in check) known('data path', check.paths, pathIds, [...at, 'paths']);
    if (!('flows' in check)) continue;
    known('role', check.flows.from ?? [], roles, [...at, 'flows', 'from']);
    known('role', check.flows.to ?? [], roles, [...at, 'flows', 'to']);
    if ('server' in check.expect) known('role', check.expect.server, roles, [...at, 'expect', 'server']);
    known('protocol', check.flows.protocols ?? [], [...protocols, 'tls'], [...at, 'flows', 'protocols']);
    known('interface', check.flows.interfaces ?? [], interfaces, [...at, 'flows', 'interfaces']);
  }
  for (const [i, remedy] of pack.remedies.entries()) {
    known('role', remedy.for.servers ?? [], roles, ['remedies', i, 'for', 'servers']);
    known('data path', remedy.for.paths ?? [], pathIds, ['remedies', i, 'for', 'paths']);
  }
  for (const [i, rule] of pack.firewall.entries()) known('role', rule.roles, roles, ['firewall', i, 'roles']);
  for (const [i, neighbour] of pack.neighbours.entries()) {
    known('role', neighbour.from ?? [], roles, ['neighbours', i, 'from']);
    known('role', neighbour.to ?? [], roles, ['neighbours', i, 'to']);
  }
  for (const [i, group] of pack.groups.entries()) known('data path', group.paths, pathIds, ['groups', i, 'paths']);
  for (const [i, remedy] of pack.remedies.entries()) {
    known('protocol', remedy.for.protocols ?? [], protocols, ['remedies', i, 'for', 'protocols']);
  }
  checkUnique(pack, findings);
}

function checkUnique(pack: Pack, findings: Findings): void {
  const unique = (what: string, names: Iterable<readonly [string, Path]>) => {
    const seen = new Map<string, Path>();
    for (const [name, path] of names) {
      const before = seen.get(name);
      if (before) findings.problem(path, `${show(name)} already stands on line ${findings.lineOf(before)}; ${what}`);
      else seen.set(name, path);
    }
  };
  for (const list of ['paths', 'notes', 'firewall', 'groups', 'remedies'] as const) {
    unique(
      `an id is given once`,
      pack[list].map(({ id }, i) => [id, [list, i, 'id']] as const),
    );
  }
  unique(
    'a data path is in one group at most',
    pack.groups.flatMap((group, i) => group.paths.map((path, j) => [path, ['groups', i, 'paths', j]] as const)),
  );
  unique(
    'a UUID has one name',
    Object.entries(pack.interfaces).map(([name, { uuid }]) => [uuid, ['interfaces', name, 'uuid']] as const),
  );
  for (const name of Object.keys(pack.unpublishedInterfaces)) {
    if (Object.hasOwn(pack.interfaces, name)) {
      findings.problem(
        ['unpublishedInterfaces', name],
        `${show(name)} has a UUID under interfaces; keep one of them`,
        'key',
      );
    }
  }
}
