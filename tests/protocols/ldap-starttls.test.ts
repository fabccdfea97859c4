import { describe, expect, test } from 'vitest';
import { type AnyAnalyzer, defineAnalyzer } from '../../src/protocols/analyzer.ts';
import { ldap } from '../../src/protocols/ldap.ts';
import { hex } from '../support/gss-tokens.ts';
import {
  bindResponse,
  extendedRequest,
  extendedResponse,
  result,
  simpleBind,
  startTls,
  text,
} from '../support/ldap-messages.ts';
import { play, type Step } from '../support/play.ts';

/** Stands in for TLS: says which mechanism it was given, once. */
const tls: AnyAnalyzer = defineAnalyzer({
  name: 'tls',
  transports: ['tcp'],
  ports: [],
  start: ({ upgrade }) => upgrade,
  recognise: (bytes, start) => (bytes[start] === 0x16 ? 'certain' : 'no'),
  frame: (_bytes, start, end) => end - start,
  message: (_reader, _direction, upgrade, out) => {
    if (upgrade) out.fact({ kind: 'secured', mechanism: upgrade, level: 'privacy' });
  },
});
const watch = (...steps: Step[]) => play(steps, { port: 389, analyzers: [ldap, tls] });

const asked = { kind: 'described', what: 'upgrade-asked', verb: 'STARTTLS' };
const accepted = { kind: 'described', what: 'upgrade-accepted', verb: 'STARTTLS', code: '0' };
const secured = { kind: 'secured', mechanism: 'ldap-starttls', level: 'privacy' };

// frames 4 and 6 of a StartTLS between OpenLDAP's tools: RFC 4511 §4.14.1, §4.14.2, without a responseName
const request = hex('301d02010177188016312e332e362e312e342e312e313436362e3230303337');
const success = hex('300c02010178070a010004000400');
const clientHello = hex('160301000401000000');

describe('StartTLS (RFC 4511 §4.14)', () => {
  test('asked, accepted, handed over', () => {
    const observed = watch(['client', request], ['server', success], ['client', clientHello]);
    expect(observed.facts).toEqual([asked, accepted, secured]);
    expect(observed.protocolPath).toEqual(['ldap', 'tls']);
  });

  test('what the client sends before the answer waits for it', () => {
    const observed = watch(['client', request], ['client', clientHello], ['server', success]);
    expect(observed.facts).toEqual([asked, accepted, secured]);
  });

  test('the answer names itself', () => {
    const observed = watch(['client', request], ['server', extendedResponse(1, 0, startTls)], ['client', clientHello]);
    expect(observed.facts).toEqual([asked, accepted, secured]);
  });

  test.each([1, 2, 52, 53, 80])('refused with %i: the connection goes on in clear', (code) => {
    const observed = watch(
      ['client', request],
      ['server', extendedResponse(1, code, startTls)],
      ['client', simpleBind(2, 'cn=a', 'pw')],
      ['server', bindResponse(2, 0)],
    );
    expect(observed.facts).toEqual([
      asked,
      { kind: 'refused', what: 'upgrade', verb: 'STARTTLS', code: String(code) },
      { kind: 'exposed', content: 'credentials' },
      expect.objectContaining({ mechanism: 'simple-bind', outcome: 'accepted' }),
    ]);
    expect(observed.protocolPath).toEqual(['ldap']);
  });

  test('accepted, but the client goes on in clear', () => {
    const observed = watch(['client', request], ['server', success], ['client', simpleBind(2, 'cn=a', 'pw')]);
    expect(observed.facts).toContainEqual({ kind: 'described', what: 'upgrade-not-followed', verb: 'STARTTLS' });
    expect(observed.facts).toContainEqual({ kind: 'exposed', content: 'credentials' });
    expect(observed.protocolPath).toEqual(['ldap']);
  });

  test('answers to other messages do not count', () => {
    const observed = watch(
      ['client', request],
      ['server', extendedResponse(7, 0)],
      ['server', result(5, 0x65, 0)],
      ['server', extendedResponse(0, 52, '1.3.6.1.4.1.1466.20036')],
    );
    expect(observed.facts).toEqual([asked]);
  });

  test('asked twice: the last word counts', () => {
    const observed = watch(
      ['client', request],
      ['server', extendedResponse(1, 52)],
      ['client', extendedRequest(2, startTls)],
      ['server', extendedResponse(2, 0)],
      ['client', clientHello],
    );
    expect(observed.facts).toEqual([
      asked,
      { kind: 'refused', what: 'upgrade', verb: 'STARTTLS', code: '52' },
      accepted,
      secured,
    ]);
  });

  test('only the answer was seen', () => {
    const steps: Step[] = [
      ['server', extendedResponse(1, 0, startTls)],
      ['client', clientHello],
    ];
    const { facts } = play(steps, { port: 389, midstream: true, analyzers: [ldap, tls] });
    expect(facts).toEqual([accepted, secured]);
  });

  test('TLS from the first byte is not LDAP', () => {
    expect(watch(['client', clientHello]).protocolPath).toEqual(['tls']);
  });

  test('no upgrade where another extended operation is asked', () => {
    expect(watch(['client', extendedRequest(1, `${startTls}1`, text(''))]).facts).not.toContainEqual(asked);
  });
});
