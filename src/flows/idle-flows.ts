import type { Flow } from './flow.ts';
import type { FlowIndex } from './flow-index.ts';

/** flows gathered at once: enough that looking through all of them costs little for each */
const gathered = 1 << 14;

/**
 * Finds the flow without a packet for the longest time. It is asked for only where the table is full or the capture over;
 * an order of use kept with every packet would cost every packet.
 */
export class IdleFlows {
  /** the idlest flows when they were gathered, the idlest last, and their turns then */
  #flows: Flow[] = [];
  #turns: number[] = [];
  /** all other flows have had a packet in this turn or later */
  #bound = -1;

  /** The idlest flow if it has had no packet since the turn `before`, at the present turn `now`; else null. */
  first(index: FlowIndex<Flow | number>, now: number, before: number): Flow | null {
    let flow = this.#waiting();
    if (flow === null && before > this.#bound) {
      this.#gather(index, now);
      flow = this.#waiting();
    }
    return flow !== null && flow.turn < before ? flow : null;
  }

  /** The idlest of those gathered that is still there and has had no packet since. */
  #waiting(): Flow | null {
    for (let at = this.#flows.length - 1; at >= 0; at--) {
      const flow = this.#flows[at]!;
      if (!flow.ended && flow.turn === this.#turns[at]) return flow;
      this.#flows.pop();
      this.#turns.pop();
    }
    return null;
  }

  #gather(index: FlowIndex<Flow | number>, now: number): void {
    const flows: Flow[] = [];
    index.forEach((flow) => {
      if (typeof flow !== 'number') flows.push(flow);
    });
    const turns = Float64Array.from(flows, ({ turn }) => turn).sort();
    this.#bound = turns[gathered] ?? now;
    this.#flows = flows.filter(({ turn }) => turn < this.#bound || turns.length <= gathered);
    this.#flows.sort((a, b) => b.turn - a.turn);
    this.#turns = this.#flows.map(({ turn }) => turn);
  }
}
