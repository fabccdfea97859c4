import type { FlowRecord } from '../protocols/flow-record.ts';
import type { Candidate } from './attribute.ts';
import { couldHideClearContent, couldHideOffer, mostTelling } from './blind.ts';
import { evidenceOf, fail, informational, pass, unknown } from './judgement.ts';
import type { Observation } from './observe.ts';
import type { DataPath } from './pack.ts';
import type { Judgement } from './result.ts';

/** What the topology says of a flow's two ends. */
export interface Ends {
  /** the server is of another organisation */
  peerIsExternal: boolean;
  /** both have a site, and not the same */
  inDifferentSites: boolean;
}

/** Was content protected as the data path expects? (contract, rules 3 to 6, 13 and 14)  */
export function evaluateEncryption(
  flow: FlowRecord,
  seen: Observation,
  { path, carrier }: Candidate,
  ends: Ends,
): Judgement {
  const { encryption } = path;
  switch (seen.protection) {
    case 'none': {
      const evidence = evidenceOf(seen.exposures);
      if (encryption.byDefault === 'no') {
        const told = encryption.betweenSites && ends.inDifferentSites ? 'clear-between-sites' : 'clear-by-default';
        return informational(told, evidence);
      }
      if (encryption.opportunistic && ends.peerIsExternal && !seen.upgradeInReach) {
        if (seen.nothingOffered) return informational('not-offered', evidence);
        const spot = couldHideOffer(flow, seen);
        if (spot) return unknown(spot.why, evidence);
      }
      if (encryption.confidence === 'low') return informational('reference-uncertain', evidence);
      const [first, ...rest] = seen.exposures;
      return first ? fail('clear-content', evidenceOf([first, ...rest])) : unknown('no-content');
    }
    case 'integrity': {
      const [first, ...rest] = seen.secured;
      if (encryption.byDefault === 'no') return informational('integrity-only', evidenceOf(seen.secured));
      if (encryption.confidence === 'low') return informational('reference-uncertain', evidenceOf(seen.secured));
      return first ? fail('integrity-only', evidenceOf([first, ...rest])) : unknown('no-content');
    }
    case 'privacy': {
      const spot = couldHideClearContent(flow, seen, carrier.begins === 'clear');
      const [first, ...rest] = seen.secured;
      if (spot || !first) return unknown(spot?.why ?? 'no-content', evidenceOf(seen.secured));
      const old = judgeVersion(flow, seen, encryption.tlsAtLeast);
      if (old) return old;
      const better = encryption.byDefault === 'no';
      return pass(better ? 'better-than-documented' : 'as-expected', evidenceOf([first, ...rest]));
    }
    case 'unknown':
      return unknown(mostTelling(flow) ?? 'no-content');
    default:
      return seen.protection satisfies never;
  }
}

const versions = { '1.0': 0x0301, '1.1': 0x0302, '1.2': 0x0303, '1.3': 0x0304 } as const;

/** A flow that TLS protects, where the path asks for a version of it; null where it is new enough, or TLS is not what protects. */
function judgeVersion(
  flow: FlowRecord,
  seen: Observation,
  least: DataPath['encryption']['tlsAtLeast'],
): Judgement | null {
  if (least === undefined || !flow.protocolPath.includes('tls')) return null;
  const hello = flow.facts.find((fact) => fact.kind === 'described' && fact.what === 'tls-server-hello');
  if (!hello || seen.tls?.version == null) return unknown(mostTelling(flow) ?? 'encrypted', evidenceOf(seen.secured));
  return seen.tls.version < versions[least] ? fail('old-version', evidenceOf([hello])) : null;
}
