#!/bin/bash
# Records the captures of ../voice in network namespaces (network.sh). Run as root:
#
#   captures/lab/voice.sh [OUTPUT-FOLDER [SCENARIO...]]
#
# The default folder is ../voice, the default scenarios are all of them (the functions below: a file's name without its ending).
# Needs (Debian 12): baresip-core sip-tester python3 python3-impacket openssl tcpdump wireshark-common iproute2 ethtool procps gzip.
# Set LAB_KEEP=1 to keep the programs' logs.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../voice}
mkdir -p "$out"
out=$(cd "$out" && pwd)
[ $# -gt 0 ] && shift
. "$here/network.sh"

python=${PYTHON:-/usr/bin/python3}
user=labuser
password=not-a-real-password

# --- programs --------------------------------------------------------------------------------------------------------

# certificate HOST: a self-signed certificate for it, once; HOST.pem holds key and certificate.
certificate() {
  local base=$LAB_TMP/$1
  [ -s "$base.pem" ] && return
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -subj "/CN=$1.$LAB_DOMAIN" \
    -addext "subjectAltName=DNS:$1.$LAB_DOMAIN" -keyout "$base.key" -out "$base.crt" 2>/dev/null
  cat "$base.key" "$base.crt" >"$base.pem"
}

# tone FILE: ten seconds of a tone that swells and fades, 8 kHz, 16 bit, one channel.
tone() {
  "$python" - "$1" <<'END'
import math, struct, sys, wave
with wave.open(sys.argv[1], 'wb') as out:
    out.setparams((1, 2, 8000, 0, 'NONE', ''))
    for i in range(80000):
        out.writeframesraw(struct.pack('<h', int(9000 * math.sin(i * 0.3) * math.sin(i / 4000))))
END
}

# phone_settings HOST ADDRESS TRANSPORT MEDIAENC: the folder of a baresip that answers by itself and sends a tone (PCMU, 20 ms).
phone_settings() {
  local host=$1 address=$2 transport=$3 encryption=$4 dir=$LAB_TMP/phone-$1
  certificate "$host"
  [ -s "$LAB_TMP/tone.wav" ] || tone "$LAB_TMP/tone.wav"
  rm -rf "$dir"
  mkdir -p "$dir"
  cat >"$dir/config" <<END
sip_listen $address:5060
sip_certificate $LAB_TMP/$host.pem
call_max_calls 1
audio_player aufile,$dir/heard.wav
audio_source aufile,$LAB_TMP/tone.wav
audio_alert aufile,$dir/heard.wav
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
rtp_ports 16384-16399
rtcp_mux ${mux:-no}
rtp_stats no
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module srtp.so
module_app account.so
module_app menu.so
END
  [ "$encryption" = dtls_srtp ] && printf 'module dtls_srtp.so\n' >>"$dir/config"
  local extra=
  [ "$encryption" != none ] && extra=";mediaenc=$encryption"
  if [ "${mux:-no}" = yes ]; then
    printf 'module ice.so\n' >>"$dir/config"
    extra="$extra;medianat=ice"
  fi
  printf '<sip:%s@%s;transport=%s>;regint=0;answermode=auto;audio_codecs=PCMU%s\n' "$host" "$address" "$transport" "$extra" >"$dir/accounts"
  : >"$dir/contacts"
}

# call FILE TRANSPORT MEDIAENC [FILTER]: pbx1 calls um1, which answers; after three seconds pbx1 hangs up.
call() {
  local file=$1 transport=$2 encryption=$3 kind=tcp port=5060
  [ "$transport" = udp ] && kind=udp
  [ "$transport" = tls ] && port=5061
  phone_settings um1 10.0.0.51 "$transport" "$encryption"
  phone_settings pbx1 10.0.0.80 "$transport" "$encryption"
  lab_bg um1 baresip -4 -f "$LAB_TMP/phone-um1"
  lab_wait_port um1 "$port" "$kind" || return 1
  lab_capture_start "$out/$file" "${4:-}"
  lab_in pbx1 timeout 20 baresip -4 -f "$LAB_TMP/phone-pbx1" -t "${seconds:-3}" -e "/dial sip:um1@10.0.0.51:$port;transport=$transport" \
    >>"$LAB_TMP/pbx1.log" 2>&1 </dev/null
  lab_capture_stop
  grep -aq 'Call established' "$LAB_TMP/pbx1.log"
}

# scenario NAME: a sipp scenario out of standard input.
scenario_file() { cat >"$LAB_TMP/$1.xml"; }

# sipp_server HOST PORT SCENARIO TRANSPORT [OPTION...]
sipp_server() {
  local host=$1 port=$2 scenario=$3 transport=$4 kind=tcp
  shift 4
  [ "$transport" = u1 ] && kind=udp
  lab_bg "$host" env TERM=dumb sipp -nostdin -t "$transport" -i "$(lab_addr4 "$host")" -p "$port" "$@" $scenario
  lab_wait_port "$host" "$port" "$kind"
}

# sipp_client HOST ADDRESS:PORT SCENARIO TRANSPORT [OPTION...]: one call.
sipp_client() {
  local host=$1 to=$2 scenario=$3 transport=$4
  shift 4
  lab_in "$host" env TERM=dumb timeout 20 sipp -nostdin -t "$transport" -i "$(lab_addr4 "$host")" -m 1 "$@" $scenario "$to" >>"$LAB_TMP/$host.log" 2>&1
}

# --- scenarios of sipp -----------------------------------------------------------------------------------------------

register_client() { # a REGISTER, and another with the answer to the challenge
  scenario_file register-client <<'END'
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="register">
  <send><![CDATA[

    REGISTER sip:example.test SIP/2.0
    Via: SIP/2.0/[transport] pbx1.example.test:[local_port];branch=[branch]
    From: <sip:labuser@example.test>;tag=[call_number]
    To: <sip:labuser@example.test>
    Call-ID: [call_id]
    CSeq: 1 REGISTER
    Contact: <sip:labuser@[local_ip]:[local_port];transport=[transport]>
    Max-Forwards: 70
    Expires: 3600
    User-Agent: lab phone
    Content-Length: 0

  ]]></send>
  <recv response="401" auth="true"/>
  <send><![CDATA[

    REGISTER sip:example.test SIP/2.0
    Via: SIP/2.0/[transport] pbx1.example.test:[local_port];branch=[branch]
    From: <sip:labuser@example.test>;tag=[call_number]
    To: <sip:labuser@example.test>
    Call-ID: [call_id]
    CSeq: 2 REGISTER
    [authentication username=labuser password=PASSWORD]
    Contact: <sip:labuser@[local_ip]:[local_port];transport=[transport]>
    Max-Forwards: 70
    Expires: 3600
    User-Agent: lab phone
    Content-Length: 0

  ]]></send>
  <recv response="STATUS"/>
</scenario>
END
}

register_server() { # checks the password with verifyauth: 200, or 403
  scenario_file register-server <<END
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="registrar">
  <recv request="REGISTER"/>
  <send><![CDATA[

    SIP/2.0 401 Unauthorized
    [last_Via:]
    [last_From:]
    [last_To:];tag=lab1
    [last_Call-ID:]
    [last_CSeq:]
    WWW-Authenticate: Digest realm="example.test", nonce="47ebe028cda119c35d4877b383027d28da013815", algorithm=MD5, qop="auth"
    Server: lab registrar
    Content-Length: 0

  ]]></send>
  <recv request="REGISTER">
    <action>
      <verifyauth assign_to="good" username="$user" password="$password"/>
    </action>
  </recv>
  <nop hide="true" test="good" next="accept"/>
  <send next="over"><![CDATA[

    SIP/2.0 403 Forbidden
    [last_Via:]
    [last_From:]
    [last_To:];tag=lab1
    [last_Call-ID:]
    [last_CSeq:]
    Server: lab registrar
    Content-Length: 0

  ]]></send>
  <label id="accept"/>
  <send><![CDATA[

    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:];tag=lab1
    [last_Call-ID:]
    [last_CSeq:]
    [last_Contact:]
    Expires: 3600
    Server: lab registrar
    Content-Length: 0

  ]]></send>
  <label id="over"/>
  <timewait milliseconds="300"/>
</scenario>
END
}

