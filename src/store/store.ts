import type { CaptureSummary } from '../capture/capture-summary.ts';
import type { FlowReport } from '../check/audit-report.ts';
import type { FlowRecord } from '../protocols/flow-record.ts';

/** Where facts live between decoding and checking. Another kind of store fits behind the same interface. */
export interface Store {
  /** the number that the next capture gets */
  nextCapture(): number;
  /** Runs `work` so that all it writes is there afterwards, or nothing: where it fails, or where `keep`, which still sees it all, says no. */
  writing<T>(work: () => Promise<T>, keep?: (result: T) => boolean): Promise<T>;
  addCapture(capture: StoredCapture): void;
  addFlow(flow: FlowRecord): void;
  addLimit(limit: LimitHit): void;
  /** A capture's recording machine lost frames: a blind spot of every flow in it that they could have belonged to. */
  addLoss(capture: number, dropped: number): void;
  captures(): StoredCapture[];
  limits(): LimitHit[];
  /** by first frame */
  flows(): Iterable<FlowRecord>;
  /** by first frame; those with a fact of such a `what` */
  flowsStating(whats: readonly string[]): Iterable<FlowRecord>;
  /** community ids that more than one flow has: the same ports were used again */
  reusedCommunityIds(): Set<string>;
  flow(id: string): FlowRecord | null;
  /** Flows that a condition on the columns of the table `flows` selects; throws `StoreError` where it is no such condition. */
  flowsWhere(condition: string): Iterable<FlowRecord>;
  saveCheck(check: StoredCheck, flows: Iterable<FlowReport>): void;
  lastCheck(): StoredCheck | null;
  close(): void;
}

export interface StoredCapture extends CaptureSummary {
  /** its number: what `capture` of facts and blind spots means */
  capture: number;
  unreadFrames: number;
}

/** A cap of `limits.ts` that was reached, and how often. */
export interface LimitHit {
  name: string;
  cap: number;
  hit: number;
  detail: string;
}

/** What a check was made with: enough to make it again. */
export interface StoredCheck {
  toolVersion: string;
  packs: { file: string; text: string }[];
  topology: { file: string; text: string } | null;
  exceptions: { file: string; text: string } | null;
  options: Record<string, string | boolean>;
}

/** The store cannot be used: one line that says what, where and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
