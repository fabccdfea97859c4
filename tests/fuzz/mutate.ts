/** Values at which lengths, counts and offsets go wrong. */
const edges = [
  0, 1, 2, 3, 4, 7, 8, 15, 16, 20, 31, 32, 63, 64, 127, 128, 255, 256, 511, 512, 1023, 1024, 1500, 4095, 4096, 16_383,
  32_767, 32_768, 65_535,
];
const wide = [0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fffe, 0x0001_0000, 0x0100_0000];

export type Below = (below: number) => number;

/** A changed copy: one to eight changes of bits, bytes, numbers, ranges, or a splice with another input. */
export function mutate(input: Uint8Array, other: Uint8Array, below: Below, longest: number): Uint8Array {
  let bytes: Uint8Array = input.slice();
  for (let changes = 1 + below(8); changes > 0; changes--) bytes = change(bytes, other, below);
  return bytes.subarray(0, longest);
}

function change(bytes: Uint8Array, other: Uint8Array, below: Below): Uint8Array {
  const length = bytes.length;
  if (length === 0) return other.slice();
  const at = below(length);
  const count = Math.min(1 + below(below(2) === 0 ? 4 : 64), length - at);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  switch (below(11)) {
    case 0:
      bytes[at]! ^= 1 << below(8);
      return bytes;
    case 1:
      bytes[at] = below(256);
      return bytes;
    case 2:
      bytes[at] = bytes[at]! + below(33) - 16;
      return bytes;
    case 3:
      if (at + 2 <= length) view.setUint16(at, edges[below(edges.length)]!, below(2) === 0);
      return bytes;
    case 4:
      if (at + 4 <= length)
        view.setUint32(at, (below(2) === 0 ? wide[below(wide.length)] : edges[below(edges.length)])!, below(2) === 0);
      return bytes;
    case 5:
      return joined(bytes.subarray(0, at), bytes.subarray(at + count));
    case 6:
      return joined(bytes.subarray(0, at), bytes.subarray(at, at + count), bytes.subarray(at));
    case 7: {
      const made = Uint8Array.from({ length: count }, () => below(256));
      return joined(bytes.subarray(0, at), made, bytes.subarray(at));
    }
    case 8: {
      if (other.length === 0) return bytes;
      const from = below(other.length);
      const taken = other.subarray(from, from + 1 + below(Math.min(256, other.length - from)));
      return joined(
        bytes.subarray(0, at),
        taken,
        bytes.subarray(below(2) === 0 ? at : Math.min(length, at + taken.length)),
      );
    }
    case 9:
      bytes.copyWithin(at, below(length), Math.min(length, at + count));
      return bytes;
    default:
      return bytes.slice(0, at);
  }
}

const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
