// hot: called for every LDAP message. No allocation.
import type { Direction } from '../../flows/direction.ts';
import { elementLength, headerLength, NO_ELEMENT, UNFINISHED } from '../parts/ber.ts';

/** The envelope of every LDAP message (RFC 4511 §4.1.1): SEQUENCE { messageID, protocolOp, controls }. */

export const SEQUENCE = 0x30;
const INTEGER = 0x02;
const CONTROLS = 0xa0;

/** protocolOp tags (RFC 4511 §4.2 … §4.13) */
export const Op = {
  bindRequest: 0x60,
  bindResponse: 0x61,
  unbindRequest: 0x42,
  searchRequest: 0x63,
  searchResultEntry: 0x64,
  searchResultDone: 0x65,
  searchResultReference: 0x73,
  modifyRequest: 0x66,
  modifyResponse: 0x67,
  addRequest: 0x68,
  addResponse: 0x69,
  delRequest: 0x4a,
  delResponse: 0x6b,
  modDnRequest: 0x6c,
  modDnResponse: 0x6d,
  compareRequest: 0x6e,
  compareResponse: 0x6f,
  abandonRequest: 0x50,
  extendedRequest: 0x77,
  extendedResponse: 0x78,
  intermediateResponse: 0x79,
} as const;

/** Who sends a protocolOp with this tag, or null where there is none such. */
export function senderOf(tag: number): Direction | null {
  switch (tag) {
    case Op.bindRequest:
    case Op.unbindRequest:
    case Op.searchRequest:
    case Op.modifyRequest:
    case Op.addRequest:
    case Op.delRequest:
    case Op.modDnRequest:
    case Op.compareRequest:
    case Op.abandonRequest:
    case Op.extendedRequest:
      return 'client';
    case Op.bindResponse:
    case Op.searchResultEntry:
    case Op.searchResultDone:
    case Op.searchResultReference:
    case Op.modifyResponse:
    case Op.addResponse:
    case Op.delResponse:
    case Op.modDnResponse:
    case Op.compareResponse:
    case Op.extendedResponse:
    case Op.intermediateResponse:
      return 'server';
    default:
      return null;
  }
}

/** Where the protocolOp of the message at `start` begins, or `UNFINISHED`, or `NO_ELEMENT` where this is no LDAP message. */
export function operationAt(bytes: Uint8Array, start: number, end: number): number {
  const total = elementLength(bytes, start, end);
  if (total <= 0) return total;
  if (bytes[start] !== SEQUENCE) return NO_ELEMENT;
  const id = start + headerLength(bytes, start);
  const idLength = elementLength(bytes, id, end);
  if (idLength === NO_ELEMENT || (id < end && bytes[id] !== INTEGER)) return NO_ELEMENT;
  if (idLength === UNFINISHED) return id + 2 > start + total ? NO_ELEMENT : UNFINISHED;
  const content = idLength - headerLength(bytes, id);
  if (content < 1 || content > 4 || id + idLength + 2 > start + total) return NO_ELEMENT;
  const operation = id + idLength;
  if (operation >= end) return UNFINISHED;
  // messageID: 0 to 2^31-1
  return bytes[operation - content]! < 0x80 ? operation : NO_ELEMENT;
}

/** The messageID of the message at `start`, in which `operationAt` has found an operation. */
export function messageIdAt(bytes: Uint8Array, start: number): number {
  const id = start + headerLength(bytes, start);
  const content = id + headerLength(bytes, id);
  const count = bytes[content - 1]!;
  let value = 0;
  for (let i = 0; i < count && i < 4; i++) value = (value << 8) | bytes[content + i]!;
  return value;
}

/**
 * Whether an LDAP message begins at `start`: 1 yes, as far as can be seen; `UNFINISHED` more bytes needed; `NO_ELEMENT`
 * no. Its protocolOp must exist, fit into the envelope, and be followed by nothing or by controls.
 */
export function beginsMessage(bytes: Uint8Array, start: number, end: number): number {
  const operation = operationAt(bytes, start, end);
  if (operation <= 0) return operation;
  if (senderOf(bytes[operation]!) === null) return NO_ELEMENT;
  const length = elementLength(bytes, operation, end);
  if (length <= 0) return length;
  const after = operation + length;
  const messageEnd = start + elementLength(bytes, start, end);
  if (after > messageEnd || (bytes[operation] === Op.unbindRequest && length !== 2)) return NO_ELEMENT;
  if (after < messageEnd && after < end && bytes[after] !== CONTROLS) return NO_ELEMENT;
  return 1;
}
