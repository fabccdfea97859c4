import { defineAnalyzer } from './analyzer.ts';
import { endRpc, frameRpc, loseRpc, readRpc, resumeRpc } from './dcerpc/connection.ts';
import { recogniseRpc } from './dcerpc/recognise.ts';
import { type RpcState, startRpc } from './dcerpc/state.ts';

/**
 * Connection-oriented DCE/RPC ([C706] chapter 12, [MS-RPCE]) over TCP, and as carried by named pipes and the RPC proxy:
 * which interfaces are called, and how each request and answer is protected. Its ports are whatever an endpoint mapper says.
 */
export const dcerpc = defineAnalyzer<RpcState>({
  name: 'dcerpc',
  transports: ['tcp'],
  ports: [],
  start: (context) => startRpc('dcerpc', context),
  recognise: (bytes, start, end, direction) => recogniseRpc(bytes, start, end, direction).dcerpc,
  frame: frameRpc,
  message: readRpc,
  resume: resumeRpc,
  lost: loseRpc,
  end: endRpc,
});
