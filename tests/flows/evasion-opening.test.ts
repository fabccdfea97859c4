import { describe, expect, test } from 'vitest';
import { content, tls12Handshake } from '../protocols/tls/builder.ts';
import { type BuiltFrame, tcpFrame } from '../support/build-packets.ts';
import type { Step } from '../support/play.ts';
import { C, opening, S } from '../support/smtp-dialogues.ts';
import { flowsOf, framesOf } from '../support/talk.ts';
import { verdictOf, whys } from '../support/verdict.ts';

const steps: Step[] = [
  ...opening,
  C('STARTTLS'),
  S('220 2.0.0 SMTP server ready'),
  ...tls12Handshake(),
  ['client', content(200)],
  ['server', content(90)],
];
const session = framesOf(steps, { port: 25 });
const mail = framesOf([...opening, C('MAIL FROM:<a@example.com>'), S('250 OK')], { port: 25 });
const a = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 40_000, toPort: 25 };
const b = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 25, toPort: 40_000 };
const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const verdicts = (frames: readonly BuiltFrame[]) => flowsOf(frames).map(verdictOf);

describe('openings', () => {
  test('with data in the SYN (RFC 7413), taken or sent again', () => {
    const hello = bytes('EHLO edge1.example.com\r\n');
    const syn = tcpFrame({ ...a, flags: 'S', sequence: 1000, payload: hello });
    const taken = [
      syn,
      session[1]!,
      tcpFrame({ ...b, flags: 'PA', sequence: 5001, acknowledgment: 1025, payload: bytes('250 hub1\r\n') }),
    ];
    expect(flowsOf(taken)[0]!.protocol).toBe('smtp');
    // a server that does not take it gets other bytes in their place
    const instead = tcpFrame({
      ...a,
      flags: 'PA',
      sequence: 1001,
      acknowledgment: 5001,
      payload: bytes('MAIL FROM:<a@example.com>\r\n'),
    });
    expect(whys(flowsOf([...taken, instead])[0]!)).toContain('ambiguous-overlap');
  });

  test('whose SYN-ACK was not captured are as good as whole: the acknowledgment of it says where the server begins', () => {
    expect(verdicts([session[0]!, ...session.slice(2)])).toEqual(['pass']);
  });

  test('of which neither SYN-ACK nor its acknowledgment was captured leave open where the server began', () => {
    expect(verdicts([session[0]!, ...session.slice(3)])).toEqual(['unknown']);
  });

  test('captured behind the first data are one flow', () => {
    expect(verdicts([...session.slice(1, 5), session[0]!, ...session.slice(5)])).toEqual(['pass']);
  });

  test.each([
    ['simultaneous (RFC 9293 §3.5)', [tcpFrame({ ...b, flags: 'S', sequence: 5000 })]],
    [
      'split in SYN and ACK',
      [
        tcpFrame({ ...b, flags: 'A', sequence: 5000, acknowledgment: 1001 }),
        tcpFrame({ ...b, flags: 'S', sequence: 5000 }),
      ],
    ],
  ])('%s are read', (_name, handshake) => {
    expect(verdicts([mail[0]!, ...handshake, ...mail.slice(2)])).toContain('none');
    expect(flowsOf([mail[0]!, ...handshake, ...mail.slice(2)])).toHaveLength(1);
  });

  test('acknowledged with lies, far ahead and far behind, hide no mail', () => {
    for (const lie of [1_000_000, 2 ** 31 - 1, 2 ** 31 + 1, 2 ** 32 - 1]) {
      const lies = mail.map((frame, index) => {
        if (index < 3) return frame;
        const copy = frame.bytes.slice();
        const view = new DataView(copy.buffer);
        view.setUint32(42, (view.getUint32(42) + lie) >>> 0);
        return { ...frame, bytes: copy };
      });
      expect(verdicts(lies), `by ${lie}`).not.toContain('pass');
      expect(verdicts([...lies, ...session.slice(5)]), `by ${lie}`).not.toContain('pass');
    }
  });
});

describe('in good faith', () => {
  test('keep-alives with a zero in them, and probes of a closed window, change nothing', () => {
    const last = session.length - 3;
    const next = new DataView(session[last]!.bytes.buffer).getUint32(38);
    const alive = tcpFrame({ ...a, flags: 'A', sequence: next - 1, acknowledgment: 5001, payload: new Uint8Array(1) });
    const early = tcpFrame({ ...a, flags: 'A', sequence: 1000, acknowledgment: 5001, payload: new Uint8Array(1) });
    expect(
      verdicts([...session.slice(0, 3), early, ...session.slice(3, last), alive, alive, ...session.slice(last)]),
    ).toEqual(['pass']);
  });

  test('a capture that goes on in another file is one flow', () => {
    expect(verdicts(session.slice(0, 9).concat(session.slice(9)))).toEqual(['pass']);
  });

  test('both ends on service ports, or on the same host', () => {
    const relay = { ...a, fromPort: 25 };
    const back = { ...b, toPort: 25 };
    const here = { ...a, to: a.from };
    const there = { ...b, from: a.from, to: a.from };
    for (const [out, home] of [
      [relay, back],
      [here, there],
    ] as const) {
      const frames = [
        tcpFrame({ ...out, flags: 'S', sequence: 1000 }),
        tcpFrame({ ...home, flags: 'SA', sequence: 5000, acknowledgment: 1001 }),
        tcpFrame({ ...home, flags: 'PA', sequence: 5001, acknowledgment: 1001, payload: bytes('220 hub1 ESMTP\r\n') }),
        tcpFrame({
          ...out,
          flags: 'PA',
          sequence: 1001,
          acknowledgment: 5017,
          payload: bytes('MAIL FROM:<a@example.com>\r\n'),
        }),
      ];
      expect(verdicts(frames)).toEqual(['none']);
    }
  });
});
