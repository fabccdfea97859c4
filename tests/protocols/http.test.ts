import { describe, expect, test } from 'vitest';
import { tlsSession } from '../support/handshake.ts';
import { answer, ask, described, exposed, spots } from '../support/http-dialogues.ts';
import { play, type Step } from '../support/play.ts';
import { clientHello } from '../support/smtp-dialogues.ts';

const audit = (...steps: Step[]) => play(steps, { port: 80 });
const property = (name: string, value: unknown) => ({ kind: 'described', what: 'property', name, value });
const resources = (...steps: Step[]) =>
  described(audit(...steps), 'resource').map((fact) => ('name' in fact ? fact.name : ''));

describe('recognition is by content', () => {
  test.each([80, 81, 8080, 5985, 443, 5060, 31_337])('on port %i', (port) => {
    expect(play([ask('GET /')], { port }).protocol).toBe('http');
    expect(play([answer(200)], { port, midstream: true }).protocol).toBe('http');
  });

  test.each([
    'OPTIONS sip:bob@example.com SIP/2.0\r\nVia: x\r\n\r\n',
    'OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n',
    'DESCRIBE rtsp://example.com/ RTSP/1.0\r\n\r\n',
    'get key\r\n',
    'EHLO example.com\r\n',
    'USER anna\r\n',
    'a1 LOGIN anna x\r\n',
  ])('%j is none', (text) => {
    expect(play([['client', text]], { port: 80 }).protocol).not.toBe('http');
  });

  test('a target longer than what is looked at', () => {
    expect(play([ask(`GET /owa/?${'x'.repeat(3000)}`)], { port: 4000 }).protocol).toBe('http');
  });

  test('empty lines before the request (RFC 9112 §2.2)', () => {
    const seen = play([['client', '\r\n\r\nGET /owa/ HTTP/1.1\r\nHost: a\r\n\r\n']], { port: 4000 });
    expect(described(seen, 'resource')).toEqual([{ kind: 'described', what: 'resource', name: '/owa' }]);
  });

  test('HTTP/0.9 on a port of HTTP: the answer has no head, and is content', () => {
    const seen = play(
      [
        ['client', 'GET /exchange/\r\n'],
        ['server', '<html>mail</html>'],
      ],
      { port: 80 },
    );
    expect(exposed(seen)).toEqual(['web']);
  });
});

describe('what is described', () => {
  test('method, path, host, banner and status', () => {
    const seen = audit(
      ask('POST /EWS/Exchange.asmx?x=1', { Host: 'cas1.example.com:80' }, '<s:Envelope/>'),
      answer(200, { Server: 'Microsoft-IIS/7.5' }, '<s:Envelope/>'),
    );
    expect(seen.facts).toEqual(
      expect.arrayContaining([
        property('http-method', 'POST'),
        property('http-status', 200),
        { kind: 'described', what: 'resource', name: '/EWS/Exchange.asmx' },
        { kind: 'described', what: 'peer-name', of: 'server', name: 'cas1.example.com' },
        { kind: 'described', what: 'banner', text: 'Microsoft-IIS/7.5' },
      ]),
    );
    expect(seen.blindSpots).toEqual([]);
  });

  test.each([
    ['/owa/', '/owa'],
    ['/owa', '/owa'],
    ['/autodiscover/autodiscover.xml', '/autodiscover/autodiscover.xml'],
    ['/OAB/6d1a/oab.xml', '/OAB/6d1a'],
    ['/Microsoft-Server-ActiveSync?Cmd=Sync&User=a', '/Microsoft-Server-ActiveSync'],
    ['/rpc/rpcproxy.dll?mbx1:6001', '/rpc/rpcproxy.dll'],
    ['/UnifiedMessaging/Service.asmx', '/UnifiedMessaging/Service.asmx'],
    ['http://cas1.example.com/ecp/default.aspx', '/ecp/default.aspx'],
    ['/', '/'],
    // what a server takes for the same resource is the same
    ['/%6fwa/', '/owa'],
    ['/public/../owa/', '/owa'],
    ['//owa//', '/owa'],
    ['\\owa\\', '/owa'],
    ['/public/%2e%2e/owa/', '/owa'],
  ])('path %s is %s', (target, name) => {
    expect(resources(ask(`GET ${target}`))).toEqual([name]);
  });

  test('a flow of very many paths says that not all are kept', () => {
    const seen = audit(...Array.from({ length: 40 }, (_, i) => [ask(`GET /p${i}/`), answer(204)]).flat());
    expect(described(seen, 'resource')).toHaveLength(32);
    expect(spots(seen)).toEqual(['limit']);
  });

  test('whom an RPC proxy is asked for', () => {
    const seen = audit(ask('RPC_IN_DATA /rpc/rpcproxy.dll?mbx1.example.com:6001', { 'Content-Length': '0' }));
    expect(seen.facts).toContainEqual(property('rpc-proxy-target', 'mbx1.example.com:6001'));
    expect(seen.facts).toContainEqual(property('http-method', 'RPC_IN_DATA'));
  });
});

