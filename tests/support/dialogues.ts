import { findCaptures } from '../../src/capture/find-captures.ts';
import { readCapture } from '../../src/capture/read-capture.ts';
import type { CaptureSource } from '../../src/capture/source.ts';
import { decode } from '../../src/decode/decode.ts';
import { createPacket } from '../../src/decode/packet.ts';
import type { Flow } from '../../src/flows/flow.ts';
import { server } from '../../src/flows/flow.ts';
import { FlowTable } from '../../src/flows/flow-table.ts';
import type { AnalyzedTransport } from '../../src/protocols/analyzer.ts';
import { registry } from '../../src/protocols/registry.ts';
import { ownCaptures } from './folders.ts';
import { play, type Stage, type Step } from './play.ts';

/** What was said in one flow of a capture, and which protocols that is. */
export interface Dialogue {
  name: string;
  path: string[];
  stage: Stage;
  steps: Step[];
}

/** The dialogues of our own captures, whole ones only, the shortest first. */
export async function ownDialogues(): Promise<Dialogue[]> {
  const dialogues: Dialogue[] = [];
  for (const capture of await findCaptures([ownCaptures])) dialogues.push(...(await dialoguesOf(capture)));
  return each(dialogues).sort((a, b) => sizeOf(a) - sizeOf(b));
}

/** The same words in many tunnels are one dialogue. */
function each(dialogues: readonly Dialogue[]): Dialogue[] {
  const known = new Map<string, Dialogue>();
  for (const dialogue of dialogues) {
    const said = dialogue.steps.map(
      ([from, bytes]) => `${from} ${Buffer.from(bytes as Uint8Array).toString('base64')}`,
    );
    const key = `${dialogue.stage.transport} ${dialogue.stage.port} ${said.join(' ')}`;
    if (!known.has(key)) known.set(key, dialogue);
  }
  return [...known.values()];
}

export const sizeOf = (dialogue: Dialogue): number =>
  dialogue.steps.reduce((sum, [, said]) => sum + (said as Uint8Array).length, 0);

/** What was said in every whole flow of a capture, by first frame. */
export async function dialoguesOf(capture: CaptureSource): Promise<Dialogue[]> {
  const steps = new Map<Flow, Step[]>();
  const ended: Flow[] = [];
  const hear = (flow: Flow, side: 0 | 1, said: Uint8Array) => {
    const list = steps.get(flow) ?? [];
    steps.set(flow, list);
    list.push([side === 0 ? 'client' : 'server', said]);
  };
  const table = new FlowTable(
    {
      bytes: (flow, side, bytes, start, end) => hear(flow, side, bytes.slice(start, end)),
      gap: () => {},
      datagram: (flow, side, bytes, start, end) => hear(flow, side, bytes.slice(start, end)),
      ended: (flow) => ended.push(flow),
    },
    (port) => registry.some((analyzer) => analyzer.ports.includes(port)),
  );
  const packet = createPacket();
  await readCapture(
    capture,
    (frame) => {
      decode(frame, 0, packet);
      if (packet.kind !== 'none') table.packet(packet);
    },
    { hash: false },
  );
  table.endAll();
  const whole = ended.filter((flow) => steps.has(flow) && !flow.midstream);
  return whole.map((flow) => {
    const stage: Stage = { port: server(flow).port, transport: flow.transport as AnalyzedTransport };
    const said = steps.get(flow)!;
    return {
      name: `${capture.name} ${flow.transport}/${stage.port}`,
      path: play(said, stage).protocolPath,
      stage,
      steps: said,
    };
  });
}
