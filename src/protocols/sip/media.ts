import { parseAddress } from '../../bytes/address.ts';
import type { Direction } from '../../flows/direction.ts';
import type { Out } from '../analyzer.ts';
import { isRtp, type Media, readSdp } from '../parts/sdp.ts';
import { header, readHeaders, type SipMessage } from './message.ts';
import { keepMedia, otherOf, type SipState } from './state.ts';

/** The session descriptions of a message: its body, or parts of it (RFC 2046 §5.1, as Microsoft's clients send). */
function descriptions(message: SipMessage, out: Out): Media[][] {
  if (header(message, 'content-encoding') !== '') {
    out.blind('malformed', 'sip: a compressed body is not read');
    return [];
  }
  const whole = readSdp(message.body);
  if (whole) return [whole];
  const boundary = /^multipart\/.*;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
    header(message, 'content-type'),
  );
  if (!boundary) return [];
  return message.body.split(`--${boundary[1] ?? boundary[2]}`).flatMap((part) => {
    const opening = /\r?\n\r?\n/.exec(part);
    if (!opening) return [];
    const head = part.slice(0, opening.index);
    const body = part.slice(opening.index + opening[0].length);
    const encoded = readHeaders(['', ...head.split(/\r?\n/)]).get('content-transfer-encoding')?.[0] ?? '';
    const found = readSdp(/^base64$/i.test(encoded) ? Buffer.from(body, 'base64').toString('latin1') : body);
    return found ? [found] : [];
  });
}

/** States the media that a message announces, and tells of the flows that are to come. */
export function takeMedia(message: SipMessage, direction: Direction, state: SipState, out: Out): void {
  const call = header(message, 'call-id');
  for (const media of descriptions(message, out)) {
    for (const { address, port, profile, keys } of media) {
      out.fact({ kind: 'described', what: 'media', address, port, profile, keys });
    }
    if (media.some(({ keys }) => keys === 'sdes')) {
      out.fact({ kind: 'described', what: 'property', name: 'sdes-key-in-clear', value: true });
    }
    const theirs = state[otherOf(direction)].media.get(call) ?? [];
    keepMedia(state[direction], call, media);
    for (const [index, one] of media.entries()) {
      const other = theirs[index];
      const detail = weaker(one, other);
      announce(one, detail, out);
      if (other) announce(other, detail, out);
    }
  }
}

/** What both sides' words come to, in the words of the `rtp` analyzer: where one has no keys, the media go in clear. */
function weaker(one: Media, other: Media | undefined): string {
  const media = other && strength(other) < strength(one) ? other : one;
  return `${media.profile} ${media.unencrypted ? 'unencrypted' : media.keys === 'sdes' ? 'sdes-in-clear' : media.keys}`;
}

function strength({ keys, unencrypted }: Media): number {
  if (keys === 'none' || unencrypted) return 0;
  return keys === 'sdes' ? 1 : 2;
}

function announce(media: Media, detail: string, out: Out): void {
  if (!isRtp(media)) return;
  const tell = (address: string, port: number, protocol: 'rtp' | 'rtcp') => {
    if (port === 0 || port > 65_535 || parseAddress(address) === null) return;
    out.announce({ transport: 'udp', address, port, protocol, detail });
  };
  tell(media.address, media.port, 'rtp');
  if (media.rtcp) tell(media.rtcp.address, media.rtcp.port, media.rtcp.port === media.port ? 'rtp' : 'rtcp');
  else if (!media.muxed) tell(media.address, media.port + 1, 'rtcp');
  for (const { component, address, port } of media.candidates) tell(address, port, component === 1 ? 'rtp' : 'rtcp');
}
