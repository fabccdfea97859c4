import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import type { FlowReport } from '../../src/check/audit-report.ts';
import type { CheckName } from '../../src/check/pack.ts';
import { cipherSuiteName, tlsVersionName } from '../../src/report/names/tls.ts';
import type { Audited } from '../support/audit-capture.ts';
import { ownCaptures } from '../support/folders.ts';

/** An entry of a theme's manifest.yaml: what was configured and what must therefore be found. What is left out is not asserted. */
export interface Entry {
  file: string;
  topology: string;
  frames: number;
  expect: {
    exit?: 0 | 1;
    flows?: ExpectedFlow[];
    paths?: Record<string, Partial<Record<CheckName, [string] | [string, string]>>>;
  };
}

export interface ExpectedFlow {
  client: string;
  server: string;
  /** null where the transport has none */
  port: number | null;
  transport: string;
  protocol?: string;
  protocolPath?: string[];
  protection?: string;
  mechanism?: string | null;
  exposed?: string[];
  firstExposedFrame?: number;
  upgrade?: Record<string, unknown> | null;
  tls?: Record<string, unknown> | null;
  authentication?: { mechanisms?: string[]; credentialsExposed?: boolean };
  rpc?: object | null;
  smb?: object | null;
  blindSpots?: string[];
  /** each is part of a fact of the flow, such as `{ what: resource, name: /owa }` */
  facts?: Record<string, unknown>[];
  /** none is part of a fact of the flow */
  noFacts?: Record<string, unknown>[];
}

const themes = globSync(`${ownCaptures}*/manifest.yaml`).sort().map(dirname);
/** Every entry of every theme, with its folder. */
export const entries = themes.flatMap((folder) =>
  (parse(readFileSync(`${folder}/manifest.yaml`, 'utf8')) as Entry[]).map((entry) => ({ folder, ...entry })),
);

export function findFlow(audited: Audited, wanted: ExpectedFlow, all: ExpectedFlow[]): FlowReport {
  const is = (end: FlowReport['client'], name: string) => end.name === name || end.address === name;
  const alike = (flow: { client: string; server: string; port: number | null; transport: string }) =>
    flow.client === wanted.client &&
    flow.server === wanted.server &&
    flow.port === wanted.port &&
    flow.transport === wanted.transport;
  const which = all.filter(alike).indexOf(wanted);
  const matching = audited.flows.filter(
    (flow) =>
      is(flow.client, wanted.client) &&
      is(flow.server, wanted.server) &&
      flow.server.port === wanted.port &&
      flow.transport === wanted.transport,
  );
  expect(matching.length, 'flows between these ends').toBeGreaterThan(which);
  return matching[which]!;
}

/** The parts of a flow that an expectation speaks of, in its form. */
export function comparable(audited: Audited, flow: FlowReport, wanted: ExpectedFlow): Record<string, unknown> {
  const all: Record<Exclude<keyof ExpectedFlow, 'facts' | 'noFacts'>, unknown> = {
    client: wanted.client,
    server: wanted.server,
    port: flow.server.port,
    transport: flow.transport,
    protocol: flow.protocol,
    protocolPath: flow.protocolPath,
    protection: flow.encryption.protection,
    mechanism: flow.encryption.mechanism,
    exposed: [...flow.encryption.exposed].sort(),
    firstExposedFrame: firstExposed(audited, flow),
    upgrade: flow.upgrade && pick(flow.upgrade, wanted.upgrade),
    tls:
      flow.tls &&
      pick(
        {
          ...flow.tls,
          version: flow.tls.version === null ? null : tlsVersionName(flow.tls.version),
          cipherSuite: flow.tls.cipherSuite === null ? null : cipherSuiteName(flow.tls.cipherSuite),
        },
        wanted.tls,
      ),
    authentication: pick(
      { ...flow.authentication, mechanisms: [...flow.authentication.mechanisms].sort() },
      wanted.authentication,
    ),
    rpc: flow.rpc,
    smb: flow.smb,
    blindSpots: flow.blindSpots.map((spot) => spot.why).sort(),
  };
  return pick(all, expectedOf(wanted));
}

export function expectedOf(flow: ExpectedFlow): Record<string, unknown> {
  const sorted = (list: string[] | undefined) => (list === undefined ? {} : { list: [...list].sort() });
  const { facts: _facts, noFacts: _noFacts, ...rest } = flow;
  const wanted: Record<string, unknown> = { ...rest };
  const exposed = sorted(flow.exposed);
  if (exposed.list) wanted.exposed = exposed.list;
  const spots = sorted(flow.blindSpots);
  if (spots.list) wanted.blindSpots = spots.list;
  const mechanisms = sorted(flow.authentication?.mechanisms);
  if (mechanisms.list) wanted.authentication = { ...flow.authentication, mechanisms: mechanisms.list };
  return wanted;
}

function firstExposed(audited: Audited, flow: FlowReport): number | null {
  const { facts } = audited.records.find((record) => record.id === flow.id)!;
  const frames = facts.filter((fact) => fact.kind === 'exposed').map((fact) => fact.frame);
  return frames.length > 0 ? Math.min(...frames) : null;
}

function pick(from: object, wanted: Record<string, unknown> | null | undefined): Record<string, unknown> {
  const source = from as Record<string, unknown>;
  return Object.fromEntries(Object.keys(wanted ?? source).map((key) => [key, source[key]]));
}
