import type { BlindSpot, BlindSpotWhy } from '../flows/blind-spot.ts';
import type { StampedFact } from '../protocols/fact.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import { isBefore, isSameFrame, type Moment } from './moment.ts';

/** When protected content, and content in clear, was first seen. */
interface Seen {
  secured: readonly Moment[];
  exposures: readonly Moment[];
}

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
/** Blind spots of a whole flow, wherever they were noticed. */
const throughout: readonly BlindSpotWhy[] = ['one-direction'];
/** Blind spots that could hide clear content only until protection began. */
const beforeProtection: readonly BlindSpotWhy[] = [
  'midstream',
  'one-direction',
  'gap',
  'truncated-capture',
  'dropped-frames',
  'malformed',
];

/** A blind spot behind which somebody could have logged in once more, and in another way. */
export const couldHideAnotherLogin = (flow: FlowRecord): BlindSpot | null =>
  flow.blindSpots.find((spot) => anywhere.includes(spot.why)) ?? null;

/** The blind spot that best says why nothing can be said of a flow; null where it has none. */
export function mostTelling(flow: FlowRecord): BlindSpotWhy | null {
  const told = flow.blindSpots.filter((spot) => !hidesCertificatesOnly(flow, spot));
  return tellingOrder.find((why) => told.some((spot) => spot.why === why)) ?? null;
}

/** Resumption and TLS 1.3, which does so from its ServerHello on, hide certificates: that says nothing of content. */
function hidesCertificatesOnly(flow: FlowRecord, spot: BlindSpot): boolean {
  if (spot.why === 'resumed-session') return true;
  if (spot.why !== 'encrypted') return false;
  return flow.facts.some(
    (fact) => fact.kind === 'described' && fact.what === 'tls-server-hello' && isSameFrame(fact, spot),
  );
}

/**
 * A blind spot that could hide clear content of a flow of which only protected content was seen (contract, rule 13): any in
 * which the protocol's own bytes were lost, and those before protection began where the protocol starts in clear.
 */
export function couldHideClearContent(flow: FlowRecord, seen: Seen, beginsClear: boolean): BlindSpot | null {
  const secured = seen.secured[0];
  const startsInClear = beginsClear || flow.protocolPath[0] !== 'tls';
  const tls = beginningOfTls(flow);
  // where the stream went on in clear after TLS, its protection lasted no longer than that
  const afterTls = flow.protocolPath.indexOf('tls') + 1;
  const cameBack = afterTls > 0 && flow.protocolPath.slice(afterTls).some((name) => name !== 'tls');
  const hides = (spot: BlindSpot): boolean => {
    if (anywhere.includes(spot.why)) return true;
    if (!startsInClear || !beforeProtection.includes(spot.why)) return false;
    if (throughout.includes(spot.why)) return true;
    // a message that cannot be read: inside TLS part of the handshake, else content of a protocol that protects itself
    if (spot.why === 'malformed') return tls === null || flow.protocolPath.at(-1) !== 'tls' || !isBefore(tls, spot);
    return secured === undefined || !isBefore(secured, spot) || cameBack;
  };
  return flow.blindSpots.find(hides) ?? null;
}

/** A blind spot that could hide what a TLS handshake said of the client's certificate. */
export function couldHideCertificate(flow: FlowRecord): BlindSpot | null {
  const begins = beginningOfTls(flow);
  const finished = flow.facts.find((fact) => fact.kind === 'described' && fact.what === 'tls-finished');
  // what came before a midstream start is no part of a handshake whose ServerHello was seen
  const inside = (spot: BlindSpot): boolean =>
    spot.why !== 'midstream' &&
    (begins === null || !isBefore(spot, begins)) &&
    (finished === undefined || !isBefore(finished, spot));
  return (
    flow.blindSpots.find(
      (spot) =>
        anywhere.includes(spot.why) ||
        throughout.includes(spot.why) ||
        (beforeProtection.includes(spot.why) && inside(spot)),
    ) ?? null
  );
}

const beginningOfTls = (flow: FlowRecord): StampedFact | null =>
  flow.facts.find((fact) => fact.protocol === 'tls') ?? null;

/** A blind spot behind which the server could have told that it offers no upgrade, before content went in clear. */
export function couldHideOffer(flow: FlowRecord, seen: Seen): BlindSpot | null {
  const [content] = seen.exposures;
  return content === undefined ? null : couldHideAuthentication(flow, content);
}

/** A blind spot before this moment behind which an authentication could have taken place. */
export function couldHideAuthentication(flow: FlowRecord, before: Moment): BlindSpot | null {
  return (
    flow.blindSpots.find(
      (spot) =>
        anywhere.includes(spot.why) ||
        throughout.includes(spot.why) ||
        (beforeProtection.includes(spot.why) && !isBefore(before, spot)),
    ) ?? null
  );
}
