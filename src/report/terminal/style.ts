export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** ECMA-48 SGR parameters: on, off */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const satisfies Record<Style, readonly [number, number]>;

export function styled(text: string, style: Style): string {
  const [on, off] = codes[style];
  return `\x1b[${on}m${text}\x1b[${off}m`;
}
