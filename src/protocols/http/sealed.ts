import { le32 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/reader.ts';
import type { Out } from '../analyzer.ts';
import type { ProtectionLevel } from '../fact.ts';
import { wrapLevel } from '../parts/gssapi.ts';
import { isReadable as isFarFromRandom } from '../parts/randomness.ts';
import { stateContent } from './content.ts';
import type { Body, HttpState } from './state.ts';

/** Whether a body says that it is encrypted by what authenticated the connection: WinRM ([MS-WSMV] §2.2.9.1). */
export const saysSealed = (contentType: string): boolean =>
  /^multipart\/(x-multi-)?encrypted\b.*session-encrypted/is.test(contentType);

/** bytes beside the content of a part: padding, and the line that ends the parts */
const AROUND = 160;

/** bytes of a wrap token that are more regular than ciphertext (RFC 4121 §4.2.6.2) */
const HEADER = 16;

/** What the parts of a body do to their content: `doubtful` where it is surely no ciphertext, `untold` where a token does not tell, `beyond` where not all were read. */
type Sealing = ProtectionLevel | 'readable' | 'doubtful' | 'untold' | 'beyond';

/** A body that says it is encrypted. Whether it hides the content is told by its tokens, and by the content. */
export function readSealed({ kept, keptBytes, came }: Body, whole: boolean, state: HttpState, out: Out): void {
  if (kept === null) return;
  const sealing = sealingOf(kept, keptBytes, came);
  switch (sealing) {
    case 'readable':
      if (!whole && !isReadable(latin1(kept, 0, keptBytes))) {
        out.blind('left-protocol', 'http: too little was seen of a body that says it is encrypted');
        return;
      }
      stateContent(state, out);
      return;
    case 'doubtful':
      out.blind('left-protocol', 'http: a body that says it is encrypted can be read');
      return;
    case 'beyond':
      out.blind('limit', 'http: a body in more encrypted parts than are read');
      return;
    case 'untold':
      out.blind('encrypted', 'http: a body that says it is encrypted, by a token that does not tell');
      // what was said of other bodies of this flow must not stand for this one
      if (state.told) out.blind('left-protocol', 'http: encrypted in another way than before');
      state.untold = true;
      return;
    case 'privacy':
    case 'integrity':
      if (state.untold) return;
      state.told = true;
      out.fact({ kind: 'secured', mechanism: 'sasl', level: sealing });
      return;
    default:
      sealing satisfies never;
  }
}

/** Each part: `OriginalContent: …Length=n`, then a u32 LE length, a GSS-API token of that length, and n bytes or a few more. */
function sealingOf(kept: Uint8Array, keptBytes: number, came: number): Sealing {
  const text = latin1(kept, 0, keptBytes);
  let least: ProtectionLevel | 'untold' = 'privacy';
  for (let from = 0; ; ) {
    const length = /OriginalContent:[^\r\n]*Length=(\d{1,12})/i.exec(text.slice(from, from + 1024))?.[1];
    const content = /application\/octet-stream[ \t]*\r?\n/i.exec(text.slice(from, from + 1024));
    const token = from + (content ? content.index + content[0].length + 4 : 0);
    if (content === null || length === undefined || token + 16 > keptBytes) return from === 0 ? 'readable' : 'beyond';
    const end = token + le32(kept, token - 4) + Number(length);
    if (isReadable(text.slice(token, end))) return 'readable';
    const level = wrapLevel(kept, token, keptBytes);
    if (level === 'privacy' && isFarFromRandom(kept, token + HEADER, Math.min(end, keptBytes))) return 'doubtful';
    if (level === null) least = 'untold';
    else if (level === 'integrity' && least === 'privacy') least = level;
    if (end + AROUND >= came) return least;
    const next = text.slice(end, end + AROUND).indexOf('--');
    if (next < 0) return 'beyond';
    from = end + next;
  }
}

/** XML, in UTF-8 or UTF-16. */
const isReadable = (text: string): boolean => /<(\/|\?xml|[a-z]+:)[a-z]+[ >:]|xmlns/i.test(text.replaceAll('\0', ''));
