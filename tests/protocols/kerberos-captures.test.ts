import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ourFlows } from '../oracle/our-flows.ts';
import { isThere, ownCaptures, sharedCaptures } from '../support/folders.ts';

/** Captures of several makers' clients and KDCs: every message of theirs can be read. */
const own = readdirSync(`${ownCaptures}kerberos`)
  .filter((name) => /\.pcap(ng)?$/.test(name))
  .map((name) => `${ownCaptures}kerberos/${name}`);
const theirs = [
  'mmguero-dev__Malcolm-PCAP/KRB5.pcap',
  'odedshimon__BruteShark/Kerberos_v5_UDP_2.pcap',
  'cisco__mercury/emix.pcap',
  'OISF__suricata-verify/dcerpc-ctxids-input.pcap',
].map((name) => `${sharedCaptures}third-party/${name}`);

const odd = async (path: string) =>
  (await ourFlows(path))!
    .filter(({ protocol }) => protocol === 'kerberos')
    .flatMap(({ blindSpots, first }) => blindSpots.map(({ why, detail }) => ({ why, detail, flow: first.frame })))
    .filter(({ why }) => why === 'malformed' || why === 'left-protocol' || why === 'limit');

test.each(own)('%s', async (path) => expect(await odd(path)).toEqual([]));

describe.skipIf(!isThere(sharedCaptures))('of other projects', () => {
  test.each(theirs)('%s', async (path) => expect(await odd(path)).toEqual([]));

  // the capture's own name for it, and tshark: RFC 8062 tickets in frame 175
  test('KRB5.pcap: an anonymous ticket is nobody’s', async () => {
    const flows = (await ourFlows(theirs[0]!))!;
    const facts = flows.flatMap((flow) => flow.facts).filter(({ frame }) => frame === 175);
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'authenticated', mechanism: 'anonymous' }));
    expect(facts).not.toContainEqual(expect.objectContaining({ kind: 'authenticated', mechanism: 'kerberos' }));
  });

  // tshark: frame 12 has no PA-DATA that proves anything before it (frame 11)
  test('KRB5.pcap: a ticket that was given without a proof', async () => {
    const flows = (await ourFlows(theirs[0]!))!;
    const facts = flows.flatMap((flow) => flow.facts).filter(({ frame }) => frame === 12);
    expect(facts).toContainEqual(
      expect.objectContaining({ what: 'property', name: 'kerberos-preauthentication', value: 'none' }),
    );
    expect(facts).toContainEqual(expect.objectContaining({ what: 'ticket-issued', etype: 23 }));
  });
});
