#!/bin/bash
# Records the captures of ../replication in network namespaces (network.sh). Run as root:
#
#   captures/lab/replication.sh [OUTPUT-FOLDER [SCENARIO...]]
#
# No free server speaks .NET message framing or the negotiate stream, so both ends are replication_peer.py, written from
# [MC-NMF] and [MS-NNS]; tickets, tokens, signatures and ciphertext are real (MIT Kerberos, gss-ntlmssp, OpenSSL).
# The default folder is ../replication, the default scenarios are all of them (a file's name without its ending).
# Needs (Debian 12): krb5-kdc krb5-admin-server krb5-user python3 python3-gssapi gss-ntlmssp openssl tcpdump
# wireshark-common iproute2 ethtool procps.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../replication}
mkdir -p "$out"
out=$(cd "$out" && pwd)
[ $# -gt 0 ] && shift
. "$here/network.sh"

password=not-a-real-password
python=${PYTHON:-/usr/bin/python3}
realm=${LAB_DOMAIN^^}

# kdc_up ENCTYPE CLIENT SERVER: a Kerberos realm on dc1 with keys for cas1's account and for the hosts that are called.
kdc_up() {
  local dir=$LAB_TMP/kdc weak=false name
  [ "$1" = arcfour-hmac ] && weak=true
  rm -rf "$dir"
  mkdir -p "$dir"
  cat >"$dir/krb5.conf" <<END
[libdefaults]
  default_realm = $realm
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  allow_weak_crypto = $weak
  allow_rc4 = $weak
  permitted_enctypes = $1
[realms]
  $realm = {
    kdc = 10.0.0.5
    database_module = lab
  }
[dbmodules]
  lab = {
    db_library = db2
    database_name = $dir/principal
  }
[domain_realm]
  .$LAB_DOMAIN = $realm
END
  cat >"$dir/kdc.conf" <<END
[kdcdefaults]
  kdc_ports = 88
  kdc_tcp_ports = 88
[realms]
  $realm = {
    database_name = $dir/principal
    key_stash_file = $dir/stash
    supported_enctypes = $1:normal
    master_key_type = $1
  }
END
  export KRB5_CONFIG=$dir/krb5.conf KRB5_KDC_PROFILE=$dir/kdc.conf KRB5CCNAME=FILE:$dir/tickets KRB5_KTNAME=$dir/host.keytab
  {
    kdb5_util create -s -P "$password"
    kadmin.local addprinc -pw "$password" 'cas1$'
    for name in cas2 mbx2; do
      kadmin.local addprinc -randkey "host/$name.$LAB_DOMAIN"
      kadmin.local ktadd -k "$dir/host.keytab" "host/$name.$LAB_DOMAIN"
    done
  } >>"$LAB_TMP/dc1.log" 2>&1
  lab_bg dc1 krb5kdc -n
  lab_wait_port dc1 88
  printf '%s\n' "$password" | lab_in "$2" kinit 'cas1$' >>"$LAB_TMP/$2.log" 2>&1
  lab_in "$2" kvno -q "host/$3.$LAB_DOMAIN"
}

# ntlm_up [PASSWORD]: what gss-ntlmssp needs instead; the client's password may be another than the server's.
ntlm_up() {
  printf 'EXAMPLE:labuser:%s\n' "$password" >"$LAB_TMP/ntlm.server"
  printf 'EXAMPLE:labuser:%s\n' "${1:-$password}" >"$LAB_TMP/ntlm.client"
}

certificate() {
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -subj "/CN=$1.$LAB_DOMAIN" \
    -addext "subjectAltName=DNS:$1.$LAB_DOMAIN" -keyout "$LAB_TMP/$1.key" -out "$LAB_TMP/$1.crt" 2>/dev/null
}

# session FILE CLIENT SERVER PORT SERVER-OPTIONS -- CLIENT-OPTIONS
session() {
  local file=$1 client=$2 server=$3 port=$4 address status
  address=$(lab_addr4 "$server")
  shift 4
  local served=()
  while [ "$1" != -- ]; do
    served+=("$1")
    shift
  done
  shift
  NTLM_USER_FILE=$LAB_TMP/ntlm.server lab_bg "$server" "$python" "$here/replication_peer.py" server "$address" "$port" "${served[@]}"
  lab_wait_port "$server" "$port"
  lab_capture_start "$out/$file"
  NTLM_USER_FILE=$LAB_TMP/ntlm.client lab_in "$client" "$python" "$here/replication_peer.py" client "$address" "$port" \
    --target "host@$server.$LAB_DOMAIN" "$@"
  status=$?
  lab_capture_stop
  return "$status"
}

aes=aes256-cts-hmac-sha1-96
negotiate=(--upgrade application/negotiate)

mrs_kerberos_sealed() {
  kdc_up $aes cas1 cas2
  session mrs-kerberos-sealed.pcap cas1 cas2 808 -- "${negotiate[@]}"
}

mrs_kerberos_signed() {
  kdc_up $aes cas1 cas2
  session mrs-kerberos-signed.pcap cas1 cas2 808 --level sign -- "${negotiate[@]}" --level sign
}

mrs_kerberos_unprotected() {
  kdc_up $aes cas1 cas2
  session mrs-kerberos-unprotected.pcap cas1 cas2 808 --level none -- "${negotiate[@]}" --level none
}

mrs_ntlm_sealed() {
  ntlm_up
  session mrs-ntlm-sealed.pcap cas1 cas2 808 --ntlm -- "${negotiate[@]}" --ntlm --user 'EXAMPLE\labuser'
}

mrs_ntlm_signed() {
  ntlm_up
  session mrs-ntlm-signed.pcap cas1 cas2 808 --ntlm --level sign -- "${negotiate[@]}" --ntlm --user 'EXAMPLE\labuser' --level sign
}

mrs_ntlm_refused() {
  ntlm_up wrong-password
  session mrs-ntlm-refused.pcap cas1 cas2 808 --ntlm -- "${negotiate[@]}" --ntlm --user 'EXAMPLE\labuser'
}

mrs_no_upgrade() {
  session mrs-no-upgrade.pcap cas1 cas2 808 --
}

mrs_upgrade_refused() {
  session mrs-upgrade-refused.pcap cas1 cas2 808 --refuse-upgrade -- "${negotiate[@]}"
}

mrs_tls() {
  certificate cas2
  session mrs-tls.pcap cas1 cas2 808 --cert "$LAB_TMP/cas2.crt" --key "$LAB_TMP/cas2.key" -- --upgrade application/ssl-tls
}

replication_kerberos_sealed() {
  kdc_up $aes mbx1 mbx2
  session replication-kerberos-sealed.pcap mbx1 mbx2 64327 --kind stream -- --kind stream
}

replication_kerberos_rc4_sealed() {
  kdc_up arcfour-hmac mbx1 mbx2
  session replication-kerberos-rc4-sealed.pcap mbx1 mbx2 64327 --kind stream -- --kind stream
}

replication_kerberos_unprotected() {
  kdc_up $aes mbx1 mbx2
  session replication-kerberos-unprotected.pcap mbx1 mbx2 64327 --kind stream --level none -- --kind stream --level none
}

replication_bulk() {
  session replication-bulk.pcap mbx1 mbx2 64327 --kind bulk -- --kind bulk
}

scenarios=(mrs-kerberos-sealed mrs-kerberos-signed mrs-kerberos-unprotected mrs-ntlm-sealed mrs-ntlm-signed
  mrs-ntlm-refused mrs-no-upgrade mrs-upgrade-refused mrs-tls replication-kerberos-sealed
  replication-kerberos-rc4-sealed replication-kerberos-unprotected replication-bulk)
[ $# -gt 0 ] && scenarios=("$@")

hosts=(dc1 cas1 cas2 mbx1 mbx2)
lab_up "${LAB_RUN:-repl}" "${hosts[@]}" || exit 1
failed=0
for scenario in "${scenarios[@]}"; do
  lab_say "$scenario"
  "${scenario//-/_}" || { lab_say "$scenario failed"; failed=1; }
  for host in "${hosts[@]}"; do lab_kill "$host"; done
  sleep 0.3
done
exit "$failed"
