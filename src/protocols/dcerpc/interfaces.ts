/** Interfaces of which this analyzer must know something: calls that carry no content (contract, rules 4 and 10). */

export const ENDPOINT_MAPPER = 'e1af8308-5d1f-11c9-91a4-08002b14a0fa';
/** [C706] Appendix Q */
export const MANAGEMENT = 'afa8bd80-7d8a-11c9-bef4-08002b102989';
/** [MS-NRPC] §1.9 */
export const NETLOGON = '12345678-1234-abcd-ef00-01234567cffb';
/** [MS-DCOM] §3.1.2.5.1 */
export const OBJECT_EXPORTER = '99fcfec4-5260-101b-bbcb-00aa0021347a';

/** Interfaces none of whose calls carry content: they tell where something can be reached, or that it still is. */
const contentless: readonly string[] = [ENDPOINT_MAPPER, OBJECT_EXPORTER];

const contentlessCalls: Readonly<Record<string, readonly number[]>> = {
  // inq_if_ids, inq_stats, is_server_listening, inq_princ_name
  [MANAGEMENT]: [0, 1, 2, 4],
  // NetrServerReqChallenge, NetrServerAuthenticate, …2, …3: the handshake of the secure channel ([MS-NRPC] §3.1.4.1);
  // DsrGetDcName, …Ex, …Ex2: where is a domain controller, as a CLDAP ping asks
  [NETLOGON]: [4, 5, 15, 26, 20, 27, 34],
};

/** Operations that carry no content on one interface or another: what an endpoint mapper and an object exporter are asked among them. */
const perhapsContentless: readonly number[] = [0, 1, 2, 3, 4, 5, ...Object.values(contentlessCalls).flat()];

/**
 * Whether a call carries content. Interface and operation are null where they are not known. Unless part of the connection
 * was not seen (`partial`), an interface that is not known is one that was never accepted.
 */
export function carriesContent(
  uuid: string | null,
  operation: number | null,
  partial: boolean,
): 'yes' | 'no' | 'untold' {
  if (uuid !== null && contentless.includes(uuid)) return 'no';
  const calls = uuid === null ? perhapsContentless : contentlessCalls[uuid];
  if (calls === undefined) return 'yes';
  // an answer whose question was not seen
  if (operation === null) return 'untold';
  if (!calls.includes(operation)) return 'yes';
  return uuid !== null ? 'no' : partial ? 'untold' : 'yes';
}
