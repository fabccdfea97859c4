import type { Flow } from './flow.ts';

/** What the room after this one is told of each flow, synchronously. `side` 0 is the client. Bytes are valid during the call only. */
export interface FlowListener {
  /** TCP payload, in order, each byte once */
  bytes(flow: Flow, side: 0 | 1, bytes: Uint8Array, start: number, end: number): void;
  /** TCP payload that was sent and not captured */
  gap(flow: Flow, side: 0 | 1, length: number): void;
  /** one UDP, ESP or AH payload; `cut`: bytes of it that the snap length left out */
  datagram(flow: Flow, side: 0 | 1, bytes: Uint8Array, start: number, end: number, cut: number): void;
  ended(flow: Flow): void;
  /**
   * What tells whether the next bytes of a TCP flow say nothing, of either direction, if nothing is left to learn while they
   * do not; null where everything is wanted. With it `ahead` and `setAhead`. Bytes that were passed over are not delivered.
   */
  settled?(flow: Flow): PassOver | null;
  /** How many bytes of a direction say nothing whatever they are, of a flow that is settled. */
  ahead?(flow: Flow, side: 0 | 1): number;
  setAhead?(flow: Flow, side: 0 | 1, bytes: number): void;
}

/** How far behind `end` bytes that say nothing go on, -1 where these are to be delivered. One function for each way to tell. */
export type PassOver = (bytes: Uint8Array, start: number, end: number) => number;
