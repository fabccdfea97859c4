import { describe, expect, test } from 'vitest';
import { asRep, asReq, krbError, overTcp, tgsRep, tgsReq } from '../support/kerberos-messages.ts';
import { play, type Step } from '../support/play.ts';

const udp = (...steps: Step[]) => play(steps, { port: 88, transport: 'udp' });
const tcp = (...steps: Step[]) => play(steps, { port: 88 });
const smtp = ['SMTPSVC', 'hub2.example.test'];
const tgt = {
  what: 'ticket-issued',
  client: 'hub1$@EXAMPLE.TEST',
  service: 'krbtgt/EXAMPLE.TEST',
  realm: 'EXAMPLE.TEST',
};
const logins = ({ facts }: ReturnType<typeof play>) => facts.filter((fact) => fact.kind === 'authenticated');
const has = (fact: object) => expect.arrayContaining([expect.objectContaining(fact)]);

/** RFC 4120 §3.1 and §3.3 as Windows and MIT go about it: refused, asked again with a proof, then a service's ticket. */
const whole: Step[] = [
  ['client', asReq({ padata: [128] })],
  ['server', krbError(25)],
  ['client', asReq({ padata: [2, 128] })],
  ['server', asRep()],
  ['client', tgsReq(smtp)],
  ['server', tgsRep(smtp, { etypes: [23, 18] })],
];

describe.each(['udp', 'tcp'] as const)('over %s', (transport) => {
  const steps = whole.map(
    ([from, said]): Step => [from, transport === 'tcp' ? overTcp(said as Uint8Array) : (said as Uint8Array)],
  );
  const seen = play(steps, { port: 88, transport });

  test('is Kerberos, without anything that could not be seen', () => {
    expect(seen.protocol).toBe('kerberos');
    expect(seen.blindSpots).toEqual([]);
  });

  test('who asked for which service, with which etypes', () => {
    const asked = { what: 'ticket-requested', realm: 'EXAMPLE.TEST', etypes: [18, 17, 23] };
    expect(seen.facts).toEqual(has({ ...asked, client: 'hub1$@EXAMPLE.TEST', service: 'krbtgt/EXAMPLE.TEST' }));
    expect(seen.facts).toEqual(has({ ...asked, client: null, service: 'SMTPSVC/hub2.example.test' }));
  });

  test('to whom tickets were issued, for which services, and how both are encrypted', () => {
    expect(seen.stamped).toEqual(has({ ...tgt, etype: 18, frame: 4, from: 'server' }));
    expect(seen.stamped).toEqual(has({ ...tgt, service: 'SMTPSVC/hub2.example.test', etype: 23, frame: 6 }));
    expect(seen.facts).toEqual(has({ name: 'kerberos-reply-etype', value: 18 }));
  });

  test('with what the client proved itself, and that it was accepted', () => {
    expect(seen.facts).toEqual(has({ name: 'kerberos-preauthentication', value: 2 }));
    const accepted = { kind: 'authenticated', mechanism: 'kerberos', outcome: 'accepted', protected: true };
    expect(logins(seen)).toEqual([
      { ...accepted, principal: 'hub1$@EXAMPLE.TEST', etype: 18 },
      { ...accepted, principal: 'hub1$@EXAMPLE.TEST', etype: 23 },
    ]);
  });

  test('the error, which is no refusal', () => {
    expect(seen.facts).toEqual(has({ what: 'kerberos-error', code: 25, service: 'krbtgt/EXAMPLE.TEST' }));
  });

  test('nothing of a key or a ticket is kept', () => {
    expect(JSON.stringify(seen.record)).not.toMatch(/Lab-Proof|ecec|236,236|\u00ec/i);
  });

  test('nothing is called content, or protected', () => {
    expect(seen.facts.filter(({ kind }) => kind === 'secured' || kind === 'exposed')).toEqual([]);
  });
});

