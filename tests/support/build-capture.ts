/** Builds the bytes of capture files for tests. Everything has a default, so that a test names only what it is about. */

export type ByteOrder = 'little' | 'big';

/** A packet of a classic pcap. `fraction` counts the file's own unit: microseconds, or nanoseconds where `nanoseconds` is set. */
export interface PcapRecord {
  bytes: Uint8Array;
  seconds?: number;
  fraction?: number;
  /** bytes on the wire; default: as many as captured */
  wireLength?: number;
}

export interface PcapOptions {
  order?: ByteOrder;
  nanoseconds?: boolean;
  /** Kuznetzov's variant with 24-byte record headers */
  modified?: boolean;
  /** the whole field, frame check sequence bits included; default 1, Ethernet */
  linkType?: number;
  version?: readonly [number, number];
  records?: readonly PcapRecord[];
}

/** A classic pcap file. */
export function pcapFile(options: PcapOptions = {}): Uint8Array {
  const { order = 'little', nanoseconds = false, modified = false, linkType = 1, version = [2, 4] } = options;
  const magic = modified ? 0xa1b2cd34 : nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
  const { u16, u32 } = numbers(order);
  const header = [u32(magic), u16(version[0]), u16(version[1]), u32(0), u32(0), u32(262_144), u32(linkType)];
  const records = (options.records ?? []).flatMap(({ bytes, seconds = 0, fraction = 0, wireLength = bytes.length }) => [
    u32(seconds),
    u32(fraction),
    u32(bytes.length),
    u32(wireLength),
    modified ? new Uint8Array(8) : [],
    bytes,
  ]);
  return joined([...header, ...records]);
}

/** A pcapng option: its code and value. */
export type Option = readonly [code: number, value: Uint8Array];

/** A pcapng block, written in the byte order of the section it stands in. */
export type Block = (order: ByteOrder) => Uint8Array;

/** A pcapng file: every `section` block sets the byte order of what follows it. */
export function pcapngFile(blocks: readonly (Block | Section)[]): Uint8Array {
  let order: ByteOrder = 'little';
  return joined(
    blocks.map((block) => {
      if (typeof block === 'function') return block(order);
      order = block.order;
      return block.block(order);
    }),
  );
}

export interface Section {
  order: ByteOrder;
  block: Block;
}

/** A section header block. */
export function section(order: ByteOrder = 'little', options: readonly Option[] = []): Section {
  const { u16, u32 } = numbers(order);
  const length = new Uint8Array(8).fill(0xff);
  return { order, block: block(0x0a0d0d0a, () => [u32(0x1a2b3c4d), u16(1), u16(0), length], options) };
}

export interface InterfaceOptions {
  linkType?: number;
  snapLength?: number;
  /** the if_tsresol octet */
  resolution?: number;
  /** if_tsoffset, seconds */
  offset?: bigint;
  name?: string;
  /** the if_fcslen octet */
  checkSequence?: number;
}

/** An interface description block. */
export function networkInterface({
  linkType = 1,
  snapLength = 0,
  resolution,
  offset,
  name,
  checkSequence,
}: InterfaceOptions = {}): Block {
  return (order) => {
    const { u16, u32 } = numbers(order);
    const options: Option[] = [];
    if (name !== undefined) options.push([2, text(name)]);
    if (checkSequence !== undefined) options.push([13, Uint8Array.of(checkSequence)]);
    if (resolution !== undefined) options.push([9, Uint8Array.of(resolution)]);
    if (offset !== undefined) options.push([14, u64(order, offset)]);
    return block(1, () => [u16(linkType), u16(0), u32(snapLength)], options)(order);
  };
}

export interface PacketOptions {
  bytes: Uint8Array;
  interface?: number;
  /** in units of the interface's clock, microseconds by default */
  time?: bigint;
  wireLength?: number;
  options?: readonly Option[];
}

/** An enhanced packet block. */
export function packet({
  bytes,
  interface: from = 0,
  time = 0n,
  wireLength = bytes.length,
  options = [],
}: PacketOptions): Block {
  return block(
    6,
    ({ u32 }) => [
      u32(from),
      u32(Number(time >> 32n)),
      u32(Number(time & 0xffffffffn)),
      u32(bytes.length),
      u32(wireLength),
      padded(bytes),
    ],
    options,
  );
}

/** A simple packet block: `bytes` is what was captured of `wireLength`. */
export function simplePacket(bytes: Uint8Array, wireLength = bytes.length): Block {
  return block(3, ({ u32 }) => [u32(wireLength), padded(bytes)]);
}

/** An obsolete packet block; `drops` 0xffff stands for "not known". */
export function obsoletePacket({
  bytes,
  interface: from = 0,
  time = 0n,
  drops = 0xffff,
}: PacketOptions & { drops?: number }): Block {
  return block(2, ({ u16, u32 }) => [
    u16(from),
    u16(drops),
    u32(Number(time >> 32n)),
    u32(Number(time & 0xffffffffn)),
    u32(bytes.length),
    u32(bytes.length),
    padded(bytes),
  ]);
}

/** An interface statistics block. */
export function statistics(from: number, { ifdrop, osdrop }: { ifdrop?: bigint; osdrop?: bigint }): Block {
  return (order) => {
    const options: Option[] = [];
    if (ifdrop !== undefined) options.push([5, u64(order, ifdrop)]);
    if (osdrop !== undefined) options.push([7, u64(order, osdrop)]);
    return block(5, ({ u32 }) => [u32(from), u32(0), u32(0)], options)(order);
  };
}

/** A name resolution block: addresses, each with its names. */
export function nameResolution(records: readonly { address: Uint8Array; names: readonly string[] }[]): Block {
  return block(4, ({ u16 }) => [
    ...records.flatMap(({ address, names }) => {
      const value = joined([address, ...names.map((name) => joined([text(name), [0]]))]);
      return [u16(address.length === 4 ? 1 : 2), u16(value.length), padded(value)];
    }),
    u16(0),
    u16(0),
  ]);
}

export const text = (said: string): Uint8Array => new TextEncoder().encode(said);

type Numbers = ReturnType<typeof numbers>;

/** Any block: its body, then options, then its length once more. */
export function block(
  type: number,
  body: (numbers: Numbers) => readonly Part[],
  options: readonly Option[] = [],
): Block {
  return (order) => {
    const { u16, u32 } = numbers(order);
    const written = options.flatMap(([code, value]) => [u16(code), u16(value.length), padded(value)]);
    const content = joined([...body(numbers(order)), ...written, options.length > 0 ? u32(0) : []]);
    const length = u32(content.length + 12);
    return joined([u32(type), length, content, length]);
  };
}

/** A 64-bit number as an option holds it. */
export function u64(order: ByteOrder, value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt.asIntN(64, value), order === 'little');
  return bytes;
}

/** `count` bytes, no two neighbours alike. */
export function filler(count: number, from = 1): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => from + index * 7);
}

type Part = Uint8Array | readonly number[];

export function joined(parts: readonly Part[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
}

function padded(bytes: Uint8Array): Uint8Array {
  return joined([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)]);
}

function numbers(order: ByteOrder) {
  const little = order === 'little';
  const write = (size: number, value: number) => {
    const bytes = Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** index) & 0xff);
    return Uint8Array.from(little ? bytes : bytes.reverse());
  };
  return { u16: (value: number) => write(2, value), u32: (value: number) => write(4, value) };
}