redirect_server() { # Exchange's call router on 5060: 302 to the worker's 5065
  scenario_file redirect-server <<'END'
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="call router">
  <recv request="INVITE"/>
  <send retrans="500"><![CDATA[

    SIP/2.0 302 Moved Temporarily
    [last_Via:]
    [last_From:]
    [last_To:];tag=router[call_number]
    [last_Call-ID:]
    [last_CSeq:]
    Contact: <sip:um1.example.test:5065;transport=Tcp>
    Server: lab router
    Content-Length: 0

  ]]></send>
  <recv request="ACK"/>
</scenario>
END
  scenario_file redirected-client <<'END'
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="gateway">
  <send retrans="500"><![CDATA[

    INVITE sip:4000@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] pbx1.example.test:[local_port];branch=[branch]
    From: <sip:alice@example.test>;tag=[call_number]
    To: <sip:4000@example.test>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:alice@[local_ip]:[local_port];transport=[transport]>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=- 1 1 IN IP[local_ip_type] [local_ip]
    s=-
    c=IN IP[media_ip_type] [media_ip]
    t=0 0
    m=audio [media_port] RTP/AVP 0
    a=rtpmap:0 PCMU/8000

  ]]></send>
  <recv response="302" crlf="true"/>
  <send><![CDATA[

    ACK sip:4000@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] pbx1.example.test:[local_port];branch=[branch]
    From: <sip:alice@example.test>;tag=[call_number]
    [last_To:]
    [last_Call-ID:]
    CSeq: 1 ACK
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
</scenario>
END
}

