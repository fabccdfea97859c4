import { describe, expect, test } from 'vitest';
import { content, tls12Handshake } from '../protocols/tls/builder.ts';
import { type BuiltFrame, concat, ethernet, ipFrame, udpFrame } from '../support/build-packets.ts';
import type { Step } from '../support/play.ts';
import { C, opening, S } from '../support/smtp-dialogues.ts';
import { flowsOf, framesOf } from '../support/talk.ts';
import { verdictOf } from '../support/verdict.ts';

// Clear mail and a decoy with the same addresses and ports, one of them in a tunnel: a capture cannot tell which a receiver took.
const mail: Step[] = [
  C('MAIL FROM:<a@example.com>'),
  S('250 OK'),
  C('RCPT TO:<b@example.com>'),
  S('250 OK'),
  C('DATA'),
  S('354 Go'),
  C('secret', '.'),
  S('250 OK'),
];
const session: Step[] = [
  C('STARTTLS'),
  S('220 ready'),
  ...tls12Handshake(),
  ['client', content(200)],
  ['server', content(90)],
];
const at = { port: 25 };
const real = framesOf([...opening, ...mail], at);
const decoy = framesOf([...opening, ...session], at);
const shared = 3 + opening.length;

const gre = ({ bytes, time }: BuiltFrame): BuiltFrame =>
  ipFrame('172.16.0.1', '172.16.0.2', 47, concat(Uint8Array.of(0, 0, 8, 0), bytes.slice(14)), time);
const vxlan = ({ bytes, time }: BuiltFrame): BuiltFrame =>
  udpFrame({
    from: '172.16.0.1',
    to: '172.16.0.2',
    fromPort: 50_000,
    toPort: 4789,
    payload: concat(Uint8Array.of(8, 0, 0, 0, 0, 0, 9, 0), bytes),
    time,
  });
const tagged = ({ bytes, time }: BuiltFrame): BuiltFrame => ({
  bytes: ethernet(0x8100, concat(Uint8Array.of(0, 7, 8, 0), bytes.slice(14))),
  time,
});
const verdicts = (frames: readonly BuiltFrame[]) =>
  flowsOf(frames.map((frame, index) => ({ ...frame, time: 1_700_000_000 + index / 1000 }))).map(verdictOf);

describe.each([
  ['GRE', gre],
  ['VXLAN', vxlan],
  ['a VLAN', tagged],
])('in %s', (_name, wrap) => {
  test('mail in clear is seen, and a session in TLS is protected', () => {
    expect(verdicts(real.map(wrap))).toEqual(['none']);
    expect(verdicts(decoy.map(wrap))).toEqual(['pass']);
  });

  test('mail beside a decoy of the same ends is no pass, whichever lies inside', () => {
    const [before, clear, tls] = [real.slice(0, shared), real.slice(shared), decoy.slice(shared)];
    for (const frames of [
      [...before, ...tls.map(wrap), ...clear],
      [...before, ...tls, ...clear.map(wrap)],
      [...before.map(wrap), ...clear.map(wrap), ...tls],
      [...decoy.map(wrap), ...real],
    ]) {
      expect(verdicts(frames)).not.toContain('pass');
    }
  });

  test('a session recorded inside and outside at once is judged as once', () => {
    expect(verdicts(decoy.flatMap((frame) => [frame, wrap(frame)]))).toEqual(['pass']);
  });
});
