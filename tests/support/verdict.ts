import { couldHideClearContent } from '../../src/check/blind.ts';
import { observe } from '../../src/check/observe.ts';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';

/** What the encryption check makes of a flow on a path whose protocol begins in clear: `pass`, `none`, `integrity` or `unknown`. */
export function verdictOf(flow: FlowRecord): 'pass' | 'none' | 'integrity' | 'unknown' {
  const seen = observe(flow);
  if (seen.protection !== 'privacy') return seen.protection;
  return couldHideClearContent(flow, seen, true) === null ? 'pass' : 'unknown';
}

export const whys = (flow: FlowRecord): string[] => flow.blindSpots.map((spot) => spot.why);
