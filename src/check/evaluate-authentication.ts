import type { Authenticated, StampedFact } from '../protocols/fact.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import type { Candidate } from './attribute.ts';
import { type Accepted, acceptedBy, allows, isStronger, mayAllow } from './authentication-words.ts';
import { couldHideAnotherLogin, couldHideAuthentication, mostTelling } from './blind.ts';
import { evaluateClientCertificate } from './evaluate-certificate.ts';
import type { Inference } from './inference.ts';
import { evidenceOf, fail, firstFrame, informational, notApplicable, pass, unknown } from './judgement.ts';
import type { IssuedTicket } from './knowledge.ts';
import { isBefore, isSameFrame } from './moment.ts';
import { type FactOf, isPathContent, type Observation } from './observe.ts';
import type { Pack } from './pack.ts';
import type { Judgement } from './result.ts';
import type { Rules } from './rules.ts';
import type { Topology } from './topology.ts';

type Attempt = StampedFact & Authenticated;

/** Is the authentication that took place one that the data path supports? (contract, rules 7 to 9) */
export function evaluateAuthentication(
  flow: FlowRecord,
  seen: Observation,
  { path, carrier }: Candidate,
  { pack, topology, roles }: Rules,
  infer: Inference,
): Judgement {
  if (!path.authentication) return notApplicable;
  const supported = acceptedBy(path.authentication.supported, pack, carrier.alsoAccepts);
  // a certificate that TLS took is no answer where the path wants none: who logged in inside stays hidden
  const counts = (attempt: Attempt) =>
    attempt.mechanism !== 'anonymous' && (attempt.mechanism !== 'certificate' || supported.certificate !== 'no');
  const attempts = seen.attempts.filter(counts);
  const done = attempts.filter((attempt) => attempt.outcome === 'accepted');
  const notAllowed = done.filter((attempt) => !allows(supported, attempt));
  const [wrong, ...alsoWrong] = notAllowed.filter((attempt) => !mayAllow(supported, attempt));
  if (wrong) return fail('not-supported', evidenceOf([wrong, ...alsoWrong]));
  if (supported.certificate === 'required') return evaluateClientCertificate(flow, seen, topology, roles);
  if (notAllowed.length > 0) return unknown(mostTelling(flow) ?? 'not-on-the-wire', evidenceOf(notAllowed));
  const doubtful = attempts.find((attempt) => attempt.outcome === 'unseen' && !allows(supported, attempt));
  if (doubtful) return unknown(unseenBecause(flow), evidenceOf([doubtful]));
  const [right, ...alsoRight] = done;
  if (right) {
    const early = supported.anonymous
      ? undefined
      : seen.exposures.find((fact) => goesAnonymously(fact, right, seen, flow));
    if (early) return evaluateContent(flow, attempts, early);
    const spot = couldHideAnotherLogin(flow);
    if (spot) return unknown(spot.why, evidenceOf(done));
    const byDefault = acceptedBy(path.authentication.default, pack, carrier.alsoAccepts);
    const unusual = done.filter((attempt) => !allows(byDefault, attempt));
    if (unusual.length === 0) return pass('as-expected', evidenceOf([right, ...alsoRight]));
    return unusual.every((attempt) => isStronger(attempt, byDefault, pack))
      ? pass('better-than-documented', evidenceOf([right, ...alsoRight]))
      : informational('not-default', evidenceOf(done));
  }
  if (supported.byAddress) return evaluateAddress(flow, seen, topology);
  const judgement = evaluateNone(flow, seen, attempts, supported);
  // an anonymous login in clear is an answer too, if not a good one, and what is only guarded hides no login
  const competing = attempts.length > 0 || seen.attempts.some(({ mechanism }) => mechanism === 'anonymous');
  const hidden = judgement.result === 'unknown' && judgement.reason === 'inside-encryption';
  if (!hidden || competing || seen.protection !== 'privacy') return judgement;
  const byDefault = acceptedBy(path.authentication.default, pack, carrier.alsoAccepts);
  return evaluateTicket(flow, seen, supported, byDefault, pack, infer(flow, carrier)) ?? judgement;
}

