import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFrame } from '../tshark.ts';
import { described, exposes, type ProtocolOracle, type Say, seenAs, texts, values } from './oracle.ts';

export const sip: ProtocolOracle = {
  name: 'sip',
  fields: [
    'sip.Method',
    'sip.Status-Code',
    'sip.CSeq.method',
    'sip.auth.scheme',
    'sip.auth.username',
    'sip.msg_body',
    'sip.to.tag',
    'sdp.media.port',
    'sdp.media.proto',
  ],
  recognised: (flow) => seenAs(flow, /^SIP(\/|$)/, 'sip.Method', 'sip.Status-Code'),
  compare,
  readable: ['sip.Method', 'sip.Status-Code'],
};

function compare(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const sip = read.filter(({ fields }) => fields['sip.Method'] || fields['sip.Status-Code']);
  const ourMethods = described(record, 'property').filter(({ name }) => name === 'sip-method');
  say(
    'sip methods',
    texts(sip.flatMap((frame) => values(frame, 'sip.Method'))),
    texts(ourMethods.map(({ value }) => String(value))),
  );
  const schemes = (frames: TsharkFrame[]) =>
    texts(frames.flatMap((frame) => values(frame, 'sip.auth.scheme').map((scheme) => scheme.toLowerCase())));
  const challenges = sip.filter((frame) => ['401', '407'].includes(values(frame, 'sip.Status-Code')[0] ?? ''));
  const offers = record.facts.flatMap((fact) =>
    fact.kind === 'offered' && fact.what === 'authentication' ? fact.mechanisms : [],
  );
  say('sip challenges', schemes(challenges), texts(offers));
  const logins = record.facts.filter((fact) => fact.kind === 'authenticated');
  say(
    'sip logins',
    schemes(sip.filter((frame) => frame.fields['sip.Method'])),
    texts(logins.map(({ mechanism }) => mechanism)),
  );
  const media = sip.flatMap((frame) => {
    const profiles = values(frame, 'sdp.media.proto');
    return values(frame, 'sdp.media.port').flatMap((port, i) => (port === '0' ? [] : [`${port} ${profiles[i]}`]));
  });
  say('sip media', texts(media), texts(described(record, 'media').map(({ port, profile }) => `${port} ${profile}`)));
  say('sip call in clear', String(sip.some(takenUp)), String(exposes(record, 'call')));
}

/** An answer that takes an INVITE up, a request within a call, or one with a body that is no offer to set one up. */
function takenUp(frame: TsharkFrame): boolean {
  const status = Number(values(frame, 'sip.Status-Code')[0] ?? 0);
  if (status > 0) return status > 100 && status < 300 && values(frame, 'sip.CSeq.method')[0] === 'INVITE';
  const [method = ''] = values(frame, 'sip.Method');
  if (['INVITE', 'OPTIONS', 'REGISTER', 'SUBSCRIBE', 'CANCEL'].includes(method)) return false;
  if (frame.fields['sip.msg_body']) return true;
  return ['BYE', 'UPDATE', 'INFO', 'REFER', 'PRACK'].includes(method) && frame.fields['sip.to.tag'] !== undefined;
}
