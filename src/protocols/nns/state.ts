import type { Direction } from '../../flows/direction.ts';
import { type Stretch, startStretch } from '../parts/randomness.ts';
import { type Sasl, startSasl } from '../parts/sasl.ts';

/** What one side has sent so far. */
export interface Side {
  heard: boolean;
  /** it has sent HandshakeDone */
  done: boolean;
  /** bytes of it were lost */
  lost: boolean;
  frames: number;
  /** frames that ought to be ciphertext and surely are none */
  readable: number;
  /** what those ought to be that are too short to tell alone */
  short: Stretch;
}

/**
 * What the bytes after the handshake are ([MS-NNS] §2.2.2): `framed` where messages are signed or sealed, `clear` where they
 * are neither, `unknown` until the first of them has been seen.
 */
export type Stage = 'handshake' | 'unknown' | 'framed' | 'clear';

export interface NnsState extends Record<Direction, Side> {
  /** the stream carries message framing, which has handed over to it */
  insideFraming: boolean;
  stage: Stage;
  /** who logs in, and how; null before, and once that has been stated */
  login: Sasl | null;
  /** Kerberos or NTLM was negotiated, whose frames can be told from other bytes */
  knowsFrames: boolean;
  /** NTLM does not tell signed from sealed: what the first frame of either side looks like */
  ntlm: 'untold' | 'sealed' | 'signed';
  stated: Record<'privacy' | 'integrity' | 'untold', boolean>;
}

const startSide = (lost: boolean): Side => ({
  heard: false,
  done: false,
  lost,
  frames: 0,
  readable: 0,
  short: startStretch(),
});

export const newLogin = (): Sasl => startSasl('GSS-SPNEGO');

export function startNns(insideFraming: boolean, fromTheStart: boolean): NnsState {
  return {
    insideFraming,
    stage: 'handshake',
    login: null,
    knowsFrames: false,
    client: startSide(!fromTheStart),
    server: startSide(!fromTheStart),
    ntlm: 'untold',
    stated: { privacy: false, integrity: false, untold: false },
  };
}

export const otherSide = (direction: Direction): Direction => (direction === 'client' ? 'server' : 'client');
