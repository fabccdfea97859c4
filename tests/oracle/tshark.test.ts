import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { isThere, ownCaptures, sharedCaptures } from '../support/folders.ts';
import { type Comparison, joinFlows } from './compare-flows.ts';
import { compareProtocols } from './compare-protocols.ts';
import { hold, readDisagreements, refusedAmong } from './disagreements.ts';
import { ourFlows } from './our-flows.ts';
import { precomputedFlows, type TsharkFlow, tsharkFlows, tsharkIsThere } from './tshark.ts';

/**
 * Every flow of every capture, held against tshark. tshark can be wrong: what differs is looked into, and stands in
 * disagreements/ with who is right and why. Anything else that differs fails, and so does an entry without a difference.
 */
const tshark = tsharkIsThere();
if (!tshark) {
  console.warn('SKIPPED: no tshark here, so only flows of shared captures were compared, with facts computed before');
}
const entries = readDisagreements(`${import.meta.dirname}/disagreements`);
/** what the precomputed facts tell */
const askable = (fact: string) => tshark || /^flow|recognised$/.test(fact);

/** Our captures, by the beginning of their names, on ports that tshark does not know. */
const decodeAs: Record<string, string[]> = {
  'captures/directory/edgesync-clear.pcap.gz': ['tcp.port==50636,ldap'],
  'captures/rpc/emsmdb-behind-banner.pcap': ['tcp.port==6001,dcerpc'],
  'captures/smtp/smtp-on-2525.pcap': ['tcp.port==2525,smtp'],
  'captures/replication/mrs-': ['tcp.port==808,mc-nmf'],
  'captures/voice/call-srtp-sdes-tls.pcap': ['udp.port==16386,rtp', 'udp.port==16387,rtcp'],
  'captures/voice/call-tls-clear-media.pcap.gz': ['udp.port==16396,rtp', 'udp.port==16397,rtcp'],
};

describe.skipIf(!isThere(sharedCaptures))('captures of other projects', async () => {
  const names = readFileSync(`${sharedCaptures}manifest.tsv`, 'utf8')
    .split('\n')
    .slice(1)
    .flatMap((line) => line.split('\t')[0] || []);
  const precomputed = precomputedFlows(`${sharedCaptures}tshark-facts.jsonl`);
  agreement(names, (name) => {
    const path = sharedCaptures + name;
    return [path, tshark ? tsharkFlows(path) : Promise.resolve(precomputed.get(name) ?? [])];
  });
});

describe.skipIf(!tshark)('our captures', async () => {
  const names = (await readdir(ownCaptures, { recursive: true }))
    .filter((name) => /\.pcap(ng)?(\.gz|\.zst)?$/.test(name))
    .map((name) => `captures/${name}`)
    .sort();
  agreement(names, (name) => {
    const path = ownCaptures + name.slice('captures/'.length);
    return [path, tsharkFlows(path, Object.entries(decodeAs).find(([prefix]) => name.startsWith(prefix))?.[1])];
  });
});

function agreement(names: string[], both: (name: string) => [string, Promise<TsharkFlow[]>]): void {
  test('agrees with tshark but where the table says why not', async () => {
    const comparisons: Comparison[] = [];
    const refused: string[] = [];
    const left = names.values();
    const work = async () => {
      for (const name of left) {
        const [path, asked] = both(name);
        const theirs = await asked;
        const ours = await ourFlows(path);
        if (ours === null) {
          refused.push(name);
          continue;
        }
        const joined = joinFlows(name, theirs, ours);
        comparisons.push(...joined.comparisons, ...compareProtocols(name, joined));
      }
    };
    // most of the time is tshark's
    await Promise.all([work(), work()]);
    const { unlisted, stale } = hold(entries, new Set(names), comparisons, askable);
    console.log(agreementText(comparisons));
    expect(unlisted, 'new disagreements').toEqual([]);
    expect(stale, 'listed disagreements that no longer occur').toEqual([]);
    expect(refused.sort(), 'formats that are refused').toEqual(
      refusedAmong(entries)
        .filter((name) => names.includes(name))
        .sort(),
    );
    expect(comparisons.length).toBeGreaterThan(names.length);
  }, 300_000);
}

/** `n of m` per fact. */
function agreementText(comparisons: readonly Comparison[]): string {
  const facts = Map.groupBy(comparisons, ({ fact }) => fact);
  const lines = [...facts].sort().map(([fact, all]) => {
    const agreed = all.filter(({ tshark, ours }) => tshark === ours).length;
    return `${fact}: ${agreed} of ${all.length}`;
  });
  return lines.join('\n');
}
