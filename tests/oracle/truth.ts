import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { sharedCaptures } from '../support/folders.ts';

/** What other projects' own test suites expect of the shared captures. */

/** A row of a Zeek log, by its field names. */
export type ZeekRow = Record<string, string>;

/** The rows of one of Zeek's logs, with the capture that each belongs to; the same row of several of its tests is one. */
export function zeekRows(log: string): { capture: string; row: ZeekRow }[] {
  const rows = new Map<string, { capture: string; row: ZeekRow }>();
  for (const path of truthFiles(`zeek/*/${log}`)) {
    const lines = readFileSync(`${sharedCaptures}truth/${path}`, 'utf8').split('\n');
    const names = lines
      .find((line) => line.startsWith('#fields'))!
      .split('\t')
      .slice(1);
    for (const line of lines.filter((line) => line !== '' && !line.startsWith('#'))) {
      const row = Object.fromEntries(line.split('\t').map((value, i) => [names[i]!, value]));
      rows.set(`${captureOf(path)} ${line}`, { capture: captureOf(path), row });
    }
  }
  return [...rows.values()];
}

/** A flow of nDPI's list that was recognised by its content. */
export interface NdpiFlow {
  capture: string;
  ends: [string, string];
  /** the innermost name: `SMTPS` of `SMTPS`, `TLS` of `91.119/TLS.Facebook` */
  protocol: string;
  /** inside what it was found, such as `VXLAN` */
  tunnel: string | null;
  serverName: string | null;
  packets: number;
}

export function ndpiFlows(): NdpiFlow[] {
  const row =
    /^\s+\d+\s+(?:TCP|UDP) (\S+) (?:<->|->) (\S+) .*?\[proto: (?:([A-Z]+):)?[\d.]+\/(\w+)[^\]]*\].*\[Confidence: DPI\].*?\[(\d+) pkts.*?(?:<->|->) (\d+) pkts/;
  return truthFiles('ndpi.out').flatMap((path) =>
    readFileSync(`${sharedCaptures}truth/${path}`, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const found = row.exec(line);
        if (!found) return [];
        const [, a, b, tunnel, protocol, sent, received] = found;
        const serverName = /\[Hostname\/SNI: ([^\]]+)\]/.exec(line)?.[1] ?? null;
        const packets = Number(sent) + Number(received);
        return [
          {
            capture: captureOf(path),
            ends: [a!, b!],
            protocol: protocol!,
            tunnel: tunnel ?? null,
            serverName,
            packets,
          },
        ];
      }),
  );
}

export interface ArkimeSession {
  capture: string;
  ends: [string, string];
  protocols: string[];
  packets: number;
  users: string[];
  smtpHello: string[];
  /** sender of a message that it read */
  mailFrom: string[];
}

interface ArkimeBody {
  protocol: string[];
  source: ArkimeEnd;
  destination: ArkimeEnd;
  user?: string[];
  email?: { smtpHello?: string[]; src?: string[] };
}
interface ArkimeEnd {
  ip: string;
  port: number;
  packets: number;
}

export function arkimeSessions(): ArkimeSession[] {
  return truthFiles('arkime.json').flatMap((path) => {
    const { sessions3 } = JSON.parse(readFileSync(`${sharedCaptures}truth/${path}`, 'utf8')) as {
      sessions3: { body: ArkimeBody }[];
    };
    return sessions3.map(({ body: { protocol, source, destination, user, email } }) => ({
      capture: captureOf(path),
      ends: [`${source.ip}:${source.port}`, `${destination.ip}:${destination.port}`] as [string, string],
      protocols: protocol,
      packets: source.packets + destination.packets,
      users: user ?? [],
      smtpHello: email?.smtpHello ?? [],
      mailFrom: email?.src ?? [],
    }));
  });
}

const truthFiles = (pattern: string): string[] => globSync(`*/${pattern}`, { cwd: `${sharedCaptures}truth` }).sort();
const captureOf = (path: string): string => path.split('/')[0]!;

/** Where a capture lies that the truth names by its file's name. */
export function capturePath(name: string): string {
  const [found] = globSync(`third-party/*/${name}`, { cwd: sharedCaptures }).filter((path) => basename(path) === name);
  return sharedCaptures + found!;
}
