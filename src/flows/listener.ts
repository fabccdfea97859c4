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
}
