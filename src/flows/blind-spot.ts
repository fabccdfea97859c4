/** What could not be seen in a flow, where, and why. */
export interface BlindSpot {
  why: BlindSpotWhy;
  /** index of the capture, and the frame in it, at which it begins */
  capture: number;
  frame: number;
  /** place among all frames of the run, where several captures were read: they may overlap */
  order?: number;
  detail: string;
}

export type BlindSpotWhy =
  | 'midstream'
  | 'one-direction'
  | 'gap'
  | 'truncated-capture'
  | 'dropped-frames'
  | 'malformed'
  | 'encrypted'
  | 'resumed-session'
  | 'no-content'
  | 'limit'
  | 'unknown-link'
  | 'ambiguous-overlap'
  /** the stream stopped being the protocol it was, and what it became was not recognised */
  | 'left-protocol'
  | 'esp-null-possible';
