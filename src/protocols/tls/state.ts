import type { Direction } from '../../flows/direction.ts';
import type { StartContext } from '../analyzer.ts';
import type { SecurityMechanism } from '../fact.ts';
import type { Sample } from '../parts/randomness.ts';

export const ssl2 = 0x0002;
export const ssl3 = 0x0300;
export const tls13 = 0x0304;

/** What is known of one TLS flow. */
export interface TlsState {
  readonly mechanism: SecurityMechanism;
  /** as negotiated; 0 until a ServerHello is seen */
  version: number;
  cipherSuite: number;
  clientHello: SeenClientHello | null;
  /** a ServerHello of which the next message shows whether it resumes a session */
  unsettledHello: { sessionEchoed: boolean } | null;
  readonly client: Side;
  readonly server: Side;
  finished: boolean;
  /** TLS 1.2 and older: the client went into another handshake, inside the encryption */
  renegotiated: boolean;
  /** `secured` was stated */
  secured: boolean;
  /** a client certificate whose key was proven, until the handshake's end shows whether it was accepted */
  unsettledPrincipal: string | null;
  /** TLS 1.3: where the client's encrypted part of the handshake stands */
  flight: 'none' | 'begun' | 'done';
  /** TLS 1.3: an encrypted record of the server was seen */
  serverEncrypted: boolean;
  /** ciphertext, where only that can tell whether there is encryption */
  sample: Sample | null;
  /** records of application data by the client, and their bytes both ways, of a handshake that was not seen */
  unseen: { clientRecords: number; bytes: number } | null;
}

/** The parts of a ClientHello that later messages are held against. */
export interface SeenClientHello {
  sessionId: Uint8Array;
  mayResume: boolean;
  earlyData: boolean;
}

/** One direction. */
export interface Side {
  records: number;
  /** bytes were lost in it, so messages may be missing */
  lost: boolean;
  /** bytes before its first record, where the flow's beginning was not seen */
  strayed: number;
  /** TLS 1.2 and older: ChangeCipherSpec was seen, so its handshake records and alerts are encrypted */
  changed: boolean;
  /** encrypted handshake records (TLS 1.2 and older), or encrypted records (SSL 2) */
  encrypted: number;
  /** the subject of its certificate */
  subject: string | null;
  /** the beginning of a handshake message that goes on in the next record: `held` bytes of `buffer` */
  buffer: Uint8Array;
  held: number;
  /** bytes of a handshake message still to come that nothing is learnt from */
  skip: number;
}

const nothing = new Uint8Array(0);

const startSide = (lost: boolean): Side => ({
  records: 0,
  lost,
  strayed: 0,
  changed: false,
  encrypted: 0,
  subject: null,
  buffer: nothing,
  held: 0,
  skip: 0,
});

export function startState({ upgrade, fromTheStart }: StartContext): TlsState {
  return {
    mechanism: upgrade ?? 'tls',
    version: 0,
    cipherSuite: 0,
    clientHello: null,
    unsettledHello: null,
    client: startSide(!fromTheStart),
    server: startSide(!fromTheStart),
    finished: false,
    renegotiated: false,
    secured: false,
    unsettledPrincipal: null,
    flight: 'none',
    serverEncrypted: false,
    sample: null,
    unseen: null,
  };
}

/** Bytes of a direction were lost: what was begun in it will not be whole. */
export function loseTrack(state: TlsState, direction: Direction): void {
  const side = state[direction];
  side.lost = true;
  side.skip = 0;
  dropHeld(side);
}

export function dropHeld(side: Side): void {
  side.buffer = nothing;
  side.held = 0;
}

/** TLS 1.3 and its drafts (0x7f00 + draft number; RFC 8446 §4.2.1 and the drafts before it). */
export const isTls13 = (version: number): boolean => version >= tls13;
