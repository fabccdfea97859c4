import { limits } from '../limits.ts';
import type { Frame } from './frame.ts';

/** Where blocks go, in order. */
export type BlockSink = (block: Uint8Array) => void;

/** Where frames come from: one interface of the file for each capture and link type. */
export interface WrittenInterface {
  linkType: number;
  name: string;
  comment: string;
}

const sectionHeader = 0x0a0d0d0a;
const interfaceDescription = 1;
const enhancedPacket = 6;
const option = { end: 0, comment: 1, interfaceName: 2, timestampResolution: 9, application: 4 } as const;

/** Writes a pcapng file (draft-ietf-opsawg-pcapng) of one section: frames as they were captured, with comments. Times in nanoseconds. */
export class PcapngWriter {
  readonly #sink: BlockSink;
  #interfaces = 0;

  constructor(sink: BlockSink, application: string) {
    this.#sink = sink;
    const body = new Uint8Array(16);
    const view = new DataView(body.buffer);
    view.setUint32(0, 0x1a2b3c4d, true);
    view.setUint16(4, 1, true);
    view.setBigInt64(8, -1n, true);
    this.#block(sectionHeader, [body, ...options([[option.application, text(application)]])]);
  }

  /** The number by which frames name it. */
  addInterface({ linkType, name, comment }: WrittenInterface): number {
    const body = new Uint8Array(8);
    new DataView(body.buffer).setUint16(0, linkType, true);
    const described: Option[] = [
      [option.comment, text(comment)],
      [option.interfaceName, text(name)],
      [option.timestampResolution, Uint8Array.of(9)],
    ];
    this.#block(interfaceDescription, [body, ...options(described)]);
    return this.#interfaces++;
  }

  /** @param data the captured bytes, as they are to be written */
  addFrame(frame: Frame, interfaceNumber: number, data: Uint8Array, comments: readonly string[]): void {
    const head = new Uint8Array(20);
    const view = new DataView(head.buffer);
    const time = BigInt(Math.max(0, frame.seconds)) * 1_000_000_000n + BigInt(frame.nanoseconds);
    view.setUint32(0, interfaceNumber, true);
    view.setUint32(4, Number(time >> 32n), true);
    view.setUint32(8, Number(time & 0xffff_ffffn), true);
    view.setUint32(12, data.length, true);
    view.setUint32(16, frame.wireLength, true);
    const said = comments.map((comment): Option => [option.comment, text(comment)]);
    this.#block(enhancedPacket, [head, padded(data), ...options(said)]);
  }

  #block(type: number, parts: readonly Uint8Array[]): void {
    const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
    const block = new Uint8Array(length);
    const view = new DataView(block.buffer);
    view.setUint32(0, type, true);
    view.setUint32(4, length, true);
    let at = 8;
    for (const part of parts) {
      block.set(part, at);
      at += part.length;
    }
    view.setUint32(at, length, true);
    this.#sink(block);
  }
}

type Option = [code: number, value: Uint8Array];

function options(list: readonly Option[]): Uint8Array[] {
  if (list.length === 0) return [];
  const written = list.map(([code, value]) => {
    const head = new Uint8Array(4);
    const view = new DataView(head.buffer);
    view.setUint16(0, code, true);
    view.setUint16(2, value.length, true);
    const body = padded(value);
    const whole = new Uint8Array(4 + body.length);
    whole.set(head);
    whole.set(body, 4);
    return whole;
  });
  return [...written, new Uint8Array(4)];
}

/** UTF-8, cut where an option could not hold it. */
const text = (value: string): Uint8Array => new TextEncoder().encode(value.slice(0, limits.comment));

/** Filled up to a multiple of four bytes. */
function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % 4;
  if (rest === 0) return bytes;
  const whole = new Uint8Array(bytes.length + 4 - rest);
  whole.set(bytes);
  return whole;
}
