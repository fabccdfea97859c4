import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Carrier, DataPath } from '../../src/check/pack.ts';
import { isThere, sharedReference } from '../support/folders.ts';
import { readPack } from '../support/read-pack.ts';

// Every cell of the pack against the reference that it was made from, which lies outside the repository.
const present = isThere(sharedReference);

interface ReferencePort {
  transport: 'tcp' | 'udp';
  port?: number;
  range?: [number, number];
  symbolic?: string;
  label?: string;
  customizable?: boolean;
  listedIn?: string;
  transportSource?: string;
  note?: string;
}
interface Cell {
  text: string;
  normalized: string[];
}
interface Row {
  order: number;
  id: string;
  table: string;
  titleKo: string;
  titleEn: string;
  source: string;
  destination: string;
  portsText: string;
  ports: ReferencePort[];
  defaultAuth: Cell;
  supportedAuth: Cell;
  encryptionSupported: { text: string; supported: boolean; mechanism: string; mechanismSource?: string };
  encryptedByDefault: { text: string; value: string; footnote?: string };
  cellStatus: Record<string, string>;
  restoration: { mirror: string; reason?: string; conflict?: string };
  notes: string[];
  wireNote?: string;
  duplicateOf?: string;
}
interface FirewallRow {
  id: string;
  nameEn: string;
  roles: string[];
  ports: { transport: string; port?: number; symbolic?: string }[];
  program: string;
  gfw: boolean;
  processRestricted: boolean;
  sourceAnomaly?: string;
}
interface NoteRow {
  id: string;
  section: string;
  kind: string;
  passivelyCheckable: string;
  assertionEn: string;
  test: string;
  contradiction?: string;
  sourceAnomaly?: string;
  exceptionInTable?: string;
}
interface Reference {
  document: { titleKo: string; titleEn: string; product: string; lastModified: string; englishOriginal: string };
  rows: Row[];
  firewallRules: FirewallRow[];
  notes: NoteRow[];
  sourceAnomalies: string[];
}

const exchange = ['hub', 'edge', 'mailbox', 'cas', 'um'];

/** The reference's words for ends, where they are not roles of the pack. */
const ends: Record<string, string[]> = {
  exchange,
  any: [
    ...exchange,
    ...['dc', 'adrms', 'client', 'mapi-client', 'admin', 'backup', 'legacy-mailbox', 'ip-gateway', 'ocs'],
    ...['load-balancer', 'external'],
  ],
  'edge(other org)': ['external'],
};

/** Its words for authentication, where they are no ids. */
const words: Record<string, string> = {
  'ntlm(v2-only)': 'ntlm-v2-only',
  'integrated-windows(negotiate)': 'integrated-windows',
  'negotiate(kerberos)': 'negotiate-kerberos',
  'negotiate(kerberos;fallback ntlm or optionally basic)': 'negotiate-or-basic',
};

const mechanisms: Record<string, string> = { 'sip-tls+srtp': 'sip-tls-srtp' };

const firewallRoles: Record<string, string[]> = {
  all: exchange,
  'client-access': ['cas'],
  'hub-transport': ['hub'],
  'edge-transport': ['edge'],
  mailbox: ['mailbox'],
  'unified-messaging': ['um'],
};

/** Ports that no port cell lists: what 135 leads to, and what a note or another cell says. */
const inferredElsewhere: Record<string, string[]> = {
  'admin-remote-registry': ['tcp 445'],
  'cas-to-legacy-mailbox': ['tcp 110', 'tcp 143'],
  'vss-backup': ['tcp 445 Local Message Block (SMB)', 'tcp 139 Local Message Block (SMB)'],
};

const written = (transport: string, port: Carrier['port'], label: string | undefined): string =>
  [transport, Array.isArray(port) ? port.join('-') : port, label].filter((part) => part !== undefined).join(' ');

const carrierText = (carrier: Carrier) => written(carrier.transport, carrier.port, carrier.label);
const unique = (texts: string[]) => [...new Set(texts)].sort();

function portText(port: ReferencePort): string {
  return written(port.transport, port.port ?? port.range ?? 'dynamic', port.label);
}

