import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { limits } from '../limits.ts';
import { describeIssue } from './schema-issue.ts';

/** A mistake in a rule file: one line per problem, `file:line:column: what is wrong; what would be right`. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

export type Path = readonly PropertyKey[];

/** What a check of a file's meaning is given to say what it found. */
export interface Findings {
  /** Something is wrong with the value at `path`, or with its key. */
  problem(path: Path, message: string, where?: 'value' | 'key'): void;
  /** the line, from 1, on which the value at `path` stands */
  lineOf(path: Path): number;
}

/** For zod: a file is read once, which takes less than compiling code for it. */
export const readOnce = { jitless: true } as const;

interface Problem {
  offset: number;
  message: string;
}

/**
 * The value that a YAML text holds, if it is what `schema` asks for and `check` finds nothing wrong with its meaning;
 * else throws a `RuleError` with every problem of the first of the three (syntax, schema, meaning) that has any.
 */
export function loadYaml<Schema extends z.ZodType>(
  fileName: string,
  text: string,
  schema: Schema,
  check: (value: z.output<Schema>, findings: Findings) => void,
): z.output<Schema> {
  if (text.length > limits.ruleFile) {
    throw new RuleError(`${fileName}:1:1: ${text.length} characters are too many; at most ${limits.ruleFile}`);
  }
  const lines = new LineCounter();
  const stop = (problems: readonly Problem[]) => {
    if (problems.length > 0) throw new RuleError(tell(fileName, problems, lines));
  };
  const { document, value, problems } = parse(text, lines);
  stop(problems);
  const parsed = schema.safeParse(value, readOnce);
  if (!parsed.success || !document) {
    const issues = parsed.error?.issues ?? [];
    stop(
      issues
        .flatMap((issue) => describeIssue(issue, schema, value))
        .map(({ path, message, where }) => ({ offset: offsetOf(document, path, where), message })),
    );
    throw new RuleError(`${fileName}:1:1: is not readable`);
  }
  const found: Problem[] = [];
  check(parsed.data, {
    problem: (path, message, where = 'value') => found.push({ offset: offsetOf(document, path, where), message }),
    lineOf: (path) => lines.linePos(offsetOf(document, path, 'value')).line,
  });
  stop(found);
  return parsed.data;
}

function parse(text: string, lines: LineCounter): { document: Document | null; value: unknown; problems: Problem[] } {
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    const problems: Problem[] = [];
    for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
      const said = inOurWords(code, message, text, pos[0]);
      // one slip makes yaml say the same of every line after it
      if (!problems.some((problem) => problem.message === said)) problems.push({ offset: pos[0], message: said });
    }
    if (problems.length === 0) problems.push(...brokenAliases(document));
    const value = problems.length === 0 ? document.toJS({ maxAliasCount: limits.ruleAliases }) : null;
    return { document, value, problems };
  } catch (error) {
    // yaml's own words for an alias bomb, and the end of the stack under a file that is nothing but brackets
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    const message = 'aliases or nesting multiply beyond reason; write it out plainly';
    return { document: null, value: null, problems: [{ offset: 0, message }] };
  }
}

const syntaxMessages: Record<string, string> = {
  MULTIPLE_DOCS: 'a second document begins; a file holds one',
  NON_STRING_KEY: 'a list or mapping as a key; a key is a plain word',
  TAB_AS_INDENT: 'a tab as indentation; use spaces',
};

function inOurWords(code: string, message: string, text: string, at: number): string {
  // yaml turns the end of the stack into an error of the node that it had come to
  if (message.startsWith('Maximum call stack')) return 'nested beyond reason; write it out plainly';
  return code === 'DUPLICATE_KEY' ? duplicateKey(text, at) : (syntaxMessages[code] ?? message);
}

function duplicateKey(text: string, at: number): string {
  const [key = ''] = /^[^:,\r\n]*/.exec(text.slice(at, at + limits.text)) ?? [];
  return `the key ${key.trim()} stands here twice; keep one of them`;
}

function brokenAliases(document: Document): Problem[] {
  const problems: Problem[] = [];
  const named = new Map<string, Node>();
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) named.set(node.anchor, node);
        return;
      }
      const target = named.get(node.source);
      const at = node.range?.[0] ?? 0;
      if (!target) {
        problems.push({
          offset: at,
          message: `nothing is called &${node.source} above; an alias repeats what has a name`,
        });
      } else if (target.range && target.range[0] <= at && at < target.range[2]) {
        problems.push({
          offset: at,
          message: `*${node.source} stands inside itself; an alias repeats something else`,
        });
      }
    },
  });
  return problems;
}

/** Where in the text the value at `path`, or its key, begins; where it is missing, what it is missing from. */
function offsetOf(document: Document | null, path: Path, where: 'value' | 'key'): number {
  let node: unknown = document?.contents;
  let offset = 0;
  for (let depth = 0; ; depth++) {
    if (document && isAlias(node)) node = node.resolve(document);
    offset = startOf(node) ?? offset;
    if (depth === path.length) return offset;
    const segment = path[depth]!;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? key.value : key) === String(segment));
      if (pair && where === 'key' && depth === path.length - 1) return startOf(pair.key) ?? offset;
      node = pair?.value;
    } else if (isSeq(node)) {
      node = node.items[Number(segment)];
    } else {
      return offset;
    }
  }
}

function startOf(node: unknown): number | undefined {
  return typeof node === 'object' && node !== null && 'range' in node
    ? (node.range as number[] | null)?.[0]
    : undefined;
}

/** Text of the file that a message quotes may be anything; a terminal must not act on it. */
const printable = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** One line per problem, in the order of the text, each once. */
function tell(fileName: string, problems: readonly Problem[], lines: LineCounter): string {
  const sorted = [...problems].sort((a, b) => a.offset - b.offset);
  const told = new Set(
    sorted.map(({ offset, message }) => {
      const { line, col } = lines.linePos(offset);
      return `${fileName}:${Math.max(line, 1)}:${Math.max(col, 1)}: ${printable(message)}`;
    }),
  );
  const shown = [...told].slice(0, limits.ruleProblems);
  const hidden = told.size - shown.length;
  return [...shown, ...(hidden > 0 ? [`${fileName}: and ${hidden} more`] : [])].join('\n');
}
