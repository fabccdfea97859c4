import type { Direction } from '../flows/direction.ts';
import type { AnyAnalyzer } from './analyzer.ts';

/** What the first bytes of a direction say about the protocol. */
export type Identification =
  | { verdict: 'found'; analyzer: AnyAnalyzer; turned: boolean }
  /** it could be this one, and repetition would settle it, but neither port nor announcement says so */
  | { verdict: 'possible'; analyzer: AnyAnalyzer }
  /** more bytes could tell */
  | { verdict: 'more' }
  | { verdict: 'strange' };

/**
 * Content first, then what another flow announced, then the port, else nothing: a protocol that is certain wins; one that
 * is only possible wins where it was announced, or on a port of its own. Where nobody saw who opened the flow, content may also say that client and server are the other way round.
 */
export function identify(
  analyzers: readonly AnyAnalyzer[],
  bytes: Uint8Array,
  start: number,
  end: number,
  direction: Direction,
  serverPort: number,
  mayTurn: boolean,
  announced: string | null,
): Identification {
  let possible: AnyAnalyzer | null = null;
  let unsupported: AnyAnalyzer | null = null;
  let more = false;
  for (const analyzer of analyzers) {
    switch (analyzer.recognise(bytes, start, end, direction)) {
      case 'certain':
        return { verdict: 'found', analyzer, turned: false };
      case 'possible':
        if (analyzer.name === announced) possible = analyzer;
        else if (!possible && analyzer.ports.includes(serverPort)) possible = analyzer;
        else if (analyzer.possibleTimes !== undefined) unsupported ??= analyzer;
        break;
      case 'more':
        more = true;
        break;
      case 'no':
        break;
    }
  }
  if (mayTurn) {
    const turned = direction === 'client' ? 'server' : 'client';
    const analyzer = analyzers.find((known) => known.recognise(bytes, start, end, turned) === 'certain');
    if (analyzer) return { verdict: 'found', analyzer, turned: true };
  }
  if (possible) return { verdict: 'found', analyzer: possible, turned: false };
  if (more) return { verdict: 'more' };
  return unsupported === null ? { verdict: 'strange' } : { verdict: 'possible', analyzer: unsupported };
}
