import type { Direction } from '../flows/direction.ts';
import type { AnyAnalyzer } from './analyzer.ts';

/** What the first bytes of a direction say about the protocol. */
export type Identification =
  | { verdict: 'found'; analyzer: AnyAnalyzer; turned: boolean }
  /** more bytes could tell */
  | { verdict: 'more' }
  | { verdict: 'strange' };

/**
 * Content first, port second, else nothing: a protocol that is certain wins; one that is only possible wins on a port of
 * its own. Where nobody saw who opened the flow, content may also say that client and server are the other way round.
 */
export function identify(
  analyzers: readonly AnyAnalyzer[],
  bytes: Uint8Array,
  start: number,
  end: number,
  direction: Direction,
  serverPort: number,
  mayTurn: boolean,
): Identification {
  let possible: AnyAnalyzer | null = null;
  let more = false;
  for (const analyzer of analyzers) {
    switch (analyzer.recognise(bytes, start, end, direction)) {
      case 'certain':
        return { verdict: 'found', analyzer, turned: false };
      case 'possible':
        if (!possible && analyzer.ports.includes(serverPort)) possible = analyzer;
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
  return { verdict: more ? 'more' : 'strange' };
}
