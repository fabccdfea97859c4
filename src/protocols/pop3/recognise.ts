import { latin1 } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import type { Recognition } from '../analyzer.ts';
import { begins, lineLength } from '../parts/lines.ts';

/** Commands that no other protocol opens with, and some that FTP, SMTP or NNTP know too. */
const CERTAIN = /^(CAPA|STLS|UIDL( \d+)?|TOP \d+ \d+|APOP \S+ [0-9A-F]{32})\r?$/i;
const POSSIBLE = /^(USER \S.*|PASS .*|AUTH( .*)?|STAT|LIST( \d+)?|RETR \d+|DELE \d+|NOOP|RSET|QUIT)\r?$/i;
const VERBS = ['CAPA', 'STLS', 'UIDL', 'TOP ', 'APOP ', 'USER ', 'PASS ', 'AUTH', 'STAT', 'LIST', 'RETR ', 'QUIT'];

/** POP3 by its first words. `+OK` alone is also an answer of Redis, so the port settles it. */
export function recognisePop3(bytes: Uint8Array, start: number, end: number, direction: Direction): Recognition {
  const found = (direction === 'client' ? VERBS : ['+OK', '-ERR']).map((word) => begins(bytes, start, end, word));
  if (!found.includes('yes')) return found.includes('more') ? 'more' : 'no';
  const to = Math.min(end, start + limits.identify);
  const length = lineLength(bytes, start, to);
  if (length === 0 && to - start < limits.identify) return 'more';
  const line = latin1(bytes, start, length === 0 ? to : start + length - 1);
  if (direction === 'client') return CERTAIN.test(line) ? 'certain' : POSSIBLE.test(line) ? 'possible' : 'no';
  // RFC 1939 §3: the status indicator stands alone, or before a blank
  if (!/^(\+OK|-ERR)([ \t\r]|$)/.test(line)) return 'no';
  // a server that waits to be talked to begins with a greeting: some text, as Redis's answers have none
  return /^\+OK[ \t]+\S/.test(line) ? 'certain' : 'possible';
}
