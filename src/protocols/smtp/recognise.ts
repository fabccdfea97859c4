import { latin1 } from '../../bytes/reader.ts';
import type { Direction } from '../../flows/direction.ts';
import { limits } from '../../limits.ts';
import type { Recognition } from '../analyzer.ts';
import { begins, lineLength } from '../parts/lines.ts';

/** Commands that no other protocol opens with, and some that others know too. */
const CERTAIN = ['EHLO ', 'HELO ', 'LHLO ', 'MAIL FROM:<', 'RCPT TO:<', 'X-ANONYMOUSTLS', 'X-EXPS ', 'XEXCH50 '];
const ALONE = ['EHLO', 'HELO', 'STARTTLS', 'DATA', 'RSET'];
const POSSIBLE = ['MAIL FROM:', 'RCPT TO:', 'AUTH ', 'BDAT ', ...ALONE.flatMap((verb) => [`${verb}\r`, `${verb}\n`])];

/** SMTP by its first words. A `220` alone is FTP's greeting as well, so the port settles it. */
export function recogniseSmtp(bytes: Uint8Array, start: number, end: number, direction: Direction): Recognition {
  return direction === 'client' ? byCommand(bytes, start, end) : byReply(bytes, start, end);
}

function byCommand(bytes: Uint8Array, start: number, end: number): Recognition {
  let best: Recognition = 'no';
  for (const verb of CERTAIN) {
    const found = begins(bytes, start, end, verb);
    if (found === 'yes') return 'certain';
    if (found === 'more') best = 'more';
  }
  for (const verb of POSSIBLE) {
    const found = begins(bytes, start, end, verb);
    if (found === 'yes' && best === 'no') best = 'possible';
    if (found === 'more') best = 'more';
  }
  return best;
}

function byReply(bytes: Uint8Array, start: number, end: number): Recognition {
  const codes = ['220', '250', '354', '334', '235', '421', '554', '530'];
  const found = codes.map((code) => begins(bytes, start, end, code));
  if (found.includes('more')) return 'more';
  if (!found.includes('yes')) return 'no';
  if (start + 3 >= end) return 'more';
  const separator = bytes[start + 3]!;
  if (separator !== 0x20 && separator !== 0x2d && separator !== 0x0d && separator !== 0x0a) return 'no';
  const to = Math.min(end, start + limits.identify);
  const text = latin1(bytes, start, to);
  if (text.startsWith('220')) {
    if (/\bE?SMTP\b(?![-.])/i.test(text)) return 'certain';
    if (/ftp|filezilla/i.test(text)) return 'no';
    if (/\bmail\b(?![-.])|postfix|exim|sendmail/i.test(text)) return 'certain';
  }
  if (/^250-.*\r?\n250[- ](SIZE|PIPELINING|STARTTLS|8BITMIME|ENHANCEDSTATUSCODES|DSN)\b/i.test(text)) return 'certain';
  const whole = lineLength(bytes, start, to) > 0 || to - start === limits.identify;
  return whole ? 'possible' : 'more';
}
