import type { CaptureFormat } from './capture-summary.ts';

/** Reads the records of one format out of a buffer through which the file is moved. */
export interface RecordReader {
  readonly format: CaptureFormat;
  /** false until the file's own header has been read whole */
  headerRead: boolean;
  /** Nothing more can be read, for a problem that has been stated. */
  stopped: boolean;
  /**
   * Hands every whole record of bytes[from, end) to the sink. Returns where the first record begins that is not whole yet;
   * past `end` where the bytes between are not wanted. The same however the file is cut into chunks.
   * @param base offset in the file of bytes[0]
   */
  read(bytes: Uint8Array, from: number, end: number, base: number): number;
  /** There is no more to come: states what only the end of the file settles. */
  finish(): void;
}
