import { hash } from 'node:crypto';
import { addressOf, type Flow, type FlowEnd } from '../flows/flow.ts';

/** Community ID v1 with seed 0 (github.com/corelight/community-id-spec): the same for both directions, for joining with other tools' logs. */
export function communityId(flow: Flow): string {
  const { low, high } = flow;
  const ported = flow.transport === 'tcp' || flow.transport === 'udp' || flow.transport === 'sctp';
  const n = low.length;
  const message = new Uint8Array(2 + 2 * n + 2 + (ported ? 4 : 0));
  message.set(addressOf(low), 2);
  message.set(addressOf(high), 2 + n);
  message[2 + 2 * n] = flow.protocol;
  if (ported) {
    writePort(message, 4 + 2 * n, low);
    writePort(message, 6 + 2 * n, high);
  }
  return `1:${hash('sha1', message, 'base64')}`;
}

function writePort(message: Uint8Array, at: number, end: FlowEnd): void {
  message[at] = end.port >> 8;
  message[at + 1] = end.port & 255;
}
