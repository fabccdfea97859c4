// hot: called for every LDAP message. No allocation but for extended requests.
import { latin1 } from '../../bytes/reader.ts';
import { elementLength, headerLength } from '../parts/ber.ts';
import { Op } from './envelope.ts';

/** Extended operations (RFC 4511 §4.12) by their OID. */
export const START_TLS = '1.3.6.1.4.1.1466.20037';
/** RFC 3062 */
export const PASSWORD_MODIFY = '1.3.6.1.4.1.4203.1.11.1';

/** Extended requests that carry no directory content: StartTLS, Who am I (RFC 4532), Cancel (RFC 3909), fast bind ([MS-ADTS] §3.1.1.3.4.2.3). */
const CONTENTLESS = new Set([START_TLS, '1.3.6.1.4.1.4203.1.11.3', '1.3.6.1.1.8', '1.2.840.113556.1.4.1781']);

/**
 * Whether the protocolOp at `operation` asks for, changes or returns entries of the directory. Reading the root DSE
 * (RFC 4512 §5.1) does not, nor does a search's end, which a root DSE read has too. Needs no more than the first
 * bytes of the operation, an extended request apart.
 */
export function isContent(bytes: Uint8Array, operation: number, end: number): boolean {
  const body = operation + headerLength(bytes, operation);
  switch (bytes[operation]) {
    case Op.searchRequest:
      return !(isEmpty(bytes, body, end) && isBaseScope(bytes, body + headerLength(bytes, body), end));
    case Op.searchResultEntry:
      return !isEmpty(bytes, body, end);
    case Op.searchResultReference:
    case Op.modifyRequest:
    case Op.modifyResponse:
    case Op.addRequest:
    case Op.addResponse:
    case Op.delRequest:
    case Op.delResponse:
    case Op.modDnRequest:
    case Op.modDnResponse:
    case Op.compareRequest:
    case Op.compareResponse:
      return true;
    case Op.extendedRequest:
      return !CONTENTLESS.has(nameOf(bytes, body, end));
    default:
      return false;
  }
}

/** Whether the entry at `operation` is the root DSE: the one without a name. */
export function isRootDse(bytes: Uint8Array, operation: number, end: number): boolean {
  return bytes[operation] === Op.searchResultEntry && isEmpty(bytes, operation + headerLength(bytes, operation), end);
}

function isEmpty(bytes: Uint8Array, at: number, end: number): boolean {
  const length = elementLength(bytes, at, end);
  return bytes[at] === 0x04 && length > 0 && length === headerLength(bytes, at);
}

function isBaseScope(bytes: Uint8Array, at: number, end: number): boolean {
  const length = elementLength(bytes, at, end);
  return bytes[at] === 0x0a && length > 0 && at + length <= end && bytes[at + length - 1] === 0;
}

function nameOf(bytes: Uint8Array, at: number, end: number): string {
  const length = elementLength(bytes, at, end);
  if (bytes[at] !== 0x80 || length <= 0 || at + length > end || length > 64) return '';
  return latin1(bytes, at + headerLength(bytes, at), at + length);
}
