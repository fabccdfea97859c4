/** What a capture file turned out to be, once it is read. */
export interface CaptureSummary {
  /** its own name, or relative to the folder or pattern that was named */
  file: string;
  /** of the file as stored (compressed where it is); null where hashing was switched off */
  sha256: string | null;
  format: CaptureFormat;
  /** how the file was packed */
  compression: 'none' | 'gzip' | 'zstd';
  /** LINKTYPE_ numbers, ascending */
  linkTypes: number[];
  frames: number;
  /** of the file as stored */
  bytes: number;
  /** RFC 3339 UTC with nine digits; null without frames */
  firstSeen: string | null;
  lastSeen: string | null;
  /** packets that the capturing machine says it lost; null where the file does not say */
  dropped: number | null;
  problems: CaptureProblem[];
  /** what the file itself calls addresses */
  names: KnownName[];
}

export interface KnownName {
  /** RFC 5952 */
  address: string;
  name: string;
}

export type CaptureFormat = 'pcap' | 'pcap-nanosecond' | 'pcap-modified' | 'pcapng';

/** Something about the file that a reader of the report must know. */
export interface CaptureProblem {
  kind: CaptureProblemKind;
  /** offset in the uncompressed file */
  byte: number;
  detail: string;
}

export type CaptureProblemKind =
  | 'no-frames'
  | 'cut-short'
  | 'damaged'
  | 'record-too-large'
  | 'unknown-interface'
  | 'not-in-time-order'
  | 'dropped-packets'
  | 'secrets-present'
  /** frames that could not be decoded as far as an audit needs */
  | 'unread-frames';
