import type { CaptureProblemKind } from '../capture/capture-summary.ts';
import type { FirewallReport, Protection } from '../check/audit-report.ts';
import type { CheckName, UpgradeCourse } from '../check/pack.ts';
import type { Reason, Result } from '../check/result.ts';
import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import type { Content, SecurityMechanism, UpgradeVerb } from '../protocols/fact.ts';

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
  /** a sentence about one flow */
  blindSpot: Record<BlindSpotWhy, string>;
  /** a noun: what was in clear */
  content: Record<Content, string>;
  mechanism: Record<SecurityMechanism, string>;
  protection: Record<Protection, string>;
  captureProblem: Record<CaptureProblemKind, string>;
  firewall: Record<FirewallReport['kind'], string>;
  unexpected: Record<'no-path' | 'outside-reference', string>;
  upgrade: Record<UpgradeCourse, (verb: UpgradeVerb, code: string) => string>;
  inClear(contents: string[]): string;
  notEncrypted(mechanism: string): string;
  unlistedPort(protocol: string, transport: string, port: number | null): string;
  notSupported(mechanisms: string[]): string;
}
