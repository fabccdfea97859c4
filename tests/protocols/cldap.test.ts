import { describe, expect, test } from 'vitest';
import { hex } from '../support/gss-tokens.ts';
import { entry, join, search, searchDone, simpleBind } from '../support/ldap-messages.ts';
import { play, type Step } from '../support/play.ts';

const watch = (...steps: Step[]) => play(steps, { port: 389, transport: 'udp' });

describe('CLDAP ([MS-ADTS] §6.3.3)', () => {
  test('a ping and its answer expose nothing', () => {
    const observed = watch(
      ['client', search(1, '', 0)],
      ['server', join(entry(1, '', { netlogon: ['\x17\0\0\0'] }), searchDone(1))],
    );
    expect(observed.protocol).toBe('cldap');
    expect(observed.facts).toEqual([]);
    expect(observed.blindSpots).toEqual([]);
  });

  test('an answer alone', () => {
    expect(play([['server', entry(1, '', {})]], { port: 389, transport: 'udp', midstream: true }).protocol).toBe(
      'cldap',
    );
  });

  test.each([
    ['DNS', hex('123401000001000000000000076578616d706c6504746573740000010001')],
    ['a bind', simpleBind(1, 'cn=a', 'pw')],
    ['nothing much', hex('3000')],
  ])('not CLDAP: %s', (_name, datagram) => {
    expect(watch(['client', datagram]).protocol).not.toBe('cldap');
  });

  test('a broken datagram after a whole one is said to be', () => {
    const observed = watch(['client', search(1, '', 0)], ['client', hex('30050201026302')]);
    expect(observed.blindSpots).toEqual([expect.objectContaining({ why: 'malformed' })]);
  });

  test('cut anywhere it never breaks', () => {
    const datagram = search(1, '', 0);
    for (let end = 0; end < datagram.length; end++) {
      expect(watch(['client', datagram], ['client', datagram.subarray(0, end)]).facts).toEqual([]);
    }
  });
});
