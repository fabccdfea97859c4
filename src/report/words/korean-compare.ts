import type { ComparePhrases } from './english-compare.ts';

export const koreanCompare: ComparePhrases = {
  compared: (before, after) => `${before} → ${after}`,
  otherPack: (before, after) =>
    `두 보고서는 서로 다른 규칙 팩(${before}; ${after})으로 검사되어, 변화가 규칙 팩 때문일 수 있습니다.`,
  same: '좋아지거나 나빠진 것이 없습니다.',
  worse: '나빠짐',
  better: '좋아짐',
  newlySeen: '새로 관찰됨',
  noLongerSeen: '더 이상 관찰되지 않음: 이에 대해서는 아무것도 말하지 않습니다',
  acceptedSince: '그 후 수용됨',
  newFindings: '새로운 발견 사항',
  goneFindings: '경로가 관찰되었고 사라진 발견 사항',
  unseenFindings: '이번에 관찰되지 않은 경로의 발견 사항: 해결되었다고 볼 근거가 없습니다',
  flows: (number) => `흐름 ${number}개`,
  verify: {
    belongs: (file) => `${file}: 보고서의 캡처입니다(SHA-256)`,
    renamed: (file, name) => `${file}: 보고서의 캡처입니다(SHA-256). 보고서에서의 이름은 ${name}입니다`,
    noHash: (file) => `${file}: 보고서에 SHA-256이 없어 크기와 프레임 수만 일치합니다`,
    stranger: (file) => `${file}: 보고서의 캡처가 아닙니다`,
    missing: (file) => `${file}: 보고서의 캡처이지만 주어지지 않았습니다`,
    secondAgrees: (file, frames) => `${file}: pcap-parser도 같은 프레임 ${frames}개를 바이트까지 똑같이 읽었습니다`,
    secondDiffers: (file, ours, theirs) =>
      `${file}: pcap-parser가 다른 프레임을 읽었습니다(${theirs}개, 우리는 ${ours}개)`,
    secondFailed: (file) => `${file}: pcap-parser가 읽지 못했습니다`,
    noSecond: (file) =>
      `${file}: 두 번째로 읽지 않았습니다. pcap-parser는 손상되지 않은 마이크로초 단위의 기본 형식 캡처만 읽습니다`,
    sameReport: '이 캡처의 감사 결과가 바이트까지 똑같습니다',
    otherReport: (line) => `이 캡처의 감사 결과가 보고서의 ${line}번째 줄부터 다릅니다`,
    otherVersion: (was, is) => `보고서는 버전 ${was}, 이 프로그램은 ${is}이므로 같은 결과를 기대할 수 없습니다`,
    otherInput: (what) => `${what}: 보고서의 것이 아니므로(SHA-256) 감사를 다시 하지 않았습니다`,
    notGiven: (what, option) =>
      `보고서는 ${what}(으)로 작성되었습니다. 결과가 같은지 보려면 ${option}으로 지정하십시오`,
    verdictYes: '검증됨',
    verdictNo: '검증되지 않음',
    verdictPartly: '일부만 검증됨',
    topology: '토폴로지',
    exceptions: '수용된 위험',
    pack: '다른 규칙 팩',
  },
};
