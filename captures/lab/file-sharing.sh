#!/bin/bash
# Records the captures of ../file-sharing: SMB 1, 2 and 3 between network namespaces, from Samba's file server (mbx1, of no
# domain), with MIT Kerberos on dc1 where a ticket is used.
#
#   sudo captures/lab/file-sharing.sh [SCENARIO…]        without a scenario: all of them
#
# Needs Debian's packages: samba smbclient krb5-kdc krb5-user tshark, and those of network.sh. Servers and data
# live in a temporary folder that is removed at the end. Every password and name is made up. OUT=FOLDER records somewhere
# else, PREFIX=NAME uses other namespaces.
set -Eeuo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${OUT:-$here/../file-sharing}
# shellcheck source=network.sh
. "$here/network.sh"
# shellcheck source=directory-servers.sh
. "$here/directory-servers.sh"

user=labadmin
password=Lab-Files-not-real
account=(-U "LAB/$user%$password")

# ---- mbx1: a file server of its own ------------------------------------------------------------------------------

# start_files LINE…: one smbd, with these lines more in [global]; it makes a process group of its own, which it ends with itself
start_files() {
  lab_kill mbx1
  mkdir -p "$lab/files/"{private,state,cache,lock,run,data,ncalrpc}
  printf 'nothing secret: a file for the recordings\n' >"$lab/files/data/readme.txt"
  head -c 3000 /dev/zero | tr '\0' 'x' >"$lab/files/data/mailbox.edb"
  chmod -R a+rwX "$lab/files/data"
  cat >"$lab/files/smb.conf" <<EOF
[global]
  netbios name = MBX1
  workgroup = LAB
  server role = standalone server
  map to guest = never
  guest account = nobody
  load printers = no
  disable spoolss = yes
  smb ports = 445 139
  allow dcerpc auth level connect = yes
  private dir = $lab/files/private
  state directory = $lab/files/state
  cache directory = $lab/files/cache
  lock directory = $lab/files/lock
  pid directory = $lab/files/run
  ncalrpc dir = $lab/files/ncalrpc
  rpc start on demand helpers = yes
  log file = $lab/files/log
  passdb backend = tdbsam
$(printf '  %s\n' "$@")
[files]
  path = $lab/files/data
  read only = no
[sealed]
  path = $lab/files/data
  read only = no
  server smb encrypt = required
[open]
  path = $lab/files/data
  guest ok = yes
EOF
  id -u $user >/dev/null 2>&1 || useradd --no-create-home --shell /usr/sbin/nologin $user
  printf '%s\n%s\n' $password $password | smbpasswd -c "$lab/files/smb.conf" -s -a $user >>"$lab/clients.log" 2>&1
  KRB5_CONFIG="$lab/krb5.conf" lab_bg mbx1 smbd -F -s "$lab/files/smb.conf"
  lab_wait_port mbx1 445
  sleep 0.5
}

# ---- clients -----------------------------------------------------------------------------------------------------

as() { # as HOST COMMAND…: with the lab's Kerberos settings; what the client says goes to clients.log
  local host=$1
  shift
  KRB5_CONFIG="$lab/krb5.conf" KRB5CCNAME="FILE:$lab/tickets.$host" LC_ALL=C lab_in "$host" "$@" >>"$lab/clients.log" 2>&1
}

# files DIALECT SHARE OPTION…: a listing, a file read and a file written, by Samba's client
files() {
  local dialect=$1 share=$2
  shift 2
  (cd "$lab" && as admin1 smbclient -s "$lab/admin.conf" -m "$dialect" --option="client min protocol=$dialect" "$share" \
    "$@" -c 'ls; get readme.txt got.txt; put got.txt put.txt')
}

names() { cp "$lab/$2" "/etc/netns/$(lab_ns "$1")/hosts"; } # names HOST FILE: gives the host another /etc/hosts

