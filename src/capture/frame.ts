/** A packet record as captured. One reused object: valid until the next frame, so whoever keeps something copies it. */
export interface Frame {
  /** the buffer that holds the record */
  bytes: Uint8Array;
  /** where the captured bytes begin in `bytes`, and where they end, exclusive */
  start: number;
  end: number;
  /** bytes the packet had on the wire; more than captured where a snap length cut it */
  wireLength: number;
  /** time since 1970-01-01T00:00:00Z: whole seconds and the rest; both 0 where the file states none (simple packet blocks) */
  seconds: number;
  nanoseconds: number;
  /** Wireshark's frame.number in this file, from 1 */
  number: number;
  /** offset of its record in the uncompressed file */
  byte: number;
  /** the LINKTYPE_ number of its interface */
  linkType: number;
  /** bytes of a check sequence that the packet ends in on the wire, as the file says; 0 where it has none or says nothing */
  checkSequence: number;
  /** the interface's name where the file has several, else empty */
  interfaceName: string;
  /** what somebody wrote about this packet, else empty */
  comment: string;
}

/** Called for every frame, in file order, synchronously. */
export type FrameSink = (frame: Frame) => void;

/** A frame without content: what a reader fills and hands out again and again. */
export function emptyFrame(): Frame {
  return {
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    wireLength: 0,
    seconds: 0,
    nanoseconds: 0,
    number: 0,
    byte: 0,
    linkType: 0,
    checkSequence: 0,
    interfaceName: '',
    comment: '',
  };
}
