import { findCaptures } from '../../../src/capture/find-captures.ts';
import { audit } from '../../../src/check/audit.ts';
import { type CheckName, checkNames } from '../../../src/check/pack.ts';
import { createRoleMap } from '../../../src/check/roles.ts';
import type { Rules } from '../../../src/check/rules.ts';
import { loadTopology } from '../../../src/check/topology.ts';
import { analyzerNames } from '../../../src/commands/inputs.ts';
import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import { ourFlows } from '../../oracle/our-flows.ts';
import { type Dialogue, dialoguesOf } from '../../support/dialogues.ts';
import { ownCaptures } from '../../support/folders.ts';
import type { Step } from '../../support/play.ts';
import { readPack } from '../../support/read-pack.ts';
import { flowsOf, framesOf } from '../../support/talk.ts';
import { labHosts, type PathCase, type Replay } from './case.ts';

const pack = readPack();

/** What came of a case: `result reason` per check, and the evidence in words. */
export interface CaseOutcome {
  results: Record<CheckName, string>;
  evidence: string[];
}

export async function runCase(one: PathCase): Promise<CaseOutcome> {
  const flows = one.replay ? await replayed(one, one.replay) : await recorded(one.capture);
  const rules = rulesOf(one);
  const report = audit(
    {
      captures: [],
      limits: [],
      flows: () => flows,
      flowsStating: () => flows,
      reusedCommunityIds: () => new Set(),
    },
    {
      tool: { name: 'pcap-audit', version: 'test' },
      rules: [rules],
      inference: true,
      rulePacks: [],
      topology: null,
      options: {},
      exceptions: null,
      stamp: null,
      partial: false,
    },
  );
  const path = report.paths.find(({ id }) => id === one.path)!;
  const rows = [...report.flows].flatMap(({ results }) => results.filter((row) => row.path === one.path));
  const shown = rows.flatMap(({ check, evidence }) =>
    evidence.map(({ frame, fact }) => `${check}: frame ${frame}, ${fact}`),
  );
  return {
    results: Object.fromEntries(
      checkNames.map((check) => [check, `${path[check].result} ${path[check].reason}`]),
    ) as Record<CheckName, string>,
    evidence: [...new Set(shown)],
  };
}

const addressOf = (host: string): string => `10.0.0.${labHosts[host]}`;

function rulesOf({ roles, topology: more = '' }: PathCase): Rules {
  const hosts = Object.entries(roles).map(
    ([name, role]) =>
      `  - { name: ${name}, addresses: [${addressOf(name)}, "fd00::${labHosts[name]}"], roles: [${role}] }`,
  );
  const topology = loadTopology('topology.yaml', `hosts:\n${hosts.join('\n')}\n${more}`, Object.keys(pack.roles));
  return { pack, topology, roles: createRoleMap(topology, pack), analyzers: analyzerNames };
}

const known = new Map<string, Promise<unknown>>();
function once<T>(key: string, make: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found as Promise<T>;
}

const recorded = (capture: string): Promise<FlowRecord[]> =>
  once(`flows ${capture}`, async () => (await ourFlows(ownCaptures + capture))!);

async function replayed({ capture, roles }: PathCase, replay: Replay): Promise<FlowRecord[]> {
  const dialogues = await once(`dialogues ${capture}`, async (): Promise<Dialogue[]> => {
    const [source] = await findCaptures([ownCaptures + capture]);
    return dialoguesOf(source!);
  });
  const { recorded: port, nth = 0, transport = 'tcp', at = port, uuid, text, fromTls } = replay;
  const found = dialogues.filter(({ stage }) => stage.port === port && (stage.transport ?? 'tcp') === transport)[nth];
  if (!found) throw new Error(`${capture} has no such flow on ${transport}/${port}`);
  const [client, server] = Object.keys(roles).map(addressOf);
  const said = fromTls ? found.steps.slice(found.steps.findIndex(isClientHello)) : found.steps;
  const steps = said.map((step) => {
    if (uuid) return exchange(step, uuidBytes(uuid.recorded), uuidBytes(uuid.replayed));
    return text ? exchange(step, Buffer.from(text.recorded), Buffer.from(text.replayed)) : step;
  });
  return flowsOf(framesOf(steps, { port: at, transport, client: client!, server: server! }));
}

/** A handshake record of the client (RFC 5246 §6.2.1). */
const isClientHello = ([from, said]: Step): boolean =>
  from === 'client' && (said as Uint8Array)[0] === 0x16 && (said as Uint8Array)[1] === 3;

/** The step with other bytes in place of recorded ones, wherever they stand. */
function exchange([from, said]: Step, recorded: Buffer, replayed: Buffer): Step {
  const bytes = Buffer.from(said as Uint8Array);
  const parts: Buffer[] = [];
  let done = 0;
  for (let at = bytes.indexOf(recorded); at >= 0; at = bytes.indexOf(recorded, done)) {
    parts.push(bytes.subarray(done, at), replayed);
    done = at + recorded.length;
  }
  return [from, new Uint8Array(Buffer.concat([...parts, bytes.subarray(done)]))];
}

/** As in a bind: the first three fields little-endian ([C706] appendix A). */
function uuidBytes(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  return Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ]);
}
