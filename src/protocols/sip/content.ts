import { isIP } from 'node:net';
import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { header, type SipMessage } from './message.ts';

/**
 * What of SIP in clear is content of a call (contract, rule 4).
 *
 * An INVITE alone is a request: answered by a redirect (3xx), a challenge or a refusal it exposes no more than those do. It
 * is content once the called side takes it up (101 to 299): then the capture shows who talks to whom, and how. The same
 * holds of requests within a call, and of bodies that carry something themselves (MESSAGE, NOTIFY, INFO …). REGISTER,
 * SUBSCRIBE and OPTIONS say what a phone and a server can do. `carries`: the message has a body, read or not.
 */
export function isContent(message: SipMessage, method: string, carries: boolean): boolean {
  const { start } = message;
  const setsUp = method === 'REGISTER' || method === 'SUBSCRIBE' || method === 'OPTIONS' || method === 'CANCEL';
  if (setsUp) return false;
  if (start.kind === 'response') {
    if (start.status <= 100 || start.status >= 300) return false;
    return method === 'INVITE' || carries;
  }
  if (method === 'INVITE') return false;
  return carries || (inCall.has(method) && /;\s*tag\s*=/i.test(header(message, 'to')));
}

/** Requests that only a call that was taken up has; ACK also ends a refused one. */
const inCall: ReadonlySet<string> = new Set(['BYE', 'UPDATE', 'REFER', 'INFO', 'PRACK']);

/** What a message says of who sends it. */
export function describeSender(message: SipMessage, direction: Direction, out: Out): void {
  const banner = header(message, message.start.kind === 'response' ? 'server' : 'user-agent');
  if (banner !== '') out.fact({ kind: 'described', what: 'banner', text: banner.slice(0, limits.text) });
  if (message.start.kind === 'response') return;
  // the topmost Via is the sender's own (RFC 3261 §18.1.1)
  const name = /^SIP\s*\/\s*2\.0\s*\/\s*\w+\s+([^\s;:,[\]]+)/i.exec(header(message, 'via'))?.[1];
  if (name !== undefined && isIP(name) === 0) {
    out.fact({ kind: 'described', what: 'peer-name', of: direction, name: name.slice(0, limits.text) });
  }
}

/** Where a redirect points to: Exchange's call router sends calls on to a worker's port so. */
export function describeRedirect(message: SipMessage, out: Out): void {
  if (message.start.kind !== 'response' || message.start.status < 300 || message.start.status > 399) return;
  const target = /<?\s*sips?:(?:[^@>\s]*@)?([^;>?\s,]+)/i.exec(header(message, 'contact'))?.[1];
  if (target)
    out.fact({ kind: 'described', what: 'property', name: 'sip-redirect', value: target.slice(0, limits.text) });
}
