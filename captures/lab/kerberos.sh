#!/bin/bash
# Records the captures of ../kerberos: a Samba AD domain controller, then an MIT KDC, on dc1, asked for tickets by MIT's kinit and
# kvno on hub1.
#
#   sudo captures/lab/kerberos.sh [SCENARIO…]        without a scenario: all of them
#
# Needs Debian's packages: samba krb5-user krb5-kdc tshark (editcap), and those of network.sh. Servers and data live in a temporary
# folder that is removed at the end. Every password and name is made up. OUT=FOLDER records somewhere else, PREFIX=NAME uses
# other namespaces.
set -Eeuo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${OUT:-$here/../kerberos}
# shellcheck source=network.sh
. "$here/network.sh"
# shellcheck source=directory-servers.sh
. "$here/directory-servers.sh"

services=(SMTPSVC/hub2.example.test ldap/dc1.example.test exchangeMDB/mbx1.example.test HTTP/cas1.example.test)

# ---- the KDCs --------------------------------------------------------------------------------------------------

add_service_accounts() { # as Exchange's setup registers them with the servers' accounts
  local sam=(-s "$lab/dc/smb.conf" -H "$lab/dc/private/sam.ldb") name
  for name in HUB2 CAS1; do
    samba-tool computer create $name "${sam[@]}"
    samba-tool user setpassword "$name\$" --newpassword="Lab-$name-not-real" "${sam[@]}"
  done
  samba-tool spn add SMTPSVC/hub2.example.test 'HUB2$' "${sam[@]}"
  samba-tool spn add HTTP/cas1.example.test 'CAS1$' "${sam[@]}"
  samba-tool spn add exchangeMDB/mbx1.example.test 'MBX1$' "${sam[@]}"
}

mit_kdc_start() { # small tickets, which fit into UDP: without a PAC
  local dir=$lab/mit
  mkdir -p "$dir"
  cat >"$dir/kdc.conf" <<END
[kdcdefaults]
  kdc_ports = 88
  kdc_tcp_ports = 88
[realms]
  $realm = {
    database_name = $dir/principal
    key_stash_file = $dir/stash
    supported_enctypes = aes256-cts-hmac-sha1-96:normal
    disable_pac = true
  }
END
  export KRB5_KDC_PROFILE=$dir/kdc.conf
  {
    KRB5_CONFIG=$lab/krb5.conf kdb5_util create -s -r $realm -P Lab-Stash-not-real
    mit addprinc -pw "$hub1_password" +requires_preauth 'hub1$'
    for service in "${services[@]}"; do mit addprinc -randkey "$service"; done
  } >>"$lab/provision.log" 2>&1
  KRB5_CONFIG=$lab/krb5.conf lab_bg dc1 krb5kdc -n
  lab_wait_port dc1 88
}

mit() { KRB5_CONFIG=$lab/krb5.conf kadmin.local -r $realm "$@"; }

# ---- clients ---------------------------------------------------------------------------------------------------

# ask CONF COMMAND…: with that Kerberos configuration; what is asked for may be refused
ask() {
  local conf=$1
  shift
  KRB5_CONFIG=$lab/$conf KRB5CCNAME=FILE:$lab/tickets LC_ALL=C lab_in hub1 "$@" >>"$lab/clients.log" 2>&1 || true
}

