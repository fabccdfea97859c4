import type { BlindSpot, BlindSpotWhy } from '../flows/blind-spot.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import { isBefore, type Observation } from './observe.ts';

/** What a blind spot keeps from being said, most telling first. */
const tellingOrder: readonly BlindSpotWhy[] = [
  'midstream',
  'one-direction',
  'truncated-capture',
  'gap',
  'dropped-frames',
  'limit',
  'ambiguous-overlap',
  'left-protocol',
  'esp-null-possible',
  'malformed',
  'encrypted',
  'unknown-link',
  'no-content',
  'resumed-session',
];

/** Blind spots behind which anything could have happened, whatever protection was in force. */
const anywhere: readonly BlindSpotWhy[] = ['limit', 'ambiguous-overlap', 'left-protocol'];
/** Blind spots that could hide clear content only until protection began. */
const beforeProtection: readonly BlindSpotWhy[] = [
  'midstream',
  'one-direction',
  'gap',
  'truncated-capture',
  'dropped-frames',
  'malformed',
];

/** The blind spot that best says why nothing can be said of a flow; null where it has none. */
export function mostTelling(flow: FlowRecord): BlindSpotWhy | null {
  // inside TLS only certificates are meant by it, which says nothing of content
  const told = flow.blindSpots.filter((spot) => !(spot.why === 'encrypted' && flow.protocolPath.at(-1) === 'tls'));
  return tellingOrder.find((why) => told.some((spot) => spot.why === why)) ?? null;
}

/**
 * A blind spot that could hide clear content of a flow of which only protected content was seen (contract, rule 13): any in
 * which the protocol's own bytes were lost, and those before protection began where the protocol starts in clear.
 */
export function couldHideClearContent(flow: FlowRecord, seen: Observation, beginsClear: boolean): BlindSpot | null {
  const secured = seen.secured[0];
  const startsInClear = beginsClear || flow.protocolPath[0] !== 'tls';
  return (
    flow.blindSpots.find(
      (spot) =>
        anywhere.includes(spot.why) ||
        (startsInClear &&
          beforeProtection.includes(spot.why) &&
          (secured === undefined || isBefore(spot, secured) || !isBefore(secured, spot))),
    ) ?? null
  );
}

/** A blind spot before this moment behind which an authentication could have taken place. */
export function couldHideAuthentication(
  flow: FlowRecord,
  before: { capture: number; frame: number },
): BlindSpot | null {
  return (
    flow.blindSpots.find(
      (spot) => anywhere.includes(spot.why) || (beforeProtection.includes(spot.why) && !isBefore(before, spot)),
    ) ?? null
  );
}
