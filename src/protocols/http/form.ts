import { latin1 } from '../../bytes/reader.ts';
import { utf8 } from '../../bytes/text.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import { firstOf, type Head, valuesOf } from './head.ts';
import type { FormLogin } from './state.ts';

/** Login forms: Outlook Web App's (`POST /owa/auth.owa`, fields `username` and `password`) and others of that kind. */

const PASSWORD = /passw|passphrase|pwd|(?:^|[^a-z])pass(?:$|[^a-z])/i;
const USER = /user|login|logon|email|account|(?:^|[^a-z])uid(?:$|[^a-z])/i;
const TOKEN = /^(access|refresh|id)_token$/i;
/** names of cookies that carry a session, Exchange's among them (sessionid, cadata, UserContext, …) */
const SESSION =
  /sess|(?:^|[^a-z])sid(?:$|[^a-z])|auth|token|ticket|cadata|usercontext|canary|jwt|(?:^|[^a-z])login(?:$|[^a-z])/i;
/** fields of a form that are looked at */
const FIELDS = 256;

/** What a form (application/x-www-form-urlencoded) or a query shows of secrets; null where there is none. */
export function readForm(text: string): (FormLogin & { by: 'forms' | 'bearer' }) | null {
  let principal: string | null = null;
  let by: 'forms' | 'bearer' | null = null;
  for (const field of text.split('&', FIELDS)) {
    const equals = field.indexOf('=');
    if (equals < 0 || equals === field.length - 1) continue;
    const name = decode(field.slice(0, equals));
    if (PASSWORD.test(name)) by = 'forms';
    else if (TOKEN.test(name)) by ??= 'bearer';
    else if (USER.test(name)) principal ??= decode(field.slice(equals + 1)).slice(0, limits.text);
  }
  return by === null ? null : { principal, by };
}

function decode(text: string): string {
  const spaced = text.slice(0, 4 * limits.text).replaceAll('+', ' ');
  const bytes = spaced.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return utf8(Buffer.from(bytes, 'latin1'));
}

export function stateForm({ principal }: FormLogin, outcome: Authenticated['outcome'], out: Out): void {
  const who = principal === null ? {} : { principal };
  out.fact({ kind: 'authenticated', mechanism: 'forms', outcome, ...who, protected: false });
}

export const formText = (bytes: Uint8Array, length: number): string => latin1(bytes, 0, length);

/** A login form is answered by a redirect: onwards with a new session, or back. What else is shown does not say it. */
export function formOutcome(status: number, head: Head): Authenticated['outcome'] {
  if (status === 401 || status === 403 || status === 440) return 'refused';
  if (status < 300 || status > 399 || status === 304) return 'unseen';
  if (leadsToLogin(head)) return /[?&]reason=\d/i.test(firstOf(head, 'location') ?? '') ? 'refused' : 'unseen';
  return valuesOf(head, 'set-cookie').some(begins) ? 'accepted' : 'unseen';
}

/** Whether a redirect leads to a page that asks for a login, or tells of an error. */
export function leadsToLogin(head: Head): boolean {
  const location = firstOf(head, 'location') ?? '';
  const local = location.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  return /log-?[io]n|sign-?in|auth|reason=|err|fail|invalid|denied|expired/i.test(local);
}

/** A Set-Cookie that begins a session, rather than one that ends it. */
function begins(cookie: string): boolean {
  const parts = /^\s*([^=;]+)=([^;]*)(.*)$/s.exec(cookie);
  if (!parts || !SESSION.test(parts[1]!)) return false;
  const ends =
    /;\s*max-age\s*=\s*(0|-\d+)\s*(;|$)/i.test(parts[3]!) ||
    /;\s*expires\s*=[^;]*\b(1970|1980|1601)\b/i.test(parts[3]!);
  return parts[2]!.trim() !== '' && !ends;
}

/** The session's cookie that a request carries, as that of Exchange's login form, or another: who has it is in, without a login. */
export function carriesSession(head: Head): 'forms' | 'unknown' | null {
  let found: 'unknown' | null = null;
  for (const pair of valuesOf(head, 'cookie').flatMap((value) => value.split(';'))) {
    const equals = pair.indexOf('=');
    if (equals < 1 || equals === pair.length - 1) continue;
    const name = pair.slice(0, equals).trim();
    if (/^cadata/i.test(name)) return 'forms';
    if (SESSION.test(name)) found = 'unknown';
  }
  return found;
}
