import type { StartContext } from '../../src/protocols/analyzer.ts';
import type { SecurityMechanism } from '../../src/protocols/fact.ts';

/** What an analyzer is told at the start of a TCP flow, for tests that call it without the host. */
export const startContext = (
  port: number,
  upgrade: SecurityMechanism | null = null,
  fromTheStart = true,
): StartContext => ({
  transport: 'tcp',
  port,
  serverAddress: '10.0.0.2',
  upgrade,
  fromTheStart,
  announced: null,
  given: undefined,
});
