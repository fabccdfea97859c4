import type { z } from 'zod';
import { nearest } from './nearest.ts';

/** Where a value is not what a schema asks for, and what would be right. */
export interface SchemaProblem {
  path: PropertyKey[];
  where: 'value' | 'key';
  message: string;
}

/** An issue of zod in words for the person who wrote the file. `root` is the whole value that was checked. */
export function describeIssue(issue: z.core.$ZodIssue, schema: z.core.$ZodType, root: unknown): SchemaProblem[] {
  const value = valueAt(root, issue.path);
  const asked = schemaAt(schema, issue.path);
  const one = (message: string, where: 'value' | 'key' = 'value') => [{ path: issue.path, where, message }];
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysOf(asked);
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      where: 'key',
      message: `unknown key ${show(key)}; ${choices(key, allowed)}`,
    }));
  }
  const wanted = wantedBy(issue, asked);
  if (issue.code === 'invalid_key') return one(`${show(issue.path.at(-1))} is no good key; it is ${wanted}`, 'key');
  if (value === undefined) return one(`${subject(issue.path)} is missing; it is ${wanted}`);
  if (issue.code === 'invalid_value') {
    return one(`${subject(issue.path)} ${show(value)} is not known; ${choices(value, issue.values.map(String))}`);
  }
  return one(`${subject(issue.path)} ${show(value)} is not right; it is ${wanted}`);
}

/** `did you mean "x"? Use one of: …`, for a word that is none of the choices. */
export function choices(word: unknown, allowed: readonly string[]): string {
  const meant = typeof word === 'string' ? nearest(word, allowed) : null;
  const list = allowed.length > 0 ? `use one of: ${allowed.join(', ')}` : 'there is none to choose from';
  return meant === null ? list : `did you mean ${show(meant)}? ${list[0]!.toUpperCase()}${list.slice(1)}`;
}

/** A value in a line of text: short, without control characters. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list'.concat(value.length === 0 ? ' of nothing' : '');
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function subject(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file';
  const from = path.findLastIndex((segment) => typeof segment === 'string');
  const name = from < 0 ? '' : String(path[from]);
  return (
    name +
    path
      .slice(from + 1)
      .map((index) => `[${String(index)}]`)
      .join('')
  );
}

function wantedBy(issue: z.core.$ZodIssue, asked: z.core.$ZodType | null): string {
  const union = asked && unionMessage(asked, issue);
  if (union) return union;
  switch (issue.code) {
    case 'invalid_union':
    case 'custom':
      return issue.message;
    case 'invalid_format':
      return issue.format === 'regex' ? issue.message : `text in the form of a ${issue.format}`;
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues[0] ? wantedBy(issue.issues[0], null) : issue.message;
    case 'too_small':
      return numberRange(asked) ?? `at least ${amount(issue.origin, issue.minimum)}`;
    case 'too_big':
      return numberRange(asked) ?? `at most ${amount(issue.origin, issue.maximum)}`;
    case 'invalid_type':
    case 'invalid_value':
      return asked ? form(asked) : issue.message;
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return issue.message;
    default:
      return issue satisfies never;
  }
}

/** What a union asks for in its own words; zod tells of its only number instead where just that one was not right. */
function unionMessage(asked: z.core.$ZodType, issue: z.core.$ZodIssue): string | null {
  const def = definition(bare(asked));
  const message = def.type === 'union' ? def.error?.(issue as never) : null;
  return typeof message === 'string' ? message : null;
}

/** `a whole number from 1 to 65535` of a number with both bounds */
function numberRange(asked: z.core.$ZodType | null): string | null {
  if (!asked || definition(bare(asked)).type !== 'number') return null;
  const { minValue, maxValue } = bare(asked) as z.ZodNumber;
  if (minValue === null || maxValue === null) return null;
  const to = maxValue === Number.MAX_SAFE_INTEGER ? '' : ` to ${maxValue}`;
  return `a whole number from ${minValue}${to}`;
}

function amount(origin: string, count: number | bigint): string {
  const unit = origin === 'string' ? ' character' : origin === 'array' ? ' item' : '';
  return `${count}${unit}${unit !== '' && count !== 1 ? 's' : ''}`;
}

type Definition = z.core.$ZodTypes['_zod']['def'];

const definition = (schema: z.core.$ZodType): Definition => (schema as z.core.$ZodTypes)._zod.def;

/** The schema without `optional` and `default` around it. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const def = definition(schema);
  return def.type === 'optional' || def.type === 'default' || def.type === 'nullable' ? bare(def.innerType) : schema;
}

function form(schema: z.core.$ZodType): string {
  const def = definition(bare(schema));
  switch (def.type) {
    case 'string':
      return 'text';
    case 'number':
      return numberRange(schema) ?? 'a number';
    case 'boolean':
      return 'true or false';
    case 'enum':
      return `one of: ${Object.values(def.entries).join(', ')}`;
    case 'array':
      return 'a list';
    case 'object':
      return `a mapping with ${Object.keys(def.shape).join(', ')}`;
    case 'record':
      return 'a mapping';
    default:
      return `of the type ${def.type}`;
  }
}

function keysOf(schema: z.core.$ZodType | null): string[] {
  const def = schema && definition(bare(schema));
  return def?.type === 'object' ? Object.keys(def.shape) : [];
}

function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | null {
  let at: z.core.$ZodType | null = schema;
  for (const segment of path) {
    if (!at) return null;
    const def: Definition = definition(bare(at));
    if (def.type === 'object') at = def.shape[String(segment)] ?? null;
    else if (def.type === 'array') at = def.element;
    else if (def.type === 'record') at = def.valueType;
    else return def.type === 'union' ? at : null;
  }
  return at;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let at = root;
  for (const segment of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[segment];
  }
  return at;
}
