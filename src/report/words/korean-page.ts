import { thousands } from '../number.ts';
import type { PagePhrases } from './english-page.ts';

const size = (frames: number, bytes: number) => `프레임 ${thousands(frames)}개, ${thousands(bytes)}바이트`;

const findings = (number: number) => `발견 사항 ${thousands(number)}건`;

export const koreanPage: PagePhrases = {
  skip: '발견 사항으로 건너뛰기',
  contents: '목차',
  heading: {
    summary: '요약',
    todo: '할 일',
    limitsOfAudit: '이 감사가 말하지 않는 것',
    findings: '발견 사항',
    accounts: '평문으로 지나간 암호와 토큰',
    unexpected: '예상 밖',
    map: '누가 누구와 통신했는가',
    paths: '경로',
    timeline: '내용이 평문으로 전송된 때',
    tls: 'TLS 버전과 암호 그룹',
    undecided: '판단하지 못한 것',
    notObserved: '관찰되지 않음',
    assertions: '참조의 진술',
    inferred: '추론',
    firewall: '방화벽 규칙',
    flows: '흐름',
    hosts: '호스트',
    quality: '캡처 품질',
    audit: '감사 추적',
  },
  referenceIs: (documents) => `이 보고서에서 “참조”란: ${documents}.`,
  yearsApart: (first, last) =>
    `캡처의 시기가 크게 다릅니다(${first}~${last}). 오래된 캡처에서 찾은 것은 그 뒤 고쳐졌거나 시계가 틀렸을 수 있습니다. 각 캡처의 시간은 캡처 표에 있습니다.`,
  decidedOf: (decided, observed) => `트래픽이 있는 검사 ${thousands(observed)}개 중 ${thousands(decided)}개 판단`,
  decidedNote: '',
  results:
    '경로를 가장 나쁜 결과로 셉니다. 아래는 그 결과인 개별 검사(포트, 인증, 암호화)의 수입니다. 캡처로 구별할 수 없는 경로는 한 번만 셉니다.',
  noFailure: '실패한 검사가 없습니다.',
  noTodo: '변경이 필요한 발견 사항이 없습니다.',
  findings,
  todoOrder:
    '심각한 순서: 평문 암호, 그 밖의 평문 내용, 서명만 된 내용, 로그인, 포트. 같으면 발견 사항이 많은 순서입니다.',
  todoItem: (what, number, hosts) =>
    `${findings(number)}${number === 1 ? '' : ', 가장 심각한 것'}: ${what}; 변경 대상: ${hosts}`,
  todoTotal: (number, failed) => `흐름 ${thousands(failed)}개에서 ${findings(number)}.`,
  whichFirst: '먼저 고칠 호스트',
  whichFirstNote: '두 호스트에 걸친 발견 사항은 양쪽에서 셉니다.',
  hostItem: (number) => `${findings(number)}; 할 일`,
  allAccepted: '모두 수용된 위험',
  someAccepted: (number) => `그중 ${thousands(number)}건 수용됨`,
  alsoSeen: {
    passwords: (number, atLeast, accounts) =>
      `암호가 평문으로 지나간 흐름 ${thousands(number)}개${accounts === 0 ? '' : `, 계정 ${atLeast === accounts ? '' : `${thousands(atLeast)}~`}${thousands(accounts)}개`}: 암호를 변경하십시오`,
    tokens: (number) => `토큰이 평문으로 지나간 흐름 ${thousands(number)}개: 토큰을 해지하십시오`,
    exposures: (number) => `어떤 경로에도 속하지 않는 평문 내용, 흐름 ${thousands(number)}개`,
    contradicted: (number) => `캡처와 모순되는 참조의 진술 ${thousands(number)}개`,
  },
  openPoints: {
    unknown: (number) => `판단하지 못한 검사 ${thousands(number)}개`,
    notchecked: (number) => `관찰되지 않은 경로 ${thousands(number)}개`,
    problems: (number) => `캡처의 문제 ${thousands(number)}개`,
    otherNames: (number) =>
      `토폴로지의 다른 호스트 이름으로 불린 주소 ${thousands(number)}개: 발견 사항이 어느 서버의 것인지가 여기에 달려 있습니다(토폴로지가 틀렸거나 누군가 거짓 이름을 댔습니다)`,
    esp: (number, signedOnly) =>
      `어떤 경로에서도 판단되지 않은 IPsec ESP 흐름 ${thousands(number)}개: 이 감사는 ESP가 운반하는 내용을 보지 않습니다${signedOnly === 0 ? '' : `. 그중 ${thousands(signedOnly)}개에는 서명만 되고 암호화되지 않은 패킷이 있어, 기록하는 사람은 내용을 읽을 수 있습니다`}`,
    nothing: '관찰된 것은 모두 판단되었습니다.',
  },
  whenMended:
    '좋은 결과의 모습: 경로가 포트와 암호화에서 통과합니다. TLS 안의 로그인은 볼 수 없어 “? 판단 불가”로 남지만 실패가 아닙니다. 같은 기록에 그 로그인을 위한 Kerberos 티켓이나 클라이언트 인증서가 보이면 통과합니다.',
  accept: {
    title: '그대로 둘 발견 사항을 수용하는 방법',
    how: '파일에 적고 --exceptions로 그 파일을 주어 다시 감사하십시오. 실패로 남지만 누가 언제까지 수용했는지 표시되고, 종료 코드를 더 이상 정하지 않습니다. 그날이 지나면 다시 셉니다.',
    reason: '<이유>',
    by: '<담당자>',
    until: '<연-월-일>',
  },
  where: '위치',
  hostInDoubt: '먼저 어느 호스트인지 확인하십시오',
  how: '해결 방법',
  changePasswords: (accounts, unnamed) => {
    const others = `계정이 보이지 않는 흐름 ${thousands(unnamed)}개의 암호`;
    const which = accounts === '' ? others : unnamed === 0 ? accounts : `${accounts}, 그리고 ${others}`;
    return `그런 다음 평문으로 지나간 암호를 거부된 것까지 변경하십시오: ${which}.`;
  },
  renewSubscription: (accounts) =>
    `Edge 구독 계정의 암호는 직접 변경하는 것이 아니라 새 구독으로 갱신됩니다: ${accounts}.`,
  revokeTokens: (number) =>
    `흐름 ${thousands(number)}개에서 평문으로 지나간 토큰을 발급한 곳에서 해지하십시오. 토큰은 암호가 아닙니다.`,
  commands: '명령. <…>는 실제 값으로 바꾸십시오',
  proof: '확인 방법',
  recheck:
    '연결이 시작되기 전부터 두 끝 중 한 곳에서 다시 기록해 감사하십시오. 이 발견 사항이 사라지고 경로는 보여야 합니다',
  recheckBoth:
    '연결이 시작되기 전부터 양쪽 끝에서 동시에 다시 기록하고 각 기록을 감사하십시오. 둘을 함께 보아야 도중에 내용이 바뀌는지 알 수 있습니다',
  sameElsewhere: (number) => `같은 내용의 다른 흐름 ${thousands(number)}개`,
  otherTodo: '알려진 해결 방법이 없는 발견 사항',
  seen: '관찰',
  reference: '기대',
  path: '경로',
  askedFor: '요청 대상',
  carriedIn: '터널',
  evidence: '증거',
  note: '참고',
  accepted: '수용됨',
  comment: (text) => `캡처의 주석: “${text}”`,
  interface: (name) => `캡처 인터페이스: ${name}`,
  filterFor: (ends, captures) => `${ends} (${captures})의 Wireshark 필터`,
  accounts: {
    caption: '암호나 토큰이 평문으로 지나간 계정',
    columns: ['계정', '로그인', '보낸 곳과 받은 곳', '흐름', '처음 관찰'],
    note: '엿들을 수 있었던 사람은 로그인이 수락되었는지와 관계없이 이것을 알고 있습니다. 암호는 경로가 암호화된 다음에 변경하십시오. 같은 경로로 새 암호를 보내면 나아지지 않습니다.',
    unnamed: '이름 없음',
    token: '토큰: 해지하십시오',
    tokenNote: '토큰은 만료될 때까지 로그인을 대신하며 암호가 아닙니다. 발급한 곳에서 해지하십시오.',
    alike: (names) => `사용자 이름이 같으므로 한 계정일 수 있습니다: ${names}.`,
  },
  unexpectedNote: (said) => `${said}. 흐름 표에 표시되어 있습니다.`,
  map: {
    description: '역할은 노드, 역할 사이의 흐름은 화살표입니다. 흐름의 가장 나쁜 결과가 화살표의 모양을 정합니다.',
    caption: '역할 사이의 흐름',
    columns: ['출발', '도착', '흐름', '가장 나쁜 결과'],
    noPath: '어떤 경로에서도 판단되지 않음',
    besides: (flows) => `그 밖에 알려진 경로에 없는 평문 내용: ${flows}`,
    exposed: (flows) => `평문 내용: ${flows}`,
    unknownRole: '역할 알 수 없음',
    left: (number) => `외 역할 쌍 ${thousands(number)}개`,
  },
  scope: { multicast: '멀티캐스트 그룹', broadcast: '브로드캐스트', 'link-local': '이 링크 안에서만(링크 로컬)' },
  matrix: {
    description: '관찰된 각 경로와 세 가지 결과: 포트, 인증, 암호화.',
    caption: '참조의 모든 경로',
    rule: '검사마다 경로의 흐름 가운데 가장 나쁜 결과가 경로의 결과가 됩니다(실패, 판단 불가, 참고, 통과 순). 내용이 오가지 않은 흐름과 판단할 것이 없는 흐름은 같은 경로의 다른 흐름이 판단되었으면 셈하지 않고, 하나도 없으면 그 검사는 판단 불가입니다.',
    columns: { path: '경로', flows: '흐름' },
    seen: (what) => `관찰: ${what}`,
    seenInAll: (what) => `흐름 전체에서 관찰: ${what}`,
    password: '암호나 토큰이 평문으로 전송되었습니다.',
    ofSome: (why) => `적어도 한 흐름: ${why}`,
    together: '캡처로 구별할 수 없는 행은 결과를 함께 쓰며, 결과는 한 번만 셉니다:',
    alone: '이 행의 흐름만 보면:',
    with: (group) => `${group}와(과) 같은 결과`,
  },
  timeline: {
    description: (kind, number, from, to) =>
      `${kind}: 흐름 ${thousands(number)}개, ${from}부터 ${to} UTC까지 처음 관찰됨`,
    none: '평문 내용이 관찰되지 않았습니다.',
    note: '각 흐름에서 내용의 종류마다 처음 나타난 때입니다. 막대가 높을수록 흐름이 많습니다.',
  },
  tls: {
    none: 'TLS 핸드셰이크가 관찰되지 않았습니다.',
    versions: 'TLS 버전별 흐름 수',
    suites: '암호 그룹별 흐름 수',
    left: (number) => `외 암호 그룹 ${thousands(number)}개`,
    anonymous:
      '익명 암호 그룹은 인증서 없이 암호화하므로 TLS로는 상대가 누구인지 알 수 없습니다. X-ANONYMOUSTLS에서는 Exchange 서버가 그 안에서 Kerberos로 자신을 증명하므로 문제가 아니지만, 그 밖에서는 중간에 누가 있어도 드러나지 않습니다.',
  },
  undecided: {
    caption: '관찰되었지만 캡처로 알 수 없음',
    columns: ['검사', '이유', '무엇이 있으면 판단되는가', '경로와 위치'],
  },
  notObserved: {
    note: (number, counted) =>
      `이 캡처에 트래픽이 없는 경로 ${thousands(number)}개${counted === number ? '' : `(결과를 함께 쓰는 경로가 있어 ${thousands(counted)}개로 셈)`}. 이들에 대해서는 아무것도 말하지 않습니다. 보려면 서비스를 사용하는 동안 양쪽 끝 중 한 호스트에서 아래 포트를 기록하십시오.`,
    caption: '각 경로를 볼 수 있는 곳',
    columns: ['경로', '출발', '도착', '포트'],
    noHost: '토폴로지에 호스트 없음',
  },
  assertions: {
    caption: '캡처로 시험할 수 있는 참조의 참고 사항',
    columns: ['진술', '결과', '이유', '증거'],
  },
  inferred: {
    note: '한 흐름에서 다른 흐름으로 내린 결론입니다. --no-inference를 쓰면 제외됩니다.',
    caption: '한 흐름에서 다른 흐름에 대해 추론됨',
    columns: ['종류', '출처', '대상', '증거'],
  },
  firewall: {
    caption: '문서의 규칙이 여는 포트와 사용 중인 포트',
    columns: ['호스트', '역할', '포트', '관찰', '흐름', '규칙'],
  },
  flows: {
    caption: '모든 흐름, 첫 프레임 순서',
    columns: ['처음 관찰(UTC)', '클라이언트', '서버', '프로토콜', '보호', '로그인', '경로: 포트, 로그인, 암호화'],
    size,
    hidden: '있다면 암호화 안에서',
    keysInClear: '암호화된 듯하지만 키가 평문으로 지나갔음',
  },
  hosts: {
    caption: '관찰된 주소',
    columns: ['주소', '이름', '역할', '흐름', '처음 관찰(UTC)', '마지막 관찰(UTC)'],
    unnamed: '토폴로지에 없음',
    called: (name, file) => `${file}에 따르면 “${name}”`,
  },
  blindSpots: { caption: '볼 수 없었던 것, 흐름 수', columns: ['내용', '흐름'] },
  limits: {
    caption: '도달한 한도',
    columns: ['한도', '값', '도달', '의미'],
    times: (number) => `${thousands(number)}번`,
  },
  risks: {
    caption: '수용된 위험',
    columns: ['대상', '상태', '흐름', '누가, 언제까지', '이유'],
    until: (by, until) => `${by}, ${until}까지`,
  },
  captures: {
    caption: '캡처',
    columns: ['파일', '형식', '시간(UTC)', '문제', 'SHA-256'],
    size,
    to: (time) => `~ ${time}`,
    note: '각 캡처를 네트워크의 어디에서 기록했는지 감사는 알지 못합니다. 이 보고서 옆에 적어 두십시오.',
    lost: (number) => `기록 중 ${thousands(number)}개 손실`,
    noHash: '계산하지 않음',
  },
  inputs: {
    caption: '프로그램과 입력',
    columns: ['항목', '값', 'SHA-256'],
    program: '프로그램',
    pack: '규칙 팩',
    topology: '토폴로지',
    risks: '수용된 위험',
    options: '옵션',
    given: '있음: 파일 이름이 아니라 SHA-256으로 확인',
    none: '없음',
    defaults: '기본값',
    verify:
      '이 보고서가 이 캡처들에 속한다는 것을 나중에 보이려면 같은 감사의 JSON 보고서도 써서 옆에 보관하고 다음을 실행하십시오:',
    folder: '(위 표의 캡처만 들어 있는 폴더를 적으십시오)',
  },
  script: {
    search: '발견 사항과 표에서 찾기',
    show: '표시',
    all: '모든 결과',
    clear: '지우기',
    copy: '복사',
    copied: '복사됨',
    found: '{n}개 찾음',
    sort: '{column} 기준 정렬',
  },
};
