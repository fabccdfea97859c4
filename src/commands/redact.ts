import type { FlowReport } from '../check/audit-report.ts';
import { type Packet, tcpFlags } from '../decode/packet.ts';

/** Words that begin a command or an answer and hold nothing of anybody: all that is kept of text that is blanked. */
const kept = new Set(
  (
    'EHLO HELO MAIL RCPT DATA BDAT AUTH X-EXPS STARTTLS X-ANONYMOUSTLS RSET NOOP QUIT USER PASS APOP STLS CAPA STAT LIST RETR DELE UIDL TOP ' +
    'LOGIN AUTHENTICATE CAPABILITY SELECT EXAMINE FETCH LOGOUT GET POST PUT HEAD OPTIONS PROPFIND RPC_IN_DATA RPC_OUT_DATA HTTP/1.0 HTTP/1.1 ' +
    'INVITE ACK BYE CANCEL REGISTER SIP/2.0 +OK -ERR OK NO BAD'
  ).split(' '),
);
const blank = 0x78;

/**
 * Whether a flow's payload can stay as it is: nothing went in clear, and nobody logged in where a token or a hash could
 * be read. All other payload is blanked, whatever it holds: no format has to be understood for that.
 */
export function mayStay({ encryption, authentication }: FlowReport): boolean {
  const readable = authentication.attempts.some(({ mechanism }) => mechanism !== 'certificate');
  return encryption.exposed.length === 0 && encryption.protection === 'privacy' && !readable;
}

/**
 * Blanks what a frame carries, up to its end: headers stay, and of text the first word where it is a command's or an
 * answer's own. `data` is a copy of the frame, `packet` the frame as decoded, `start` where it began in its buffer.
 */
export function blankPayload(data: Uint8Array, packet: Packet, start: number): void {
  const from = packet.kind === 'none' ? Math.min(14, data.length) : Math.min(data.length, packet.payloadStart - start);
  const end = Math.min(data.length, packet.payloadEnd - start);
  // bytes after what the headers claim are padding, or what an operating system left there
  data.fill(0, Math.max(from, packet.kind === 'none' ? from : end));
  if (packet.kind !== 'tcp' || (packet.flags & tcpFlags.syn) !== 0 || !isText(data, from, end)) {
    data.fill(0, from, end);
    return;
  }
  let line = from;
  while (line < end) {
    const feed = data.indexOf(0x0a, line);
    const next = feed === -1 || feed >= end ? end : feed + 1;
    blankLine(data, line, next, line === from);
    line = next;
  }
}

/** Blanks a line, but for the word that a message begins with, and lines that are nothing but a capability. */
function blankLine(data: Uint8Array, from: number, end: number, isFirst: boolean): void {
  const line = String.fromCharCode(...data.subarray(from, Math.min(end, from + 64))).trimEnd();
  const capability = /^(?:\d{3}[- ])?(\S+)$/.exec(line)?.[1];
  if (capability !== undefined && kept.has(capability.toUpperCase())) return;
  const word = isFirst ? firstWord(data, from, end) : 0;
  for (let at = from + word; at < end; at++) {
    const byte = data[at]!;
    if (byte !== 0x0d && byte !== 0x0a && byte !== 0x20) data[at] = blank;
  }
}

/** Whether the first line is readable ASCII, and so was meant for reading. */
function isText(data: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end && data[at] !== 0x0a; at++) {
    const byte = data[at]!;
    if ((byte < 0x20 || byte > 0x7e) && byte !== 0x0d && byte !== 0x09) return false;
  }
  return end > from;
}

/** Bytes of the first word, if it is one that may stay; of an SMTP answer its code. */
function firstWord(data: Uint8Array, from: number, end: number): number {
  let length = 0;
  while (from + length < end && data[from + length]! > 0x20 && length < 16) length++;
  const word = String.fromCharCode(...data.subarray(from, from + length));
  if (kept.has(word.toUpperCase())) return length;
  return /^[2-5]\d\d(-|$)/.test(word) ? 3 : 0;
}
