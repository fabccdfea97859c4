import { defineAnalyzer } from './analyzer.ts';
import { endRpc, frameRpc, loseRpc, readRpc, resumeRpc } from './dcerpc/connection.ts';
import { recogniseRpc } from './dcerpc/recognise.ts';
import { type RpcState, startRpc } from './dcerpc/state.ts';

/**
 * The endpoint mapper ([C706] Appendix O): DCE/RPC as long as no other interface is bound, so that a flow which only asks
 * where something lives is told from one that calls it. What it answers makes later flows known.
 */
export const epm = defineAnalyzer<RpcState>({
  name: 'epm',
  transports: ['tcp'],
  ports: [135, 593],
  start: (context) => startRpc('epm', context),
  recognise: (bytes, start, end, direction) => recogniseRpc(bytes, start, end, direction).epm,
  frame: frameRpc,
  message: readRpc,
  resume: resumeRpc,
  lost: loseRpc,
  end: endRpc,
});
