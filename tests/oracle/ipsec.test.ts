import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isThere, ownCaptures, sharedCaptures } from '../support/folders.ts';
import { ourFlows } from './our-flows.ts';
import { tsharkIsThere } from './tshark.ts';

/** ESP and AH, which the flows of tshark.test.ts leave out: whether tshark sees as many packets, and reads what we call readable. */
const there = tsharkIsThere();
if (!there) console.warn('SKIPPED: no tshark here, so ESP and AH were compared with nothing');

const own = [
  'esp-aes-cbc.pcap',
  'esp-aes-cbc-short.pcap',
  'esp-null.pcap',
  'esp-null-gmac.pcap',
  'ah.pcap',
  'ah-esp-aes-cbc.pcap',
].map((name) => `${ownCaptures}ipsec/${name}`);
const theirs = ['corelight__zeek-spicy-ipsec/ipsec.cap', 'ntop__nDPI/ah.pcapng'].map(
  (name) => `${sharedCaptures}third-party/${name}`,
);
// tshark guesses at no nonce before what AES-GMAC leaves readable
const guessesWrong = ['esp-null-gmac.pcap'];

function tshark(path: string, filter: string): number {
  const nullEncryption = ['-o', 'esp.enable_null_encryption_decode_heuristic:TRUE'];
  const output = execFileSync(
    'tshark',
    [...nullEncryption, '-r', path, '-Y', filter, '-T', 'fields', '-e', 'frame.number'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  return output.split('\n').filter(Boolean).length;
}

async function compare(path: string) {
  const flows = (await ourFlows(path))!.filter(({ transport }) => transport === 'esp' || transport === 'ah');
  for (const transport of ['esp', 'ah'] as const) {
    const frames = flows.filter((flow) => flow.transport === transport).reduce((sum, flow) => sum + flow.frames, 0);
    expect([transport, frames]).toEqual([
      transport,
      tshark(path, transport === 'esp' ? 'esp && !udp.port == 4500' : 'ah'),
    ]);
  }
  if (guessesWrong.some((name) => path.endsWith(name))) return;
  const readable = flows.some((flow) =>
    flow.facts.some((fact) => fact.kind === 'secured' && fact.level === 'integrity'),
  );
  expect(readable).toBe(tshark(path, '(esp || ah) && tcp.len > 0') > 0);
}

describe.skipIf(!there)('our captures', () => {
  test.each(own)('%s', compare);
});
describe.skipIf(!there || !isThere(sharedCaptures))('captures of other projects', () => {
  test.each(theirs)('%s', compare);
});
