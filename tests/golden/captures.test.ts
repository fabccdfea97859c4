import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkNames } from '../../src/check/pack.ts';
import { auditCapture } from '../support/audit-capture.ts';
import { ownCaptures } from '../support/folders.ts';
import { comparable, entries, expectedOf, findFlow } from './manifest.ts';

test('every capture of the lab stands in the manifest of its folder', () => {
  const listed = entries.map(({ folder, file }) => `${folder}/${file}`);
  expect(globSync(`${ownCaptures}*/*.{pcap,pcapng,pcap.gz}`).sort()).toEqual(listed.sort());
});

describe.each(entries)('$folder $file', ({ folder, file, topology, frames, expect: expected }) => {
  const audited = auditCapture([`${folder}/${file}`], `${folder}/${topology}`);

  test('has as many frames as tshark counts', async () => {
    expect((await audited).captures[0]).toMatchObject({ frames, problems: [] });
  });

  test('fails as a whole just where it must', async () => {
    const { fail } = (await audited).summary.paths;
    if (expected.exit !== undefined) expect(fail > 0 ? 1 : 0).toBe(expected.exit);
  });

  for (const flow of expected.flows ?? []) {
    test(`${flow.client} → ${flow.server}:${flow.port}`, async () => {
      const seen = findFlow(await audited, flow, expected.flows ?? []);
      expect(comparable(await audited, seen, flow)).toEqual(expectedOf(flow));
      const { facts } = (await audited).records.find(({ id }) => id === seen.id)!;
      for (const fact of flow.facts ?? []) expect(facts).toContainEqual(expect.objectContaining(fact));
      for (const fact of flow.noFacts ?? []) expect(facts).not.toContainEqual(expect.objectContaining(fact));
    });
  }

  for (const [path, checks] of Object.entries(expected.paths ?? {})) {
    test(`path ${path}`, async () => {
      const report = (await audited).paths.find(({ id }) => id === path);
      for (const check of checkNames) {
        const wanted = checks[check];
        if (!wanted) continue;
        const { result, reason } = report![check];
        expect([check, ...(wanted.length === 2 ? [result, reason] : [result])]).toEqual([check, ...wanted]);
      }
    });
  }
});
