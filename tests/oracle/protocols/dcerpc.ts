import type { FlowRecord } from '../../../src/protocols/flow-record.ts';
import type { TsharkFlow, TsharkFrame } from '../tshark.ts';
import { described, exposes, type ProtocolOracle, type Say, seenAs, texts, values } from './oracle.ts';

const mapper = 'e1af8308-5d1f-11c9-91a4-08002b14a0fa';
/** tshark's columns for the interfaces that occur */
const columns =
  /^(DCERPC|EPM|SAMR|LSARPC|RPC_NETLOGON|DRSUAPI|WINREG|SVCCTL|SRVSVC|MAPI|NSPI|EFS|ISystemActivator|IOXIDResolver|IRemUnknown2?|IDispatch|WBEM|Iwbem\w*|MGMT)$/i;

const request = '0';
const response = '2';
const asks = ['11', '14'];
const answers = ['12', '15'];

export const dcerpc: ProtocolOracle = {
  name: 'dcerpc',
  fields: [
    'dcerpc.pkt_type',
    'dcerpc.cn_call_id',
    'dcerpc.auth_type',
    'dcerpc.auth_level',
    'dcerpc.cn_bind_to_uuid',
    'dcerpc.cn_ack_result',
    'ntlmssp.auth.username',
    'ntlmssp.auth.domain',
  ],
  recognised: (flow) => overTcp(flow) && !isMapper(flow),
  compare: compareCalls,
};

export const epm: ProtocolOracle = {
  name: 'epm',
  fields: ['epm.proto.tcp_port', 'epm.proto.http_port'],
  recognised: (flow) => overTcp(flow) && isMapper(flow),
  compare: compareEndpoints,
};

/** Calls over TCP itself, or through SMB's pipes. */
const overTcp = (flow: TsharkFlow): boolean => flow.transport === 'tcp' && seenAs(flow, columns, 'dcerpc.pkt_type');

/** Nothing but the endpoint mapper is bound. */
function isMapper(flow: TsharkFlow): boolean {
  if (flow.read === null) {
    const names = Object.keys(flow.protocols).filter((name) => columns.test(name) && name !== 'DCERPC');
    return names.length === 1 && names[0] === 'EPM';
  }
  const bound = boundIn(flow.read);
  return bound.length > 0 && bound.every((uuid) => uuid === mapper);
}

/** Interfaces whose binds were accepted, one PDU of the kind a frame. */
function boundIn(read: TsharkFrame[]): string[] {
  const asked = new Map<string, string[]>();
  return read.flatMap((frame) => {
    const types = values(frame, 'dcerpc.pkt_type');
    const [call = ''] = values(frame, 'dcerpc.cn_call_id');
    if (types.some((type) => asks.includes(type))) asked.set(call, values(frame, 'dcerpc.cn_bind_to_uuid'));
    if (!types.some((type) => answers.includes(type))) return [];
    return (asked.get(call) ?? []).filter((_, i) => values(frame, 'dcerpc.cn_ack_result')[i] === '0');
  });
}

function compareCalls(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const rpc = read.filter(({ fields }) => fields['dcerpc.pkt_type']);
  say('rpc interfaces', texts(boundIn(rpc)), texts(described(record, 'rpc-interface').map(({ uuid }) => uuid)));
  const theirs = rpc.flatMap(levelsOf);
  const ours = described(record, 'rpc-call').map(({ authType, authLevel }) => `${authType}/${authLevel}`);
  say('rpc type/level of calls', texts(theirs), texts(ours));
  const users = rpc.flatMap((frame) => {
    const domain = values(frame, 'ntlmssp.auth.domain');
    return values(frame, 'ntlmssp.auth.username').map((user, i) =>
      !domain[i] || domain[i] === 'NULL' ? user : `${domain[i]}\\${user}`,
    );
  });
  const principals = record.facts.flatMap((fact) =>
    fact.kind === 'authenticated' && fact.mechanism === 'ntlm' && fact.protocol === 'dcerpc' && fact.principal
      ? [fact.principal]
      : [],
  );
  say('rpc ntlm users', texts(users.filter((user) => user !== 'NULL')), texts(principals));
  // content of any kind at a level that does not even guard it
  const clear = theirs.some((kind) => Number(kind.split('/')[1]) < 5);
  if (exposes(record, 'rpc')) say('rpc exposed', clear ? 'readable' : 'no', 'readable');
}

/** `type/level` of the requests and responses of a frame, where tshark's lists can be told apart. */
function levelsOf(frame: TsharkFrame): string[] {
  const types = values(frame, 'dcerpc.pkt_type');
  const calls = types.filter((type) => type === request || type === response);
  const authTypes = values(frame, 'dcerpc.auth_type');
  const levels = values(frame, 'dcerpc.auth_level');
  if (authTypes.length === 0) return calls.map(() => '0/0');
  if (authTypes.length !== types.length) return [];
  return types.flatMap((type, i) => (type === request || type === response ? [`${authTypes[i]}/${levels[i]}`] : []));
}

function compareEndpoints(read: TsharkFrame[], record: FlowRecord, say: Say): void {
  const replies = read.filter((frame) => values(frame, 'dcerpc.pkt_type').includes(response));
  const theirs = replies.flatMap((frame) => [
    ...values(frame, 'epm.proto.tcp_port').map((port) => `tcp ${port}`),
    ...values(frame, 'epm.proto.http_port').map((port) => `http ${port}`),
  ]);
  const ours = described(record, 'rpc-endpoint').map(({ transport, port }) => `${transport} ${port}`);
  say('epm endpoints', texts(theirs), texts(ours));
}
