import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFrame } from '../tshark.ts';
import { compareDtls } from './dtls.ts';
import { described, exposes, has, type ProtocolOracle, type Say, seenAs, texts, values } from './oracle.ts';

export const rtp: ProtocolOracle = {
  name: 'rtp',
  fields: ['rtp.ssrc', 'rtp.p_type', 'rtp.seq'],
  recognised: (flow) => seenAs(flow, /^S?RTP$/, 'rtp.ssrc') && !seenAs(flow, /^DTLSv1.0/),
  compare,
};

export const rtcp: ProtocolOracle = {
  name: 'rtcp',
  fields: ['rtcp.pt', 'rtcp.sdes.text'],
  recognised: (flow) => seenAs(flow, /^S?RTCP$/, 'rtcp.pt') && !seenAs(flow, /^S?RTP$/, 'rtp.ssrc'),
  compare(read, record, say) {
    // a text that is no text is what tshark makes of ciphertext
    const names = read.flatMap((frame) => values(frame, 'rtcp.sdes.text')).some((text) => /^[\x20-\x7e]+$/.test(text));
    say('rtcp names in clear', String(names), String(exposes(record, 'call')));
    if (has(read, 'dtls.handshake.type')) compareDtls(read, record, say);
  },
};

function compare(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const frames = read.filter(({ fields }) => fields['rtp.ssrc']);
  const counts = new Map<string, number>();
  for (const frame of frames) {
    const [ssrc = ''] = values(frame, 'rtp.ssrc');
    counts.set(ssrc, (counts.get(ssrc) ?? 0) + 1);
  }
  // fewer prove nothing to us
  const sources = [...counts].filter(([, count]) => count >= 8).map(([ssrc]) => ssrc);
  const property = (wanted: string) =>
    described(record, 'property').flatMap(({ name, value }) => (name === wanted ? [String(value)] : []));
  say('rtp ssrc', texts(sources), texts(property('rtp-ssrc')));
  const types = frames.filter((frame) => sources.includes(values(frame, 'rtp.ssrc')[0] ?? ''));
  say(
    'rtp payload types',
    texts(types.flatMap((frame) => values(frame, 'rtp.p_type'))),
    texts(property('rtp-payload-type')),
  );
  if (has(read, 'dtls.handshake.type')) compareDtls(read, record, say);
}
