import { describe, expect, test } from 'vitest';
import type { FlowRecord } from '../../src/protocols/flow-record.ts';
import { isThere, sharedCaptures } from '../support/folders.ts';
import { ourFlows } from './our-flows.ts';
import { type ArkimeSession, arkimeSessions, capturePath, type NdpiFlow, ndpiFlows, zeekRows } from './truth.ts';

/** Our facts held against what Zeek, nDPI, Arkime and Suricata expect of the same captures. Joined on the endpoints: times are masked. */
const there = isThere(sharedCaptures);
const read = new Map<string, Promise<FlowRecord[] | null>>();

/** All flows between two ends: a UDP flow ends after 120 s without a packet (contract, rule 16), in other tools' lists it does not. */
async function flowsOf(capture: string, one: string, other: string): Promise<FlowRecord[]> {
  const reading = read.get(capture) ?? ourFlows(capturePath(capture));
  read.set(capture, reading);
  return ((await reading) ?? []).filter(({ client, server }) => {
    const ends = [`${client.address}:${client.port}`, `${server.address}:${server.port}`];
    return ends.includes(plain(one)) && ends.includes(plain(other));
  });
}

async function flowOf(capture: string, one: string, other: string): Promise<FlowRecord> {
  const flows = await flowsOf(capture, one, other);
  expect(flows, `flows of ${capture} between ${one} and ${other}`).toHaveLength(1);
  return flows[0]!;
}

const plain = (end: string) => end.replace(/[[\]]/g, '');
const name = ({ capture, ends }: NdpiFlow | ArkimeSession) => `${capture} ${ends.join(' ')}`;

describe.skipIf(!there)('Zeek', () => {
  // the letters are Zeek's, so state and history are the same; we leave out those for checksums, gaps, windows and repeated
  // payload, of which these flows have none
  const connections = there ? zeekRows('conn.log') : [];
  test.each(
    connections.map(({ capture, row }) => ({ capture, row, flow: `${capture} ${row['id.orig_p']} ${row.history}` })),
  )('connection $flow', async ({ capture, row }) => {
    const [client, server] = endsOf(row);
    const flow = await flowOf(capture, client, server);
    expect({
      client: `${flow.client.address}:${flow.client.port}`,
      transport: flow.transport,
      state: flow.state,
      history: flow.history,
      frames: flow.frames,
      bytes: flow.bytes,
      missed: flow.missedBytes,
    }).toEqual({
      client,
      transport: row.proto,
      state: row.conn_state,
      history: row.history,
      frames: Number(row.orig_pkts) + Number(row.resp_pkts),
      bytes: { client: Number(row.orig_bytes), server: Number(row.resp_bytes) },
      missed: Number(row.missed_bytes),
    });
    expect(flow.protocol).toBe(row.service!.split(',')[0]!.replace('ldap_tcp', 'ldap'));
  });

  const mappings = there ? zeekRows('smb_mapping.log') : [];
  test.each(mappings.map(({ capture, row }) => ({ capture, row, share: `${capture} ${row.path}` })))(
    'share $share',
    async ({ capture, row }) => {
      const flow = await flowOf(capture, ...endsOf(row));
      expect(flow.protocol).toBe('smb');
      // Zeek's logs escape a backslash
      const name = row.path!.replaceAll('\\\\', '\\');
      expect(flow.facts).toContainEqual(expect.objectContaining({ what: 'resource', name }));
    },
  );

  const mechanisms: Record<string, string> = {
    'GSS-SPNEGO': 'kerberos',
    'SCRAM-SHA-512': 'scram',
    SRP: 'unknown',
    REDACTED: 'simple-bind',
  };
  const binds = there
    ? zeekRows('ldap.log').filter(({ row }) => row.opcode?.startsWith('bind') && row.result === 'success')
    : [];
  test.each(binds.map(({ capture, row }) => ({ capture, row, bind: `${capture} ${row.message_id} ${row.argument}` })))(
    'bind $bind',
    async ({ capture, row }) => {
      const flow = await flowOf(capture, ...endsOf(row));
      const principal = row.object === '-' ? {} : { principal: row.object };
      expect(flow.facts).toContainEqual(
        expect.objectContaining({
          kind: 'authenticated',
          mechanism: mechanisms[row.argument!],
          outcome: 'accepted',
          protected: row.opcode !== 'bind simple',
          ...principal,
        }),
      );
    },
  );
});

