import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import type { Comparison, Joined } from './compare-flows.ts';
import { oracles } from './protocols/all.ts';
import { nothing, type Say } from './protocols/oracle.ts';
import type { TsharkFrame } from './tshark.ts';

/** Holds what our analyzers state of each flow against what tshark reads in it. */
export function compareProtocols(capture: string, { pairs }: Joined): Comparison[] {
  const comparisons: Comparison[] = [];
  for (const { name: flow, tshark, ours } of pairs) {
    const say: Say = (fact, theirs, our) => {
      if (theirs !== nothing || our !== nothing) comparisons.push({ fact, capture, flow, tshark: theirs, ours: our });
    };
    const record = { ...ours[0]!, facts: ours.flatMap(({ facts }) => facts) };
    const paths = new Set(ours.flatMap(({ protocolPath }) => protocolPath));
    for (const { name, recognised, compare } of oracles) {
      const theirs = recognised(tshark);
      const our = paths.has(name);
      if (theirs || our) say(`${name} recognised`, theirs ? name : 'no', our ? name : 'no');
      if ((theirs || our) && tshark.read !== null) compare?.(tshark.read, record, say);
    }
    if (tshark.read !== null && tshark.transport === 'tcp') compareSecured(tshark.read, record, say);
  }
  return comparisons;
}

const readable = oracles.flatMap((oracle) => oracle.readable ?? []);

/** Nothing of a protocol is readable after we said that it is hidden. */
function compareSecured(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  for (const fact of record.facts) {
    if (fact.kind !== 'secured' || fact.level !== 'privacy') continue;
    const after = read.filter(({ frame, fields }) => frame > fact.frame && readable.some((field) => fields[field]));
    const frames = after.map(({ frame }) => frame).slice(0, 3);
    say('secured stays secured', frames.length === 0 ? 'nothing readable' : `readable ${frames}`, 'nothing readable');
  }
}
