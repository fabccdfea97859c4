import type { FlowRecord } from '../protocols/flow-record.ts';
import type { Candidate } from './attribute.ts';
import { type Accepted, acceptedBy, allows } from './authentication-words.ts';
import { couldHideAuthentication, mostTelling } from './blind.ts';
import { evaluateClientCertificate } from './evaluate-certificate.ts';
import { evidenceOf, fail, firstFrame, informational, pass, unknown } from './judgement.ts';
import { isBefore, isPathContent, type Observation } from './observe.ts';
import type { Pack } from './pack.ts';
import type { Judgement } from './result.ts';
import type { Topology } from './topology.ts';

/** Is the authentication that took place one that the data path supports? (contract, rules 7 to 9) */
export function evaluateAuthentication(
  flow: FlowRecord,
  seen: Observation,
  { path }: Candidate,
  pack: Pack,
  topology: Topology | null,
): Judgement {
  const supported = acceptedBy(path.authentication.supported, pack);
  if (supported.certificate === 'required') return evaluateClientCertificate(flow, seen, topology);
  const done = seen.attempts.filter((attempt) => attempt.mechanism !== 'anonymous' && attempt.outcome === 'accepted');
  const [wrong, ...alsoWrong] = done.filter((attempt) => !allows(supported, attempt));
  if (wrong) return fail('not-supported', evidenceOf([wrong, ...alsoWrong]));
  const [right, ...alsoRight] = done;
  if (right) {
    const early = seen.exposures.find((exposure) => isPathContent(exposure) && isBefore(exposure, right));
    if (early && !supported.anonymous) return fail('not-authenticated', evidenceOf([early]));
    const byDefault = acceptedBy(path.authentication.default, pack);
    const usual = done.every((attempt) => allows(byDefault, attempt));
    return usual
      ? pass('as-expected', evidenceOf([right, ...alsoRight]))
      : informational('not-default', evidenceOf(done));
  }
  if (supported.byAddress) return evaluateAddress(flow, topology);
  return evaluateNone(flow, seen, supported);
}

/** Nobody was seen to authenticate. */
function evaluateNone(flow: FlowRecord, seen: Observation, supported: Accepted): Judgement {
  const content = seen.exposures.find(isPathContent);
  const [secured] = seen.secured;
  if (supported.anonymous) {
    if (content) return pass('as-expected', evidenceOf([content]));
    if (secured) return pass('as-expected', evidenceOf([secured]));
  }
  if (content) {
    const spot = couldHideAuthentication(flow, content);
    const unseen = seen.attempts.some((attempt) => attempt.outcome === 'unseen');
    if (spot || unseen) return unknown(spot?.why ?? 'one-direction', evidenceOf([content]));
    return fail('not-authenticated', evidenceOf([content]));
  }
  if (secured) {
    // a login in clear before the encryption would have been seen, unless something hid that part
    const spot = flow.protocolPath[0] === 'tls' ? null : couldHideAuthentication(flow, secured);
    return unknown(spot?.why ?? 'inside-encryption', evidenceOf([secured]));
  }
  return unknown(mostTelling(flow) ?? 'no-content');
}

/** The reference's "by IP address" (contract, rule 8). */
function evaluateAddress(flow: FlowRecord, topology: Topology | null): Judgement {
  const gateways = topology?.gateways ?? [];
  if (gateways.length === 0) return unknown('not-on-the-wire');
  const listed = gateways.includes(flow.client.address) || gateways.includes(flow.server.address);
  const evidence = firstFrame(flow, `${flow.client.address} calls ${flow.server.address}`);
  return listed ? pass('listed-gateway', evidence) : fail('unlisted-gateway', evidence);
}