describe('content in clear', () => {
  test.each<[string, Step[]]>([
    ['a page', [ask('GET /owa/auth/logon.aspx'), answer(200, {}, '<html/>')]],
    ['a page of unknown length', [ask('GET /'), answer(200, { Connection: 'close', 'Content-Length': [] }, '<html/>')]],
    ['a page in chunks', [ask('GET /'), answer(200, { 'Transfer-Encoding': 'chunked' }, '7\r\n<html/>\r\n0\r\n\r\n')]],
    ['a part of a file', [ask('GET /'), answer(206, {}, 'abc')]],
    ['what a client sends, though it is refused', [ask('POST /EWS/', {}, '<s:Envelope/>'), answer(401)]],
    ['what a client sends in chunks', [ask('POST /', { 'Transfer-Encoding': 'chunked' }, '1\r\na\r\n0\r\n\r\n')]],
    ['a session cookie, though the answer is a redirect', [ask('GET /', { Cookie: 'cadata=abc' }), answer(302)]],
    ['something is deleted', [ask('DELETE /exchange/anna/mail'), answer(204)]],
    ['a folder is moved', [ask('MOVE /exchange/anna/a'), answer(201)]],
    ['WebDAV', [ask('PROPFIND /'), answer(207, {}, '<multistatus/>')]],
    ['a refusal far larger than an explanation', [ask('GET /'), answer(404, {}, 'x'.repeat(70_000))]],
    [
      'the same in chunks',
      [ask('GET /'), answer(302, { 'Transfer-Encoding': 'chunked' }, `8000\r\n${'x'.repeat(0x8000)}\r\n`.repeat(3))],
    ],
    ['the same up to the end', [ask('GET /'), ['server', `HTTP/1.1 404 No\r\n\r\n${'x'.repeat(70_000)}`]]],
  ])('%s', (_, steps) => {
    expect(exposed(audit(...steps))).toEqual(['web']);
  });

  test.each<[string, Step[]]>([
    ['a redirect to https', [ask('GET /owa'), answer(302, { Location: 'https://cas1/owa' }, 'moved')]],
    ['a challenge', [ask('GET /owa'), answer(401, { 'WWW-Authenticate': 'Negotiate' }, '<html>401</html>')]],
    ['not found', [ask('GET /owa'), answer(404, {}, '<html>404</html>')]],
    ['SSL required', [ask('GET /owa'), answer(403, {}, '<html>403.4</html>')]],
    ['a broken server', [ask('GET /owa'), answer(500, {}, '<html>500</html>')]],
    ['what the server can do', [ask('OPTIONS /'), answer(200, { Allow: 'GET' })]],
    ['nothing new', [ask('GET /'), answer(304)]],
    ['a head alone', [ask('HEAD /'), answer(200, { 'Content-Length': '100' }), ask('GET /'), answer(302)]],
    ['an empty page', [ask('GET /'), answer(204)]],
    ['a cookie that is no session', [ask('GET /', { Cookie: 'lang=en' }), answer(302)]],
  ])('none: %s', (_, steps) => {
    const seen = audit(...steps);
    expect(exposed(seen)).toEqual([]);
    expect(seen.blindSpots).toEqual([]);
  });

  test('a request without an answer is neither: it is not known', () => {
    const seen = audit(ask('GET /owa/'));
    expect(exposed(seen)).toEqual([]);
    expect(spots(seen)).toEqual(['gap']);
  });
});

