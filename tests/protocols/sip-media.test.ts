import { describe, expect, test } from 'vitest';
import type { Announcement } from '../../src/protocols/analyzer.ts';
import { defineAnalyzer } from '../../src/protocols/analyzer.ts';
import { sip } from '../../src/protocols/sip.ts';
import { play, type Step } from '../support/play.ts';
import { C, crypto, request, response, S, sdp } from '../support/sip-messages.ts';

const mediaOf = (...bodies: string[]) =>
  play(
    bodies.map((body, cseq) => C(request('INVITE', { body, cseq }))),
    { port: 5060 },
  ).facts.flatMap((fact) =>
    fact.kind === 'described' && fact.what === 'media'
      ? [`${fact.address} ${fact.port} ${fact.profile} ${fact.keys}`]
      : [],
  );

/** What a dialogue announces, the last word on each address and port. */
function announced(...steps: Step[]): Record<string, string> {
  const told: Record<string, string> = {};
  const listening = defineAnalyzer<unknown>({
    ...sip,
    message: (reader, direction, state, out) => {
      const announce = ({ address, port, protocol, detail }: Announcement) => {
        told[`${protocol} ${address} ${port}`] = detail;
      };
      sip.message(
        reader,
        direction,
        state,
        Object.assign(Object.create(out), { fact: () => {}, announce, blind: () => {}, skip: () => {} }),
      );
    },
  });
  play(steps, { port: 5060, analyzers: [listening] });
  return told;
}

describe('media lines', () => {
  test('address, port, profile and keys', () => {
    expect(mediaOf(sdp('10.0.0.1', 4000))).toEqual(['10.0.0.1 4000 RTP/AVP none']);
    expect(mediaOf(sdp('10.0.0.1', 4000, 'RTP/SAVP', crypto))).toEqual(['10.0.0.1 4000 RTP/SAVP sdes']);
    const fingerprint = 'a=fingerprint:SHA-256 4A:AD:B9';
    expect(mediaOf(sdp('10.0.0.1', 4000, 'UDP/TLS/RTP/SAVPF', fingerprint))).toEqual([
      '10.0.0.1 4000 UDP/TLS/RTP/SAVPF dtls',
    ]);
    expect(mediaOf(sdp('10.0.0.1', 4000, 'RTP/SAVP', 'a=key-mgmt:mikey AQAF'))).toEqual([
      '10.0.0.1 4000 RTP/SAVP mikey',
    ]);
    expect(mediaOf(sdp('fd00:0:0:0::1', 4000))).toEqual(['fd00::1 4000 RTP/AVP none']);
  });

  test('a stream with an address of its own, one that is refused, T.38', () => {
    const body = `${sdp('10.0.0.1', 4000)}m=video 0 RTP/AVP 31\r\nm=image 4010 udptl t38\r\nc=IN IP4 10.0.0.9\r\n`;
    expect(mediaOf(body)).toEqual(['10.0.0.1 4000 RTP/AVP none', '10.0.0.9 4010 udptl none']);
  });

  test('keys in clear are said, and no key is kept', () => {
    const seen = play([C(request('INVITE', { body: sdp('10.0.0.1', 4000, 'RTP/SAVP', crypto) }))], { port: 5060 });
    expect(seen.facts).toContainEqual({ kind: 'described', what: 'property', name: 'sdes-key-in-clear', value: true });
    expect(JSON.stringify(seen.record)).not.toContain('PS1uQC');
  });

  test('in parts of a body, as Microsoft clients send', () => {
    const part = (body: string) => `--b\r\nContent-Type: application/sdp\r\n\r\n${body}\r\n`;
    const body = `${part(sdp('10.0.0.1', 4000))}${part(sdp('10.0.0.1', 4002, 'RTP/SAVP', crypto))}--b--\r\n`;
    const invite = request('INVITE', { body, type: 'multipart/alternative; boundary="b"' });
    const media = play([C(invite)], { port: 5060 }).facts.filter(
      (fact) => fact.kind === 'described' && fact.what === 'media',
    );
    expect(media).toMatchObject([
      { port: 4000, keys: 'none' },
      { port: 4002, keys: 'sdes' },
    ]);
  });
});

describe('announcements', () => {
  const offer = (body: string) => C(request('INVITE', { body }));
  const taken = (body: string) => S(response(200, 'INVITE', { body }));

  test('RTP, and RTCP on the next port (RFC 3550 §11)', () => {
    expect(announced(offer(sdp('10.0.0.1', 4000)))).toEqual({
      'rtp 10.0.0.1 4000': 'RTP/AVP none',
      'rtcp 10.0.0.1 4001': 'RTP/AVP none',
    });
  });

  test('RTCP elsewhere (RFC 3605), on the same port (RFC 5761), and ICE candidates (RFC 8839)', () => {
    expect(Object.keys(announced(offer(sdp('10.0.0.1', 4000, 'RTP/AVP', 'a=rtcp:5001 IN IP4 10.0.0.7'))))).toEqual([
      'rtp 10.0.0.1 4000',
      'rtcp 10.0.0.7 5001',
    ]);
    const candidate = 'a=candidate:1 1 UDP 2130706431 192.0.2.3 45664 typ srflx';
    expect(Object.keys(announced(offer(sdp('10.0.0.1', 4000, 'RTP/AVP', 'a=rtcp-mux', candidate))))).toEqual([
      'rtp 10.0.0.1 4000',
      'rtp 192.0.2.3 45664',
    ]);
  });

  test('where one side has no keys, both ends go in clear', () => {
    const told = announced(offer(sdp('10.0.0.1', 4000, 'RTP/AVP', crypto)), taken(sdp('10.0.0.2', 5000)));
    expect(told).toMatchObject({ 'rtp 10.0.0.1 4000': 'RTP/AVP none', 'rtp 10.0.0.2 5000': 'RTP/AVP none' });
  });

  test('keys that went in clear, and media that stay unencrypted (RFC 4568 §6.3.2)', () => {
    const secure = sdp('10.0.0.1', 4000, 'RTP/SAVP', crypto);
    expect(announced(offer(secure))).toMatchObject({ 'rtp 10.0.0.1 4000': 'RTP/SAVP sdes-in-clear' });
    expect(announced(offer(sdp('10.0.0.1', 4000, 'RTP/SAVP', `${crypto} UNENCRYPTED_SRTP`)))).toMatchObject({
      'rtp 10.0.0.1 4000': 'RTP/SAVP unencrypted',
    });
  });

  test('media inside TCP, fax, held media and names announce nothing', () => {
    expect(announced(offer(sdp('10.0.0.1', 4000, 'TCP/RTP/AVP')))).toEqual({});
    expect(announced(offer(sdp('10.0.0.1', 4000, 'udptl')))).toEqual({});
    expect(announced(offer(sdp('phone.example.test', 4000)))).toEqual({});
  });
});