describe.skipIf(!present)('exchange-2010 against its reference', () => {
  const reference = present
    ? (JSON.parse(readFileSync(`${sharedReference}exchange-2010.json`, 'utf8')) as Reference)
    : null;
  const rows = reference?.rows ?? [];
  const pack = readPack();
  const pathOf = (row: Row): DataPath => pack.paths.find((path) => path.id === row.id)!;

  test('it has 55 data paths in the order of the reference, 54 firewall rules, 40 notes and 12 anomalies', () => {
    expect(pack.paths.map((path) => path.id)).toEqual(rows.map((row) => row.id));
    expect(pack.paths).toHaveLength(55);
    expect(pack.firewall).toHaveLength(54);
    expect(pack.notes).toHaveLength(40);
    expect(pack.anomalies).toEqual(reference!.sourceAnomalies);
    expect(pack.anomalies).toHaveLength(12);
    expect([pack.title, pack.document]).toEqual([
      { en: reference!.document.titleEn, ko: reference!.document.titleKo },
      {
        product: reference!.document.product,
        lastModified: reference!.document.lastModified,
        url: reference!.document.englishOriginal,
      },
    ]);
  });

  describe.each(rows.map((row) => [row.id, row] as const))('%s', (_id, row) => {
    const path = pathOf(row);

    test('order, table, title and ends', () => {
      expect(path.title).toEqual({ en: row.titleEn, ko: row.titleKo });
      expect(path.source).toMatchObject({
        order: row.order,
        table: row.table,
        ports: row.portsText,
        from: row.source,
        to: row.destination,
      });
      // a load balancer may stand before an edge of ours, and before servers that clients reach
      const without = (roles: string[]) =>
        ends[row.source] ? roles : roles.filter((role) => role !== 'load-balancer');
      expect(without(path.from)).toEqual(ends[row.source] ?? [row.source]);
      const to = ends[row.destination] ?? [row.destination];
      expect(without(path.to)).toEqual(row.id === 'mapi-access' ? [...to, 'cas'] : to);
    });

    test('every port of its cell, and no other but what is marked as inferred', () => {
      const asked = row.ports.filter((port) => port.listedIn !== 'notes' && port.symbolic !== 'smb').map(portText);
      expect(unique(path.carriers.filter((carrier) => !carrier.inferred).map(carrierText))).toEqual(unique(asked));
      const fromNotes = row.ports.filter((port) => port.listedIn === 'notes').map(portText);
      const mapper = row.ports.some((port) => port.symbolic === 'rpc-dynamic') ? ['tcp 135'] : [];
      const endpoint = row.ports.some((port) => port.port === 135) && fromNotes.length === 0 ? ['tcp dynamic'] : [];
      expect(unique(path.carriers.filter((carrier) => carrier.inferred).map(carrierText))).toEqual(
        unique([...fromNotes, ...mapper, ...endpoint, ...(inferredElsewhere[row.id] ?? [])]),
      );
      expect(path.carriers.some((carrier) => carrier.customisable === 'replication')).toBe(
        row.ports.some((port) => port.customizable),
      );
    });

    test('authentication', () => {
      const ids = (cell: Cell) => cell.normalized.map((word) => words[word] ?? word);
      expect(path.authentication).toEqual({
        default: ids(row.defaultAuth),
        supported: ids(row.supportedAuth),
        text: { default: row.defaultAuth.text, supported: row.supportedAuth.text },
      });
    });

    test('encryption', () => {
      const { mechanism, supported, text } = row.encryptionSupported;
      expect(path.encryption).toEqual({
        supported,
        mechanism: mechanisms[mechanism] ?? mechanism,
        byDefault: row.encryptedByDefault.value,
        confidence: row.restoration.mirror === 'CONFLICT' ? 'low' : 'high',
        opportunistic: row.id === 'edge-to-edge',
        // wire-facts.md (b): a DAG encrypts between subnets by default
        ...(['log-shipping', 'seeding'].includes(row.id) ? { betweenSites: true } : {}),
        text: { supported: text, byDefault: row.encryptedByDefault.text },
      });
    });

    test('where its cells come from, and its notes', () => {
      const { cells, mirror, remark = '' } = path.source!;
      const all = Object.fromEntries(Object.keys(row.cellStatus).map((cell) => [cell, cells[cell] ?? 'present']));
      expect(all).toEqual(row.cellStatus);
      expect(Object.keys(row.cellStatus)).toEqual(expect.arrayContaining(Object.keys(cells)));
      expect(mirror).toBe(row.restoration.mirror);
      expect(path.notes).toEqual(row.notes);
      const said = [row.wireNote, row.encryptedByDefault.footnote, row.encryptionSupported.mechanismSource];
      said.push(row.restoration.reason, row.restoration.conflict, row.duplicateOf);
      for (const port of row.ports) said.push(port.transportSource, port.note);
      for (const text of said) expect(remark).toContain(text ?? '');
      expect(remark === '').toBe(said.every((text) => text === undefined) && !('mechanisms' in row));
    });
  });

  test('every firewall rule', () => {
    expect(pack.firewall).toEqual(
      reference!.firewallRules.map((rule) => ({
        id: rule.id,
        name: rule.nameEn,
        roles: rule.roles.flatMap((role) => firewallRoles[role]!),
        ports: rule.ports.map((port) => port.port ?? port.symbolic),
        program: rule.program,
        processBound: rule.processRestricted,
        ...(rule.sourceAnomaly === undefined ? {} : { anomaly: rule.sourceAnomaly }),
      })),
    );
    expect(reference!.firewallRules.every((rule) => rule.gfw !== rule.processRestricted)).toBe(true);
  });

  test('every note', () => {
    expect(
      pack.notes.map(({ remark, assertionKo: _translated, check: _check, ...note }) => ({
        ...note,
        remark: remark ?? '',
      })),
    ).toEqual(
      reference!.notes.map((note) => ({
        id: note.id,
        section: note.section,
        kind: note.kind,
        checkable: note.passivelyCheckable,
        assertion: note.assertionEn,
        test: note.test,
        remark: [note.contradiction, note.sourceAnomaly, note.exceptionInTable].filter(Boolean).join('; '),
      })),
    );
  });
});
