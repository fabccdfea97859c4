/** What JSON.stringify leaves as it is, but acts on a terminal: DEL, C1 controls, formatting characters, line separators. */
const acting = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON in which nothing acts on a terminal; the value that it means is the same. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(acting, (character) => {
    let escaped = '';
    for (let i = 0; i < character.length; i++) {
      escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    }
    return escaped;
  });
}
