import { describe, expect, test } from 'vitest';
import { answer, ask, attempts, basic, challenge401, described, exposed, spots } from '../support/http-dialogues.ts';
import { play, type Step } from '../support/play.ts';

const audit = (...steps: Step[]) => play(steps, { port: 80 });
const statuses = (...steps: Step[]) =>
  described(audit(...steps), 'property').flatMap((fact) =>
    'value' in fact && fact.name === 'http-status' ? [fact.value] : [],
  );
const paths = (...steps: Step[]) =>
  described(audit(...steps), 'resource').map((fact) => ('name' in fact ? fact.name : ''));

/** After a message that was read to its right end the next is read. */
describe('where a message ends (RFC 9112 §6.3)', () => {
  const next = [ask('GET /next'), answer(404)] as const;
  test.each<[string, Step[]]>([
    ['by its length', [ask('POST /a', {}, 'GET /b HTTP/1.1\r\n\r\n'), answer(200, {}, 'HTTP/1.1 500 x\r\n\r\n')]],
    [
      'in chunks, with an extension and a trailer',
      [
        ask(
          'POST /a',
          { 'Transfer-Encoding': 'chunked' },
          '3;a=b\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nX: y\r\n\r\n',
        ),
        answer(200, { 'Transfer-Encoding': 'gzip, chunked' }, '3\r\nabc\r\n0\r\n\r\n'),
      ],
    ],
    ['HEAD has no body', [ask('HEAD /a'), answer(200, { 'Content-Length': '500' })]],
    ['204 has none', [ask('GET /a'), answer(204, { 'Content-Length': '500' })]],
    ['304 has none', [ask('GET /a'), answer(304, { 'Content-Length': '500' })]],
    ['103 comes before the answer', [ask('GET /a'), answer(103, { Link: '</x>' }), answer(200, {}, 'x')]],
    [
      '100 comes before the body',
      [ask('POST /a', { Expect: '100-continue', 'Content-Length': '3' }), answer(100), ['client', 'abc'], answer(200)],
    ],
    [
      'a body that was refused before it came, and does not come',
      [ask('POST /a', { Expect: '100-continue', 'Content-Length': '300' }), answer(417)],
    ],
    [
      'a body that was refused before it came, and comes',
      [ask('POST /a', { Expect: '100-continue', 'Content-Length': '3' }), answer(401), ['client', 'abc']],
    ],
    [
      'a body that was not waited for',
      [ask('POST /a', { Expect: '100-continue', 'Content-Length': '3' }), ['client', 'abc'], answer(100), answer(200)],
    ],
    [
      'lines that end with LF alone',
      [
        ['client', 'GET /a HTTP/1.1\nHost: a\n\n'],
        ['server', 'HTTP/1.1 404 No\nContent-Length: 1\n\nx'],
      ],
    ],
  ])('%s', (_, steps) => {
    expect(paths(...steps, ...next).at(-1)).toBe('/next');
    expect(statuses(...steps, ...next).at(-1)).toBe(404);
    expect(paths(...steps, ...next)).toHaveLength(2);
    expect(spots(audit(...steps, ...next))).toEqual([]);
  });

  test('up to the end', () => {
    const seen = audit(ask('GET /a'), ['server', 'HTTP/1.0 200 OK\r\n\r\nHTTP/1.1 500 x\r\n\r\n'], ['server', 'more']);
    expect(exposed(seen)).toEqual(['web']);
    expect(spots(seen)).toEqual([]);
  });

  test('a body of many gigabytes is passed over, lost bytes within it too', () => {
    const head: Step = ask('PUT /big', { 'Content-Length': String(2 ** 40) });
    const seen = audit(
      head,
      ['client', 'x'.repeat(5000)],
      ['client', { lost: 2 ** 40 - 5001 }],
      ['client', 'x'],
      ask('GET /next'),
    );
    expect(described(seen, 'resource')).toHaveLength(2);
  });
});

