import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFlow, TsharkFrame } from '../tshark.ts';
import { described, type ProtocolOracle, type Say, seenAs, texts, values } from './oracle.ts';

export const http: ProtocolOracle = {
  name: 'http',
  fields: [
    'http.request.method',
    'http.request.uri',
    'http.response.code',
    'http.host',
    'http.authorization',
    'http.proxy_authorization',
    'http.www_authenticate',
    'http.proxy_authenticate',
    'http2.type',
  ],
  // HTTP/2 in clear begins with a line that is HTTP/1's to read
  recognised: (flow) =>
    flow.transport === 'tcp' &&
    (seenAs(flow, /^(HTTP(\/.*)?|RPCH)$/, 'http.request.method', 'http.response.code') || isHttp2(flow)),
  compare,
};

export const http2: ProtocolOracle = {
  name: 'http2',
  fields: [],
  recognised: isHttp2,
};

/** Inside TLS, where a capture brings the keys, it is TLS to us. */
function isHttp2(flow: TsharkFlow): boolean {
  return flow.transport === 'tcp' && seenAs(flow, /^HTTP2/) && !seenAs(flow, /^(TLS|SSL)/);
}

function compare(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const all = (field: string) => read.flatMap((frame) => values(frame, field));
  const properties = (name: string) =>
    described(record, 'property').flatMap((fact) => (fact.name === name ? [String(fact.value)] : []));
  say('http methods', texts(all('http.request.method')), texts(properties('http-method')));
  say('http statuses', texts(all('http.response.code')), texts(properties('http-status')));
  const direct = read.filter((frame) => values(frame, 'http.request.uri').every((uri) => /^[/*]/.test(uri)));
  const hosts = direct.flatMap((frame) => values(frame, 'http.host')).map((host) => host.replace(/:\d*$/, ''));
  const named = record.facts.flatMap((fact) =>
    fact.kind === 'described' && fact.what === 'peer-name' && fact.of === 'server' && fact.from === 'client'
      ? [fact.name]
      : [],
  );
  say('http hosts', texts(hosts), texts(named));
  const paths = all('http.request.uri').filter((uri) => uri.startsWith('/'));
  const resources = described(record, 'resource').map(({ name }) => name);
  const missed = paths.filter((uri) => !resources.some((name) => uri.replaceAll(/\/+/g, '/').startsWith(name)));
  say(
    'http paths',
    paths.length > 0 ? 'all named' : 'none',
    missed.length > 0 ? texts(missed) : resources.length > 0 ? 'all named' : 'none',
  );
  const refusals = read.filter((frame) => values(frame, 'http.response.code').some((code) => /^40[17]$/.test(code)));
  const offers = refusals.flatMap((frame) =>
    ['http.www_authenticate', 'http.proxy_authenticate'].flatMap((field) => values(frame, field).map(scheme)),
  );
  const offered = record.facts.flatMap((fact) =>
    fact.kind === 'offered' && fact.what === 'authentication' ? fact.mechanisms.map((name) => name.toLowerCase()) : [],
  );
  say('http offers', texts(offers), texts(offered));
  const tried = [...all('http.authorization'), ...all('http.proxy_authorization')].map(scheme);
  say('http logins', texts(tried), texts(schemesOf(record)));
}

const scheme = (field: string): string => field.trim().split(/\s/)[0]!.toLowerCase();

/** Our mechanisms in the words of the wire; forms and cookies have no field of their own. */
function schemesOf(record: FlowRecord): string[] {
  return record.facts.flatMap((fact) => {
    if (fact.kind !== 'authenticated' || fact.protocol !== 'http' || fact.mechanism === 'forms') return [];
    if (fact.inside === 'negotiate') return ['negotiate'];
    if (fact.mechanism === 'unknown') return fact.version === 'cookie' ? [] : [fact.version ?? ''];
    return [fact.mechanism];
  });
}
