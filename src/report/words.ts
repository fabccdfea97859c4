import type { CaptureProblemKind } from '../capture/capture-summary.ts';
import type { ExceptionReport, FirewallReport, Protection } from '../check/audit-report.ts';
import type { CheckName, UpgradeCourse } from '../check/pack.ts';
import type { Reason, Result } from '../check/result.ts';
import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import type {
  Authenticated,
  Content,
  Described,
  ProtectionLevel,
  SecurityMechanism,
  StampedFact,
  UpgradeVerb,
} from '../protocols/fact.ts';
import type { ComparePhrases } from './words/english-compare.ts';
import type { PagePhrases } from './words/english-page.ts';
import type { Phrases } from './words/english-phrases.ts';

/**
 * The words of a language for the closed sets of a report: one table per language, total by type, so that a new reason
 * does not compile before it can be said.
 */
export interface Words {
  result: Record<Result, string>;
  /** at most six columns */
  shortResult: Record<Result, string>;
  check: Record<CheckName, string>;
  /** a sentence that a mail administrator understands */
  reason: Record<Reason, string>;
  /** what would decide a check that stayed open for this reason; null where it leaves nothing open */
  advice: Record<Reason | 'no-ticket', string | null>;
  /** a sentence about one flow */
  blindSpot: Record<BlindSpotWhy, string>;
  /** a noun: what was in clear */
  content: Record<Content, string>;
  /** for the content `credentials` where they are no password */
  token: string;
  mechanism: Record<SecurityMechanism, string>;
  protection: Record<Protection, string>;
  captureProblem: Record<CaptureProblemKind, string>;
  firewall: Record<FirewallReport['kind'], string>;
  risk: Record<ExceptionReport['state'], string>;
  fact: FactWords;
  /** what the report says in English of a blind spot, a problem, a limit or a frame; as it is where it is data */
  detail(text: string): string;
  /** a fact as a sentence that a mail administrator understands */
  tell(fact: StampedFact, words: Words): string;
  /** what ties two flows together, by its kind; the kind itself where it is none of these */
  correlation: Partial<Record<string, string>>;
  /** the names of what they tie; the names themselves where they are none of these */
  correlationEnd: Partial<Record<string, string>>;
  phrases: Phrases;
  page: PagePhrases;
  compare: ComparePhrases;
  unexpected: Record<'no-path' | 'outside-reference', string>;
  upgrade: Record<UpgradeCourse | 'content-before', (verb: UpgradeVerb, code: string, ledTo: string) => string>;
  inClear(contents: string[]): string;
  notEncrypted(mechanism: string): string;
  unlistedPort(protocol: string, transport: string, port: number | null): string;
  notSupported(mechanisms: string[]): string;
}

/** Facts as evidence names them. */
export interface FactWords {
  /** `mail in clear` */
  inClear(content: string): string;
  secured(mechanism: string, level: ProtectionLevel): string;
  login(mechanism: string, outcome: Authenticated['outcome'], principal: string | null): string;
  /** a client answered a server's request for a certificate with none */
  noCertificate: string;
  step(what: string, step: 'offered' | 'refused' | 'asked' | 'accepted'): string;
  /** a protocol on a port, `tcp/25` */
  service(protocol: string, port: string): string;
  /** what the server can do, without this upgrade */
  without(verb: string): string;
  described: Record<Described['what'], string>;
}
