import type { EvidenceReport, FlowReport } from '../check/audit-report.ts';
import { upgradeCourse } from '../check/upgrade-course.ts';
import type { UpgradeVerb } from '../protocols/fact.ts';
import { refusalText } from './names/ldap.ts';
import type { Words } from './words.ts';

/** How protocols that announce their step to TLS call it. */
const usualVerb: ReadonlyMap<string, UpgradeVerb> = new Map([
  ['smtp', 'STARTTLS'],
  ['imap4', 'STARTTLS'],
  ['pop3', 'STLS'],
] as const);

/** What became of a protocol's own step to TLS, in words. */
export function upgradeWords(flow: FlowReport, words: Words): string | null {
  const verb = flow.upgrade?.verb ?? usualVerb.get(flow.protocol);
  if (verb === undefined) return null;
  const course = upgradeCourse(flow);
  // what is signed went inside what the step led to
  if (course === 'content-beside' && flow.encryption.protection === 'integrity') return null;
  const ledTo = verb === 'application/negotiate' ? words.mechanism.nns : words.mechanism.tls;
  const said = course === 'content-beside' && allBefore(flow) ? 'content-before' : course;
  return words.upgrade[said](verb, refusalText(flow.protocol, flow.upgrade?.refusedWith ?? ''), ledTo);
}

/** Whether all content in clear went before the step was accepted; frame numbers of one file only. */
function allBefore({ upgrade, captures, encryption }: FlowReport): boolean {
  const accepted = captures.length === 1 ? (upgrade?.frames.accepted ?? 0) : 0;
  return encryption.exposures.length > 0 && encryption.exposures.every(({ frame }) => frame < accepted);
}

/** The frames of a check, and those in which the upgrade was offered, asked for and answered; frame numbers of one file only. */
export function withUpgrade({ upgrade, captures }: FlowReport, evidence: EvidenceReport[]): EvidenceReport[] {
  const file = captures[0];
  if (upgrade === null || captures.length !== 1 || file === undefined) return evidence;
  const steps = Object.entries(upgrade.frames)
    .filter(([, frame]) => !evidence.some((known) => known.frame === frame))
    .map(([step, frame]) => ({
      file,
      frame,
      fact: step === 'capabilities' ? `what the server can do, without ${upgrade.verb}` : `${upgrade.verb} ${step}`,
    }));
  return [...evidence, ...steps];
}
