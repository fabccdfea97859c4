import type { FlowRecord } from '../protocols/flow-record.ts';
import type { Candidate } from './attribute.ts';
import { mostTelling } from './blind.ts';
import { evaluateAuthentication } from './evaluate-authentication.ts';
import { type Ends, evaluateEncryption } from './evaluate-encryption.ts';
import type { Inference } from './inference.ts';
import { fail, firstFrame, notApplicable, pass, unknown } from './judgement.ts';
import type { Observation } from './observe.ts';
import { type CheckName, checkNames } from './pack.ts';
import type { Judgement, Reason } from './result.ts';
import type { Rules } from './rules.ts';

/** One flow against one data path that could own it. */
export function evaluate(
  flow: FlowRecord,
  seen: Observation,
  candidate: Candidate,
  rules: Rules,
  infer: Inference,
): Record<CheckName, Judgement> {
  const undecidable = whyUndecidable(flow, candidate, rules);
  if (undecidable) return everywhere(unknown(undecidable));
  const protocol = rules.pack.protocols[candidate.carrier.protocol];
  const clearByDefault = candidate.path.encryption.byDefault === 'no';
  const exempt = (check: CheckName): boolean =>
    protocol !== undefined &&
    (protocol.notApplicable.includes(check) || (clearByDefault && protocol.notApplicableInClear.includes(check)));
  return {
    port: exempt('port') ? notApplicable : evaluatePort(flow, candidate),
    authentication: exempt('authentication')
      ? notApplicable
      : evaluateAuthentication(flow, seen, candidate, rules, infer),
    encryption: exempt('encryption') ? notApplicable : evaluateEncryption(flow, seen, candidate, endsOf(flow, rules)),
  };
}

function endsOf(flow: FlowRecord, { pack, roles }: Rules): Ends {
  const client = roles?.hostOf(flow.client.address);
  const server = roles?.hostOf(flow.server.address);
  const { unnamedRole } = pack;
  return {
    peerIsExternal: unnamedRole !== undefined && (server?.roles.includes(unnamedRole) ?? false),
    inDifferentSites: client?.site != null && server?.site != null && client.site !== server.site,
  };
}

/** Why nothing can be said of this flow on this path, whatever its facts. */
function whyUndecidable(flow: FlowRecord, { by, carrier, selection }: Candidate, rules: Rules): Reason | null {
  if (!rules.roles) return 'roles-unknown';
  if (selection === 'open') return 'interface-unknown';
  if (by !== 'port-only') return null;
  if (flow.bytes.client + flow.bytes.server === 0) return mostTelling(flow) ?? 'no-content';
  return rules.analyzers.has(carrier.protocol) ? (mostTelling(flow) ?? 'unrecognised-content') : 'no-analyzer';
}

/** Is it a port that the data path lists? */
function evaluatePort(flow: FlowRecord, { portListed }: Candidate): Judgement {
  const evidence = firstFrame(flow, `${flow.protocol} on ${flow.transport}/${flow.server.port}`);
  return portListed ? pass('as-expected', evidence) : fail('unlisted-port', evidence);
}

function everywhere(judgement: Judgement): Record<CheckName, Judgement> {
  return Object.fromEntries(checkNames.map((check) => [check, judgement])) as Record<CheckName, Judgement>;
}
