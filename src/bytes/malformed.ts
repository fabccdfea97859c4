/** A message is not what its protocol says it must be. Thrown by readers, caught by the protocol host, and reported as a blind spot. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  /** what was being read, such as `tls certificate` */
  readonly layer: string;
  /** bytes from the start of the message */
  readonly offset: number;
  /** bytes that the message said would follow */
  readonly needed: number;
  /** bytes that were there */
  readonly available: number;

  constructor(layer: string, offset: number, needed: number, available: number) {
    super(`${layer}: ${needed} bytes needed at offset ${offset}, ${available} there`);
    this.layer = layer;
    this.offset = offset;
    this.needed = needed;
    this.available = available;
  }
}
