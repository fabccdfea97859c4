import { closeSync, openSync, realpathSync, renameSync, rmSync, writeSync } from 'node:fs';
import { formatAddress } from '../bytes/address.ts';
import type { Frame } from '../capture/frame.ts';
import { PcapngWriter } from '../capture/pcapng-writer.ts';
import { readCapture } from '../capture/read-capture.ts';
import type { CaptureSource } from '../capture/source.ts';
import type { AuditReport, FlowReport } from '../check/audit-report.ts';
import { decode } from '../decode/decode.ts';
import { createPacket, type Packet } from '../decode/packet.ts';
import { type Annotations, annotationsOf } from '../report/annotations.ts';
import type { Language } from '../report/format.ts';
import { visible } from '../report/visible.ts';
import { wordsOf } from '../report/words/language.ts';
import { blankPayload, mayStay } from './redact.ts';
import { fileError, UsageError } from './usage-error.ts';

export interface AnnotateOptions {
  annotate?: string;
  wholeFlows?: boolean;
  redact?: boolean;
  lang: Language;
}

/** Says what cannot be annotated before any work is done. */
export function checkAnnotate({ annotate, wholeFlows, redact }: AnnotateOptions, names: readonly string[]): void {
  if (annotate === undefined) {
    if (wholeFlows || redact) throw new UsageError('--whole-flows and --redact say how; --annotate FILE says where to');
    return;
  }
  if (!annotate.toLowerCase().endsWith('.pcapng')) {
    throw new UsageError(`--annotate ${annotate}: comments need pcapng; name a file that ends in .pcapng`);
  }
  if (names.includes('-')) {
    throw new UsageError('--annotate reads the captures a second time, which standard input cannot be; name a file');
  }
}

/** Writes the frames that show findings, or all frames of the flows that have any, as pcapng with a comment on each that matters. */
export async function writeAnnotated(
  report: AuditReport,
  captures: readonly CaptureSource[],
  options: AnnotateOptions & { annotate: string },
): Promise<Annotations> {
  const path = options.annotate;
  if (captures.some((capture) => sameFile(capture.path, path))) {
    throw new UsageError(`--annotate ${path}: is one of the captures; name another file`);
  }
  const notes = annotationsOf(report, options.lang, wordsOf(options.lang));
  const partial = `${path}.part-${process.pid}`;
  try {
    const file = openSync(partial, 'wx', 0o600);
    try {
      const writer = new PcapngWriter((block) => writeAll(file, block), `${report.tool.name} ${report.tool.version}`);
      for (const capture of captures) await copyFrames(capture, report, notes, options, writer);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
    return notes;
  } catch (error) {
    rmSync(partial, { force: true });
    throw fileError(path, 'written', error);
  }
}

async function copyFrames(
  capture: CaptureSource,
  report: AuditReport,
  notes: Annotations,
  options: AnnotateOptions,
  writer: PcapngWriter,
): Promise<void> {
  const comments = notes.comments.get(capture.name);
  const flows = options.wholeFlows ? notes.flows.filter((flow) => flow.captures.includes(capture.name)) : [];
  if (!comments && flows.length === 0) return;
  const wanted = new WantedFlows(flows);
  const { phrases } = wordsOf(options.lang);
  const hash = report.captures.find(({ file }) => file === capture.name)?.sha256 ?? null;
  const interfaces = new Map<number, number>();
  const packet = createPacket();
  const onFrame = (frame: Frame): void => {
    const note = comments?.get(frame.number);
    if (!note && flows.length === 0) return;
    decode(frame, 0, packet);
    const flow = note?.flows[0] ?? wanted.find(packet);
    if (!flow) return;
    let number = interfaces.get(frame.linkType);
    if (number === undefined) {
      const comment = `frames of ${capture.name}${hash === null ? '' : `, SHA-256 ${hash}`}`;
      number = writer.addInterface({ linkType: frame.linkType, name: capture.name, comment });
      interfaces.set(frame.linkType, number);
    }
    const data = frame.bytes.slice(frame.start, frame.end);
    if (options.redact && !(note?.flows ?? [flow]).every(mayStay)) blankPayload(data, packet, frame.start);
    const texts = note?.texts ?? [];
    const kept = frame.comment === '' || options.redact ? [] : [visible(frame.comment)];
    writer.addFrame(frame, number, data, [...texts, phrases.ofFile(frame.number, capture.name), ...kept]);
  };
  await readCapture(capture, onFrame, { hash: false });
}

/** Flows by their hosts; a fragment, which has no ports, counts to a flow of its hosts. */
class WantedFlows {
  readonly #byHosts = new Map<string, FlowReport[]>();

  constructor(flows: readonly FlowReport[]) {
    for (const flow of flows) {
      const key = hostsKey(flow.client.address, flow.server.address);
      const list = this.#byHosts.get(key);
      if (list) list.push(flow);
      else this.#byHosts.set(key, [flow]);
    }
  }

  find(packet: Packet): FlowReport | undefined {
    if (this.#byHosts.size === 0 || packet.kind === 'none') return undefined;
    const address = (at: number) => formatAddress(packet.bytes.subarray(at, at + packet.addressLength));
    const [source, destination] = [address(packet.source), address(packet.destination)];
    const time = packet.seconds + packet.nanoseconds / 1e9;
    return this.#byHosts.get(hostsKey(source, destination))?.find((flow) => {
      if (time < secondsOf(flow.firstSeen) - tolerance || time > secondsOf(flow.lastSeen) + tolerance) return false;
      if (packet.kind === 'fragment') return true;
      if (packet.kind === 'other') return flow.client.port === null;
      if (packet.kind !== flow.transport) return false;
      const { client, server } = flow;
      const ports = [packet.sourcePort, packet.destinationPort];
      return source === client.address && ports[0] === client.port
        ? destination === server.address && ports[1] === server.port
        : source === server.address && ports[0] === server.port && ports[1] === client.port;
    });
  }
}

/** seconds that a time may lose as a floating point number */
const tolerance = 1e-6;
const secondsOf = (time: string): number =>
  Date.parse(`${time.slice(0, 19)}Z`) / 1000 + Number(`0${time.slice(19, -1)}`);
const hostsKey = (one: string, other: string): string => (one < other ? `${one} ${other}` : `${other} ${one}`);

function sameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    // the file to write need not be there
    return false;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