describe('refusals', () => {
  // RFC 4120 §7.5.9, RFC 4556 §3.1.3
  test.each([6, 12, 18, 23, 24, 31, 37, 62, 64, 75])('error %i turns away who had sent a proof', (code) => {
    const seen = udp(['client', asReq({ padata: [2] })], ['server', krbError(code)]);
    expect(logins(seen)).toEqual([
      {
        kind: 'authenticated',
        mechanism: 'kerberos',
        outcome: 'refused',
        principal: 'hub1$@EXAMPLE.TEST',
        protected: true,
      },
    ]);
  });

  test.each([25, 52, 68, 91, 61, 29])('error %i does not', (code) => {
    expect(logins(udp(['client', asReq({ padata: [2] })], ['server', krbError(code)]))).toEqual([]);
  });

  test.each([6, 18, 24])('error %i is none to who had sent no proof', (code) => {
    expect(logins(udp(['client', asReq()], ['server', krbError(code)]))).toEqual([]);
  });

  test('a service that nobody knows says nothing of the client', () => {
    const seen = udp(['client', tgsReq(smtp)], ['server', krbError(7, smtp)]);
    expect(seen.facts).toEqual(has({ what: 'kerberos-error', code: 7, service: 'SMTPSVC/hub2.example.test' }));
    expect(logins(seen)).toEqual([]);
  });

  test('asked a second time over UDP, then refused', () => {
    const ask: Step = ['client', asReq({ padata: [2] })];
    expect(logins(udp(ask, ask, ['server', krbError(24)]))).toEqual([expect.objectContaining({ outcome: 'refused' })]);
  });
});

describe('answers', () => {
  test('count without their question', () => {
    const seen = udp(['client', asReq()], ['server', krbError(25)], ['server', tgsRep(smtp)]);
    expect(logins(seen)).toEqual([expect.objectContaining({ outcome: 'accepted', principal: 'hub1$@EXAMPLE.TEST' })]);
  });

  test('that were not seen leave open what became of the proof', () => {
    expect(logins(udp(['client', asReq({ padata: [2] })]))).toEqual([expect.objectContaining({ outcome: 'unseen' })]);
    expect(logins(udp(['client', asReq()]))).toEqual([]);
  });

  test('a referral is a ticket for the other realm, not for the service that was asked for', () => {
    const seen = udp(['client', tgsReq(smtp)], ['server', tgsRep(['krbtgt', 'OTHER.TEST'])]);
    expect(seen.facts).toEqual(has({ ...tgt, service: 'krbtgt/OTHER.TEST' }));
    expect(seen.facts).not.toEqual(has({ what: 'ticket-issued', service: 'SMTPSVC/hub2.example.test' }));
  });

  test('several requests in one TCP connection, two of them in one segment', () => {
    const seen = tcp(
      ['client', overTcp(tgsReq(smtp), tgsReq(['ldap', 'dc1.example.test']))],
      ['server', overTcp(tgsRep(smtp), tgsRep(['ldap', 'dc1.example.test']))],
    );
    expect(seen.facts).toEqual(has({ what: 'ticket-issued', service: 'SMTPSVC/hub2.example.test' }));
    expect(seen.facts).toEqual(has({ what: 'ticket-issued', service: 'ldap/dc1.example.test' }));
  });
});

describe('names', () => {
  // RFC 1964 §2.1.3
  test('a sign that would be taken for a separator is marked', () => {
    const seen = udp(
      ['client', tgsReq(['SMTPSVC/hub2'])],
      ['server', tgsRep(['SMTPSVC/hub2'], { client: ['alice@other'] })],
    );
    expect(seen.facts).toEqual(has({ service: 'SMTPSVC\\/hub2', client: 'alice\\@other@EXAMPLE.TEST' }));
  });

  test('are cut at the cap', () => {
    const seen = udp(['client', tgsReq(['x'.repeat(3000)])], ['server', tgsRep(['HTTP', 'y'.repeat(3000)])]);
    for (const fact of seen.facts) {
      for (const value of Object.values(fact))
        if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(256);
    }
  });

  test('etypes of other numbers keep their sign', () => {
    const seen = udp(['client', asReq({ etypes: [23, -133, -128] })], ['server', krbError(25)]);
    expect(seen.facts).toEqual(has({ etypes: [23, -133, -128] }));
  });
});

test('on another port it is known by its content', () => {
  expect(play(whole, { port: 750, transport: 'udp' }).protocol).toBe('kerberos');
});