# record NAME COMMAND…
record() {
  local name=$1
  shift
  lab_capture_start "$out/$name" 'tcp port 445 or tcp port 139'
  "$@" || lab_say "$name: the client failed (as it may have to)"
  lab_capture_stop
}

unsigned=(--client-protection=off)
signed=(--client-protection=sign)
encrypted=(--client-protection=encrypt)

# ---- scenarios: one function, one capture ------------------------------------------------------------------------

scenario_smb1_unsigned() {
  start_files "server min protocol = NT1"
  record smb1-unsigned.pcap files NT1 //mbx1/files "${account[@]}" "${unsigned[@]}"
}
scenario_smb1_signed() {
  start_files "server min protocol = NT1" "server signing = mandatory"
  record smb1-signed.pcap files NT1 //mbx1/files "${account[@]}" "${signed[@]}"
}
scenario_smb1_netbios_lm() { # port 139, no extended security: NTLMv1 responses beside each other
  start_files "server min protocol = NT1" "ntlm auth = yes"
  record smb1-netbios-ntlmv1.pcap files NT1 //mbx1/files "${account[@]}" "${unsigned[@]}" -p 139 \
    --option="client ntlmv2 auth=no" --option="client use spnego=no"
}
scenario_smb1_plaintext() { # a server that does not take encrypted passwords
  start_files "server min protocol = NT1" "encrypt passwords = no" "ntlm auth = yes"
  record smb1-plaintext-password.pcap files NT1 //mbx1/files "${account[@]}" "${unsigned[@]}" \
    --option="client plaintext auth=yes" --option="client lanman auth=yes" --option="client ntlmv2 auth=no" --option="client use spnego=no"
}
scenario_smb1_winreg() {
  start_files "server min protocol = NT1"
  record smb1-pipe-winreg.pcap as admin1 rpcclient -s "$lab/admin.conf" 'ncacn_np:mbx1[smb1]' "${account[@]}" \
    --option="client ipc max protocol=NT1" --option="client ipc min protocol=NT1" --option="client ipc signing=off" -c 'winreg_enumkey HKLM'
}
scenario_smb202_unsigned() {
  start_files
  record smb202-unsigned.pcap files SMB2_02 //mbx1/files "${account[@]}" "${unsigned[@]}"
}
scenario_smb210_unsigned() {
  start_files
  record smb210-unsigned.pcap files SMB2_10 //mbx1/files "${account[@]}" "${unsigned[@]}"
}
scenario_smb210_signed() {
  start_files "server signing = mandatory"
  record smb210-signed.pcap files SMB2_10 //mbx1/files "${account[@]}" "${signed[@]}"
}
scenario_smb210_guest() { # an unknown name becomes guest
  start_files "map to guest = bad user"
  record smb210-guest.pcap files SMB2_10 //mbx1/open -U 'LAB/nobody-here%wrong' "${unsigned[@]}"
}
scenario_smb311_anonymous() { # a null session that lists shares
  start_files
  record smb311-anonymous.pcap as admin1 smbclient -s "$lab/admin.conf" -m SMB3_11 -L //mbx1 -N -U% "${unsigned[@]}" --option="client ipc signing=off"
}
scenario_smb210_wrong_password() {
  start_files
  record smb210-wrong-password.pcap files SMB2_10 //mbx1/files -U "LAB/$user%Lab-Wrong-not-real" "${unsigned[@]}"
}
scenario_smb300_encrypted() {
  start_files "server smb encrypt = required"
  record smb300-encrypted.pcap files SMB3_00 //mbx1/files "${account[@]}" "${encrypted[@]}"
}
scenario_smb302_encrypted() {
  start_files "server smb encrypt = required"
  record smb302-encrypted.pcap files SMB3_02 //mbx1/files "${account[@]}" "${encrypted[@]}"
}
scenario_smb311_encrypted() {
  start_files "server smb encrypt = required"
  record smb311-encrypted.pcapng files SMB3_11 //mbx1/files "${account[@]}" "${encrypted[@]}"
}
scenario_smb311_encrypted_midstream() { # the same from the first encrypted message on
  local first
  start_files "server smb encrypt = required"
  record whole.pcap files SMB3_11 //mbx1/files "${account[@]}" "${encrypted[@]}"
  first=$(tshark -r "$out/whole.pcap" -Y 'smb2.header.transform.signature' -T fields -e frame.number 2>>"$lab/clients.log" | head -1)
  editcap -F pcap -r "$out/whole.pcap" "$out/smb311-encrypted-midstream.pcap" "$first-9999" 2>>"$lab/clients.log"
  rm "$out/whole.pcap"
}
scenario_smb311_share_encrypted() { # the share asks for encryption, the session does not
  start_files
  record smb311-share-encrypted.pcap files SMB3_11 //mbx1/sealed "${account[@]}" "${signed[@]}"
}
scenario_smb311_unsigned() {
  start_files
  record smb311-unsigned.pcap files SMB3_11 //mbx1/files "${account[@]}" "${unsigned[@]}"
}
scenario_smb311_large_file() { # a read and a write longer than what is kept of a message; all zeros, and so small when packed
  start_files
  head -c 400000 /dev/zero >"$lab/large.bin"
  # slow enough for tcpdump to miss nothing
  lab_in admin1 tc qdisc add dev eth0 root tbf rate 20mbit burst 4kb latency 1s
  lab_in mbx1 tc qdisc add dev eth0 root tbf rate 20mbit burst 4kb latency 1s
  record smb311-large-file.pcap.gz as admin1 smbclient -s "$lab/admin.conf" -m SMB3_11 //mbx1/files "${account[@]}" "${unsigned[@]}" \
    -c "put $lab/large.bin large.bin; get large.bin $lab/got.bin; ls readme.txt"
  lab_in admin1 tc qdisc del dev eth0 root
  lab_in mbx1 tc qdisc del dev eth0 root
}
scenario_smb311_share_list_signed() {
  start_files
  record smb311-share-list-signed.pcap as admin1 smbclient -s "$lab/admin.conf" -m SMB3_11 -L //mbx1 "${account[@]}" "${signed[@]}"
}
winreg() { # winreg HOW OPTION…
  local how=$1
  shift
  as admin1 rpcclient -s "$lab/admin.conf" "ncacn_np:mbx1[$how]" "${account[@]}" "$@" -c 'winreg_enumkey HKLM'
}
scenario_pipe_winreg_connect() {
  start_files
  record pipe-winreg-connect.pcap winreg connect --option="client ipc signing=off"
}
scenario_pipe_winreg_sign() {
  start_files
  record pipe-winreg-sign.pcap winreg sign --option="client ipc signing=off"
}
scenario_pipe_winreg_seal() {
  start_files
  record pipe-winreg-seal.pcap winreg seal --option="client ipc signing=off"
}
scenario_pipe_winreg_smb_signed() {
  start_files "server signing = mandatory"
  record pipe-winreg-smb-signed.pcap winreg connect --option="client ipc signing=required"
}
scenario_pipe_winreg_smb_encrypted() {
  start_files "server smb encrypt = required"
  record pipe-winreg-smb-encrypted.pcap winreg connect --client-protection=encrypt
}
scenario_smb311_ipv6() {
  start_files
  names admin1 hosts.six
  sed -i '/^127/d' "/etc/netns/$(lab_ns admin1)/hosts"
  record smb311-ipv6-signed.pcap files SMB3_11 //mbx1/files "${account[@]}" "${signed[@]}"
  names admin1 hosts
}
# with_ticket DIALECT OPTION…
with_ticket() {
  local dialect=$1
  shift
  files "$dialect" //mbx1.example.test/files --use-kerberos=required --use-krb5-ccache="$lab/tickets.admin1" "$@"
}
kerberos_settings=("realm = EXAMPLE.TEST" "kerberos method = dedicated keytab")
scenario_kerberos_unsigned() {
  start_kdc
  start_files "${kerberos_settings[@]}" "dedicated keytab file = $lab/kdc/mbx1.keytab"
  record kerberos-unsigned.pcap with_ticket SMB2_10 "${unsigned[@]}"
}
scenario_kerberos_signed() {
  start_kdc
  start_files "${kerberos_settings[@]}" "dedicated keytab file = $lab/kdc/mbx1.keytab"
  record kerberos-signed.pcap with_ticket SMB2_10 "${signed[@]}"
}
scenario_kerberos_encrypted() {
  start_kdc
  start_files "${kerberos_settings[@]}" "dedicated keytab file = $lab/kdc/mbx1.keytab" "server smb encrypt = required"
  record kerberos-encrypted.pcap with_ticket SMB3_11 "${encrypted[@]}"
}

