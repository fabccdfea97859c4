import { closeSync, openSync, readSync } from 'node:fs';
import { limits } from '../limits.ts';
import { UsageError, withFile } from './usage-error.ts';

const lineFeed = 10;

/** The file's bytes, chunk by chunk; a chunk is good until the next. */
function* chunksOf(file: string): Generator<Buffer> {
  const handle = withFile(file, 'read', () => openSync(file, 'r'));
  const buffer = Buffer.allocUnsafe(limits.reportChunk);
  try {
    for (;;) {
      const count = withFile(file, 'read', () => readSync(handle, buffer));
      if (count === 0) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(handle);
  }
}

/** The file's lines without their ends. */
export function* linesOf(file: string): Generator<string> {
  let begun: Buffer[] = [];
  let length = 0;
  const keep = (part: Buffer): void => {
    length += part.length;
    if (length > limits.reportText) throw tooLarge(file);
    begun.push(Buffer.from(part));
  };
  for (const chunk of chunksOf(file)) {
    let at = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, at)) {
      keep(chunk.subarray(at, end));
      yield Buffer.concat(begun).toString('utf8');
      begun = [];
      length = 0;
      at = end + 1;
    }
    if (at < chunk.length) keep(chunk.subarray(at));
  }
  if (length > 0) yield Buffer.concat(begun).toString('utf8');
}

/** A list that our reports hold with one element a line, which is read from the file again instead of being kept. */
const listBegins = /^ {2}"([a-zA-Z]+)": \[$/;
const listEnds = /^ {2}\],?$/;

/** The text of a JSON report without the elements of its long lists, where the file has them one a line, as we write them. */
export function shortened(file: string, kept: ReadonlySet<string>): { text: string; left: Set<string> } {
  const parts: string[] = [];
  const left = new Set<string>();
  let length = 0;
  let list: string | null = null;
  let first = false;
  for (const line of linesOf(file)) {
    if (list !== null && listEnds.test(line)) list = null;
    if (list !== null && first) {
      first = false;
      // of another layout
      if (elementOf(line) === undefined) list = null;
      else left.add(list);
    }
    if (list !== null) continue;
    const begins = listBegins.exec(line)?.[1];
    if (begins !== undefined && !kept.has(begins)) [list, first] = [begins, true];
    length += line.length;
    if (length > limits.reportText) throw tooLarge(file);
    parts.push(line);
  }
  return { text: parts.join('\n'), left };
}

/** The elements of a list that was left out, one by one; what is none comes as undefined. */
export function* elementsOf(file: string, list: string): Generator<unknown> {
  let inside = false;
  for (const line of linesOf(file)) {
    if (inside && listEnds.test(line)) return;
    if (inside) yield elementOf(line);
    else inside = listBegins.exec(line)?.[1] === list;
  }
}

function elementOf(line: string): unknown {
  try {
    return JSON.parse(line.replace(/,$/, ''));
  } catch {
    return undefined;
  }
}

const tooLarge = (file: string) =>
  new UsageError(`${file}: is too large to be read in this layout; give the report as it was written`);

/** Holds text that comes in pieces against a file; keeps the place where they part. */
export class SameAsFile {
  /** the line, from 1, on which they part; null while they are the same */
  differs: number | null = null;
  readonly #chunks: Generator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);
  #line = 1;

  constructor(file: string) {
    this.#chunks = chunksOf(file);
  }

  add(text: string): void {
    let rest = Buffer.from(text, 'utf8');
    while (rest.length > 0 && this.differs === null) {
      if (this.#chunk.length === 0) this.#next();
      const size = Math.min(rest.length, this.#chunk.length);
      const [ours, theirs] = [rest.subarray(0, size), this.#chunk.subarray(0, size)];
      const parts = size === 0 ? 0 : ours.equals(theirs) ? -1 : ours.findIndex((byte, at) => byte !== theirs[at]);
      this.#line += count(parts === -1 ? ours : ours.subarray(0, parts));
      if (parts !== -1) this.differs = this.#line;
      rest = rest.subarray(size);
      this.#chunk = this.#chunk.subarray(size);
    }
  }

  /** To be called once, when all is said: the file must not go on. */
  end(): void {
    if (this.differs === null && this.#chunk.length === 0) this.#next();
    if (this.differs === null && this.#chunk.length > 0) this.differs = this.#line;
    this.#chunks.return(undefined);
  }

  #next(): void {
    const { value, done } = this.#chunks.next();
    this.#chunk = done ? Buffer.alloc(0) : value;
  }
}

function count(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) lines++;
  return lines;
}