const endsOf = (row: Record<string, string>): [string, string] => [
  `${row['id.orig_h']}:${row['id.orig_p']}`,
  `${row['id.resp_h']}:${row['id.resp_p']}`,
];

describe.skipIf(!there)('nDPI', () => {
  /** what nDPI's names are to us; a protocol of ours must be no other */
  const ours: Record<string, string> = {
    TLS: 'tls',
    IPSec: 'ike',
    SMTPS: 'tls',
    POPS: 'tls',
    POP3: 'pop3',
    IMAPS: 'tls',
    IMAP: 'imap4',
    DNS: 'dns',
    SIP: 'sip',
    HTTP: 'http',
    DTLS: 'dtls',
    RTP: 'rtp',
    RTCP: 'rtcp',
  };
  // not decoded: what lies inside VXLAN, GTP and the link type PPI
  const notYet = (flow: NdpiFlow) => flow.tunnel !== null || flow.capture === 'someip_sd_sample.pcap';
  const flows = there ? ndpiFlows().filter((flow) => !notYet(flow)) : [];

  test('has flows', () => expect(flows.length).toBeGreaterThan(25));

  test.each(flows.map((flow) => ({ ...flow, title: `${name(flow)} ${flow.protocol}` })))('$title', async (flow) => {
    const records = await flowsOf(flow.capture, ...flow.ends);
    expect(records.reduce((sum, { frames }) => sum + frames, 0)).toBe(flow.packets);
    const wanted = ours[flow.protocol];
    for (const { protocol, protocolPath } of records) {
      if (wanted) expect(protocolPath).toContain(wanted);
      else expect(protocol).toBe('unknown');
    }
    if (wanted !== 'tls' || flow.serverName === null) return;
    expect(records[0]!.facts).toContainEqual(
      expect.objectContaining({ what: 'tls-client-hello', serverName: flow.serverName }),
    );
  });
});

describe.skipIf(!there)('Arkime', () => {
  // not decoded: PPPoE, NFLOG and Frame Relay; not read: TLS inside MySQL
  const undecoded = ['pppoe.pcap', 'nflog.pcap', 'icmp-frame-relay.pcap', 'mysql-tls.pcap'];
  const sessions = there ? arkimeSessions().filter(({ capture }) => !undecoded.includes(capture)) : [];

  test.each(sessions.map((session) => ({ ...session, title: name(session) })))('$title', async (session) => {
    const flow = await flowOf(session.capture, ...session.ends);
    expect(flow.frames).toBe(session.packets);
    expect(`${flow.client.address}:${flow.client.port}`).toBe(session.ends[0]);
    const known = session.protocols
      .map((protocol) => protocol.replace(/^imap$/, 'imap4'))
      .filter((protocol) =>
        ['smtp', 'pop3', 'imap4', 'ldap', 'tls', 'dns', 'http', 'dcerpc', 'smb'].includes(protocol),
      );
    expect(flow.protocolPath).toEqual(known);
    if (known.length === 0) return;
    const principals = flow.facts.flatMap((fact) => (fact.kind === 'authenticated' && fact.principal) || []);
    // Arkime leaves the domain out
    expect(principals.map((principal) => principal.replace(/^.*\\/, ''))).toEqual(session.users);
    for (const hello of session.smtpHello) {
      expect(flow.facts).toContainEqual(expect.objectContaining({ what: 'peer-name', of: 'client', name: hello }));
    }
    const exposed = flow.facts.some((fact) => fact.kind === 'exposed' && fact.content === 'message');
    expect(exposed).toBe(session.mailFrom.length > 0);
  });
});