# ---- dc1: MIT Kerberos ---------------------------------------------------------------------------------------------

# start_kdc: a KDC whose tickets have no PAC, which only a domain member can read; the file server's key and a ticket for admin1, before anything is recorded.
start_kdc() {
  local dir=$lab/kdc
  [ ! -d "$dir" ] || return 0
  mkdir -p "$dir"
  cat >"$dir/kdc.conf" <<EOF
[kdcdefaults]
  kdc_ports = 88
  kdc_tcp_ports = 88
[realms]
  $realm = {
    database_name = $dir/principal
    key_stash_file = $dir/stash
    disable_pac = true
  }
EOF
  (
    export KRB5_CONFIG=$lab/krb5.conf KRB5_KDC_PROFILE=$dir/kdc.conf
    {
      kdb5_util create -s -P "$admin_password"
      kadmin.local addprinc -pw $password $user
      kadmin.local addprinc -randkey cifs/mbx1.example.test
      kadmin.local ktadd -k "$dir/mbx1.keytab" cifs/mbx1.example.test
    } >>"$lab/clients.log" 2>&1
  )
  KRB5_CONFIG="$lab/krb5.conf" KRB5_KDC_PROFILE="$dir/kdc.conf" lab_bg dc1 krb5kdc -n
  lab_wait_port dc1 88
  printf '%s\n' $password | as admin1 kinit $user
  as admin1 kvno cifs/mbx1.example.test
}

