import { describe, expect, test } from 'vitest';
import { answer, ask, attempts, exposed, spots } from '../support/http-dialogues.ts';
import { play, type Step } from '../support/play.ts';

const audit = (...steps: Step[]) => play(steps, { port: 80 });
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
// the form of Outlook Web App 2010
const owa =
  'destination=http%3A%2F%2Fcas1.example.com%2Fowa%2F&flags=0&forcedownlevel=0&trusted=0&username=EXAMPLE%5Canna&password=hunter2+%26&isUtf8=1';
const post = ask('POST /owa/auth.owa', form, owa);
const session = { 'Set-Cookie': ['sessionid=0f1e; path=/', 'cadata="1aBc"; HttpOnly; path=/'] };
const in_ = answer(302, { Location: 'http://cas1.example.com/owa/', ...session });
const back = answer(302, { Location: 'http://cas1.example.com/owa/auth/logon.aspx?url=x&reason=2' });
const who = { kind: 'authenticated', mechanism: 'forms', principal: 'EXAMPLE\\anna', protected: false };

describe('the form of Outlook Web App', () => {
  test('accepted: onwards, with a session; the password is shown, and kept nowhere', () => {
    const seen = audit(post, in_);
    expect(attempts(seen)).toEqual([{ ...who, outcome: 'accepted' }]);
    expect(exposed(seen)).toEqual(['credentials', 'web']);
    for (const secret of ['hunter2', 'cadata', '1aBc']) expect(JSON.stringify(seen.record)).not.toContain(secret);
  });

  test('refused: back to the form, with a reason', () => {
    const seen = audit(post, back);
    expect(attempts(seen)).toEqual([{ ...who, outcome: 'refused' }]);
    expect(exposed(seen)).toContain('credentials');
  });

  test.each([
    ['/owa/auth.owa'],
    ['/owa/auth/owaauth.dll'],
    ['/exchweb/bin/auth/owaauth.dll'],
    ['/CookieAuth.dll?Logon'],
    ['/login'],
  ])('posted to %s', (path) => {
    expect(attempts(audit(ask(`POST ${path}`, form, owa), in_))).toEqual([{ ...who, outcome: 'accepted' }]);
  });

  test.each<[string, Step]>([
    ['a redirect without a session', answer(302, { Location: '/owa/' })],
    ['a redirect with a cookie that is no session', answer(302, { Location: '/owa/', 'Set-Cookie': 'lang=en' })],
    ['a redirect that ends the session', answer(302, { Location: '/owa/', 'Set-Cookie': 'cadata=; path=/' })],
    [
      'a session that has expired long ago',
      answer(302, { Location: '/owa/', 'Set-Cookie': 'cadata=x; expires=Thu, 01-Jan-1970 00:00:00 GMT' }),
    ],
    ['a redirect to an error', answer(302, { Location: '/?error=1', ...session })],
    ['a page', answer(200, session, '<form>')],
    ['a broken server', answer(500)],
  ])('%s does not tell', (_, step) => {
    expect(attempts(audit(post, step))).toEqual([{ ...who, outcome: 'unseen' }]);
  });

  test.each([401, 403, 440])('refused: %i', (status) => {
    expect(attempts(audit(post, answer(status)))).toMatchObject([{ outcome: 'refused' }]);
  });

  test('no answer', () => {
    expect(attempts(audit(post))).toEqual([{ ...who, outcome: 'unseen' }]);
  });

  test('answered before it was there', () => {
    const [, text] = post as ['client', string];
    const seen = audit(['client', text.slice(0, -20)], in_, ['client', text.slice(-20)]);
    expect(attempts(seen)).toEqual([{ ...who, outcome: 'unseen' }]);
    expect(exposed(seen)).toContain('credentials');
  });
});

describe('other forms', () => {
  test.each(['passwd', 'pwd', 'j_password', 'login[password]', 'ctl00%24Pass', 'userPassword'])('field %s', (field) => {
    const seen = audit(ask('POST /x', form, `user=anna&${field}=hunter2`), in_);
    expect(attempts(seen)).toMatchObject([{ mechanism: 'forms', principal: 'anna', outcome: 'accepted' }]);
    expect(exposed(seen)).toContain('credentials');
  });

  test.each(['q=password', 'passenger=anna', 'bypass=1', 'user=anna&password='])('%s shows no password', (body) => {
    const seen = audit(ask('POST /x', form, body), in_);
    expect(attempts(seen)).toEqual([]);
    expect(exposed(seen)).toEqual(['web']);
  });

  test('in chunks, cut within the field', () => {
    const body = 'c\r\nuser=anna&pa\r\nd\r\nssword=hunter\r\n0\r\n\r\n';
    const seen = audit(ask('POST /x', { ...form, 'Transfer-Encoding': 'chunked' }, body), in_);
    expect(attempts(seen)).toMatchObject([{ mechanism: 'forms', principal: 'anna', outcome: 'accepted' }]);
  });

  test('in the query', () => {
    const seen = audit(ask('GET /login?user=anna&password=hunter2'), in_);
    expect(attempts(seen)).toMatchObject([{ mechanism: 'forms', principal: 'anna' }]);
    expect(exposed(seen)).toEqual(['credentials']);
  });

  test('cut off, as much as was seen of it', () => {
    const [, text] = ask('POST /x', form, 'user=anna&password=hunter2&more=1') as ['client', string];
    expect(exposed(audit(['client', text.slice(0, -8)]))).toEqual(['credentials', 'web']);
    const lost = audit(['client', text.slice(0, -8)], ['client', { lost: 8 }], ask('GET /'), answer(302));
    expect(exposed(lost)).toEqual(['credentials', 'web']);
  });

  test('a long one is read as far as a cap', () => {
    const seen = audit(ask('POST /x', form, `a=${'x'.repeat(20_000)}&password=hunter2`), in_);
    expect(spots(seen)).toEqual(['limit']);
    expect(exposed(seen)).toEqual(['web']);
  });
});

describe("a session's cookie is another connection's login", () => {
  const cookie = ask('GET /owa/', { Cookie: 'lang=en; sessionid=1; cadata="x"' });
  test('which it was is told by the cookies of a login form, not by others', () => {
    const seen = audit(cookie, answer(200, {}, 'mail'));
    expect(attempts(seen)).toEqual([
      { kind: 'authenticated', mechanism: 'forms', outcome: 'unseen', protected: false },
    ]);
    const other = audit(ask('GET /owa/', { Cookie: 'ASP.NET_SessionId=1' }), answer(200, {}, 'mail'));
    expect(attempts(other)).toMatchObject([{ mechanism: 'unknown', version: 'cookie', outcome: 'unseen' }]);
  });

  test('none where it let nobody in, or where somebody had logged in before', () => {
    expect(attempts(audit(cookie, answer(302, { Location: '/owa/auth/logon.aspx' })))).toEqual([]);
    expect(attempts(audit(post, in_, cookie, answer(200, {}, 'mail')))).toHaveLength(1);
  });
});
