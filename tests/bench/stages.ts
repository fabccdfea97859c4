import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The rooms of `src/`, as the table names them. */
const rooms: Record<string, string> = {
  capture: 'read',
  decode: 'decode',
  flows: 'flows',
  protocols: 'protocols',
  store: 'store',
  check: 'check',
  report: 'report',
};

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

/**
 * Where an audit's time goes, by room, from a CPU profile of its main thread: what a room calls in libraries counts as its
 * own, the collector and what is loaded at the start stand apart. Shares of the whole, in the order of the rooms.
 */
export function stagesOf(node: string, args: readonly string[], folder: string): [stage: string, share: number][] {
  const profiles = join(folder, 'profile');
  mkdirSync(profiles);
  try {
    spawnSync(node, ['--cpu-prof', `--cpu-prof-dir=${profiles}`, ...args], { stdio: 'ignore' });
    const [file] = readdirSync(profiles)
      .map((name) => ({ name, text: readFileSync(join(profiles, name), 'utf8') }))
      .sort((a, b) => b.text.length - a.text.length);
    return file ? shares(JSON.parse(file.text)) : [];
  } finally {
    rmSync(profiles, { recursive: true, force: true });
  }
}

function shares({ nodes, samples, timeDeltas }: Profile): [string, number][] {
  const stages = new Map<number, string>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const walk = (id: number, inherited: string): void => {
    const node = byId.get(id)!;
    const { functionName, url } = node.callFrame;
    const room = /\/(?:src|dist)\/(\w+)(?:\/|\.js)/.exec(url.includes('node_modules') ? '' : url)?.[1];
    const stage = functionName === '(garbage collector)' ? 'garbage' : (rooms[room ?? ''] ?? inherited);
    stages.set(id, stage);
    for (const child of node.children ?? []) walk(child, stage);
  };
  walk(nodes[0]!.id, 'start and rest');
  const times = new Map<string, number>(Object.values(rooms).map((stage) => [stage, 0]));
  let total = 0;
  for (const [i, id] of samples.entries()) {
    const stage = stages.get(id)!;
    times.set(stage, (times.get(stage) ?? 0) + timeDeltas[i]!);
    total += timeDeltas[i]!;
  }
  return [...times].map(([stage, time]) => [stage, time / total]);
}