# ---- the recording -----------------------------------------------------------------------------------------------

scenarios=("$@")
[ $# -gt 0 ] || mapfile -t scenarios < <(sed -n 's/^scenario_\([a-z0-9_]*\)().*/\1/p' "${BASH_SOURCE[0]}")

trap 'lab_say "failed at line $LINENO; the last words:"; tail -n 8 "$lab"/provision.log "$lab"/clients.log >&2' ERR
lab_up "${PREFIX:-smb}" admin1 mbx1 dc1
trap 'set +eE; trap - ERR; lab_down; [ -z "${made_user:-}" ] || userdel $user 2>/dev/null' EXIT
id -u $user >/dev/null 2>&1 || made_user=yes
lab=$LAB_TMP
touch "$lab/provision.log" "$lab/clients.log"
mkdir -p "$out"
mkdir -p "/etc/netns/$(lab_ns hub1)" # which write_client_files writes to
write_client_files
rm -r "/etc/netns/$(lab_ns hub1)"
sed -i '/dc1/a 10.0.0.103 admin1.example.test admin1' "$lab/hosts"
sed -i '/dc1/a fd00::103 admin1.example.test admin1' "$lab/hosts.six"
for host in admin1 mbx1 dc1; do names "$host" hosts; done
cp "$lab/client.conf" "$lab/admin.conf"
sed -i -e "s/netbios name = HUB1/netbios name = ADMIN1/" "$lab/admin.conf"
printf '  client min protocol = NT1\n  client ipc min protocol = NT1\n' >>"$lab/admin.conf"
for scenario in "${scenarios[@]}"; do
  lab_say "${scenario//_/-}"
  "scenario_${scenario//-/_}"
done
