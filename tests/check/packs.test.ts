import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPack } from '../../src/check/load-pack.ts';
import { runExamples } from '../../src/check/run-examples.ts';
import { analyzerNames } from '../../src/commands/inputs.ts';
import { auditCapture } from '../support/audit-capture.ts';
import { ownCaptures, rootFolder } from '../support/folders.ts';

const packs = globSync(`${rootFolder}rules/*.yaml`).map((file) => loadPack(basename(file), readFileSync(file, 'utf8')));

describe.each(packs.map((pack) => [pack.id, pack] as const))('%s', (id, pack) => {
  test('its examples come out as expected', () => {
    expect(runExamples(pack, analyzerNames).failed).toEqual([]);
  });

  test('no line of the program names it, its paths or its groups', () => {
    const source = globSync(`${rootFolder}src/**/*.ts`).map((file) => [file, readFileSync(file, 'utf8')] as const);
    const ids = [...pack.paths.map((path) => path.id), ...pack.groups.map((group) => group.id)];
    // the default pack is named once, as a default; ids of one common word would be found everywhere
    const telling = ids.filter((one) => one.includes('-'));
    expect(telling.length).toBeGreaterThan(0);
    for (const [file, text] of source) {
      for (const one of telling) expect(text.includes(`'${one}'`), `${one} in ${file}`).toBe(false);
      if (!file.endsWith('inputs.ts') && !file.includes('/commands/'))
        expect(text.includes(`'${id}'`), file).toBe(false);
    }
  });
});

test('an example that does not come out is told', () => {
  const text = readFileSync(`${rootFolder}rules/mail-cleartext.yaml`, 'utf8');
  const wrong = loadPack('wrong.yaml', text.replace('fail old-version', 'pass as-expected'));
  expect(runExamples(wrong, analyzerNames).failed).toEqual([
    {
      path: 'mail-submission',
      example: 'STARTTLS with TLS 1.0',
      check: 'encryption',
      expected: 'pass as-expected',
      found: 'fail old-version',
    },
  ]);
});

test('all packs run on one capture together', async () => {
  const topology = `${ownCaptures}smtp/topology.yaml`;
  const report = await auditCapture(
    [`${ownCaptures}smtp/hub-to-hub-clear.pcap`],
    topology,
    packs.map(({ id }) => id),
  );
  expect(report.rulePacks.map(({ id }) => id)).toEqual(packs.map(({ id }) => id));
  const of = (path: string) => report.paths.find(({ id }) => id === path)!.encryption;
  // hub2 offered nothing: between hubs that is a failure, between strangers it is not
  expect(of('hub-to-hub')).toMatchObject({ result: 'fail', reason: 'clear-content' });
  expect(of('mail-transfer')).toMatchObject({ result: 'informational', reason: 'not-offered' });
  expect(report.flows[0]!.client).toMatchObject({ name: 'hub1', roles: ['hub'] });
});

test('a pack that needs no topology decides without one', async () => {
  const { paths } = await auditCapture([`${ownCaptures}smtp/client-auth-plain-clear.pcap`], undefined, [
    'mail-cleartext',
  ]);
  expect(paths.find(({ id }) => id === 'mail-submission')).toMatchObject({
    encryption: { result: 'fail', reason: 'clear-content' },
  });
});

test("README's short pack is one, and decides", () => {
  const readme = readFileSync(`${rootFolder}README.md`, 'utf8');
  const text = /```yaml\n(id: [^`]*)```/.exec(readme)![1]!;
  const pack = loadPack('readme.yaml', text);
  const row = (facts: object[]) => ({ title: 't', port: 25, protocols: ['smtp'], transport: 'tcp' as const, facts });
  const run = (facts: object[], encryption: string) => {
    const [path] = pack.paths;
    const examples = [{ ...row(facts), expect: { encryption, authentication: 'notapplicable' } }] as never;
    return runExamples({ ...pack, paths: [{ ...path!, examples }] }, analyzerNames).failed;
  };
  expect(run([{ kind: 'exposed', content: 'message' }], 'fail clear-content')).toEqual([]);
  expect(run([{ kind: 'secured', mechanism: 'starttls', level: 'privacy' }], 'pass as-expected')).toEqual([]);
});
