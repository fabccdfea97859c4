import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Direction } from '../../src/flows/direction.ts';
import { play } from '../support/play.ts';
import { exposed } from '../support/smtp-dialogues.ts';

/** Other projects' captures, read with tshark and played to the analyzers. */
const folder = fileURLToPath(new URL('../../../shared/captures/third-party/', import.meta.url));
const ready = existsSync(folder) && spawnSync('tshark', ['-v']).status === 0;
if (!ready) console.warn('skipped: SMTP captures of other projects: they or tshark are not here');

const offered = (...mechanisms: string[]) => ({ kind: 'offered', what: 'authentication', mechanisms });
const accepted = { kind: 'authenticated', outcome: 'accepted' };
const tls = (verb: string) => [
  { kind: 'offered', what: 'upgrade', verb },
  { kind: 'described', what: 'upgrade-asked', verb },
  { kind: 'described', what: 'upgrade-accepted', verb, code: '220' },
];

const captures: { file: string; stream: number; port: number; path: string[]; states: object[]; exposes: string[] }[] =
  [
    // suricata's test: STARTTLS, then TLS 1.3
    {
      file: 'OISF__suricata-verify/smtp-startssl-input.pcap',
      stream: 0,
      port: 25,
      path: ['smtp', 'tls'],
      states: tls('STARTTLS'),
      exposes: [],
    },
    // Arkime's expectation: ntlm domain SMTPDOM, user jack, host SMTPHOST
    {
      file: 'arkime__arkime/ntlm_synthetic.pcap',
      stream: 10,
      port: 25,
      path: ['smtp'],
      states: [
        { ...accepted, mechanism: 'ntlm', principal: 'SMTPDOM\\jack', protected: true, version: 'v1' },
        { kind: 'described', what: 'peer-name', of: 'client', name: 'SMTPHOST' },
      ],
      exposes: [],
    },
    // tshark's EHLO answer: Exchange 2010 or 2013 at the edge of CERN
    {
      file: 'zeek__zeek/smtp-multi-addr.pcap',
      stream: 0,
      port: 25,
      path: ['smtp'],
      states: [{ kind: 'offered', what: 'upgrade', verb: 'X-ANONYMOUSTLS' }, offered('NTLM')],
      exposes: ['message'],
    },
    // tshark: smtp.auth.username 12345678@aol.com, response 235
    {
      file: 'arkime__arkime/smtp-data-250.pcap',
      stream: 0,
      port: 587,
      path: ['smtp'],
      states: [{ ...accepted, mechanism: 'plain', principal: '12345678@aol.com', protected: false }],
      exposes: ['credentials', 'message'],
    },
    // tshark: AUTH LOGIN, smtp.auth.username galunt, response 235
    {
      file: 'OISF__suricata-verify/smtp-raw-extraction-input.pcap',
      stream: 0,
      port: 587,
      path: ['smtp'],
      states: [
        { ...accepted, mechanism: 'login', principal: 'galunt', protected: false },
        offered('LOGIN', 'PLAIN', 'XYMCOOKIE'),
      ],
      exposes: ['credentials', 'message'],
    },
    // tshark: EHLO, rset, staR without arguments and with LF alone; 250, 250, 220
    {
      file: 'OISF__suricata-verify/smtp-rset-starttls-input.pcap',
      stream: 0,
      port: 25,
      path: ['smtp', 'tls'],
      states: [{ kind: 'described', what: 'upgrade-accepted', verb: 'STARTTLS', code: '220' }],
      exposes: [],
    },
  ];

describe.skipIf(!ready)('captures of other projects', () => {
  test.each(captures)('$file', ({ file, stream, port, path, states, exposes }) => {
    const { steps, secrets } = stepsOf(file, stream, port);
    expect(steps.length).toBeGreaterThan(0);
    const seen = play(steps, { port });
    expect(seen.protocolPath).toEqual(path);
    for (const fact of states) expect(seen.facts).toContainEqual(fact);
    expect(exposed(seen)).toEqual(exposes);
    expect(seen.blindSpots.filter(({ why }) => why !== 'encrypted')).toEqual([]);
    for (const secret of secrets) expect(JSON.stringify(seen.record)).not.toContain(secret);
  });
});

/** The segments of one stream that carry bytes, and the passwords tshark finds in them. */
function stepsOf(file: string, stream: number, port: number): { steps: [Direction, Uint8Array][]; secrets: string[] } {
  const filter = `tcp.stream==${stream} && tcp.len>0 && !tcp.analysis.retransmission`;
  const fields = ['tcp.dstport', 'tcp.payload', 'smtp.auth.password'].flatMap((field) => ['-e', field]);
  const options = ['-o', 'smtp.decryption:TRUE', '-T', 'fields', ...fields];
  const output = execFileSync('tshark', ['-r', folder + file, '-Y', filter, ...options], {
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
      to === String(port) ? 'client' : 'server',
      new Uint8Array(Buffer.from(payload!, 'hex')),
    ]),
    secrets: rows.flatMap(([, , secret]) => (secret ? [secret] : [])),
  };
}
