import type { FlowRecord } from '../protocols/flow-record.ts';
import type { StoredCapture } from './store.ts';

export const insertCapture = `INSERT INTO captures VALUES (@capture, @file, @sha256, @format, @compression, @link_types,
  @frames, @bytes, @first_seen, @last_seen, @dropped, @problems, @unread_frames, @names)`;

const flowColumns: readonly (keyof FlowRow)[] = [
  'id',
  'community_id',
  'captures',
  'transport',
  'client_address',
  'client_port',
  'server_address',
  'server_port',
  'opened',
  'protocol',
  'protocol_path',
  'first_seen',
  'last_seen',
  'first_capture',
  'first_frame',
  'last_capture',
  'last_frame',
  'frames',
  'client_bytes',
  'server_bytes',
  'state',
  'history',
  'missed_bytes',
  'duplicates',
  'facts_json',
  'blind_spots_json',
];

/** By place, as SQLite binds: by name takes half as long again. */
export const insertFlow = `INSERT INTO flows (${flowColumns.join(', ')}) VALUES (${flowColumns.map(() => '?').join(', ')})`;
export const flowValues = (row: FlowRow): unknown[] => flowColumns.map((column) => row[column]);

/** A row of the table `captures`. */
export interface CaptureRow {
  capture: number;
  file: string;
  sha256: string | null;
  format: string;
  compression: string;
  link_types: string;
  frames: number;
  bytes: number;
  first_seen: string | null;
  last_seen: string | null;
  dropped: number | null;
  problems: string;
  unread_frames: number;
  names: string;
}

/** A row of the table `flows`. */
export interface FlowRow {
  id: string;
  community_id: string;
  captures: string;
  transport: string;
  client_address: string;
  client_port: number | null;
  server_address: string;
  server_port: number | null;
  opened: number;
  protocol: string;
  protocol_path: string;
  first_seen: string;
  last_seen: string;
  first_capture: number;
  first_frame: number;
  last_capture: number;
  last_frame: number;
  frames: number;
  client_bytes: number;
  server_bytes: number;
  state: string;
  history: string;
  missed_bytes: number;
  duplicates: number;
  facts_json: string;
  blind_spots_json: string;
}

export function captureRow(capture: StoredCapture): CaptureRow {
  return {
    capture: capture.capture,
    file: capture.file,
    sha256: capture.sha256,
    format: capture.format,
    compression: capture.compression,
    link_types: JSON.stringify(capture.linkTypes),
    frames: capture.frames,
    bytes: capture.bytes,
    first_seen: capture.firstSeen,
    last_seen: capture.lastSeen,
    dropped: capture.dropped,
    problems: JSON.stringify(capture.problems),
    unread_frames: capture.unreadFrames,
    names: JSON.stringify(capture.names),
  };
}

export function captureOf(row: CaptureRow): StoredCapture {
  return {
    capture: row.capture,
    file: row.file,
    sha256: row.sha256,
    format: row.format as StoredCapture['format'],
    compression: row.compression as StoredCapture['compression'],
    linkTypes: JSON.parse(row.link_types),
    frames: row.frames,
    bytes: row.bytes,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    dropped: row.dropped,
    problems: JSON.parse(row.problems),
    unreadFrames: row.unread_frames,
    names: JSON.parse(row.names),
  };
}

export function flowRow(flow: FlowRecord): FlowRow {
  return {
    id: flow.id,
    community_id: flow.communityId,
    captures: JSON.stringify(flow.captures),
    transport: flow.transport,
    client_address: flow.client.address,
    client_port: flow.client.port,
    server_address: flow.server.address,
    server_port: flow.server.port,
    opened: flow.opened ? 1 : 0,
    protocol: flow.protocol,
    protocol_path: flow.protocolPath.join('/'),
    first_seen: flow.firstSeen,
    last_seen: flow.lastSeen,
    first_capture: flow.first.capture,
    first_frame: flow.first.frame,
    last_capture: flow.last.capture,
    last_frame: flow.last.frame,
    frames: flow.frames,
    client_bytes: flow.bytes.client,
    server_bytes: flow.bytes.server,
    state: flow.state,
    history: flow.history,
    missed_bytes: flow.missedBytes,
    duplicates: flow.duplicates,
    facts_json: flow.facts.length === 0 ? '[]' : JSON.stringify(flow.facts),
    blind_spots_json: flow.blindSpots.length === 0 ? '[]' : JSON.stringify(flow.blindSpots),
  };
}

export function flowOf(row: FlowRow): FlowRecord {
  return {
    id: row.id,
    communityId: row.community_id,
    captures: row.captures === '[0]' ? [0] : JSON.parse(row.captures),
    transport: row.transport as FlowRecord['transport'],
    client: { address: row.client_address, port: row.client_port },
    server: { address: row.server_address, port: row.server_port },
    opened: row.opened === 1,
    protocol: row.protocol,
    protocolPath: row.protocol_path === '' ? [] : row.protocol_path.split('/'),
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    first: { capture: row.first_capture, frame: row.first_frame },
    last: { capture: row.last_capture, frame: row.last_frame },
    frames: row.frames,
    bytes: { client: row.client_bytes, server: row.server_bytes },
    state: row.state,
    history: row.history,
    missedBytes: row.missed_bytes,
    duplicates: row.duplicates,
    facts: row.facts_json === '[]' ? [] : JSON.parse(row.facts_json),
    blindSpots: row.blind_spots_json === '[]' ? [] : JSON.parse(row.blind_spots_json),
  };
}
