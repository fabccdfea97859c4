import { latin1, Reader } from '../../bytes/reader.ts';
import { limits } from '../../limits.ts';
import type { Out } from '../analyzer.ts';
import { uuid } from './fields.ts';
import { Ndr } from './ndr.ts';
import { FIRST_FRAGMENT, LAST_FRAGMENT, type Pdu } from './pdu.ts';
import type { Call, RpcState } from './state.ts';
import { readTower } from './tower.ts';

/** Answers of the endpoint mapper ([C706] Appendix O, [MS-RPCE] §2.2.1.2): where interfaces can be reached. */

const EPT_LOOKUP = 2;
const EPT_MAP = 3;
const CONTEXT_HANDLE = 20;

/** One fragment of a readable answer; an answer is read when its last fragment has come. */
export function readMapperFragment(
  bytes: Uint8Array,
  stub: number,
  pdu: Pdu,
  call: Call | undefined,
  state: RpcState,
  out: Out,
): void {
  if (call?.operation !== EPT_LOOKUP && call?.operation !== EPT_MAP) return;
  const part = bytes.subarray(stub, pdu.bodyEnd);
  if ((pdu.flags & FIRST_FRAGMENT) !== 0) state.answer = { callId: pdu.callId, parts: [], size: 0 };
  const { answer } = state;
  if (answer === null || answer.callId !== pdu.callId) return;
  answer.size += part.length;
  if (answer.size > limits.rpcAnswer) {
    state.answer = null;
    out.blind('limit', `epm: an answer of more than ${limits.rpcAnswer} bytes is not read`);
    return;
  }
  const last = (pdu.flags & LAST_FRAGMENT) !== 0;
  // what is kept must outlive this message
  answer.parts.push(last ? part : part.slice());
  if (!last) return;
  state.answer = null;
  const whole = answer.parts.length === 1 ? part : new Uint8Array(Buffer.concat(answer.parts));
  const ndr = new Ndr(new Reader('epm answer', whole), pdu.littleEndian, call.interface.wide);
  if (call.operation === EPT_MAP) readMap(ndr, state, out);
  else readLookup(ndr, pdu.littleEndian, state, out);
}

/** Context handle, number of towers, then an array of pointers to them. */
function readMap(ndr: Ndr, state: RpcState, out: Out): void {
  ndr.reader.skip(CONTEXT_HANDLE);
  ndr.u32();
  const count = ndr.varying(4);
  let towers = 0;
  for (let i = 0; i < count; i++) if (ndr.size() !== 0) towers++;
  for (let i = 0; i < towers; i++) stateEndpoint(readTowerOf(ndr), null, state, out);
}

/** Context handle, number of entries, then an array of them: object, pointer to a tower, annotation; the towers follow. */
function readLookup(ndr: Ndr, littleEndian: boolean, state: RpcState, out: Out): void {
  ndr.reader.skip(CONTEXT_HANDLE);
  ndr.u32();
  const count = ndr.varying(28);
  const annotations: string[] = [];
  for (let i = 0; i < count; i++) {
    ndr.alignStructure();
    uuid(ndr.reader, littleEndian);
    const pointer = ndr.size();
    const annotation = text(ndr.reader, ndr.counted(1));
    if (pointer !== 0) annotations.push(annotation);
  }
  for (const annotation of annotations) stateEndpoint(readTowerOf(ndr), annotation, state, out);
}

/** twr_t: its length, in the front as an array's and once more as its own. */
function readTowerOf(ndr: Ndr): Uint8Array {
  ndr.size();
  return ndr.reader.take(ndr.u32());
}

/** Up to the terminating zero. */
function text(reader: Reader, length: number): string {
  const from = reader.skip(length);
  const zero = reader.bytes.subarray(from, from + length).indexOf(0);
  return latin1(reader.bytes, from, from + Math.min(zero < 0 ? length : zero, limits.text));
}

function stateEndpoint(tower: Uint8Array, annotation: string | null, state: RpcState, out: Out): void {
  const endpoint = readTower(tower);
  if (endpoint === null) return;
  const { uuid: detail, transport, address, port } = endpoint;
  out.fact({
    kind: 'described',
    what: 'rpc-endpoint',
    uuid: detail,
    transport,
    address: address ?? state.serverAddress,
    port,
    ...(annotation ? { annotation } : {}),
  });
  if (transport === 'udp') return;
  out.announce({ transport: 'tcp', address, port, protocol: 'dcerpc', detail });
  // towers know IPv4 only: who asked over IPv6 goes on with the address that he has ([MS-RPCE] §3.3.2.2.3)
  if (address !== null && state.serverAddress.includes(':')) {
    out.announce({ transport: 'tcp', address: null, port, protocol: 'dcerpc', detail });
  }
}
