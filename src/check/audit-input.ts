import type { CaptureSummary } from '../capture/capture-summary.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';
import type { AuditReport } from './audit-report.ts';
import type { Exceptions } from './exceptions.ts';
import type { Rules } from './rules.ts';

/** What was read, as the store gives it. */
export interface Observed {
  captures: readonly (CaptureSummary & { capture: number; unreadFrames: number })[];
  limits: AuditReport['limits'];
  /** by first frame; may be walked again and again */
  flows(): Iterable<FlowRecord>;
  /** by first frame; those with a fact of such a `what` */
  flowsStating(whats: readonly string[]): Iterable<FlowRecord>;
  reusedCommunityIds(): Set<string>;
}

/** What an audit is made with, besides what was observed. */
export interface AuditOptions {
  tool: { name: string; version: string };
  rules: readonly Rules[];
  /** whether a ticket seen elsewhere may answer for hidden authentication */
  inference: boolean;
  rulePacks: AuditReport['rulePacks'];
  topology: AuditReport['topology'];
  options: AuditReport['options'];
  /** accepted risks, and the SHA-256 of their file */
  exceptions: { sha256: string; list: Exceptions } | null;
  stamp: string | null;
  partial: boolean;
}
