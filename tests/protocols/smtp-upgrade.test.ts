import { describe, expect, test } from 'vitest';
import { play } from '../support/play.ts';
import { C, clientHello, exposed, kinds, opening, S } from '../support/smtp-dialogues.ts';

describe('upgrades', () => {
  test.each(['STARTTLS', 'X-ANONYMOUSTLS'] as const)('%s hands over to TLS', (verb) => {
    const seen = play([...opening, C(verb), S('220 2.0.0 SMTP server ready'), ['client', clientHello]], { port: 25 });
    expect(seen.protocol).toBe('smtp');
    expect(seen.protocolPath).toEqual(['smtp', 'tls']);
    expect(kinds(seen, 'upgrade-asked', 'upgrade-accepted', 'upgrade-not-followed')).toEqual([
      { kind: 'described', what: 'upgrade-asked', verb },
      { kind: 'described', what: 'upgrade-accepted', verb, code: '220' },
    ]);
    expect(kinds(seen, 'tls-client-hello')).toHaveLength(1);
    expect(exposed(seen)).toEqual([]);
  });

  test('refused: goes on in clear', () => {
    const seen = play([...opening, C('STARTTLS'), S('454 4.7.0 TLS not available'), C('MAIL FROM:<a@b>')], {
      port: 25,
    });
    expect(kinds(seen, 'refused')).toEqual([{ kind: 'refused', what: 'upgrade', verb: 'STARTTLS', code: '454' }]);
    expect(seen.protocolPath).toEqual(['smtp']);
    expect(exposed(seen)).toEqual(['message']);
  });

  test('accepted and not followed: goes on in clear', () => {
    const seen = play([...opening, C('STARTTLS'), S('220 Go'), C('MAIL FROM:<a@b>'), S('250 OK')], { port: 25 });
    expect(seen.protocolPath).toEqual(['smtp']);
    expect(kinds(seen, 'upgrade-accepted', 'upgrade-not-followed')).toHaveLength(2);
    expect(exposed(seen)).toEqual(['message']);
  });

  test('plaintext injected behind STARTTLS is seen as what it is, and TLS after it too', () => {
    const seen = play(
      [...opening, C('STARTTLS', 'MAIL FROM:<evil@example.com>'), S('220 Go'), ['client', clientHello]],
      { port: 25 },
    );
    expect(kinds(seen, 'upgrade-not-followed')).toHaveLength(1);
    expect(exposed(seen)).toEqual(['message']);
    expect(seen.protocolPath).toEqual(['smtp', 'tls']);
  });

  test('pipelined behind a refused STARTTLS, commands are read once it is refused', () => {
    const seen = play([...opening, C('STARTTLS', 'MAIL FROM:<a@b>'), S('502 No'), S('250 OK')], { port: 25 });
    expect(exposed(seen)).toEqual(['message']);
    expect(seen.protocolPath).toEqual(['smtp']);
  });

  test('the server is not seen: what follows tells', () => {
    const tls = play([C('EHLO a'), C('STARTTLS'), ['client', clientHello]], { port: 25 });
    expect(tls.protocolPath).toEqual(['smtp', 'tls']);
    expect(exposed(tls)).toEqual([]);
    expect(kinds(tls, 'upgrade-accepted')).toEqual([]);
    const clear = play([C('EHLO a'), C('STARTTLS'), C('MAIL FROM:<a@b>')], { port: 25 });
    expect(clear.protocolPath).toEqual(['smtp']);
    expect(exposed(clear)).toEqual(['message']);
    expect(kinds(clear, 'upgrade-not-followed')).toEqual([]);
  });

  test('the answer is lost: what follows tells', () => {
    const seen = play(
      [...opening, C('STARTTLS'), ['server', { lost: 30 }], ['server', '2.0.0 x\r\n'], ['client', clientHello]],
      { port: 25 },
    );
    expect(seen.protocolPath).toEqual(['smtp', 'tls']);
  });

  test('STARTTLS is lost, TLS follows', () => {
    const seen = play([...opening, ['client', { lost: 10 }], S('220 Go'), ['client', clientHello]], { port: 25 });
    expect(seen.protocolPath).toEqual(['smtp', 'tls']);
    expect(exposed(seen)).toEqual([]);
  });
});

describe('lost bytes', () => {
  test('one line lost, the next is read', () => {
    const seen = play(
      [
        ...opening,
        ['client', { lost: 30 }],
        C('MAIL FROM:<a@b>'),
        ['server', { lost: 8 }],
        S('250 OK'),
        C('STARTTLS'),
        S('454 No'),
      ],
      {
        port: 25,
      },
    );
    expect(exposed(seen)).toEqual(['message']);
    expect(kinds(seen, 'refused')).toHaveLength(1);
  });

  test('in a body: its text stays a body', () => {
    const seen = play(
      [
        ...opening,
        C('DATA'),
        S('354 Go'),
        C('x'),
        ['client', { lost: 1460 }],
        C('AUTH PLAIN AGEAc2VjcmV0', '.'),
        S('250 OK'),
        C('STARTTLS'),
        S('454 No'),
      ],
      { port: 25 },
    );
    expect(kinds(seen, 'authenticated')).toEqual([]);
    expect(kinds(seen, 'refused')).toHaveLength(1);
  });

  test('with the end of the body in them: the confirmation ends it', () => {
    const seen = play(
      [...opening, C('DATA'), S('354 Go'), ['client', { lost: 1460 }], S('250 OK'), C('STARTTLS'), S('454 No')],
      {
        port: 25,
      },
    );
    expect(kinds(seen, 'refused')).toHaveLength(1);
  });
});
