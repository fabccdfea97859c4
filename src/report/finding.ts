import type { EndReport, EvidenceReport, FlowReport, PathReport } from '../check/audit-report.ts';
import type { CheckName } from '../check/pack.ts';
import type { Reason } from '../check/result.ts';
import type { Answer } from './answers.ts';
import type { UpgradeCourse, Words } from './words.ts';

/** One thing about one flow that a person should look at, in words. */
export interface Finding {
  check: CheckName;
  /** `mail in clear` */
  what: string;
  /** `STARTTLS was offered and not used`; null where nothing more is known */
  because: string | null;
  evidence: EvidenceReport[];
}

/** The failing checks of a flow that made this answer fail, each said once. */
export function failuresOf(flow: FlowReport, answer: Answer, words: Words): Finding[] {
  const found = new Map<string, Finding>();
  for (const { path, check, result, reason, evidence } of flow.results) {
    if (result !== 'fail' || answer[check].result !== 'fail' || !answer.rows.some(({ id }) => id === path)) continue;
    const key = `${check} ${reason}`;
    if (found.has(key)) continue;
    const because = check === 'encryption' ? upgradeWords(flow, words) : null;
    found.set(key, { check, what: whatFailed(flow, check, reason, words), because, evidence });
  }
  return [...found.values()];
}

/** What a flow exposed, whatever path it belongs to. */
export function exposureOf(flow: FlowReport, words: Words): Finding {
  const judged = flow.results.find(({ check, evidence }) => check === 'encryption' && evidence.length > 0);
  return {
    check: 'encryption',
    what: words.inClear(flow.encryption.exposed.map((content) => words.content[content])),
    because: upgradeWords(flow, words),
    evidence: judged?.evidence ?? [],
  };
}

/** `hub1 → hub2: mail in clear, frame 17 of hub.pcapng; STARTTLS was offered and not used` */
export function findingLine(flow: FlowReport, finding: Finding): string {
  const first = finding.evidence[0];
  const where = first ? `, frame ${first.frame} of ${first.file}` : '';
  return `${endsOf(flow)}: ${finding.what}${where}${finding.because === null ? '' : `; ${finding.because}`}`;
}

/** `hub1 → hub2` */
export function endsOf(flow: FlowReport): string {
  return `${flow.client.name ?? flow.client.address} → ${flow.server.name ?? flow.server.address}`;
}

/** `10.0.0.11:51012`, `[fd00::11]:25` */
export function endpoint({ address, port }: EndReport): string {
  if (port === null) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** What the pack promises where a check failed, in the pack's own words. */
export function expected(path: PathReport, check: CheckName, words: Words): string {
  switch (check) {
    case 'port':
      return 'a port that the reference lists for this path';
    case 'authentication': {
      const { default: standard, supported } = path.authentication;
      return `${list(supported)} (default: ${list(standard)})`;
    }
    case 'encryption':
      return path.encryption.byDefault === 'yes'
        ? `${words.protection.privacy} by default: ${list(path.encryption.supported)}`
        : `${list(path.encryption.supported)} supported, not by default`;
    default:
      return check satisfies never;
  }
}

const list = (items: string[]) => (items.length === 0 ? 'none' : items.join(', '));

function whatFailed(flow: FlowReport, check: CheckName, reason: Reason, words: Words): string {
  const { mechanism, exposed } = flow.encryption;
  const said = asClause(words.reason[reason]);
  switch (check) {
    case 'port':
      return reason === 'unlisted-port' ? words.unlistedPort(flow.protocol, flow.transport, flow.server.port) : said;
    case 'authentication':
      return reason === 'not-supported' ? words.notSupported(flow.authentication.mechanisms) : said;
    case 'encryption':
      if (reason === 'integrity-only' && mechanism !== null) return words.notEncrypted(words.mechanism[mechanism]);
      return exposed.length > 0 ? words.inClear(exposed.map((content) => words.content[content])) : said;
    default:
      return check satisfies never;
  }
}

/** A sentence as part of another: without its full stop and its capital, unless that is an abbreviation's. */
function asClause(sentence: string): string {
  return sentence.replace(/\.$/, '').replace(/^\p{Lu}(?=[\p{Ll} ])/u, (letter) => letter.toLowerCase());
}

function upgradeWords(flow: FlowReport, words: Words): string | null {
  const course = upgradeCourse(flow);
  if (course === null || flow.upgrade === null) return null;
  return words.upgrade[course](flow.upgrade.verb, flow.upgrade.refusedWith ?? '');
}

/** How far the step to TLS got on a flow that exposed something; null where it could not take any or nothing of it was seen. */
function upgradeCourse({ upgrade, tls, encryption }: FlowReport): UpgradeCourse | null {
  if (upgrade === null) return null;
  if (upgrade.accepted) {
    if (tls?.finished || encryption.mechanism !== null) return 'content-beside';
    return tls === null ? 'accepted-not-followed' : 'accepted-not-finished';
  }
  if (upgrade.refusedWith !== null) return 'refused';
  if (upgrade.asked) return 'asked-no-answer';
  if (upgrade.possiblyStripped) return 'possibly-stripped';
  return upgrade.offered ? 'offered-not-used' : 'not-offered';
}
