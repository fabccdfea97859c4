import { latin1 } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import type { Recognition } from '../analyzer.ts';
import { REQUEST, RESPONSE } from './message.ts';

/** RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086, and Microsoft's SERVICE and BENOTIFY ([MS-SIPRE]). */
const METHODS = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'REGISTER',
  'OPTIONS',
  'PRACK',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'INFO',
  'REFER',
  'MESSAGE',
  'UPDATE',
  'SERVICE',
  'BENOTIFY',
  'NEGOTIATE',
];
const OPENINGS = ['SIP/2.0 ', ...METHODS.flatMap((method) => [`${method} sip:`, `${method} sips:`, `${method} tel:`])];
/** a request line whose end is still to come */
const UNFINISHED = /^[A-Za-z0-9.!%*_+`'~-]{1,32}( +\S*( +(S(I(P(\/\S*)?)?)?)?)?)?\s*$/i;

/** Whether SIP begins here. Either side may send requests and responses, so the direction tells nothing. */
export function recogniseSip(bytes: Uint8Array, start: number, end: number): Recognition {
  const text = latin1(bytes, start, Math.min(end, start + limits.identify)).replace(/^[\r\n]+/, '');
  // a keep-alive (RFC 5626 §4.4.1)
  if (text === '') return 'possible';
  const opening = OPENINGS.find((one) => text.startsWith(one));
  if (opening !== undefined && opening !== 'SIP/2.0 ') return 'certain';
  const lineEnd = text.search(/\r?\n/);
  const line = lineEnd < 0 ? text : text.slice(0, lineEnd);
  if (RESPONSE.test(`${line}${lineEnd < 0 ? '' : ' '}`)) return 'certain';
  if (lineEnd >= 0) return REQUEST.test(line) ? 'certain' : 'no';
  if (text.length >= limits.identify) return 'no';
  const begun = OPENINGS.some((one) => one.startsWith(text)) || /^SIP\/2\.0 \d{0,3}$/.test(text);
  return begun || UNFINISHED.test(text) ? 'more' : 'no';
}
