import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/protocols/fact.ts';
import { between, report } from '../support/judge-flow.ts';

const asked = (name: string): Fact => ({ kind: 'described', what: 'resource', name });
const directories = (protocol: string, ...names: string[]) =>
  report(between('client1', 'cas1', 80, protocol, names.map(asked))).virtualDirectories;

describe('virtual directories', () => {
  test('are the first segments of HTTP paths, each once whatever its case', () => {
    expect(directories('http', '/owa/auth.owa', '/OWA/ev.owa', '/EWS/Exchange.asmx', '/')).toEqual(['/OWA', '/EWS']);
  });

  test('are none of other protocols, and no more than a few', () => {
    expect(directories('smb', '\\\\mbx1\\C$')).toBeUndefined();
    expect(directories('http', ...Array.from({ length: 100 }, (_, at) => `/${at}/x`))!.length).toBeLessThan(20);
  });
});

describe('tunnels', () => {
  test('are those that the first packet lay in, from the outermost', () => {
    const outer: Fact[] = [
      { kind: 'described', what: 'tunnel', carrier: 'gre', id: null, source: '192.0.2.1', destination: '192.0.2.2' },
      { kind: 'described', what: 'tunnel', carrier: 'mpls', id: 16, source: null, destination: null },
    ];
    expect(report(between('hub1', 'hub2', 25, 'smtp', outer)).tunnels).toEqual([
      { kind: 'gre', from: '192.0.2.1', to: '192.0.2.2' },
      { kind: 'mpls', from: null, to: null },
    ]);
    expect(report(between('hub1', 'hub2', 25, 'smtp')).tunnels).toBeUndefined();
  });
});

test('media whose keys the signalling told in clear say so, unless they went in clear themselves', () => {
  const key: Fact = { kind: 'described', what: 'property', name: 'srtp-key-in-clear', value: true };
  const media = (...facts: Fact[]) => report(between('pbx1', 'um1', 1024, 'rtp', facts, { transport: 'udp' }));
  expect(media(key).keysInClear).toBe(true);
  expect(media(key, { kind: 'exposed', content: 'call' }).keysInClear).toBeUndefined();
  expect(media().keysInClear).toBeUndefined();
});
