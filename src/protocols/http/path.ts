import { limits } from '../../limits.ts';

/** What a request's target says (RFC 9112 §3.2). */
export interface Target {
  /** normalised: unreserved characters decoded, `.`, `..` and empty segments taken out; null for `*` and an authority */
  path: string | null;
  query: string;
  /** host of a target in absolute form, or the whole authority */
  authority: string | null;
}

export function readTarget(target: string, method: string): Target {
  if (method === 'CONNECT') return { path: null, query: '', authority: target.slice(0, limits.text) };
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/is.exec(target);
  const local = (absolute ? absolute[2]! : target).replace(/#.*$/s, '');
  const authority = absolute ? absolute[1]!.slice(0, limits.text) : null;
  if (local === '*') return { path: null, query: '', authority };
  const mark = local.indexOf('?');
  const path = mark < 0 ? local : local.slice(0, mark);
  return { path: normalPath(path), query: mark < 0 ? '' : local.slice(mark + 1), authority };
}

/** segments of a path that are looked at */
const SEGMENTS = 256;

/** Servers see the same resource in all of these, so they are one: RFC 3986 §6.2.2, and `\` and `//` as Windows takes them. */
function normalPath(path: string): string {
  const decoded = path.replace(/%([0-9a-f]{2})/gi, (encoded, code: string) => {
    const character = String.fromCharCode(Number.parseInt(code, 16));
    return /[A-Za-z0-9._~/\\-]/.test(character) ? character : encoded;
  });
  const kept: string[] = [];
  for (const segment of decoded.split(/[/\\]/, SEGMENTS)) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  return `/${kept.join('/')}`;
}

/** What tells services apart: the first two segments. */
export const resourceOf = (path: string): string => path.split('/', 3).join('/').slice(0, limits.text);
