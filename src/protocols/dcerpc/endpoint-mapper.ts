import type { Out } from '../analyzer.ts';
import type { Pdu } from './pdu.ts';
import type { Call, Interface, RpcState } from './state.ts';

/** Answers of the endpoint mapper ([C706] Appendix O, [MS-RPCE] §2.2.1.2). */
export function readMapperFragment(
  _bytes: Uint8Array,
  _stub: number,
  _pdu: Pdu,
  _call: Call | undefined,
  _answering: Interface,
  _state: RpcState,
  _out: Out,
): void {}
