import type { Direction } from '../../flows/direction.ts';
import type { StartContext } from '../analyzer.ts';
import type { Authenticated } from '../fact.ts';
import type { Sasl } from '../parts/sasl.ts';

/** What is remembered of one connection. Every table has its cap in `limits`. */
export interface RpcState {
  /** the analyzer that reads it now: `epm` while nothing but the endpoint mapper was bound */
  readBy: 'epm' | 'dcerpc';
  /** interfaces by presentation context, as the server accepted them */
  interfaces: Map<number, Interface>;
  /** the same as the client asked for them, for where the answer is not seen */
  proposed: Map<number, Interface>;
  /** stands for every interface whose bind was not seen */
  unknownInterface: Interface;
  /** binds and alter contexts that are not answered yet, by call */
  binds: Map<number, Bind>;
  /** security contexts by auth_context_id */
  security: Map<number, SecurityContext>;
  /** calls that are not answered yet, by call */
  calls: Map<number, Call>;
  /** an answer of the endpoint mapper that is put together from its fragments */
  answer: { callId: number; parts: Uint8Array[]; size: number } | null;
  /** part of the connection was not seen: interfaces and security contexts may exist that are not known here */
  partial: boolean;
  /** a bind was seen: without one nothing can be called */
  bindSeen: boolean;
  /** a bind without anybody authenticating was accepted */
  boundByNobody: boolean;
  /** the server may say first which protocol it speaks (`ncacn_http/1.0`) */
  bannerDue: boolean;
  /** it did, so that what is bound was not known when the stream was recognised */
  mayBeMapper: boolean;
  /** content went in clear before it is known whether who sent it was let in: stated after that is */
  exposureDue: boolean;
  stated: { exposed: boolean; integrity: boolean; privacy: boolean; nobody: boolean };
  /** bytes of short calls that went under a claim to be sealed, of the last stretch, and those of them with their high bit set */
  sealed: { bytes: number; high: number };
  /** calls of which it cannot be said how they went, or whether that matters, were reported */
  untold: { clear: boolean; verifier: boolean };
  /** bytes that were lost after calls were sealed */
  hole: Hole;
  serverAddress: string;
}

/** What was seen around lost bytes that could have been calls in clear. */
export interface Hole {
  /** bytes of this direction were lost */
  in: Record<Direction, boolean>;
  /** since then it has sent something sealed under a login that was seen */
  sealed: Record<Direction, boolean>;
  /** what is in clear answers a call that was not seen */
  answered: boolean;
}

export interface Interface {
  uuid: string | null;
  /** `major.minor` */
  version: string;
  /** NDR64 was agreed on ([MS-RPCE] §2.2.4.12) */
  wide: boolean;
  /** kinds of verifier that calls had: type << 8 | level */
  seen: Set<number>;
}

export interface Bind {
  /** in the order of the list, which is that of the answer */
  contexts: { id: number; interface: Interface; features: boolean }[];
  authType: number;
  authLevel: number;
  /** auth_context_id, or null where nobody authenticates */
  securityId: number | null;
}

export interface Call {
  operation: number;
  interface: Interface;
  /** the security context that it was sent under, with a verifier or not */
  securityId: number | null;
  /** its last fragment has gone */
  sent: boolean;
}

export interface SecurityContext {
  authType: number;
  authLevel: number;
  exchange: Sasl;
  /** the client has sent what proves who it is */
  proven: boolean;
  /** what NTLM's flags say of sealing; null where it is not NTLM, or they were not seen */
  seals: boolean | null;
  stated: Authenticated['outcome'] | null;
}

export function startRpc(readBy: RpcState['readBy'], context: StartContext): RpcState {
  if (context.given !== undefined) return Object.assign(context.given as RpcState, { readBy });
  return {
    readBy,
    interfaces: new Map(),
    proposed: new Map(),
    unknownInterface: { uuid: announcedUuid(context), version: '', wide: false, seen: new Set() },
    binds: new Map(),
    security: new Map(),
    calls: new Map(),
    answer: null,
    partial: !context.fromTheStart,
    bindSeen: false,
    boundByNobody: false,
    bannerDue: true,
    mayBeMapper: false,
    exposureDue: false,
    stated: { exposed: false, integrity: false, privacy: false, nobody: false },
    sealed: { bytes: 0, high: 0 },
    untold: { clear: false, verifier: false },
    hole: {
      in: { client: false, server: false },
      sealed: { client: false, server: false },
      answered: false,
    },
    serverAddress: context.serverAddress,
  };
}

/**
 * The host's own endpoint mapper may have said which one interface lives here: what unseen binds were of, and nothing more.
 * What another host says of it would let anybody choose what a flow is taken for.
 */
function announcedUuid({ announced }: StartContext): string | null {
  if (announced === null || announced.others || !announced.byItself) return null;
  return /^[0-9a-f-]{36}$/.test(announced.detail) ? announced.detail : null;
}

/** Puts an entry into a table of at most `cap`, in the place of the oldest if it must be. */
export function remember<Value>(table: Map<number, Value>, key: number, value: Value, cap: number): void {
  if (table.size >= cap && !table.has(key)) table.delete(table.keys().next().value!);
  table.set(key, value);
}
