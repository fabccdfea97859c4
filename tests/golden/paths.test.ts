import { describe, expect, test } from 'vitest';
import { type CheckName, checkNames } from '../../src/check/pack.ts';
import { readPack } from '../support/read-pack.ts';
import type { PathCase } from './paths/case.ts';
import { directoryCases } from './paths/directory-cases.ts';
import { fileCases } from './paths/file-cases.ts';
import { mailCases } from './paths/mail-cases.ts';
import { mailboxAccessCases } from './paths/mailbox-access-cases.ts';
import { replicationCases } from './paths/replication-cases.ts';
import { rpcCases } from './paths/rpc-cases.ts';
import { type CaseOutcome, runCase } from './paths/run-case.ts';
import { voiceCases } from './paths/voice-cases.ts';
import { webCases } from './paths/web-cases.ts';

/**
 * The matrix: for every data path what passes, each way in which it can fail, and what must stay unknown. paths.md shows it,
 * made by running it; `npx vitest run tests/golden/paths.test.ts --update` renews it.
 */
const cases: PathCase[] = [
  ...mailCases,
  ...directoryCases,
  ...mailboxAccessCases,
  ...voiceCases,
  ...webCases,
  ...rpcCases,
  ...fileCases,
  ...replicationCases,
];
/** NTLM and Kerberos are both supported, and content without either is not recognised as replication */
const mayNotFail = new Set(['log-shipping', 'seeding']);
const outcomes = new Map<PathCase, CaseOutcome>();

describe.each(Object.entries(Object.groupBy(cases, ({ path }) => path)))('%s', (_path, rows) => {
  test.each(rows!.map((one) => [one.title, one] as const))('%s', async (_title, one) => {
    const outcome = await runCase(one);
    outcomes.set(one, outcome);
    for (const check of checkNames) {
      const expected = one[check];
      if (expected === null) continue;
      const found = outcome.results[check];
      expect([check, expected.includes(' ') ? found : found.split(' ')[0]]).toEqual([check, expected]);
    }
  });
});

test('absent, a path is not observed', async () => {
  const [one] = cases;
  for (const { id } of readPack().paths) {
    const { results } = await runCase({ ...one!, path: id, roles: { rms1: 'adrms' }, replay: undefined } as never);
    expect(new Set(Object.values(results)), id).toEqual(new Set(['notchecked not-observed']));
  }
});

test('every path has a case that passes, one for each check that can fail, and one that stays unknown', () => {
  const missing: string[] = [];
  for (const { id, authentication, encryption } of readPack().paths) {
    const own = cases.filter(({ path }) => path === id);
    const has = (start: string, check?: CheckName) =>
      own.some((one) => (check ? [check] : checkNames).some((name) => one[name]?.startsWith(start)));
    if (!has('pass')) missing.push(`${id} passes`);
    if (!has('unknown')) missing.push(`${id} unknown`);
    const mayFail = encryption.byDefault !== 'no' && encryption.confidence !== 'low';
    if (has('fail', 'encryption') !== mayFail) missing.push(`${id} encryption ${mayFail ? 'fails' : 'never fails'}`);
    if (authentication && !mayNotFail.has(id) && !has('fail', 'authentication'))
      missing.push(`${id} authentication fails`);
  }
  expect(missing).toEqual([]);
});

test('paths.md shows it', async () => {
  await expect(table()).toMatchFileSnapshot('paths.md');
});

function table(): string {
  const lines = [
    '# The matrix of data paths',
    '',
    'Made by `npx vitest run tests/golden/paths.test.ts --update`: for every data path the cases, what came of them, and the',
    'evidence. Captures are those of `captures/`; `at` names the port to which a recorded dialogue was moved.',
    '',
  ];
  for (const { id, title } of readPack().paths) {
    lines.push(
      `## ${id}`,
      '',
      title.en,
      '',
      '| case | from | port | authentication | encryption | evidence |',
      '|---|---|---|---|---|---|',
    );
    for (const one of cases.filter(({ path }) => path === id)) {
      const { results, evidence } = outcomes.get(one)!;
      const at = one.replay?.at === undefined ? '' : ` at ${one.replay.at}`;
      const shown = evidence.slice(0, 3).join('; ');
      lines.push(
        `| ${one.title} | ${one.capture}${at} | ${results.port} | ${results.authentication} | ${results.encryption} | ${shown} |`,
      );
    }
    lines.push('');
  }
  return lines.join('\n');
}
