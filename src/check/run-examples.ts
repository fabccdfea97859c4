import type { StampedFact } from '../protocols/fact.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import { createJudge, reportFlow } from './flow-report.ts';
import { Knowledge } from './knowledge.ts';
import { checkNames, type DataPath, type Pack } from './pack.ts';
import { createRoleMap } from './roles.ts';
import type { Rules } from './rules.ts';

type Example = DataPath['examples'][number];

/** An example whose outcome is not what its author expects. */
export interface FailedExample {
  path: string;
  example: string;
  check: string;
  expected: string;
  found: string;
}

const client = '192.0.2.1';
const server = '192.0.2.2';

/** Runs the examples of a pack's data paths. `analyzers`: protocols that are known to the program. */
export function runExamples(pack: Pack, analyzers: ReadonlySet<string>): { run: number; failed: FailedExample[] } {
  const failed: FailedExample[] = [];
  let run = 0;
  for (const path of pack.paths) {
    for (const example of path.examples) {
      run++;
      failed.push(...failures(pack, path, example, analyzers));
    }
  }
  return { run, failed };
}

function failures(pack: Pack, path: DataPath, example: Example, analyzers: ReadonlySet<string>): FailedExample[] {
  const rules = rulesFor(pack, example.from ?? path.from[0]!, example.to ?? path.to[0]!, analyzers);
  const { results } = reportFlow(flowOf(example), {
    judges: [createJudge(rules)],
    files: new Map(),
    reused: new Set(),
    knowledge: new Knowledge(),
  });
  return checkNames.flatMap((check) => {
    const expected = example.expect[check];
    if (expected === undefined) return [];
    const row = results.find((one) => one.path === path.id && one.check === check);
    const found = row ? `${row.result} ${row.reason}` : 'another path, or none';
    const same = found === expected || found.split(' ')[0] === expected;
    return same ? [] : [{ path: path.id, example: example.title, check, expected, found }];
  });
}

/** Two hosts, one role each. */
function rulesFor(pack: Pack, from: string, to: string, analyzers: ReadonlySet<string>): Rules {
  const host = (name: string, address: string, role: string) => ({ name, addresses: [address], roles: [role] });
  const topology = {
    hosts: [host('client', client, from), host('server', server, to)],
    networks: [],
    ports: {},
    gateways: [],
    interfaces: {},
    thumbprints: {},
  };
  return { pack, topology, roles: createRoleMap(topology, pack), analyzers };
}

/** The example as a flow: its facts in frames 1, 2, 3 … */
function flowOf({ transport, port, protocols, facts }: Example): FlowRecord {
  const time = '2026-01-01T00:00:00.000000000Z';
  const stamped = facts.map(
    (fact, index) =>
      ({
        ...fact,
        capture: 0,
        frame: index + 1,
        time: 1_767_225_600 + index,
        from: 'client',
        protocol: protocols.at(-1)!,
      }) as unknown as StampedFact,
  );
  return {
    id: 'example',
    communityId: '',
    captures: [0],
    transport,
    client: { address: client, port: 40_000 },
    server: { address: server, port },
    opened: true,
    protocol: protocols[0]!,
    protocolPath: protocols,
    firstSeen: time,
    lastSeen: time,
    first: { capture: 0, frame: 1 },
    last: { capture: 0, frame: facts.length + 1 },
    frames: facts.length + 1,
    bytes: { client: 1, server: 1 },
    state: 'SF',
    history: 'ShADadFf',
    missedBytes: 0,
    duplicates: 0,
    facts: stamped,
    blindSpots: [],
  };
}
