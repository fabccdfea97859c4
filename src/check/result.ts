import type { BlindSpotWhy } from '../flows/blind-spot.ts';
import type { CheckName } from './pack.ts';

/** The XCCDF words. */
export const results = ['pass', 'fail', 'unknown', 'notchecked', 'notapplicable', 'informational', 'error'] as const;
export type Result = (typeof results)[number];

/** Why a result is what it is: a closed list, part of the public contract. */
export type Reason =
  | BlindSpotWhy
  | 'as-expected'
  | 'not-observed'
  | 'nothing-to-judge'
  | 'unrecognised-content'
  | 'inside-encryption'
  | 'interface-unknown'
  | 'roles-unknown'
  | 'ambiguous-path'
  | 'no-analyzer'
  | 'not-on-the-wire'
  | 'not-authenticated'
  | 'not-supported'
  | 'not-default'
  | 'integrity-only'
  | 'clear-content'
  | 'clear-by-default'
  | 'better-than-documented'
  | 'unlisted-port'
  | 'listed-gateway'
  | 'unlisted-gateway'
  | 'correlated-ticket'
  | 'not-offered'
  | 'no-client-certificate'
  | 'unlisted-certificate'
  | 'reference-uncertain'
  | 'local-only'
  | 'not-expected'
  | 'unanswered'
  | 'old-version'
  | 'clear-between-sites'
  | 'nothing-contradicts';

/** A frame that a person can open in Wireshark, and what it shows. */
export interface Evidence {
  capture: number;
  frame: number;
  fact: string;
}

/** At least one piece of evidence. */
export type EvidenceList = readonly [Evidence, ...Evidence[]];

/** `pass` and `fail` cannot be built without evidence; the others may have some. */
export type Judgement =
  | { result: 'pass' | 'fail'; reason: Reason; evidence: EvidenceList }
  | { result: Exclude<Result, 'pass' | 'fail'>; reason: Reason; evidence: readonly Evidence[] };

/** One check of one flow against one data path. */
export type FlowResult = Judgement & { flow: string; path: string; check: CheckName };