/** Kerberos inside the encryption, as a ticket that was issued just before tells (contract, rule 12). */
function evaluateTicket(
  flow: FlowRecord,
  seen: Observation,
  supported: Accepted,
  byDefault: Accepted,
  pack: Pack,
  ticket: IssuedTicket | null,
): Judgement | null {
  const kerberos: Authenticated = {
    kind: 'authenticated',
    mechanism: 'kerberos',
    outcome: 'accepted',
    protected: true,
  };
  if (ticket === null || !allows(supported, kerberos)) return null;
  const { capture, frame, service } = ticket;
  const issued = { capture, frame, fact: `ticket for ${service} issued to ${flow.client.address}` };
  const good = allows(byDefault, kerberos) || isStronger(kerberos, byDefault, pack);
  const evidence = [issued, ...evidenceOf(seen.secured.slice(0, 1))] as const;
  return good ? pass('correlated-ticket', evidence) : informational('not-default', evidence);
}

/** Content that went before anybody had authenticated, or after an anonymous bind had taken that back. */
function goesAnonymously(
  exposure: FactOf<'exposed'>,
  right: Attempt,
  seen: Observation,
  { facts }: FlowRecord,
): boolean {
  if (!isPathContent(exposure)) return false;
  if (isBefore(exposure, right)) return true;
  // within a frame, facts stand in the order in which they were shown
  const comesBefore = (attempt: Attempt) =>
    isBefore(attempt, exposure) || (isSameFrame(attempt, exposure) && facts.indexOf(attempt) < facts.indexOf(exposure));
  const before = seen.attempts.filter((attempt) => attempt.outcome === 'accepted' && comesBefore(attempt));
  return before.at(-1)?.mechanism === 'anonymous';
}

/** Content in clear, and nobody was seen to authenticate for it (contract, rule 7). */
function evaluateContent(flow: FlowRecord, attempts: readonly Attempt[], content: FactOf<'exposed'>): Judgement {
  const spot = couldHideAuthentication(flow, content);
  if (spot) return unknown(spot.why, evidenceOf([content]));
  const unseen = attempts.some((attempt) => attempt.outcome === 'unseen');
  return unseen
    ? unknown(unseenBecause(flow), evidenceOf([content]))
    : fail('not-authenticated', evidenceOf([content]));
}

/** Nobody was seen to authenticate. */
function evaluateNone(
  flow: FlowRecord,
  seen: Observation,
  attempts: readonly Attempt[],
  supported: Accepted,
): Judgement {
  const content = seen.exposures.find(isPathContent);
  const [secured] = seen.secured;
  if (content) {
    const judgement = evaluateContent(flow, attempts, content);
    if (!supported.anonymous || judgement.result !== 'fail') return judgement;
    // what protection hid may have been a login that the path does not support
    if (!secured) return pass('as-expected', evidenceOf([content]));
  }
  if (secured) {
    // a login in clear before the encryption would have been seen, unless something hid that part
    const spot = flow.protocolPath[0] === 'tls' ? null : couldHideAuthentication(flow, secured);
    return unknown(spot?.why ?? 'inside-encryption', evidenceOf([secured]));
  }
  return unknown(mostTelling(flow) ?? 'no-content');
}

/** Why the outcome of an attempt was not seen: the answer's side is missing, or lost. */
const unseenBecause = (flow: FlowRecord) => mostTelling(flow) ?? 'one-direction';

/** The reference's "by IP address" (contract, rule 8). */
function evaluateAddress(flow: FlowRecord, seen: Observation, topology: Topology | null): Judgement {
  if (seen.protection === 'unknown') return unknown(mostTelling(flow) ?? 'no-content');
  const gateways = topology?.gateways ?? [];
  if (gateways.length === 0) return unknown('not-on-the-wire');
  const listed = gateways.includes(flow.client.address) || gateways.includes(flow.server.address);
  const evidence = firstFrame(flow, `${flow.client.address} calls ${flow.server.address}`);
  return listed ? pass('listed-gateway', evidence) : fail('unlisted-gateway', evidence);
}
