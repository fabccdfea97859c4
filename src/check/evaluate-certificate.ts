import type { FlowRecord } from '../protocols/flow-record.ts';
import { couldHideAuthentication, mostTelling } from './blind.ts';
import { evidenceOf, fail, pass, unknown } from './judgement.ts';
import { isPathContent, type Observation } from './observe.ts';
import type { Judgement } from './result.ts';
import type { RoleMap } from './roles.ts';
import type { Topology } from './topology.ts';

const tls13 = 0x0304;

/** Direct trust and mutual TLS: did the client prove that it holds a certificate, and one that is trusted? (contract, rule 9) */
export function evaluateClientCertificate(
  flow: FlowRecord,
  seen: Observation,
  topology: Topology | null,
  roles: RoleMap | null,
): Judgement {
  const content = seen.exposures.find(isPathContent);
  if (content) {
    const spot = couldHideAuthentication(flow, content);
    return spot ? unknown(spot.why, evidenceOf([content])) : fail('not-authenticated', evidenceOf([content]));
  }
  const [secured] = seen.secured;
  const { tls } = seen;
  if (!secured || !tls) return unknown(mostTelling(flow) ?? 'no-content');
  const proof = seen.attempts.find((attempt) => attempt.mechanism === 'certificate' && attempt.outcome === 'accepted');
  if (proof) {
    const shown = tls.certificates.find((certificate) => certificate.of === 'client')?.sha256;
    switch (trust(shown, roles?.hostOf(flow.client.address).name ?? null, topology)) {
      case 'unasked':
        return pass('as-expected', [
          ...evidenceOf([proof]),
          { capture: proof.capture, frame: proof.frame, fact: 'no thumbprints given: trust itself was not checked' },
        ]);
      case 'listed':
        return pass('as-expected', evidenceOf([proof]));
      case 'unlisted':
        return fail('unlisted-certificate', evidenceOf([proof]));
      case 'undecided':
        return unknown('unlisted-certificate', evidenceOf([proof]));
    }
  }
  if (seen.mechanism === 'x-anonymoustls') return unknown('inside-encryption', evidenceOf([secured]));
  if (tls.resumed) return unknown('resumed-session', evidenceOf([secured]));
  if (tls.version === tls13) return unknown('encrypted', evidenceOf([secured]));
  const renegotiated = flow.facts.some((fact) => fact.kind === 'described' && fact.what === 'tls-renegotiated');
  if (renegotiated) return unknown('inside-encryption', evidenceOf([secured]));
  const finished = flow.facts.find((fact) => fact.kind === 'described' && fact.what === 'tls-finished');
  if (!finished || tls.clientCertificate !== false)
    return unknown(mostTelling(flow) ?? 'encrypted', evidenceOf([secured]));
  const refused = flow.facts.find((fact) => fact.kind === 'refused' && fact.what === 'client-certificate');
  return fail('no-client-certificate', evidenceOf([refused ?? finished]));
}

/**
 * Thumbprints under a host's name are those of its own certificates: another host's certificate is not one of them. A
 * client that has none listed is held to all that are; what is in no list cannot be decided, as the lists may be partial.
 */
function trust(
  shown: string | undefined,
  client: string | null,
  topology: Topology | null,
): 'listed' | 'unlisted' | 'undecided' | 'unasked' {
  const given = Object.entries(topology?.thumbprints ?? {});
  if (given.length === 0) return 'unasked';
  const own = given.filter(([host]) => host.toLowerCase() === client?.toLowerCase());
  const trusted = (own.length > 0 ? own : given).flatMap(([, thumbprints]) => thumbprints);
  // a certificate that could not be read has no thumbprint to compare
  if (shown === undefined) return 'undecided';
  if (trusted.includes(shown)) return 'listed';
  return own.length > 0 ? 'unlisted' : 'undecided';
}
