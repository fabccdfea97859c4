// hot: called for every frame; no allocation, no closure, no string
import type { Frame } from '../capture/frame.ts';
import { decodeLayers } from './layers.ts';
import { goOn, type Packet } from './packet.ts';

/** Decodes a frame into the reused packet. Never throws: what is wrong with a frame stands in `packet.trouble`. */
export function decode(frame: Frame, capture: number, packet: Packet): void {
  packet.capture = capture;
  packet.frame = frame.number;
  packet.seconds = frame.seconds;
  packet.nanoseconds = frame.nanoseconds;
  packet.interfaceName = frame.interfaceName;
  packet.comment = frame.comment;
  packet.bytes = frame.bytes;
  packet.kind = 'none';
  packet.trouble.why = 'nothing';
  packet.addressLength = 0;
  packet.sourcePort = 0;
  packet.destinationPort = 0;
  packet.flags = 0;
  packet.outer.count = 0;
  packet.carrier.kind = 'none';
  const reading = packet.reading;
  reading.start = frame.start;
  reading.wireEnd = frame.start + frame.wireLength - frame.checkSequence;
  reading.end = Math.min(frame.end, reading.wireEnd);
  reading.cut = reading.end < reading.wireEnd;
  goOn(packet, 'link', frame.start, frame.linkType);
  decodeLayers(packet);
}
