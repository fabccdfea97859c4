import type { Remedy } from '../check/reference.ts';

/** For a password in clear that no path fails for: whatever the reference allows, whoever reads along can use it. */
export const passwordRemedy: Remedy = {
  id: 'password-in-clear',
  for: {},
  at: 'both',
  title: { en: 'Keep a password from crossing in clear', ko: '암호가 평문으로 지나가지 않게 하기' },
  steps: {
    en: [
      'The reference does not make this a failure: it allows this path in clear, or knows no path here. Whatever else the path fails for, whoever reads along has the password.',
      'Let the client log in by a mechanism that does not send the password (Kerberos, NTLM version 2), or encrypt before the login; and let the server refuse the rest.',
      'SMB: a Windows client sends passwords in clear only to a server that asks for them, which Windows servers do not, and only where the policy “Microsoft network client: Send unencrypted password to third-party SMB servers” is on. Switch it off, and find out what answers at the address of the server.',
    ],
    ko: [
      '참조는 이것을 실패로 보지 않습니다. 이 경로에 평문을 허용하거나, 여기에 해당하는 경로가 없기 때문입니다. 경로가 다른 이유로 실패했든 아니든, 엿보는 사람은 누구나 암호를 알게 됩니다.',
      '클라이언트가 암호를 보내지 않는 방법(Kerberos, NTLM 버전 2)으로 로그인하거나 로그인 전에 암호화하게 하고, 서버는 나머지를 거부하게 하십시오.',
      'SMB: Windows 클라이언트는 서버가 평문 암호를 요구하고(Windows 서버는 요구하지 않음) “Microsoft 네트워크 클라이언트: 타사 SMB 서버에 암호화되지 않은 암호를 보냄” 정책이 켜진 경우에만 평문 암호를 보냅니다. 이 정책을 끄고, 서버의 주소에서 무엇이 응답하는지 확인하십시오.',
    ],
  },
  commands: [
    {
      run: 'Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\LanmanWorkstation\\Parameters | Format-List EnablePlainTextPassword',
      note: { en: 'SMB, on the client: to be 0 or not there', ko: 'SMB, 클라이언트에서: 0이거나 없어야 합니다' },
    },
    {
      run: 'netstat -a -b -n',
      note: {
        en: 'on the server: which program listens on that port',
        ko: '서버에서: 그 포트에서 어떤 프로그램이 수신하는지',
      },
    },
  ],
  proof: {
    en: 'The login shows no password in clear any more.',
    ko: '로그인에 더 이상 평문 암호가 보이지 않습니다.',
  },
};
