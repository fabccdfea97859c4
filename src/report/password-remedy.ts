import type { Remedy } from '../check/reference.ts';

/** For a password in clear that no path fails for: whatever the reference allows, whoever reads along can use it. */
export const passwordRemedy: Remedy = {
  id: 'password-in-clear',
  for: {},
  at: 'both',
  title: { en: 'Keep a password from crossing in clear', ko: '암호가 평문으로 지나가지 않게 하기' },
  steps: {
    en: [
      'No check of a path fails for it, but whoever reads along has the password: change it once this is mended.',
      'Let the client log in by a mechanism that does not send the password (Kerberos, NTLM version 2), or encrypt before the login; and let the server refuse the rest.',
      'SMB: a Windows client sends passwords in clear only where the policy “Microsoft network client: Send unencrypted password to third-party SMB servers” is on. Switch it off.',
    ],
    ko: [
      '이 때문에 실패한 경로 검사는 없지만, 엿보는 사람은 누구나 암호를 알게 됩니다. 고친 뒤 암호를 변경하십시오.',
      '클라이언트가 암호를 보내지 않는 방법(Kerberos, NTLM 버전 2)으로 로그인하거나 로그인 전에 암호화하게 하고, 서버는 나머지를 거부하게 하십시오.',
      'SMB: Windows 클라이언트는 “Microsoft 네트워크 클라이언트: 타사 SMB 서버에 암호화되지 않은 암호를 보냄” 정책이 켜진 경우에만 평문 암호를 보냅니다. 이 정책을 끄십시오.',
    ],
  },
  commands: [],
  proof: {
    en: 'The login shows no password in clear any more.',
    ko: '로그인에 더 이상 평문 암호가 보이지 않습니다.',
  },
};
