import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { cipherSuiteName, tlsAlertName, tlsVersionName } from '../../../src/report/names/tls.ts';
import { cipherSuites } from '../../../src/report/names/tls-cipher-suites.ts';

test('versions are called as the report calls them', () => {
  const named = [0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304].map(tlsVersionName);
  expect(named).toEqual(['SSLv2', 'SSLv3', '1.0', '1.1', '1.2', '1.3']);
});

test('what has no name is printed as its number', () => {
  expect(tlsVersionName(0x7f1c)).toBe('0x7F1C');
  expect(cipherSuiteName(0xfa)).toBe('0x00FA');
  expect(tlsAlertName(200)).toBe('0x00C8');
});

test.each([
  [0x0000, 'TLS_NULL_WITH_NULL_NULL'],
  [0x000a, 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'],
  [0x1301, 'TLS_AES_128_GCM_SHA256'],
  [0xc014, 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA'],
  [0xc0aa, 'TLS_PSK_DHE_WITH_AES_128_CCM_8'],
  [0x00ff, 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV'],
])('%i is %s, as registered', (number, name) => {
  expect(cipherSuiteName(number)).toBe(name);
});

const tshark = spawnSync('tshark', ['-G', 'values'], { encoding: 'utf8', maxBuffer: 1 << 28 });
const table = tshark.status === 0 ? tshark.stdout : '';
if (!table) console.warn('tshark is not installed: names of TLS numbers are not compared with its tables');

describe.skipIf(!table)('Wireshark has the same names', () => {
  const valuesOf = (field: string): Map<number, string> =>
    new Map(
      table
        .split('\n')
        .map((line) => line.split('\t'))
        .filter(([kind, name]) => kind === 'V' && name === field)
        .map(([, , number, name]) => [Number(number), name!] as const),
    );

  test('for cipher suites', () => {
    const theirs = valuesOf('tls.handshake.ciphersuite');
    const differing = [...cipherSuites].filter(([number, name]) => theirs.has(number) && theirs.get(number) !== name);
    // Wireshark corrects the registry's word order
    const wordOrder = (name: string) => name.replace('PSK_DHE', 'DHE_PSK');
    expect(differing.filter(([number, name]) => theirs.get(number) !== wordOrder(name))).toEqual([]);
    const registered = [...theirs].filter(([number, name]) => number < 0xe000 && !name.startsWith('Reserved'));
    const missing = registered.filter(([number]) => !cipherSuites.has(number)).map(([number]) => number);
    // a private number of mbed TLS, and drafts of RFC 7905
    expect(missing).toEqual([0xc0ff, 0xcc13, 0xcc14, 0xcc15]);
  });

  test('for alerts, but for the spelling', () => {
    const spelt = (name: string) => name.toLowerCase().replaceAll(' ', '_');
    for (const [code, name] of valuesOf('tls.alert_message.desc')) expect(tlsAlertName(code)).toBe(spelt(name));
  });
});
