import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { content, tls12Handshake } from '../protocols/tls/builder.ts';
import { type BuiltFrame, concat, ethernet, ipv4, ipv6, tcpFrame } from '../support/build-packets.ts';
import type { Step } from '../support/play.ts';
import { C, opening, S } from '../support/smtp-dialogues.ts';
import { flowsOf, framesOf } from '../support/talk.ts';
import { verdictOf } from '../support/verdict.ts';

// The cardinal sin is a pass where the receiver took clear mail. In each of these both are on the wire: mail in clear, and
// what would be a protected session. Nothing in a capture tells which of them the receivers took.
const mail: Step[] = [
  C('MAIL FROM:<a@example.com>'),
  S('250 2.1.0 OK'),
  C('RCPT TO:<b@example.com>'),
  S('250 2.1.5 OK'),
  C('DATA'),
  S('354 Go'),
  C('secret', '.'),
  S('250 2.6.0 Queued'),
  C('QUIT'),
  S('221 Bye'),
];
const session: Step[] = [
  C('STARTTLS'),
  S('220 2.0.0 SMTP server ready'),
  ...tls12Handshake(),
  ['client', content(200)],
  ['server', content(90)],
  ['client', content(300)],
];
const at = { port: 25 };
const real = framesOf([...opening, ...mail], at);
const decoy = framesOf([...opening, ...session], at);
/** frames that both have: handshake, greeting, EHLO and its answer */
const shared = 3 + opening.length;
const [before, clear, tls] = [real.slice(0, shared), real.slice(shared), decoy.slice(shared)];
const open = (frames: readonly BuiltFrame[]) => frames.slice(0, -3);

const verdicts = (frames: readonly BuiltFrame[]): string[] =>
  flowsOf(frames.map((frame, index) => ({ ...frame, time: 1_700_000_000 + index / 1000 }))).map(verdictOf);
const flag = (letter: number) => (frame: BuiltFrame) => {
  const bytes = frame.bytes.slice();
  bytes[47]! |= letter;
  return { ...frame, bytes };
};
const pieces = (frame: BuiltFrame, size: number): BuiltFrame[] => {
  const payload = frame.bytes.slice(54);
  const view = new DataView(frame.bytes.buffer);
  return Array.from({ length: Math.ceil(payload.length / size) }, (_, i) => {
    const part = payload.slice(i * size, (i + 1) * size);
    const bytes = concat(frame.bytes.slice(0, 54), part);
    const made = new DataView(bytes.buffer);
    made.setUint16(16, 40 + part.length);
    made.setUint32(38, (view.getUint32(38) + i * size) >>> 0);
    return { ...frame, bytes };
  });
};
const fromClient = (frame: BuiltFrame) => new DataView(frame.bytes.buffer).getUint16(36) === 25;
const hasPayload = (frame: BuiltFrame) => frame.bytes.length > 54;

test('the two sessions, each alone', () => {
  expect(verdicts(real)).toEqual(['none']);
  expect(verdicts(decoy)).toEqual(['pass']);
});

describe('of two copies of the same bytes either could have been taken', () => {
  test.each<[string, BuiltFrame[]]>([
    ['decoy first, to its end', [...before, ...tls, ...clear]],
    ['decoy first, left open', [...before, ...open(tls), ...clear]],
    ['mail first', [...before, ...clear, ...tls]],
    ['decoy first, mail of the client only', [...before, ...open(tls), ...clear.filter(fromClient)]],
    ['mail in single bytes', [...before, ...open(tls), ...clear.flatMap((frame) => pieces(frame, 1))]],
    ['the decoy in single bytes', [...before, ...open(tls).flatMap((frame) => pieces(frame, 1)), ...clear]],
    ['the first byte of the mail only', [...before, ...open(tls), ...pieces(clear[0]!, 1).slice(0, 1)]],
    ['a RST after the decoy', [...before, ...open(tls), flag(4)(tls.at(-1)!), ...clear]],
    [
      'a RST out of any window',
      [
        ...before,
        tcpFrame({ from: '10.0.0.2', to: '10.0.0.1', fromPort: 25, toPort: 40_000, flags: 'R', sequence: 9e8 }),
        ...tls,
        ...clear,
      ],
    ],
    ['the mail late', [...before, ...open(tls), ...Array.from({ length: 100 }, () => open(tls).at(-1)!), ...clear]],
  ])('%s', (_name, frames) => {
    expect(verdicts(frames)).not.toContain('pass');
  });

  test('in any order of the two', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (order) => {
        const [a, b] = [[...open(tls)], [...clear.filter(hasPayload)]];
        const merged = order.flatMap((first) => (first ? a.splice(0, 1) : b.splice(0, 1)));
        expect(verdicts([...before, ...merged, ...a, ...b])).not.toContain('pass');
      }),
      { numRuns: 300 },
    );
  });

  test('in any order at all', () => {
    const all = [...open(tls), ...clear.filter(hasPayload)];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (mixed) => {
        expect(verdicts([...before, ...mixed])).not.toContain('pass');
      }),
      { numRuns: 300 },
    );
  });
});

/** The frame's sequence number, and where it acknowledges, moved: the client's by the first, the server's by the second. */
const moved = (frame: BuiltFrame, client: number, server: number): BuiltFrame => {
  const bytes = frame.bytes.slice();
  const view = new DataView(bytes.buffer);
  const [own, other] = fromClient(frame) ? [client, server] : [server, client];
  view.setUint32(38, (view.getUint32(38) + own) >>> 0);
  view.setUint32(42, (view.getUint32(42) + other) >>> 0);
  return { ...frame, bytes };
};