describe.skipIf(!there)('Suricata', () => {
  const only = async (capture: string) => {
    const flows = (await ourFlows(capturePath(capture)))!;
    expect(flows).toHaveLength(1);
    return flows[0]!;
  };
  const exposes = (flow: FlowRecord, content: string) =>
    flow.facts.some((fact) => fact.kind === 'exposed' && fact.content === content);

  // smtp.helo desktop.unx.ca, and no email
  test('smtp-startssl: who says hello, and no message in clear', async () => {
    const flow = await only('smtp-startssl-input.pcap');
    expect(flow.facts).toContainEqual(expect.objectContaining({ of: 'client', name: 'desktop.unx.ca' }));
    expect(exposes(flow, 'message')).toBe(false);
  });

  // smtp.helo client-1016363.example.int, smtp.mail_from <sender@example.com>, app_proto smtp
  test('smtp-file-data-01: who says hello, and a message in clear', async () => {
    const flow = await only('smtp-file-data-01-input.pcap');
    expect(flow.protocolPath).toEqual(['smtp']);
    expect(flow.facts).toContainEqual(expect.objectContaining({ of: 'client', name: 'client-1016363.example.int' }));
    expect(exposes(flow, 'message')).toBe(true);
  });

  // event_type smtp; the server's 220 answers STARTTLS, and no TLS follows
  test('smtp-rset-starttls: nothing is called protected', async () => {
    const flow = await only('smtp-rset-starttls-input.pcap');
    expect(flow.protocol).toBe('smtp');
    expect(flow.facts.filter(({ kind }) => kind === 'secured')).toEqual([]);
  });

  // signature 2221053: the change to TLS failed
  test('protocol-change-failed-event: nothing is called protected', async () => {
    const flow = await only('protocol-change-failed-event-input.pcap');
    expect(flow.protocolPath.at(-1)).toBe('smtp');
    expect(flow.facts.filter(({ kind }) => kind === 'secured')).toEqual([]);
  });

  // extended_request 1.3.6.1.4.1.1466.20037, then tls.from_proto ldap, version TLS 1.2, subject and issuer CN=LDAP SSL test
  test('ldap-starttls: the request, the version, the certificate', async () => {
    const flow = await only('ldap-starttls-input.pcap');
    expect(flow.protocolPath).toEqual(['ldap', 'tls']);
    expect(flow.facts).toContainEqual(expect.objectContaining({ what: 'upgrade-asked', verb: 'STARTTLS' }));
    expect(flow.facts).toContainEqual(expect.objectContaining({ what: 'tls-server-hello', version: 0x0303 }));
    const dates = { notBefore: '2015-01-31T02:18:29Z', notAfter: '2025-01-28T02:18:29Z' };
    const names = { subject: 'CN=LDAP SSL test', issuer: 'CN=LDAP SSL test' };
    expect(flow.facts).toContainEqual(
      expect.objectContaining({ what: 'certificate', of: 'server', ...names, ...dates }),
    );
  });

  // event_type ldap, once
  test('ldap-bind: LDAP', async () => expect((await only('ldap.pcap')).protocol).toBe('ldap'));

  // PASS once refused (`the password incorrect`) and once accepted; LIST; app_proto pop3, twice
  test('pop3-03: two sessions, their logins, and a mailbox in clear', async () => {
    const flows = (await ourFlows(capturePath('pop3-03-bug-7709-input.pcap')))!;
    expect(flows.map(({ protocol }) => protocol)).toEqual(['pop3', 'pop3']);
    const outcomes = flows.flatMap(({ facts }) =>
      facts.flatMap((fact) => (fact.kind === 'authenticated' ? [fact.outcome] : [])),
    );
    expect(outcomes).toEqual(['refused', 'accepted']);
    expect(flows.map((flow) => exposes(flow, 'mailbox'))).toEqual([false, true]);
  });

  // the greeting; USER and PASS accepted; STAT, LIST, UIDL and 49 times TOP answered
  test('pop3: greeting, login, and a mailbox in clear', async () => {
    const flow = await only('pop3-input.pcap');
    const text = 'POP server ready H mieueus020 1Mw7UO-1j88qA02mS-00sOH0';
    expect(flow.facts).toContainEqual(expect.objectContaining({ what: 'banner', text }));
    const principal = 'moises.nunez@ingenierianumar.com';
    expect(flow.facts).toContainEqual(
      expect.objectContaining({ mechanism: 'user-pass', outcome: 'accepted', principal }),
    );
    expect(exposes(flow, 'mailbox')).toBe(true);
  });

  // event_type tls with decoder events 2230003 and 2230007: a certificate that cannot be read
  test('bug-1450-04: the certificate cannot be read, and we say so', async () => {
    const flow = await only('tls_DER-incomplete-header.pcap');
    expect(flow.facts.some((fact) => fact.kind === 'described' && fact.what === 'certificate')).toBe(false);
    expect(flow.blindSpots.map(({ why }) => why)).toContain('malformed');
  });

  // decoder.sll2, ipv4 and tcp: 5
  test('decode-sll2-01: five packets', async () => expect((await only('decode-sll2-01-input.pcap')).frames).toBe(5));
});
