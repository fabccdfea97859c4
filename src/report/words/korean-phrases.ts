import type { Result } from '../../check/result.ts';
import { thousands } from '../number.ts';
import type { Noun, Phrases } from './english-phrases.ts';

const nouns: Record<Noun, readonly [string, string]> = {
  path: ['경로', '개'],
  check: ['검사', '개'],
  flow: ['흐름', '개'],
  frame: ['프레임', '개'],
  capture: ['캡처', '개'],
  time: ['', '번'],
  finding: ['발견 사항', '건'],
};

/** `경로 3개` */
function count(number: number, noun: Noun): string {
  const [name, counter] = nouns[noun];
  return `${name === '' ? '' : `${name} `}${thousands(number)}${counter}`;
}

const resultWord: Record<Result, string> = {
  pass: '통과',
  fail: '실패',
  unknown: '판단 불가',
  notchecked: '관찰되지 않음',
  notapplicable: '해당 없음',
  informational: '참고',
  error: '오류',
};

export const koreanPhrases: Phrases = {
  count,
  title: '데이터 경로 감사',
  verdict: { failed: '실패', undecided: '판단 불가', 'nothing-seen': '판단할 것 없음', passed: '통과' },
  results: (parts) =>
    parts.map((part, at) => `${at === 0 ? '경로 ' : ''}${resultWord[part.result]} ${thousands(part.count)}`).join(', '),
  accepted: (number) => `실패 중 ${thousands(number)}건은 수용됨`,
  exit: {
    strict: '종료 코드 1: 실패는 없지만 --strict가 판단 불가를 실패로 셉니다',
    failed: '종료 코드 1: 하나 이상의 경로가 실패했습니다',
    error: '종료 코드 1: 하나 이상의 경로를 평가하지 못했습니다',
    accepted: '종료 코드 0: 모든 실패가 수용된 위험입니다',
    none: '종료 코드 0: 실패가 없습니다',
  },
  decided: (decided, observed) => `트래픽이 있는 검사 ${thousands(observed)}개 중 ${thousands(decided)}개 판단됨`,
  span: (from, to) => (from === to ? `${from} UTC` : `${from} ~ ${to} UTC`),
  utc: (time) => `${time} UTC`,
  subject: (packs, captures, frames, span, stamp) =>
    `${packs} 기준: ${count(captures, 'capture')}, ${count(frames, 'frame')}${span === null ? '' : `, ${span}`}${stamp === null ? '' : `. 보고서 작성 ${stamp}`}`,
  interrupted: '감사가 중단되었습니다. 보고서는 그때까지 읽은 것만 다룹니다.',
  noTopology:
    '토폴로지가 없어 호스트의 역할을 알 수 없으므로 어떤 경로도 판단할 수 없습니다. 어느 호스트가 허브, Edge, 도메인 컨트롤러입니까? pcap-audit topology draft로 토폴로지 초안을 만들어 바로잡은 뒤 다시 감사하십시오.',
  noTopologyShort:
    '토폴로지가 없으면 역할을 알 수 없습니다. 초안 만들기: pcap-audit topology draft CAPTURE > topology.yaml',
  none: '없음',
  listed: (items) => (items.length === 0 ? '없음' : items.join(', ')),
  ofFile: (frame, file) => `${file}의 프레임 ${frame}`,
  frame: (frame) => `프레임 ${frame}`,
  ofFileOnly: (file) => `(${file})`,
  finding: (ends, what, frame, _inside, because) =>
    `${ends}: ${what}${frame === null ? '' : ` (${frame})`}${because === null ? '' : `; ${because}`}`,
  moreFrames: (number) => `외 프레임 ${thousands(number)}개`,
  moreFlows: (number) => `외 흐름 ${thousands(number)}개: 모두 JSON 보고서에 있습니다`,
  moreFindings: (number) => `그 밖의 발견 사항 ${thousands(number)}건. 모두 JSON 보고서에 있습니다`,
  moreRows: (number) => `외 ${thousands(number)}개: 모두 JSON 보고서에 있습니다`,
  more: (number) => `외 ${thousands(number)}개`,
  expected: {
    port: '참조가 이 경로에 나열한 포트',
    authentication: (supported, standard) => `${supported} (기본값: ${standard})`,
    encryptedByDefault: (supported) => `기본적으로 암호화: ${supported}`,
    notByDefault: (supported) => `${supported} 지원, 기본값은 아님`,
  },
  promiseOf: (paths, promise) => `${paths.join(', ')} – ${promise}`,
  flowLine: (id, ends, protocols) => `흐름 ${id}: ${ends}, ${protocols}`,
  filterFor: (captures) => `${captures}용 Wireshark 필터`,
  acceptedBy: (by, until, reason) => `${by}이(가) ${until}까지 수용: ${reason}`,
  exposures: '어떤 경로에도 속하지 않는 평문 내용',
  passwords: '경로가 실패하지 않은 곳의 평문 암호',
  passwordsExpected: '참조가 무엇을 허용하든 평문 암호가 없어야 함',
  keysInClear: (number) =>
    `키가 평문으로 지나간 암호화 미디어 흐름 ${thousands(number)}개: 둘 다 기록한 사람은 들을 수 있습니다`,
  unexpectedFlows: (number, known) =>
    `참조의 어떤 경로에도 없는 흐름 ${thousands(number)}개${known === 0 ? '' : `, 그중 ${thousands(known)}개는 참조 밖의 알려진 서비스`}`,
  quality: {
    midstream: '캡처가 시작될 때 이미 열려 있던 흐름',
    oneDirection: '한 방향만 보인 흐름(캡처한 위치를 확인하십시오)',
    truncated: '기록 중에 프레임이 잘린 흐름(스냅 길이 0으로 프레임 전체를 기록하십시오)',
    gaps: '캡처에서 바이트가 빠진 흐름',
    duplicates: '두 번 온 세그먼트(한 번으로 셈)',
    droppedFrames: '기록한 컴퓨터가 잃은 프레임',
    unreadFrames: '읽지 못한 프레임',
    otherNames: '토폴로지의 다른 호스트 이름으로 불린 주소',
    nothing: '캡처로 알 수 있는 한 빠진 것이 없습니다',
  },
  otherName: (host, called, by, other) => `${host}: ${by}에서 ${called}(으)로 불림, 토폴로지에서 그 이름은 ${other}`,
  atByte: (byte) => `바이트 ${thousands(byte)}`,
  limitReached: (name, cap, hit, detail) => `${name}: 한도 ${thousands(cap)}에 ${thousands(hit)}번 도달; ${detail}`,
  explain: {
    flow: (id, ends) => `흐름 ${id}: ${ends}`,
    opened: (client, server, transport, protocols) => `${client} → ${server} ${transport} 연결: ${protocols}`,
    when: (first, last, frames, captures) => `${first} ~ ${last}, ${frames}, ${captures}`,
    content: (protection) => `내용: ${protection}`,
    beforeOffload: '서버가 내용을 넘겨줍니다. 이것은 그 앞의 구간일 뿐입니다.',
    unrecognised: '인식되지 않음',
    seen: '관찰된 것, 순서대로',
    nothing: '더 말해 주는 것이 없음',
    unseen: '관찰되지 않은 것',
    follows: '결과',
    noPath: '참조의 어떤 데이터 경로에도 속하지 않음',
    frames: (frames) => `프레임 ${frames}`,
    wireshark: 'Wireshark에서 보기',
    cut: '프레임 잘라 내기',
  },
  terminal: {
    heading: {
      captures: (packs) => `캡처, ${packs} 기준`,
      quality: '캡처 품질',
      limits: '도달한 한도',
      unexpected: '예상 밖',
      undecided: '판단하지 못한 것',
      paths: '관찰된 경로',
      otherPaths: '관찰된 그 밖의 경로',
      worst: (paths, findings, flows) =>
        `실패한 ${count(paths, 'path')}: ${count(flows, 'flow')}에서 ${count(findings, 'finding')}; 경로마다 가장 심각한 것`,
      besides: '실패한 경로 밖에서',
      possiblePaths: '가능한 경로',
      assertions: '캡처와 모순되는 참조의 진술',
      risks: '수용된 위험',
    },
    fail: '실패',
    columns: { path: '경로', flows: '흐름', port: '포트', authentication: '인증', encryption: '암호화' },
    alike: (number, title) => `(같은 행 ${number}개) ${title}`,
    alikeNote: '같은 행: 캡처로 구별할 수 없는 행은 하나의 결과로 답합니다',
    worst: (findings, line) => `${count(findings, 'finding')}: ${line}`,
    worstOf: (what, flows, line) => `${what}: ${count(flows, 'flow')}${flows === 1 ? '' : ', 가장 심각한 것'}: ${line}`,
    alsoFail: (paths, findings) => `그 밖에 실패한 ${count(paths, 'path')}, ${count(findings, 'finding')}:`,
    moreReasons: (number) => `그 밖의 이유 ${thousands(number)}개(--verbose로 나열)`,
    moreStatements: (number) => `그 밖의 진술 ${thousands(number)}개(--verbose로 나열)`,
    verbose: (findings, flows) =>
      `--verbose: ${count(flows, 'flow')}의 ${count(findings, 'finding')} 모두, 프레임과 Wireshark 필터 포함`,
    verboseUpTo: (findings, flows, most) =>
      `--verbose: ${count(flows, 'flow')}의 ${count(findings, 'finding')}을 더 자세히, 프레임과 Wireshark 필터 포함(경로마다 ${count(most, 'flow')}까지; JSON 보고서에는 모두 있음)`,
    undecidedFor: (why, paths) => `${why} (${count(paths, 'path')})`,
    notObserved: (paths, rows) =>
      `관찰되지 않은 경로 ${thousands(paths)}개(--verbose로 나열${rows === null ? '' : `; 같은 행을 따로 세면 ${rows}행`})`,
    notObservedHeading: (paths) => `관찰되지 않은 경로 ${thousands(paths)}개`,
    undecided: (checks, result, paths, why) =>
      `${checks}: 경로 ${thousands(paths)}개에서 ${result === 'error' ? '평가하지 못함' : '판단 불가'}. ${why}`,
    exposed: (flows) => `어떤 경로에도 속하지 않는 평문 내용이 있는 흐름 ${thousands(flows)}개(아래 참고)`,
    fix: (title) => `할 일: ${title}`,
    firewall: (opened, unopened) =>
      `방화벽 규칙: 열려 있고 사용됨 ${thousands(opened)}개, 규칙 없이 사용됨 ${thousands(unopened)}개(--format html)`,
    risk: (pattern, state, flows, by, until, reason) =>
      `${pattern}: ${state}, ${count(flows, 'flow')}; ${by}, ${until}까지: ${reason}`,
  },
};
