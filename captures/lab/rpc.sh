#!/bin/bash
# Records the captures of ../rpc: DCE/RPC over TCP between network namespaces, from a Samba AD domain controller (dc1).
#
#   sudo captures/lab/rpc.sh [SCENARIO…]        without a scenario: all of them
#
# Needs Debian's packages: samba winbind smbclient python3-samba python3-impacket krb5-user slapd openssl, and those of network.sh. The client is
# rpc_client.py, over Samba's own RPC library, or rpc_impacket.py. Servers and data live in a temporary folder that is removed at the end. Every
# password and name is made up. OUT=FOLDER records somewhere else, PREFIX=NAME uses other namespaces.
# What no free server speaks (Exchange's interfaces, the banner of RPC over HTTP) is built by rpc_frames.py instead.
set -Eeuo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${OUT:-$here/../rpc}
# shellcheck source=network.sh
. "$here/network.sh"
# shellcheck source=directory-servers.sh
. "$here/directory-servers.sh"

# as HOST COMMAND…: with the lab's Kerberos settings.
as() {
  local host=$1
  shift
  KRB5_CONFIG="$lab/krb5.conf" KRB5CCNAME="FILE:$lab/tickets.$host" LC_ALL=C lab_in "$host" "$@" >>"$lab/clients.log" 2>&1
}

# calls WHO INTERFACE BINDING-OPTIONS [CALL…]: who is nobody, user, wrong or machine
calls() {
  as mbx1 /usr/bin/python3 "$here/rpc_client.py" --conf "$lab/client.conf" --server dc1.example.test "$@"
}

# record FILE COMMAND…
record() {
  lab_capture_start "$out/$1"
  shift
  "$@"
  lab_capture_stop
}

user=(--user 'EXAMPLE\svc-lookup' --password "$service_password")
wrong=(--user 'EXAMPLE\svc-lookup' --password Lab-Wrong-not-real)
machine=(--machine MBX1 --password "$mbx1_password")
ticket() { calls --kerberos "$lab/tickets.mbx1" "$@"; }

other_client() { as mbx1 /usr/bin/python3 "$here/rpc_impacket.py" "$@"; }
calls_in_vain() { ! calls "$@"; }
# the port that the endpoint mapper gives drsuapi and lsarpc alike
port_of_drsuapi=49153

# ---- scenarios: one function, one capture ----------------------------------------------------------------------

scenario_samr_sealed_ntlm() { record samr-sealed-ntlm.pcap calls "${user[@]}" seal,ntlm samr; }
scenario_samr_signed_ntlm() { record samr-signed-ntlm.pcap calls "${user[@]}" sign,ntlm samr; }
scenario_samr_sealed_spnego_ntlm() { record samr-sealed-spnego-ntlm.pcap calls "${user[@]}" seal,spnego samr; }
scenario_samr_sealed_kerberos() { record samr-sealed-kerberos.pcap ticket seal,krb5 samr; }
scenario_samr_signed_kerberos() { record samr-signed-kerberos.pcap ticket sign,krb5 samr; }
scenario_samr_sealed_spnego_kerberos() { record samr-sealed-spnego-kerberos.pcapng ticket seal,spnego samr; }
scenario_samr_connect_ntlm() { # Samba refuses this level unless it is told not to; Windows has it
  lab_kill dc1
  start_dc "allow dcerpc auth level connect:samr = yes"
  record samr-connect-ntlm.pcap calls "${user[@]}" connect,ntlm samr
  lab_kill dc1
  start_dc
}
scenario_samr_wrong_password() { record samr-wrong-password.pcap calls_in_vain "${wrong[@]}" seal,ntlm samr; }
scenario_samr_nobody() { record samr-nobody.pcap calls - samr; }
scenario_drsuapi_altered_lsarpc() {
  record drsuapi-altered-lsarpc.pcap other_client alter dc1.example.test $port_of_drsuapi svc-lookup "$service_password"
}
scenario_drsuapi_sealed_bigendian() { record drsuapi-sealed-bigendian.pcap calls "${user[@]}" seal,ntlm,bigendian drsuapi; }
scenario_samr_sealed_ipv6() {
  cp "$lab/hosts.six" "/etc/netns/$(lab_ns mbx1)/hosts"
  record samr-sealed-ipv6.pcap calls "${user[@]}" seal,ntlm samr
  cp "$lab/hosts" "/etc/netns/$(lab_ns mbx1)/hosts"
}
scenario_samr_sealed_midstream() { # as samr-sealed-kerberos, from the first call on
  local raw="$lab/sealed.pcap" first
  lab_capture_start "$raw"
  ticket seal,krb5 samr
  lab_capture_stop
  first=$(tshark -r "$raw" -Y 'dcerpc.pkt_type == 0 && dcerpc.auth_type == 16' -T fields -e frame.number 2>>"$lab/clients.log" | head -1)
  editcap -F pcap -r "$raw" "$out/samr-sealed-midstream.pcap" "$first-999" 2>>"$lab/clients.log"
}
scenario_netlogon_locator() { record netlogon-locator.pcap calls - locator; }
scenario_netlogon_schannel() { record netlogon-schannel.pcap calls "${machine[@]}" schannel,seal trusts; }
scenario_epm_lookup() { record epm-lookup.pcap other_client lookup dc1.example.test; }

# ---- the recording ---------------------------------------------------------------------------------------------

[ "${BASH_SOURCE[0]}" = "$0" ] || return 0
scenarios=("$@")
[ $# -gt 0 ] || mapfile -t scenarios < <(sed -n 's/^scenario_\([a-z0-9_]*\)().*/\1/p' "${BASH_SOURCE[0]}")

trap 'lab_say "failed at line $LINENO; the last words:"; tail -n 8 "$lab"/provision.log "$lab"/clients.log >&2' ERR
lab_up "${PREFIX:-rpc}" hub1 dc1 mbx1
trap 'set +eE; trap - ERR; lab_down' EXIT
lab=$LAB_TMP
mkdir -p "$out"
write_client_files
for host in hub1 dc1 mbx1; do cp "$lab/hosts" "/etc/netns/$(lab_ns "$host")/hosts"; done
certificate dc1
provision_dc
start_dc
# tickets before the captures, so that these stay free of port 88
printf '%s\n' "$mbx1_password" | as mbx1 kinit 'MBX1$'
as mbx1 kvno host/dc1.example.test

for scenario in "${scenarios[@]}"; do
  lab_say "${scenario//_/-}"
  "scenario_${scenario//-/_}"
done
