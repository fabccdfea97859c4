import { latin1 } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import type { Recognition } from '../analyzer.ts';
import { lineLength } from '../parts/lines.ts';

/** A tag (RFC 3501 §9), then a command that no other protocol has in that place: `AUTH LOGIN` of SMTP has one argument less than IMAP's LOGIN. */
const CERTAIN =
  /^[A-Z0-9.$:;<>@#&'!?/=_-]{1,64} (CAPABILITY|STARTTLS|AUTHENTICATE \S.*|LOGIN \S+ \S.*|LOGIN \{\d+\+?\}|SELECT \S.*|EXAMINE \S.*|UID (FETCH|SEARCH|STORE|COPY) .*|FETCH [\d*]\S* .*|LSUB .*|STATUS \S.*\(.*\)|NAMESPACE|ID (NIL|\(.*))\r?$/i;
const POSSIBLE = /^[A-Z0-9.]{1,32} (NOOP|LOGOUT|LIST .*|SEARCH .*|CLOSE|EXPUNGE|IDLE|ENABLE .*)\r?$/i;

const UNTAGGED =
  /^\* (OK|PREAUTH|BYE|CAPABILITY|LIST \(.*|LSUB \(.*|STATUS .*|FLAGS \(.*|SEARCH|\d+ (EXISTS|RECENT|FETCH|EXPUNGE))([ \r]|$)/i;
const TAGGED = /^[A-Z0-9.]{1,32} (OK|NO|BAD) /i;

/** IMAP by its first words. */
export function recogniseImap4(bytes: Uint8Array, start: number, end: number, direction: Direction): Recognition {
  const to = Math.min(end, start + limits.identify);
  const length = lineLength(bytes, start, to);
  const line = latin1(bytes, start, length === 0 ? to : start + length - 1);
  if (direction === 'server') {
    if (line.startsWith('* ') && UNTAGGED.test(line)) return 'certain';
    if (TAGGED.test(line)) return 'possible';
    return length === 0 && /^(\*( [A-Z0-9 ]*)?|[A-Z0-9.]{1,32}( [NOBAKD]*)?)$/i.test(line) ? 'more' : 'no';
  }
  if (length > 0 || to - start === limits.identify) {
    return CERTAIN.test(line) ? 'certain' : POSSIBLE.test(line) ? 'possible' : 'no';
  }
  return /^[\x21-\x7e]{1,64}( [A-Z][\x20-\x7e\r]*| )?$/i.test(line) ? 'more' : 'no';
}
