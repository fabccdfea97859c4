import { expect, test } from 'vitest';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { type BuiltFrame, udpFrame } from '../support/build-packets.ts';
import { cipher, names, report, rtpPacket, sound, srtcp } from '../support/media-packets.ts';
import { crypto, request, response, sdp } from '../support/sip-messages.ts';
import { flowsOf } from '../support/talk.ts';

const phone = '10.0.0.1';
const server = '10.0.0.2';

/** A call over UDP whose offer and answer are these session descriptions, and its media; returns the flow on the media's ports. */
function callOf(offer: string, answer: string | null, media: Uint8Array[], port = 4000): FlowRecord {
  const frames: BuiltFrame[] = [];
  const add = (from: string, to: string, at: number, payload: Uint8Array) =>
    frames.push(udpFrame({ from, to, fromPort: at, toPort: at, payload, time: 1 + frames.length / 50 }));
  const text = (said: string) => Buffer.from(said, 'latin1');
  add(phone, server, 5060, text(request('INVITE', { body: offer })));
  if (answer !== null) add(server, phone, 5060, text(response(200, 'INVITE', { body: answer })));
  for (const packet of media) add(phone, server, port, packet);
  return flowsOf(frames).find((flow) => flow.server.port === port)!;
}

const stream = (payload: (i: number) => Uint8Array, payloadType = 0) =>
  Array.from({ length: 40 }, (_, i) => rtpPacket({ sequence: i, payload: payload(i), payloadType }));
const of = (address: string, ...rest: [string?, ...string[]]) => sdp(address, 4000, ...rest);
const clear = [of(phone), of(server)] as const;
const secure = [of(phone, 'RTP/SAVP', crypto), of(server, 'RTP/SAVP', crypto)] as const;
const kinds = ({ facts }: FlowRecord) =>
  facts.flatMap((fact) => (fact.kind === 'exposed' || fact.kind === 'secured' ? [fact.kind] : []));
const whys = ({ blindSpots }: FlowRecord) => blindSpots.map(({ why }) => why);

test('announced in clear: exposed by the fourth packet, whatever the codec', () => {
  const flow = callOf(
    ...clear,
    stream((i) => cipher(i, 77), 111),
  );
  expect(flow.protocol).toBe('rtp');
  expect(flow.facts.find(({ kind }) => kind === 'exposed')).toMatchObject({ frame: 6, content: 'call' });
  expect(flow.facts).toContainEqual(expect.objectContaining({ what: 'announced', detail: 'RTP/AVP none' }));
});

test('announced in clear, but as long as SRTP and random: the signalling may be of another call', () => {
  const flow = callOf(
    ...clear,
    stream((i) => cipher(i)),
  );
  expect(kinds(flow)).toEqual([]);
  expect(whys(flow)).toEqual(['encrypted']);
});

test('announced with keys that anybody could read: never protected', () => {
  const flow = callOf(
    ...secure,
    stream((i) => cipher(i)),
  );
  expect(kinds(flow)).toEqual([]);
  expect(flow.facts).toContainEqual(expect.objectContaining({ name: 'srtp-key-in-clear', value: true }));
  expect(whys(flow)).toEqual(['encrypted']);
});

test('announced with keys, sent in clear all the same', () => {
  expect(
    kinds(
      callOf(
        ...secure,
        stream(() => sound()),
      ),
    ),
  ).toEqual(['exposed']);
});

test('keys offered and not taken: clear', () => {
  const flow = callOf(
    of(phone, 'RTP/AVP', crypto),
    of(server),
    stream((i) => cipher(i, 77), 111),
  );
  expect(kinds(flow)).toEqual(['exposed']);
});

test('SRTP that is told not to encrypt (RFC 4568 §6.3.2): its content goes unprotected, and so does its key', () => {
  const unencrypted = `${crypto} UNENCRYPTED_SRTP`;
  const flow = callOf(
    of(phone, 'RTP/SAVP', unencrypted),
    of(server, 'RTP/SAVP', unencrypted),
    stream(() => sound(170)),
  );
  expect(kinds(flow)).toEqual(['exposed']);
});

test('announced with keys from DTLS, whose handshake was not seen', () => {
  const dtls = 'UDP/TLS/RTP/SAVP';
  const flow = callOf(
    of(phone, dtls),
    of(server, dtls),
    stream((i) => cipher(i)),
  );
  expect(kinds(flow)).toEqual([]);
  expect(whys(flow)).toEqual(['midstream']);
});

test('RTCP on the next port is announced too', () => {
  const clearControl = callOf(...clear, [Buffer.concat([report, names])], 4001);
  expect(clearControl).toMatchObject({ protocol: 'rtcp' });
  expect(kinds(clearControl)).toEqual(['exposed']);
  const hidden = callOf(...secure, [srtcp(Buffer.concat([report, cipher(1, 24)]), true)], 4001);
  expect(hidden).toMatchObject({ protocol: 'rtcp' });
  expect(kinds(hidden)).toEqual([]);
  expect(whys(hidden)).toEqual(['encrypted']);
});
