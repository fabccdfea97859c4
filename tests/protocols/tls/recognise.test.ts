import { describe, expect, test } from 'vitest';
import type { Direction } from '../../../src/flows/direction.ts';
import { tls } from '../../../src/protocols/tls/tls.ts';
import {
  alert,
  changeCipherSpec,
  clientHello,
  content,
  handshake,
  hex,
  join,
  noise,
  serverHello,
  u16,
} from './builder.ts';
import { ssl2ClientHello, ssl2ServerHello } from './ssl2-builder.ts';

const recognise = (bytes: Uint8Array, direction: Direction) => tls.recognise(bytes, 0, bytes.length, direction);

test.each<[string, Uint8Array, Direction, string]>([
  ['a ClientHello', handshake(clientHello()), 'client', 'certain'],
  ['a ServerHello', handshake(serverHello()), 'server', 'certain'],
  ['a ServerHello of the client', handshake(serverHello()), 'client', 'possible'],
  ['a ClientHello of the server', handshake(clientHello()), 'server', 'possible'],
  ['a ClientHello in a record of SSL 3', hex('160300002f 0100002b 0301'), 'client', 'certain'],
  ['a fatal alert of the server', alert(2, 40), 'server', 'certain'],
  ['an alert of the client', alert(2, 40), 'client', 'possible'],
  ['an alert of no level', alert(9, 40), 'server', 'possible'],
  ['one record from the middle, as long as what was sent', content(300), 'client', 'certain'],
  ['one alert from the middle, as long as what was sent', hex('15 0303 0002 0128'), 'client', 'possible'],
  ['a record that goes on in the next segment', content(3000).subarray(0, 1400), 'server', 'possible'],
  ['two records from the middle', join(content(300), content(40)), 'server', 'certain'],
  ['a record and something else', join(content(300), hex('4d41494c')), 'client', 'no'],
  ['ChangeCipherSpec and Finished', join(changeCipherSpec, content(40)), 'client', 'certain'],
  ['a record longer than there are', join(hex('17 0303'), u16(20000), noise(40, 1)), 'client', 'no'],
  ['a handshake in progress of MS-NNS', hex('16 0100 0040'), 'client', 'no'],
  ['the end of one of MS-NNS', hex('14 0100 0000'), 'server', 'no'],
  ['an error of MS-NNS', hex('15 0100 0008 0000000080090308'), 'server', 'no'],
  ['a TPKT header', hex('0300 0013 0e'), 'client', 'no'],
  ['SMTP', Buffer.from('EHLO hub1\r\n'), 'client', 'no'],
  ['LDAP', hex('30 0c 02 01 01 60 07'), 'client', 'no'],
  ['an SSL 2 ClientHello', ssl2ClientHello(), 'client', 'certain'],
  ['an SSL 2 ClientHello that offers TLS 1.0', ssl2ClientHello({ version: 0x0301 }), 'client', 'certain'],
  [
    'an SSL 2 ClientHello whose lengths do not add up',
    join(hex('802f'), ssl2ClientHello().subarray(2)),
    'client',
    'no',
  ],
  ['an SSL 2 ClientHello with half a cipher', ssl2ClientHello({ ciphers: hex('0100800200') }), 'client', 'no'],
  ['an SSL 2 ServerHello', ssl2ServerHello(noise(200, 1)), 'server', 'certain'],
  ['other bytes with the high bit', hex('80 2e 02 00 02 00 15 00 00 00 10'), 'client', 'no'],
  ['nothing', hex(''), 'client', 'no'],
])('%s', (_what, bytes, direction, recognition) => {
  expect(recognise(bytes, direction)).toBe(recognition);
});

describe('with too few bytes to say, more are asked for', () => {
  test.each([
    ['a ClientHello', handshake(clientHello()), 11],
    ['an SSL 2 ClientHello', ssl2ClientHello(), 11],
  ])('%s', (_what, bytes, enough) => {
    for (let length = 1; length < enough; length++) expect(recognise(bytes.subarray(0, length), 'client')).toBe('more');
    expect(recognise(bytes.subarray(0, enough), 'client')).toBe('certain');
  });
});
