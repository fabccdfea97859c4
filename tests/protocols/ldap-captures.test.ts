import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Direction } from '../../src/flows/direction.ts';
import type { Fact } from '../../src/protocols/fact.ts';
import { ldap } from '../../src/protocols/ldap.ts';
import { play } from '../support/play.ts';

/** Other projects' captures, read with tshark and played to the analyzer alone. */
const folder = fileURLToPath(new URL('../../../shared/captures/third-party/', import.meta.url));
const ready = existsSync(folder) && spawnSync('tshark', ['-v']).status === 0;
if (!ready) console.warn('skipped: LDAP captures of other projects: they or tshark are not here');

const privacy = { kind: 'secured', mechanism: 'sasl', level: 'privacy' };
const integrity = { kind: 'secured', mechanism: 'sasl', level: 'integrity' };
const credentials = { kind: 'exposed', content: 'credentials' };
const directory = { kind: 'exposed', content: 'directory' };
const kerberos = (etype: number) => ({
  kind: 'authenticated',
  mechanism: 'kerberos',
  inside: 'negotiate',
  outcome: 'accepted',
  protected: true,
  etype,
});

/** What tshark calls the layer, binds and tickets of these streams; what must be stated, the rest left out. */
const captures: { file: string; stream: number; midstream?: boolean; states: object[]; secured: object[] }[] = [
  // tshark: SASL GSS-API Privacy, ticket rc4-hmac; zeek's ldap.log: bind SASL, GSS-SPNEGO, success
  { file: 'zeek__zeek/krb5-sign-seal-01.pcap', stream: 0, states: [kerberos(23)], secured: [privacy] },
  // tshark: SASL GSS-API Integrity; stream 2 reads nothing but the root DSE
  { file: 'mmguero-dev__Malcolm-PCAP/KRB5.pcap', stream: 2, states: [kerberos(18)], secured: [] },
  { file: 'mmguero-dev__Malcolm-PCAP/KRB5.pcap', stream: 3, states: [kerberos(18)], secured: [integrity] },
  { file: 'cisco__mercury/emix.pcap', stream: 31, states: [kerberos(18)], secured: [privacy] },
  { file: 'cisco__mercury/emix.pcap', stream: 72, states: [kerberos(18)], secured: [integrity] },
  {
    file: 'corelight__PetitPotam/UnPatchedDCOpenFileRaw.pcapng',
    stream: 43,
    midstream: true,
    states: [],
    secured: [integrity],
  },
  {
    file: 'zeek__zeek/simpleauth.pcap',
    stream: 0,
    states: [
      credentials,
      directory,
      {
        kind: 'authenticated',
        mechanism: 'simple-bind',
        principal: 'xxxxxxxxxxx@xx.xxx.xxxxx.net',
        protected: false,
        outcome: 'accepted',
      },
    ],
    secured: [],
  },
  // zeek's ldap.log: bind SASL SCRAM-SHA-512 success, then a search; no layer
  {
    file: 'zeek__zeek/sasl-scram-sha-512.pcap',
    stream: 0,
    states: [directory, expect.objectContaining({ mechanism: 'scram', version: 'SCRAM-SHA-512', outcome: 'accepted' })],
    secured: [],
  },
  // a layer of SRP, whose buffers do not tell
  {
    file: 'zeek__zeek/sasl-srp-who-am-i.pcap',
    stream: 0,
    states: [expect.objectContaining({ mechanism: 'unknown', version: 'SRP', outcome: 'accepted' })],
    secured: [],
  },
  // suricata's test: CRAM-MD5, saslBindInProgress, and no more
  {
    file: 'OISF__suricata-verify/ldap.pcap',
    stream: 0,
    states: [{ kind: 'authenticated', mechanism: 'cram-md5', outcome: 'unfinished', protected: true }],
    secured: [],
  },
  // Arkime's expectation: ntlm domain LDAPDOM, user frank, host LDAPHOST
  {
    file: 'arkime__arkime/ntlm_synthetic.pcap',
    stream: 5,
    states: [
      {
        kind: 'authenticated',
        mechanism: 'ntlm',
        outcome: 'accepted',
        principal: 'LDAPDOM\\frank',
        protected: true,
        version: 'v1',
      },
      { kind: 'described', what: 'peer-name', of: 'client', name: 'LDAPHOST' },
    ],
    secured: [],
  },
];

describe.skipIf(!ready)('captures of other projects', () => {
  test.each(captures)('$file stream $stream', ({ file, stream, midstream = false, states, secured }) => {
    const { steps, passwords } = stepsOf(file, stream);
    expect(steps.length).toBeGreaterThan(0);
    const { facts } = play(steps, { port: 389, midstream, analyzers: [ldap] });
    for (const fact of states) expect(facts).toContainEqual(fact);
    expect(facts.filter((fact) => fact.kind === 'secured')).toEqual(secured);
    if (!states.includes(credentials)) expect(exposed(facts)).not.toContain('credentials');
    for (const password of passwords) expect(JSON.stringify(facts)).not.toContain(password);
  });
});

const exposed = (facts: Fact[]) => facts.flatMap((fact) => (fact.kind === 'exposed' ? [fact.content] : []));

/** The segments of one stream that carry bytes, and the passwords tshark finds in them. */
function stepsOf(file: string, stream: number): { steps: [Direction, Uint8Array][]; passwords: string[] } {
  const filter = `tcp.stream==${stream} && tcp.len>0 && !tcp.analysis.retransmission`;
  const fields = ['tcp.dstport', 'tcp.payload', 'ldap.simple'].flatMap((field) => ['-e', field]);
  const output = execFileSync('tshark', ['-r', folder + file, '-Y', filter, '-T', 'fields', ...fields], {
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 26,
  });
  const rows = output
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  return {
    steps: rows.map(([to, payload]) => [
      to === '389' || to === '3268' ? 'client' : 'server',
      new Uint8Array(Buffer.from(payload!, 'hex')),
    ]),
    passwords: rows.flatMap(([, , password]) => (password ? [password] : [])),
  };
}
