import { addressOf, judge } from './judge-flow.ts';
import { play, type Step } from './play.ts';

/** How a session of a client with a client-access server is judged, with what its flow says of lost bytes. */
export function judgedMailbox(steps: readonly Step[], port: 110 | 143) {
  const { record } = play(steps, { port });
  const gaps = steps.flatMap(([, said], index) =>
    typeof said === 'object' && 'lost' in said
      ? [{ why: 'gap', capture: 0, frame: index + 1, detail: '' } as const]
      : [],
  );
  const client = { address: addressOf('client1'), port: 40_000 };
  const server = { address: addressOf('cas1'), port };
  const blindSpots = [...gaps, ...record.blindSpots];
  return judge({ ...record, client, server, blindSpots }, port === 110 ? 'pop3' : 'imap4');
}

export const base64 = (value: string | Uint8Array): string => Buffer.from(value as string).toString('base64');
