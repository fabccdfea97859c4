import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { describe, expect, test } from 'vitest';
import { detailsIn } from '../../src/report/words/detail.ts';
import { koreanDetails } from '../../src/report/words/korean-details.ts';
import { rootFolder } from '../support/folders.ts';

/** Where details of blind spots, capture problems, limits and evidence arise. */
const rooms = ['protocols', 'flows', 'capture', 'decode', 'store', 'check', 'pipeline.ts'];
/** What they say goes to a message on stderr or a rule pack's author, never into a report. */
const elsewhere =
  /capture\/(foreign|kind|recognise|source|find-captures)|store\/sqlite-store|check\/(load-|schema-|nearest|json-schema|topology|network-address|exceptions|interface-names|run-examples|draft-topology|pack\.ts|rules\.ts|tally\.ts)/;
/** Errors are no details; readers name the layer they read, as Wireshark names fields. */
const notSaid = new Set(['CaptureError', 'StoreError', 'UsageError', 'Error', 'RegExp', 'Reader', 'Malformed']);

interface Said {
  file: string;
  text: string;
}

function filesOf(path: string): string[] {
  if (statSync(path).isDirectory()) return readdirSync(path).flatMap((name) => filesOf(join(path, name)));
  return path.endsWith('.ts') && !path.endsWith('.d.ts') ? [path] : [];
}

/** Every text of two lower-case words or more, with 7 where something is filled in. */
function textsOf(file: string): Said[] {
  const found: Said[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const inner of node) visit(inner);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const { type, callee, quasis, value } = node as Record<string, unknown>;
    if (type === 'ImportDeclaration') return;
    if (type === 'NewExpression' && notSaid.has(String((callee as { value?: string }).value))) return;
    const text =
      type === 'StringLiteral'
        ? String(value)
        : type === 'TemplateLiteral'
          ? (quasis as { cooked: string }[]).map(({ cooked }) => cooked).join('7')
          : '';
    if (/[a-z]{2,} [a-z]{2,}/.test(text)) found.push({ file, text });
    for (const [key, inner] of Object.entries(node)) if (key !== 'span') visit(inner);
  };
  visit(parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript' }).body);
  return found;
}

const say = detailsIn(koreanDetails);
const all = rooms.flatMap((room) => filesOf(join(rootFolder, 'src', room))).flatMap(textsOf);
/** states of a call, a layer's name, and what the Korean words for facts say */
const notDetails = new Set(['taken up', 'tls handshake', '7 in clear']);
const layers = /^(?:[a-z0-9.]+ ){1,3}[a-z0-9]+$/;
const isLayer = ({ file, text }: Said) => /\/decode\/(?!unread)/.test(file) && layers.test(text);
const said = all.filter((one) => !elsewhere.test(one.file) && !isLayer(one) && !notDetails.has(one.text));

describe('what arises in English', () => {
  test('is found in the source', () => {
    const texts = said.map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(120);
    for (const known of ['only one side of the flow was captured', 'http: more than 7 paths', 'with damaged 7'])
      expect(texts).toContain(known);
  });

  // reasons of frames that were not read stand behind their number
  const whole = ({ file, text }: Said) => (file.endsWith('decode/unread.ts') && !/^7/.test(text) ? `7 ${text}` : text);
  test.each(said.map((one) => [whole(one)]))('has Korean words: %s', (text) => {
    const korean = say(text);
    expect(korean).toMatch(/[가-힣→↔]/);
    // but for the layer that it begins with
    expect(korean.replace(/^[a-z ]+: /, '')).not.toMatch(/[a-z]{3,} [a-z]{3,}/);
  });
});

describe('a detail in Korean', () => {
  test.each([
    ['smtp: a CR within a line, which some servers take for its end', 'smtp: 줄 안의 CR: 일부 서버는 줄의 끝으로 봄'],
    ['tls record: 5 bytes needed at offset 12, 3 there', 'tls record: 5바이트가 필요하지만(오프셋 12) 3바이트 있음'],
    ['http: a folded content-length', 'http: 여러 줄로 나뉜 content-length'],
    [
      '3 of link type 9, which is not read here (first: frame 4), 2 with damaged tcp (first: frame 11)',
      '3개: 링크 형식 9, 여기서 읽지 않음 (처음: 프레임 4), 2개: tcp 손상 (처음: 프레임 11)',
    ],
    [
      '2 times: a section states no byte order; nothing after it was read',
      '2번: 바이트 순서를 밝히지 않은 섹션; 그 뒤는 읽지 않음',
    ],
  ])('%s', (english, korean) => expect(say(english)).toBe(korean));

  test('leaves data as it is', () => {
    for (const data of ['', 'x', 'more than many paths', 'login with more', '{}', 'a'.repeat(100_000)])
      expect(say(data)).toBe(data);
  });

  test('takes no longer than its length for text made to be slow', () => {
    const begun = performance.now();
    for (const piece of [' is called ', ' from ', ' by ', ': ', ' (first: frame 1), '])
      for (let at = 0; at < 20; at++) say(piece.repeat(at * 20));
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