describe('which answer belongs to which request', () => {
  const login = ask('GET /a/', basic('anna', 'x'));

  test('pipelined requests are answered in order', () => {
    const first: Step[] = [ask('GET /a/'), challenge401('Basic realm="a"')];
    const seen = audit(...first, ask('GET /public'), login, answer(200, {}, 'p'), challenge401('Basic realm="a"'));
    expect(attempts(seen)).toMatchObject([{ outcome: 'refused' }]);
    const turned = audit(...first, login, ask('GET /a/x'), answer(200, {}, 'p'), challenge401('Basic realm="a"'));
    expect(attempts(turned)).toMatchObject([{ outcome: 'accepted' }]);
  });

  test.each<[string, Step[]]>([
    ['a request was lost before it', [['client', { lost: 60 }], login, answer(200, {}, 'p')]],
    ['an answer was lost before it', [ask('GET /p'), ['server', { lost: 60 }], login, answer(200, {}, 'p')]],
    ['its answer was lost', [login, ['server', { lost: 60 }], ask('GET /b'), answer(200, {}, 'p')]],
    ['an answer came before it was asked', [answer(200, {}, 'p'), login]],
  ])('not known: %s', (_, steps) => {
    const seen = audit(ask('GET /a/'), challenge401('Basic realm="a"'), ...steps);
    expect(attempts(seen)).toMatchObject([{ mechanism: 'basic', outcome: 'unseen' }]);
  });

  test('known again once an answer has come', () => {
    const steps: Step[] = [['client', { lost: 60 }], ask('GET /b'), answer(404), login, answer(200, {}, 'p')];
    const seen = audit(ask('GET /a/'), challenge401('Basic realm="a"'), ...steps);
    expect(attempts(seen)).toMatchObject([{ outcome: 'accepted' }]);
  });
});

describe('a capture that begins in the middle', () => {
  test('with the rest of a body: the next head is found', () => {
    const steps: Step[] = [['server', 'ello</html>'], ask('GET /owa/'), answer(200, {}, 'x')];
    const seen = play(steps, { port: 80, midstream: true });
    expect(seen.protocol).toBe('http');
    expect(described(seen, 'resource')).toHaveLength(1);
    expect(exposed(seen)).toEqual(['web']);
  });

  test('with an answer: whose it is is not known', () => {
    const seen = play([answer(200, {}, 'x')], { port: 80, midstream: true });
    expect(exposed(seen)).toEqual(['web']);
    expect(attempts(seen)).toEqual([]);
  });

  test('the client alone', () => {
    const seen = play([ask('GET /owa/', basic('anna', 'x')), ask('GET /owa/b')], { port: 80 });
    expect(attempts(seen)).toMatchObject([{ outcome: 'unseen' }]);
    expect(exposed(seen)).toEqual(['credentials']);
    expect(spots(seen)).toEqual(['gap']);
  });
});

describe('what cannot be told apart is said', () => {
  const body = '0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
  test.each<[string, Step]>([
    ['two framings', ask('POST /', { 'Content-Length': String(body.length), 'Transfer-Encoding': 'chunked' }, body)],
    ['two lengths', ask('POST /', { 'Content-Length': ['5', '6'] }, 'abcdef')],
    ['a length that is no number', ask('POST /', { 'Content-Length': '+5' }, 'abcde')],
    ['a coding that is not chunked', ask('POST /', { 'Transfer-Encoding': 'xchunked' }, body)],
    ['chunked twice', ask('POST /', { 'Transfer-Encoding': ['chunked', 'chunked'] }, body)],
    ['a blank before the colon', ask('POST /', { 'Transfer-Encoding ': 'chunked' }, body)],
    ['a folded framing', ask('POST /', { 'Transfer-Encoding': '\r\n chunked' }, body)],
    ['a CR within a line', ask('GET /', { 'X-A': 'b\rTransfer-Encoding: chunked' })],
    ['a chunk size that is none', ask('POST /', { 'Transfer-Encoding': 'chunked' }, '0x5\r\nabcde\r\n0\r\n\r\n')],
    ['a chunk longer than it says', ask('POST /', { 'Transfer-Encoding': 'chunked' }, '3\r\nabcdef\r\n0\r\n\r\n')],
  ])('%s', (_, step) => {
    expect(spots(audit(step))).toContain('malformed');
  });
});
