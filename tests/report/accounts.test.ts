import { describe, expect, test } from 'vitest';
import type { AttemptReport } from '../../src/check/audit-report.ts';
import { limits } from '../../src/limits.ts';
import { Accounts } from '../../src/report/accounts.ts';
import { print } from '../support/print.ts';
import { sampleFlow, sampleReport } from '../support/sample-report.ts';

const attempt = (some: Partial<AttemptReport>): AttemptReport => ({
  mechanism: 'plain',
  inside: null,
  outcome: 'accepted',
  principal: 'anna',
  protected: false,
  version: null,
  etype: null,
  frame: 5,
  ...some,
});
const flow = (...attempts: AttemptReport[]) =>
  sampleFlow({
    encryption: {
      protection: 'none',
      mechanism: null,
      exposed: ['credentials'],
      exposures: [{ content: 'credentials', file: 'hub.pcapng', frame: 17, time: 1_772_439_317 }],
    },
    authentication: { mechanisms: [], credentialsExposed: true, hidden: false, attempts },
  });
const accountsOf = (...flows: ReturnType<typeof flow>[]) => {
  const accounts = new Accounts();
  for (const one of flows) accounts.add(one);
  return accounts;
};

describe('accounts whose password went in clear', () => {
  test('are listed once, with how and where, refused logins too', () => {
    const [anna, ...others] = accountsOf(flow(attempt({})), flow(attempt({ outcome: 'refused' }))).list;
    expect(others).toEqual([]);
    expect(anna).toMatchObject({ name: 'anna', flows: 2, where: { frame: 17, file: 'hub.pcapng' } });
    expect([...anna!.logins.keys()]).toEqual(['plain accepted', 'plain refused']);
    expect([...anna!.ends]).toEqual(['hub1 → hub2']);
  });

  test('are not those whose login shows no password', () => {
    const others = [attempt({ principal: 'kim', mechanism: 'ntlm' }), attempt({ principal: 'lee', protected: true })];
    expect(accountsOf(flow(attempt({}), ...others)).list.map(({ name }) => name)).toEqual(['anna']);
    expect(accountsOf(sampleFlow()).list).toEqual([]);
  });

  test('stand last, and together, where nobody is named', () => {
    const { list, flows } = accountsOf(flow(), flow(attempt({ principal: null })), flow(attempt({})));
    expect(list.map(({ name, flows }) => [name, flows])).toEqual([
      ['anna', 1],
      [null, 2],
    ]);
    expect(flows).toBe(3);
  });

  test('are as many as a table holds; the flows of others are counted', () => {
    const many = Array.from({ length: limits.tableRows + 7 }, (_, at) => flow(attempt({ principal: `user${at}` })));
    const { list, flowsLeft } = accountsOf(...many);
    expect([list.length, flowsLeft]).toEqual([limits.tableRows, 7]);
  });

  // RFC 6750: a bearer token is no password
  test('are not those of a token, which stand apart and last', () => {
    const token = attempt({ mechanism: 'bearer', outcome: 'unseen', principal: null });
    const found = accountsOf(flow(token), flow(attempt({}), token), flow(attempt({ principal: null })));
    expect([found.flows, found.tokenFlows]).toEqual([2, 2]);
    expect(found.list.map(({ name, token, flows }) => [name, token, flows])).toEqual([
      ['anna', false, 1],
      [null, false, 1],
      [null, true, 2],
    ]);
    const page = print('html', sampleReport({ flows: [flow(token)] }));
    expect(page).toContain('<a href="#accounts">A token went in clear in 1 flow: revoke it</a>');
    expect(page).not.toContain('A password went in clear in');
    expect(page).toContain('<small>token in clear</small>');
    expect(page).not.toContain('password in clear');
    expect(page).toContain('<h2 id="accounts">Passwords and tokens that went in clear</h2>');
  });

  // [MS-NLMP] EXAMPLE\anna and [MS-ADTS] anna@example.test may log in the account that SASL calls anna
  test('are perhaps fewer than their names', () => {
    const flows = ['anna', 'EXAMPLE\\anna', 'Anna@example.test', 'annabel'].map((principal) =>
      flow(attempt({ principal })),
    );
    expect(accountsOf(...flows).alike).toEqual([['Anna@example.test', 'EXAMPLE\\anna', 'anna']]);
    const page = print('html', sampleReport({ flows }));
    expect(page).toContain('A password went in clear in 4 flows, of 2 to 4 accounts: change them');
    expect(page).toContain(
      'Perhaps one account, as the user is called the same: Anna@example.test, EXAMPLE\\anna, anna.',
    );
  });

  test('have a table in the page, and a line on its first', () => {
    const page = print('html', sampleReport({ flows: [flow(attempt({})), flow(attempt({ principal: '<b>' }))] }));
    expect(page).toContain('<a href="#accounts">A password went in clear in 2 flows, of 2 accounts: change them</a>');
    expect(page.split('<h2 id="accounts">')[1]).toMatch(/<th scope="row">anna<\/th>.*<th scope="row">&lt;b&gt;<\/th>/s);
  });
});
