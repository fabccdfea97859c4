/** One row of the matrix: what travelled between which roles, and what must be said of a data path. */
export interface PathCase {
  path: string;
  title: string;
  /** in captures/ */
  capture: string;
  /** hosts of the lab and their roles; of a replayed flow the client first, then the server */
  roles: Record<string, string>;
  /** only this dialogue of the capture is replayed, between the two hosts; else the capture is audited as it is */
  replay?: Replay;
  /** further lines of the topology */
  topology?: string;
  /** result, or result and reason; null: not asked */
  port: string | null;
  authentication: string | null;
  encryption: string | null;
}

export interface Replay {
  /** the server's port as recorded, and which of those flows, from 0 */
  recorded: number;
  nth?: number;
  transport?: 'tcp' | 'udp';
  /** the server's port in the replay; as recorded where left out */
  at?: number;
  /** only from the ClientHello on: TLS from the first byte */
  fromTls?: true;
  /** text that stands in place of recorded text, such as another path on the same web server */
  text?: { recorded: string; replayed: string };
  /** RPC: the UUID that is bound in place of the recorded one */
  uuid?: { recorded: string; replayed: string };
}

/** Names and last parts of the addresses 10.0.0.x and fd00::x, as in captures/lab/network.sh. */
export const labHosts: Record<string, number> = {
  dc1: 5,
  rms1: 6,
  hub1: 11,
  hub2: 12,
  edge1: 21,
  mbx1: 31,
  mbx2: 32,
  cas1: 41,
  cas2: 42,
  um1: 51,
  old1: 61,
  pbx1: 80,
  ocs1: 81,
  client1: 101,
  admin1: 103,
  partner: 200,
};
