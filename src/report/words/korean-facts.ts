import type { StampedFact } from '../../protocols/fact.ts';
import { refusalText } from '../names/ldap.ts';
import { cipherSuiteName, tlsVersionName } from '../names/tls.ts';
import type { Words } from '../words.ts';

/** As `englishFact`. */
export function koreanFact(fact: StampedFact, words: Words): string {
  switch (fact.kind) {
    case 'offered':
      if (fact.what === 'upgrade') return `서버가 ${fact.verb}를 제안`;
      return fact.what === 'authentication'
        ? `서버가 로그인 방법을 제안: ${fact.mechanisms.join(', ')}`
        : '서버가 클라이언트 인증서를 요청';
    case 'refused':
      return fact.what === 'upgrade'
        ? `서버가 ${fact.verb}를 ${refusalText(fact.protocol, fact.code)}(으)로 거부`
        : '클라이언트가 제시할 인증서가 없음';
    case 'secured':
      return `${fact.level === 'privacy' ? '암호화된' : '서명되었지만 읽을 수 있는'} 내용: ${words.mechanism[fact.mechanism]}`;
    case 'exposed':
      return `${words.content[fact.content]} 평문`;
    case 'authenticated':
      return loginWords(fact);
    case 'described':
      return describedWords(fact);
    default:
      return fact satisfies never;
  }
}

function loginWords(fact: Extract<StampedFact, { kind: 'authenticated' }>): string {
  const { mechanism, inside, outcome, principal, version, etype } = fact;
  const details = [
    inside ? `${inside} 안` : '',
    version ?? '',
    etype === undefined ? '' : `암호화 형식 ${etype}`,
    fact.protected ? '' : '암호 자체가 지나감',
  ].filter((part) => part !== '');
  const outcomes = {
    accepted: '수락됨',
    refused: '거부됨',
    unfinished: '완료되지 않음',
    unseen: '응답을 보지 못함',
  };
  return `${mechanism} 로그인${principal ? ` (${principal})` : ''}: ${outcomes[outcome]}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

function describedWords(fact: Extract<StampedFact, { kind: 'described' }>): string {
  switch (fact.what) {
    case 'upgrade-asked':
      return `클라이언트가 ${fact.verb}를 요청`;
    case 'upgrade-accepted':
      return `서버가 ${fact.verb}에 동의 (${fact.code})`;
    case 'upgrade-not-followed':
      return `${fact.verb}에 동의한 뒤에도 평문으로 계속됨`;
    case 'nothing-to-upgrade':
      return '서버가 TLS로의 전환을 제안하지 않음';
    case 'masked-capability':
      return `서버의 기능 줄이 경로에서 덮어써짐: ${fact.text}`;
    case 'banner':
      return `서버의 인사말: ${fact.text}`;
    case 'peer-name':
      return `${fact.of === 'client' ? '클라이언트' : '서버'}의 이름: ${fact.name}`;
    case 'address-name':
      return `${fact.address}의 이름: ${fact.name}`;
    case 'tls-client-hello':
      return `TLS 시작: 클라이언트가 ${tlsVersionName(fact.version)}까지 제안${fact.serverName ? `, 대상 ${fact.serverName}` : ''}`;
    case 'tls-server-hello':
      return `TLS ${tlsVersionName(fact.version)}, ${cipherSuiteName(fact.cipherSuite)}${fact.resumed ? ', 이전 세션 재개' : ''}`;
    case 'certificate':
      return `${fact.of === 'client' ? '클라이언트' : '서버'}의 인증서: ${fact.subject}, 발급자 ${fact.selfSigned ? '자신' : fact.issuer}, ${fact.notBefore.slice(0, 10)} ~ ${fact.notAfter.slice(0, 10)}, SHA-256 ${fact.sha256}`;
    case 'client-certificate-proven':
      return '클라이언트가 인증서의 키를 가지고 있음을 증명';
    case 'tls-finished':
      return 'TLS 핸드셰이크 완료';
    case 'tls-renegotiated':
      return '암호화 안에서 새 TLS 핸드셰이크';
    case 'tls-alert':
      return `TLS 경고 ${fact.code}, 수준 ${fact.level}`;
    case 'rpc-interface':
      return `RPC 인터페이스 ${fact.uuid} 버전 ${fact.version} 바인드 (인증 형식 ${fact.authType}, 수준 ${fact.authLevel})`;
    case 'rpc-call':
      return `RPC 인터페이스 호출: ${fact.uuid ?? '캡처 전에 바인드됨'} (인증 형식 ${fact.authType}, 수준 ${fact.authLevel})`;
    case 'rpc-endpoint':
      return `RPC 인터페이스 ${fact.uuid}의 위치: ${fact.address}, ${fact.transport} 포트 ${fact.port}`;
    case 'announced':
      return `이 주소와 포트는 앞서 예고됨: ${fact.protocol} (${fact.detail}), 프레임 ${fact.announcedIn.frame}`;
    case 'ticket-issued':
      return `${fact.service}의 Kerberos 티켓이 ${fact.client}에 발급됨, 암호화 형식 ${fact.etype}`;
    case 'ticket-requested':
      return `${fact.service}의 Kerberos 티켓 요청${fact.client ? ` (${fact.client})` : ''}`;
    case 'kerberos-error':
      return `KDC가 오류 ${fact.code}로 응답${fact.service ? ` (${fact.service})` : ''}`;
    case 'ticket-shown':
      return `클라이언트가 ${fact.service}의 Kerberos 티켓을 제시, 암호화 형식 ${fact.etype}`;
    case 'resource':
      return `요청: ${fact.name}`;
    case 'media':
      return `미디어 예고: ${fact.address}, 포트 ${fact.port}: ${fact.profile}, 키: ${fact.keys}`;
    case 'ipsec-cipher':
      return `IKE 버전 ${fact.ikeVersion}이(가) ${fact.of.toUpperCase()}에 암호 ${fact.cipher} 선택`;
    case 'tunnel':
      return `${fact.carrier}${fact.id === null ? '' : ` ${fact.id}`} 안${fact.source ? `, ${fact.source} → ${fact.destination}` : ''}`;
    case 'property':
      return `${fact.name}: ${fact.value}`;
    default:
      return fact satisfies never;
  }
}
