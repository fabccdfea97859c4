// hot: called for the first packet of every TCP flow
import { createPacket, ipProtocols, type Packet, tcpFlags } from '../decode/packet.ts';
import { limits } from '../limits.ts';

/**
 * TCP flows of which no more than one packet without payload was seen, as rows of numbers: a scan is millions of them, and
 * a flow as an object takes ten times as much. Once more of the flow comes, or it ends, its packet is taken as if it had
 * just come. Rows are kept in the order in which they came, which is that of their use: with its second packet a row is gone.
 */
export class FirstPackets {
  #columns = createColumns(1024);
  /** rows given back, as a list through `newer`; -1: none */
  #free = -1;
  #used = 0;
  #oldest = -1;
  #newest = -1;
  readonly #packet = createPacket();

  /** Whether all that this packet says of a new flow fits into a row. */
  fits({ kind, payloadLength, flags, outer, comment }: Packet): boolean {
    const ends = tcpFlags.fin | tcpFlags.rst;
    return kind === 'tcp' && payloadLength === 0 && (flags & ends) === 0 && outer.count === 0 && comment === '';
  }

  /** Takes a packet; its row's number stands for the flow. `turn` grows with every packet of the table. */
  add(packet: Packet, turn: number): number {
    const row = this.#take();
    const columns = this.#columns;
    const { bytes, source, destination, addressLength: n } = packet;
    const at = row * addressBytes;
    for (let i = 0; i < n; i++) {
      columns.addresses[at + i] = bytes[source + i]!;
      columns.addresses[at + addressBytes / 2 + i] = bytes[destination + i]!;
    }
    columns.ports[row] = (packet.sourcePort << 16) | packet.destinationPort;
    columns.sequence[row] = packet.sequence;
    columns.acknowledgment[row] = packet.acknowledgment;
    columns.header[row] = (packet.flags << 8) | n;
    columns.seconds[row] = packet.seconds;
    columns.nanoseconds[row] = packet.nanoseconds;
    columns.capture[row] = packet.capture;
    columns.frame[row] = packet.frame;
    columns.order[row] = packet.order;
    columns.interfaceName[row] = packet.interfaceName;
    columns.turn[row] = turn;
    columns.older[row] = this.#newest;
    columns.newer[row] = -1;
    if (this.#newest >= 0) columns.newer[this.#newest] = row;
    else this.#oldest = row;
    this.#newest = row;
    return row;
  }

  /** The row that has been there longest; -1 where there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  turnOf(row: number): number {
    return this.#columns.turn[row]!;
  }

  /** Gives a row back, and its packet: valid until the next call. */
  remove(row: number): Packet {
    const columns = this.#columns;
    const packet = this.#packet;
    packet.kind = 'tcp';
    packet.protocol = ipProtocols.tcp;
    packet.bytes = columns.addresses;
    packet.source = row * addressBytes;
    packet.destination = packet.source + addressBytes / 2;
    packet.addressLength = columns.header[row]! & 255;
    packet.flags = columns.header[row]! >>> 8;
    packet.sourcePort = columns.ports[row]! >>> 16;
    packet.destinationPort = columns.ports[row]! & 0xffff;
    packet.sequence = columns.sequence[row]!;
    packet.acknowledgment = columns.acknowledgment[row]!;
    packet.seconds = columns.seconds[row]!;
    packet.nanoseconds = columns.nanoseconds[row]!;
    packet.capture = columns.capture[row]!;
    packet.frame = columns.frame[row]!;
    packet.order = columns.order[row]!;
    packet.interfaceName = columns.interfaceName[row]!;
    const older = columns.older[row]!;
    const newer = columns.newer[row]!;
    if (older >= 0) columns.newer[older] = newer;
    else this.#oldest = newer;
    if (newer >= 0) columns.older[newer] = older;
    else this.#newest = older;
    columns.newer[row] = this.#free;
    this.#free = row;
    return packet;
  }

  #take(): number {
    const row = this.#free;
    if (row >= 0) {
      this.#free = this.#columns.newer[row]!;
      return row;
    }
    if (this.#used === this.#columns.turn.length) this.#columns = grown(this.#columns);
    return this.#used++;
  }
}

/** of source and destination, 16 each */
const addressBytes = 32;

interface Columns {
  addresses: Uint8Array;
  ports: Uint32Array;
  sequence: Uint32Array;
  acknowledgment: Uint32Array;
  /** flags, and the bytes of an address */
  header: Uint32Array;
  seconds: Float64Array;
  nanoseconds: Uint32Array;
  capture: Uint32Array;
  frame: Float64Array;
  order: Float64Array;
  /** few different ones, shared */
  interfaceName: string[];
  turn: Float64Array;
  older: Int32Array;
  newer: Int32Array;
}

function createColumns(rows: number): Columns {
  return {
    addresses: new Uint8Array(rows * addressBytes),
    ports: new Uint32Array(rows),
    sequence: new Uint32Array(rows),
    acknowledgment: new Uint32Array(rows),
    header: new Uint32Array(rows),
    seconds: new Float64Array(rows),
    nanoseconds: new Uint32Array(rows),
    capture: new Uint32Array(rows),
    frame: new Float64Array(rows),
    order: new Float64Array(rows),
    interfaceName: new Array<string>(rows).fill(''),
    turn: new Float64Array(rows),
    older: new Int32Array(rows),
    newer: new Int32Array(rows),
  };
}

function grown(columns: Columns): Columns {
  const larger = createColumns(Math.min(2 * columns.turn.length, limits.flows));
  const { interfaceName, ...numbers } = columns;
  for (const [name, column] of Object.entries(numbers)) larger[name as keyof typeof numbers].set(column);
  for (const [row, name] of interfaceName.entries()) larger.interfaceName[row] = name;
  return larger;
}