describe('another connection of the same ports, whose opening was not captured', () => {
  const numbers = [-3_000_000_000, -1_500_000_000, -50_000_000, -20_000, 20_000, 50_000_000, 1_500_000_000];
  const mailAgain = real.slice(3);

  test.each(numbers)('after the end of the first, %i away, is not taken for stragglers', (away) => {
    const frames = [...decoy, ...mailAgain.map((frame) => moved(frame, away, -away))];
    const seen = verdicts(frames);
    expect(seen.includes('none') || !seen.includes('pass'), String(seen)).toBe(true);
  });

  test.each(numbers)('while the first seems open, %i away, is no part of its pass', (away) => {
    const frames = [...open(decoy), ...mailAgain.map((frame) => moved(frame, away, -away))];
    expect(verdicts(frames)).not.toContain('pass');
  });

  test.each(numbers)('behind a forged SYN, %i away, is no part of its pass', (away) => {
    const forged = framesOf(session, at).map((frame) => moved(frame, away, -away));
    expect(verdicts([...before, ...open(forged), ...clear])).not.toContain('pass');
    expect(verdicts([...before, forged[0]!, ...clear, ...open(forged).slice(1)])).not.toContain('pass');
  });
});

describe('what receivers read otherwise', () => {
  test('urgent data is not part of the stream for most (RFC 6093)', () => {
    // a receiver that takes the mark for data out reads another command
    const urgent = tls.map((frame, index) => (index === 0 ? flag(0x20)(frame) : frame));
    expect(verdicts([...before, ...urgent])).toEqual(['unknown']);
  });

  test('what a RST carries is no data, so what comes at its place is', () => {
    const reset = flag(4)(tls[0]!);
    expect(verdicts([...before, reset, ...clear])).toContain('none');
  });

  test('a forged FIN takes no byte from what comes in its place', () => {
    const forged = tcpFrame({
      from: '10.0.0.1',
      to: '10.0.0.2',
      fromPort: 40_000,
      toPort: 25,
      flags: 'FA',
      sequence: new DataView(clear[0]!.bytes.buffer).getUint32(38),
    });
    expect(verdicts([...before, forged, ...clear])).toEqual(['none']);
  });

  test('a FIN that ends the mail early, and a session behind it', () => {
    const forged = flag(1)(before.at(-1)!);
    expect(verdicts([...before, forged, ...open(tls), ...clear])).not.toContain('pass');
  });

  test('zeros that acknowledgments carry do not hide what comes in their place', () => {
    const garbage = pieces(tls[0]!, 4)[0]!;
    garbage.bytes.fill(0, 54);
    const pushed = flag(8)(garbage);
    expect(verdicts([...before, pushed, ...tls])).toEqual(['unknown']);
    expect(verdicts([...before, pushed, ...clear])).not.toContain('pass');
  });
});

describe('fragments that we and a receiver put together differently', () => {
  const whole = clear[0]!.bytes.slice(14);
  const payload = whole.slice(20);
  const [a, b] = [whole.slice(12, 16), whole.slice(16, 20)];
  const piece = (from: number, to: number, id: number, bytes = payload, more = to < bytes.length): BuiltFrame => ({
    bytes: ethernet(0x0800, ipv4(a, b, 6, bytes.slice(from, to), (more ? 0x2000 : 0) | (from / 8), id)),
    time: 0,
  });

  test.each<[string, BuiltFrame[]]>([
    ['overlap', [piece(0, 32, 1), piece(24, payload.length, 1)]],
    [
      'the same place twice, with other bytes',
      [piece(0, 24, 1, new Uint8Array(24), true), piece(0, 24, 1), piece(24, payload.length, 1)],
    ],
    ['the end twice', [piece(0, 24, 1), piece(24, 32, 1, payload.slice(0, 32)), piece(24, payload.length, 1)]],
    ['never whole', [piece(0, 24, 1)]],
  ])('%s', (_name, fragments) => {
    expect(verdicts([...before, ...fragments, ...tls])).not.toContain('pass');
    expect(verdicts([...before, ...tls, ...fragments])).not.toContain('pass');
  });

  test('a first fragment that splits the TCP header is read whole', () => {
    expect(verdicts([...before, piece(0, 8, 1), piece(8, payload.length, 1), ...clear.slice(1)])).toEqual(['none']);
  });

  test('of long ago do not complete those of now (RFC 8200 §4.5: 60 seconds)', () => {
    const old = { ...piece(0, 24, 1, new Uint8Array(24), true), time: 1_699_999_000 };
    const now = [piece(0, 24, 1), piece(24, payload.length, 1)].map((frame) => ({ ...frame, time: 1_700_000_000 }));
    const flows = flowsOf([old, ...before, ...now, ...clear.slice(1)]);
    expect(flows.map(verdictOf)).toEqual(['none']);
  });

  test('of IPv6 may hold further headers before the segment', () => {
    const ends = { from: 'fd00::1', to: 'fd00::2', fromPort: 40_000, toPort: 25 };
    const frame = tcpFrame({
      ...ends,
      flags: 'PA',
      sequence: 1,
      payload: Buffer.from('MAIL FROM:<a@example.com>\r\n'),
    });
    const [source, destination] = [frame.bytes.slice(22, 38), frame.bytes.slice(38, 54)];
    const options = Uint8Array.of(6, 0, 1, 4, 0, 0, 0, 0);
    const inside = concat(options, frame.bytes.slice(54));
    const part = (from: number, to: number): BuiltFrame => {
      const header = new Uint8Array(8);
      header[0] = 60;
      new DataView(header.buffer).setUint16(2, from | (to < inside.length ? 1 : 0));
      return {
        bytes: ethernet(0x86dd, ipv6(source, destination, 44, concat(header, inside.slice(from, to)))),
        time: 0,
      };
    };
    expect(flowsOf([part(0, 16), part(16, inside.length)]).map(verdictOf)).toEqual(['none']);
  });
});
