import type { Accepted, EndReport, EvidenceReport, FlowReport, PathReport } from '../check/audit-report.ts';
import type { CheckName } from '../check/pack.ts';
import type { Reason } from '../check/result.ts';
import { wordsFor } from './logins-in-clear.ts';
import { upgradeWords, withUpgrade } from './upgrade.ts';
import type { Words } from './words.ts';

/** One thing about one flow that a person should look at, in words. */
export interface Finding {
  check: CheckName;
  /** null where content in clear belongs to no path */
  reason: Reason | null;
  /** `mail in clear` */
  what: string;
  /** `STARTTLS was offered and not used`; null where nothing more is known */
  because: string | null;
  /** the frame that shows it; null where no check names one */
  where: EvidenceReport | null;
  /** all frames to look at, those of the upgrade as well */
  evidence: EvidenceReport[];
  accepted: Accepted | null;
  /** the pack's word that it can be configured so */
  documented: { en: string; ko: string } | null;
}

/** what is in clear explains most of the rest */
const order: readonly CheckName[] = ['encryption', 'authentication', 'port'];

/** The failing checks of a flow on these paths, each said once. */
export function failuresOf(flow: FlowReport, paths: readonly Pick<PathReport, 'id'>[], words: Words): Finding[] {
  const found = new Map<string, Finding>();
  for (const { path, check, result, reason, evidence, accepted, documented } of flow.results) {
    if (result !== 'fail' || !paths.some(({ id }) => id === path)) continue;
    const key = `${check} ${reason}`;
    if (found.has(key)) continue;
    const what = whatFailed(flow, check, reason, words);
    const because = check === 'encryption' ? upgradeWords(flow, words) : null;
    const frames = check === 'encryption' ? withUpgrade(flow, evidence) : evidence;
    found.set(key, {
      check,
      reason,
      what,
      because,
      where: evidence[0] ?? null,
      evidence: frames,
      accepted: accepted ?? null,
      documented: documented ?? null,
    });
  }
  return [...found.values()].sort((a, b) => order.indexOf(a.check) - order.indexOf(b.check));
}

/** a password in clear, other content in clear, content that is only signed or in an old TLS, a login, the port: the least is the gravest */
export type Gravity = 0 | 1 | 2 | 3 | 4;

export function gravityOf({ check, reason }: Finding, { authentication }: FlowReport): Gravity {
  if (check !== 'encryption') return check === 'authentication' ? 3 : 4;
  if (authentication.credentialsExposed) return 0;
  return reason === 'integrity-only' || reason === 'old-version' ? 2 : 1;
}

/** `password and directory data in clear` */
export function contentInClear(flow: FlowReport, words: Words): string {
  const { content } = wordsFor(flow, words);
  return words.inClear(flow.encryption.exposed.map((kind) => content[kind]));
}

/** What a flow exposed, whatever path it belongs to. */
export function exposureOf(flow: FlowReport, words: Words): Finding {
  const shown = flow.encryption.exposures.map(({ content, file, frame, comment }) => ({
    file,
    frame,
    fact: `${content} in clear`,
    ...(comment === undefined ? {} : { comment }),
  }));
  return {
    check: 'encryption',
    reason: null,
    accepted: null,
    documented: null,
    what: contentInClear(flow, words),
    because: upgradeWords(flow, words),
    where: shown[0] ?? null,
    evidence: withUpgrade(flow, shown),
  };
}

/** `hub1 → hub2: mail in clear in frame 17 of hub.pcapng; STARTTLS was offered and not used` */
export function findingLine(flow: FlowReport, finding: Finding, { phrases }: Words): string {
  const { check, what, where, because } = finding;
  const frame = where === null ? null : phrases.ofFile(where.frame, where.file);
  return phrases.finding(endsOf(flow), what, frame, check === 'encryption', because);
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
export function expected(path: PathReport, check: CheckName, { phrases }: Words): string {
  const { expected: say, listed } = phrases;
  switch (check) {
    case 'port':
      return say.port;
    case 'authentication': {
      const { default: standard, supported } = path.authentication;
      return say.authentication(listed(supported), listed(standard));
    }
    case 'encryption':
      return path.encryption.byDefault === 'yes'
        ? say.encryptedByDefault(listed(path.encryption.supported))
        : say.notByDefault(listed(path.encryption.supported));
    default:
      return check satisfies never;
  }
}

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
      return exposed.length > 0 ? contentInClear(flow, words) : said;
    default:
      return check satisfies never;
  }
}

/** A sentence as part of another: without its full stop and its capital, unless that is an abbreviation's. */
function asClause(sentence: string): string {
  return sentence.replace(/\.$/, '').replace(/^\p{Lu}(?=[\p{Ll} ])/u, (letter) => letter.toLowerCase());
}
