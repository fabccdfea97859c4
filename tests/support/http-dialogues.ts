import type { Authenticated } from '../../src/protocols/fact.ts';
import type { Observed, Step } from './play.ts';

type Fields = Record<string, string | string[]>;

const fieldLines = (fields: Fields): string =>
  Object.entries(fields)
    .flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}\r\n`))
    .join('');

/** A request; with a body it says how long that is, unless the fields do. */
export function ask(line: string, fields: Fields = {}, body = ''): Step {
  const length: Fields = body === '' || 'Transfer-Encoding' in fields ? {} : { 'Content-Length': String(body.length) };
  return ['client', `${line} HTTP/1.1\r\n${fieldLines({ Host: 'cas1.example.com', ...length, ...fields })}\r\n${body}`];
}

/** An answer; it says how long its body is, unless the fields do. */
export function answer(status: number, fields: Fields = {}, body = ''): Step {
  const framed = 'Transfer-Encoding' in fields || 'Content-Length' in fields || status < 200 || status === 204;
  const length: Fields = framed ? {} : { 'Content-Length': String(body.length) };
  return ['server', `HTTP/1.1 ${status} Reason\r\n${fieldLines({ ...length, ...fields })}\r\n${body}`];
}

export const b64 = (value: string | Uint8Array): string => Buffer.from(value as string).toString('base64');
export const basic = (user: string, password: string): Fields => ({
  Authorization: `Basic ${b64(`${user}:${password}`)}`,
});
export const token = (scheme: string, bytes: Uint8Array): Fields => ({ Authorization: `${scheme} ${b64(bytes)}` });
export const challenge401 = (...challenges: string[]): Step => answer(401, { 'WWW-Authenticate': challenges }, 'no');

export const attempts = (seen: Observed): Authenticated[] =>
  seen.facts.filter((fact): fact is Authenticated => fact.kind === 'authenticated');
export const exposed = (seen: Observed): string[] =>
  seen.facts.flatMap((fact) => (fact.kind === 'exposed' ? [fact.content] : [])).sort();
export const spots = (seen: Observed): string[] => seen.blindSpots.map(({ why }) => why);
export const described = (seen: Observed, what: string) =>
  seen.facts.filter((fact) => fact.kind === 'described' && fact.what === what);