describe('leaving HTTP', () => {
  test('CONNECT, and TLS through the tunnel', () => {
    const seen = audit(ask('CONNECT mail.example.com:443'), answer(200), ...tlsSession());
    expect(seen.protocolPath).toEqual(['http', 'tls']);
    expect(seen.facts).toContainEqual(property('http-connect', 'mail.example.com:443'));
    expect(seen.facts).toContainEqual({ kind: 'secured', mechanism: 'tls', level: 'privacy' });
    expect(exposed(seen)).toEqual([]);
  });

  test('CONNECT, and HTTP in clear through the tunnel', () => {
    const seen = audit(ask('CONNECT mail:80'), answer(200), ask('GET /owa/'), answer(200, {}, 'mail'));
    expect(exposed(seen)).toEqual(['web']);
  });

  test('CONNECT refused, and HTTP goes on', () => {
    const seen = audit(ask('CONNECT mail:443'), answer(403), ask('GET /owa/'), answer(200, {}, 'mail'));
    expect(seen.protocolPath).toEqual(['http']);
    expect(exposed(seen)).toEqual(['web']);
  });

  test('upgrade to TLS (RFC 2817 §3)', () => {
    const seen = audit(
      ask('OPTIONS *', { Upgrade: 'TLS/1.0', Connection: 'Upgrade' }),
      answer(101, { Upgrade: 'TLS/1.0, HTTP/1.1', Connection: 'Upgrade' }),
      ...tlsSession(),
    );
    expect(seen.protocolPath).toEqual(['http', 'tls']);
    expect(described(seen, 'upgrade-accepted')).toHaveLength(1);
    expect(exposed(seen)).toEqual([]);
  });

  test('an agreed upgrade to TLS that is not followed', () => {
    const seen = audit(
      ask('OPTIONS *', { Upgrade: 'TLS/1.0', Connection: 'Upgrade' }),
      answer(101, { Upgrade: 'TLS/1.0', Connection: 'Upgrade' }),
      ask('GET /owa/'),
      answer(200, {}, 'mail'),
    );
    expect(described(seen, 'upgrade-not-followed')).toHaveLength(1);
    expect(exposed(seen)).toEqual(['web']);
  });

  test('WebSocket is content in clear', () => {
    const seen = audit(
      ask('GET /ws', { Upgrade: 'websocket', Connection: 'keep-alive, Upgrade' }),
      answer(101, { Upgrade: 'websocket', Connection: 'Upgrade' }),
      ['server', '\x81\x05hello'],
    );
    expect(exposed(seen)).toEqual(['web']);
    expect(seen.facts).toContainEqual(property('http-upgrade', 'websocket'));
  });

  test('TLS behind HTTP without any agreement is found', () => {
    expect(audit(ask('GET /'), answer(404), ['client', clientHello]).protocolPath).toEqual(['http', 'tls']);
  });
});

describe('HTTP/2 in clear', () => {
  const preface: Step = ['client', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'];
  const settings: Step = ['server', '\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64'];
  const headers: Step = ['client', '\0\0\x02\x01\x05\0\0\0\x01\x82\x84'];

  test('with prior knowledge: once a request went by it is content', () => {
    const before = play([preface, settings], { port: 8080 });
    expect(before.protocolPath).toEqual(['http', 'http2']);
    expect(exposed(before)).toEqual([]);
    const seen = play([preface, settings, headers], { port: 31_337 });
    expect(exposed(seen)).toEqual(['web']);
    expect(spots(seen)).toEqual(['left-protocol']);
  });

  test('after an upgrade from HTTP/1.1 (h2c)', () => {
    const seen = audit(
      ask('GET /', { Upgrade: 'h2c', Connection: 'Upgrade, HTTP2-Settings', 'HTTP2-Settings': 'AAMAAABk' }),
      answer(101, { Upgrade: 'h2c', Connection: 'Upgrade' }),
      settings,
      preface,
      ['server', '\0\0\x01\x01\x04\0\0\0\x01\x88'],
    );
    expect(seen.protocolPath).toEqual(['http', 'http2']);
    expect(exposed(seen)).toEqual(['web']);
  });
});