message_client() {
  scenario_file message-client <<'END'
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="message">
  <send retrans="500"><![CDATA[

    MESSAGE sip:bob@[remote_ip] SIP/2.0
    Via: SIP/2.0/[transport] client1.example.test:[local_port];branch=[branch]
    From: <sip:alice@example.test>;tag=[call_number]
    To: <sip:bob@example.test>
    Call-ID: [call_id]
    CSeq: 1 MESSAGE
    Max-Forwards: 70
    Content-Type: text/plain
    Content-Length: [len]

    A made-up message, recorded in a lab.
  ]]></send>
  <recv response="200"/>
</scenario>
END
  scenario_file message-server <<'END'
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="message taker">
  <recv request="MESSAGE"/>
  <send><![CDATA[

    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:];tag=lab1
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>
  <timewait milliseconds="300"/>
</scenario>
END
}

# --- the captures ----------------------------------------------------------------------------------------------------

call_udp_clear() { seconds=6 call call-udp-clear.pcap.gz udp none; }
call_tcp_clear() { call call-tcp-clear.pcap.gz tcp none; }
call_tls_clear_media() { call call-tls-clear-media.pcap.gz tls none; }
call_srtp_sdes_clear() { call call-srtp-sdes-clear.pcap udp srtp-mand; }
call_srtp_sdes_tls() { call call-srtp-sdes-tls.pcap tls srtp-mand; }
call_ice_dtls_mux() { mux=yes call call-ice-dtls-mux.pcap udp dtls_srtp; }
call_dtls_srtp() { call call-dtls-srtp.pcap udp dtls_srtp; }

register() { # FILE PASSWORD STATUS
  register_client
  register_server
  sipp_server um1 5060 "-sf $LAB_TMP/register-server.xml" u1 || return 1
  sed -i "s/PASSWORD/$2/; s/STATUS/$3/" "$LAB_TMP/register-client.xml"
  lab_capture_start "$out/$1"
  sipp_client pbx1 10.0.0.51:5060 "-sf $LAB_TMP/register-client.xml" u1 -p 5060
  local status=$?
  lab_capture_stop
  return "$status"
}
register_digest_accepted() { register register-digest-accepted.pcap "$password" 200; }
register_digest_refused() { register register-digest-refused.pcap wrong 403; }

invite_redirected() {
  redirect_server
  sipp_server um1 5060 "-sf $LAB_TMP/redirect-server.xml" t1 || return 1
  sipp_server um1 5065 "-sn uas" t1 || return 1
  lab_capture_start "$out/invite-redirected.pcap"
  sipp_client pbx1 10.0.0.51:5060 "-sf $LAB_TMP/redirected-client.xml" t1 &&
    sipp_client pbx1 10.0.0.51:5065 "-sn uac" t1 -d 300
  local status=$?
  lab_capture_stop
  return "$status"
}

message_on_5070() {
  message_client
  sipp_server um1 5070 "-sf $LAB_TMP/message-server.xml" u1 || return 1
  lab_capture_start "$out/message-on-5070.pcap"
  sipp_client client1 10.0.0.51:5070 "-sf $LAB_TMP/message-client.xml" u1 -p 40000
  local status=$?
  lab_capture_stop
  return "$status"
}

register_ntlm() {
  lab_bg ocs1 "$python" "$here/voice_peer.py" server 10.0.0.81 5060
  lab_wait_port ocs1 5060 || return 1
  lab_capture_start "$out/register-ntlm.pcap"
  lab_in client1 "$python" "$here/voice_peer.py" client 10.0.0.81 5060 >>"$LAB_TMP/client1.log" 2>&1
  local status=$?
  lab_capture_stop
  return "$status"
}

dtls_alone() {
  certificate um1
  lab_bg um1 sh -c "sleep 8 | openssl s_server -dtls1_2 -accept 10.0.0.51:4433 -cert $LAB_TMP/um1.crt -key $LAB_TMP/um1.key"
  lab_wait_port um1 4433 udp || return 1
  lab_capture_start "$out/dtls-alone.pcap" "udp"
  { sleep 1; printf 'a made-up line\n'; sleep 1; printf 'another made-up line\n'; sleep 1; } |
    lab_in pbx1 timeout 10 openssl s_client -dtls1_2 -connect 10.0.0.51:4433 >>"$LAB_TMP/pbx1.log" 2>&1
  lab_capture_stop
  grep -q 'Cipher is' "$LAB_TMP/pbx1.log"
}

# --- all of them -----------------------------------------------------------------------------------------------------

scenarios=(call-udp-clear call-tcp-clear call-tls-clear-media call-srtp-sdes-clear call-srtp-sdes-tls call-dtls-srtp call-ice-dtls-mux
  register-digest-accepted register-digest-refused invite-redirected message-on-5070 register-ntlm dtls-alone)
[ $# -gt 0 ] && scenarios=("$@")

hosts=(um1 pbx1 ocs1 client1)
lab_up "${LAB_RUN:-sip}" "${hosts[@]}" || exit 1
failed=0
for scenario in "${scenarios[@]}"; do
  lab_say "$scenario"
  "${scenario//-/_}" || { lab_say "$scenario failed"; failed=1; }
  for host in "${hosts[@]}"; do lab_kill "$host"; done
  sleep 0.3
done
exit "$failed"
