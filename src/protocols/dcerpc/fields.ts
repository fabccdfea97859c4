import type { Reader } from '../../bytes/reader.ts';

/** Integers and UUIDs of a PDU in its own byte order (drep, [C706] §14.2.5). */

export const u16 = (reader: Reader, littleEndian: boolean): number => (littleEndian ? reader.u16le() : reader.u16());
export const u32 = (reader: Reader, littleEndian: boolean): number => (littleEndian ? reader.u32le() : reader.u32());

/** As text in lower case: three integers, then octets as they are ([C706] Appendix A). */
export function uuid(reader: Reader, littleEndian: boolean): string {
  const first = hex(u32(reader, littleEndian), 8);
  const second = hex(u16(reader, littleEndian), 4);
  const third = hex(u16(reader, littleEndian), 4);
  const rest = Buffer.from(reader.take(8)).toString('hex');
  return `${first}-${second}-${third}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