log_in() { # log_in CONF [PASSWORD [PRINCIPAL [OPTION…]]]
  local conf=$1 password=${2:-$hub1_password} who=${3:-'hub1$'}
  shift $(($# < 3 ? $# : 3))
  printf '%s\n' "$password" | ask "$conf" kinit "$@" "$who"
}

write_configurations() {
  local conf=$lab/krb5.conf
  sed -e '/default_realm/a\  udp_preference_limit = 1' "$conf" >"$lab/tcp.conf"
  sed -e '/default_realm/a\  udp_preference_limit = 1\n  allow_weak_crypto = true\n  permitted_enctypes = rc4-hmac' "$conf" >"$lab/rc4.conf"
  sed -e '/default_realm/a\  udp_preference_limit = 1' -e 's/kdc = 10.0.0.5/kdc = [fd00::5]/' "$conf" >"$lab/six.conf"
}

# ---- scenarios of the Samba domain controller ------------------------------------------------------------------

scenario_tickets_tcp() {
  lab_capture_start "$out/tickets-tcp.pcapng"
  log_in tcp.conf
  ask tcp.conf kvno "${services[@]}"
  lab_capture_stop
}

scenario_tickets_too_big_for_udp() { # with a PAC the answers exceed what the KDC sends over UDP
  lab_capture_start "$out/tickets-too-big-for-udp.pcap"
  log_in krb5.conf
  ask krb5.conf kvno SMTPSVC/hub2.example.test
  lab_capture_stop
}

scenario_tickets_rc4() { # what domains of 2010 often still issued
  lab_capture_start "$out/tickets-rc4.pcap"
  log_in rc4.conf
  ask rc4.conf kvno exchangeMDB/mbx1.example.test
  lab_capture_stop
}

scenario_tickets_ipv6() {
  lab_capture_start "$out/tickets-ipv6.pcap"
  log_in six.conf
  ask six.conf kvno ldap/dc1.example.test
  lab_capture_stop
}

scenario_wrong_password() {
  lab_capture_start "$out/wrong-password.pcap"
  log_in tcp.conf Lab-Wrong-not-real
  lab_capture_stop
}

scenario_unknown_client() {
  lab_capture_start "$out/unknown-client.pcap"
  log_in krb5.conf "$hub1_password" nobody
  lab_capture_stop
}

scenario_unknown_service() { # a ticket-granting ticket there is already
  log_in tcp.conf
  lab_capture_start "$out/unknown-service.pcap"
  ask tcp.conf kvno SMTPSVC/hub9.example.test
  lab_capture_stop
}

scenario_answers_only() { # as tickets-tcp, of which only the KDC's side was recorded
  local raw=$lab/raw.pcap
  log_in tcp.conf
  lab_capture_start "$raw"
  ask tcp.conf kvno SMTPSVC/hub2.example.test
  lab_capture_stop
  tshark -F pcap -r "$raw" -Y 'ip.src == 10.0.0.5' -w "$lab/one.pcap" 2>>"$lab/clients.log"
  cat "$lab/one.pcap" >"$out/answers-only.pcap"
}

# ---- scenarios of the MIT KDC ----------------------------------------------------------------------------------

scenario_mit_tickets_udp() {
  lab_capture_start "$out/tickets-udp.pcap"
  log_in krb5.conf
  ask krb5.conf kvno "${services[@]}"
  lab_capture_stop
}

scenario_mit_wrong_password_udp() {
  lab_capture_start "$out/wrong-password-udp.pcap"
  log_in krb5.conf Lab-Wrong-not-real
  lab_capture_stop
}

scenario_mit_fast() { # the exchange is armoured with a ticket (RFC 6113 §5.4): kinit -T
  log_in krb5.conf
  cp "$lab/tickets" "$lab/armour"
  lab_capture_start "$out/fast.pcap"
  log_in krb5.conf "$hub1_password" 'hub1$' -T "FILE:$lab/armour"
  ask krb5.conf kvno SMTPSVC/hub2.example.test
  lab_capture_stop
}

# ---- the recording ---------------------------------------------------------------------------------------------

named() { sed -n 's/^scenario_\([a-z0-9_]*\)().*/\1/p' "${BASH_SOURCE[0]}" | grep "$@"; }
wanted=("$@")
[ $# -gt 0 ] || mapfile -t wanted < <(named '')
has() { printf '%s\n' "${wanted[@]//-/_}" | grep -q "$@"; }
record() {
  local scenario
  for scenario in "${wanted[@]//-/_}"; do
    grep -q "$@" <<<"$scenario" || continue
    lab_say "${scenario//_/-}"
    "scenario_$scenario"
  done
}

trap 'lab_say "failed at line $LINENO; the last words:"; tail -n 8 "$lab"/provision.log "$lab"/clients.log >&2' ERR
lab_up "${PREFIX:-krb}" hub1 dc1
trap 'set +eE; trap - ERR; lab_down' EXIT
lab=$LAB_TMP
mkdir -p "$out"
write_client_files
write_configurations
if has -v '^mit_'; then
  certificate dc1
  provision_dc
  add_service_accounts >>"$lab/provision.log" 2>&1
  start_dc
  record -v '^mit_'
  lab_kill dc1
fi
if has '^mit_'; then
  mit_kdc_start
  record '^mit_'
fi
