#!/bin/bash
# Records the captures of ../mailbox-access from Dovecot in network namespaces (network.sh). Run as root:
#
#   captures/lab/mailbox-access.sh [OUTPUT-FOLDER [SCENARIO...]]
#
# The default folder is ../mailbox-access, the default scenarios are all of them (a file's name without its ending).
# Needs (Debian 12): dovecot-pop3d dovecot-imapd dovecot-gssapi krb5-kdc krb5-admin-server krb5-user curl python3
# python3-gssapi openssl tcpdump wireshark-common iproute2 ethtool procps.
# Dovecot runs from configurations in a temporary folder; the machine's own is not touched.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../mailbox-access}
mkdir -p "$out"
out=$(cd "$out" && pwd)
[ $# -gt 0 ] && shift
. "$here/network.sh"

user=labuser
password=not-a-real-password
python=${PYTHON:-/usr/bin/python3}
server=10.0.0.41

# certificate HOST: a self-signed certificate for it, once.
certificate() {
  local base=$LAB_TMP/$1
  [ -s "$base.crt" ] && return
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -subj "/CN=$1.$LAB_DOMAIN" \
    -addext "subjectAltName=DNS:$1.$LAB_DOMAIN" -keyout "$base.key" -out "$base.crt" 2>/dev/null
}

# dovecot_up [SETTING...]: Dovecot on cas1 with one made-up user and one message; the settings come last.
dovecot_up() {
  local dir=$LAB_TMP/dovecot
  rm -rf "$dir"
  mkdir -p "$dir/run" "$dir/home/$user/Maildir/new" "$dir/home/$user/Maildir/cur" "$dir/home/$user/Maildir/tmp"
  certificate cas1
  printf '%s:{PLAIN}%s::::::\n' "$user" "$password" >"$dir/users"
  printf 'From: alice@%s\nTo: %s@%s\nSubject: lab message\n\nThis is a made-up message, recorded in a lab.\n.\n..and a line of dots\n' \
    "$LAB_DOMAIN" "$user" "$LAB_DOMAIN" >"$dir/home/$user/Maildir/new/1.1.cas1"
  chown -R nobody "$dir/home"
  chmod 755 "$dir"
  cat >"$dir/dovecot.conf" <<END
base_dir = $dir/run
state_dir = $dir/run
log_path = /dev/stderr
protocols = pop3 imap
listen = *
hostname = cas1.$LAB_DOMAIN
ssl = no
ssl_cert = <$LAB_TMP/cas1.crt
ssl_key = <$LAB_TMP/cas1.key
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:~/Maildir
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = $dir/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$dir/home/%n
}
$(printf '%s\n' "$@")
END
  lab_bg cas1 dovecot -F -c "$dir/dovecot.conf"
  lab_wait_port cas1 110 && lab_wait_port cas1 143
  sleep 0.5
}

tls="ssl = yes"
# Dovecot has no highest version of its own, but OpenSSL's configuration does
tls12_up() {
  printf 'openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nMaxProtocol = TLSv1.2\n' >"$LAB_TMP/tls12.cnf"
  OPENSSL_CONF=$LAB_TMP/tls12.cnf dovecot_up "$tls" "import_environment = \$import_environment OPENSSL_CONF"
}

client() { lab_in client1 "$python" "$here/mailbox_peer.py" "$@"; }
ask() { lab_in client1 curl -sS -o /dev/null "$@"; }

# kdc_up: a Kerberos realm on dc1 with a key for client1's user and for cas1's pop and imap.
kdc_up() {
  local dir=$LAB_TMP/kdc realm=${LAB_DOMAIN^^} name
  rm -rf "$dir"
  mkdir -p "$dir"
  chmod 755 "$dir"
  cat >"$dir/krb5.conf" <<END
[libdefaults]
  default_realm = $realm
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  permitted_enctypes = aes256-cts-hmac-sha1-96
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
    supported_enctypes = aes256-cts-hmac-sha1-96:normal
    master_key_type = aes256-cts-hmac-sha1-96
  }
END
  export KRB5_CONFIG=$dir/krb5.conf KRB5_KDC_PROFILE=$dir/kdc.conf KRB5CCNAME=FILE:$dir/tickets
  {
    kdb5_util create -s -P "$password"
    kadmin.local addprinc -pw "$password" "$user"
    for name in pop imap; do
      kadmin.local addprinc -randkey "$name/cas1.$LAB_DOMAIN"
      kadmin.local ktadd -k "$dir/cas1.keytab" "$name/cas1.$LAB_DOMAIN"
    done
  } >>"$LAB_TMP/dc1.log" 2>&1
  chmod 644 "$dir/cas1.keytab"
  lab_bg dc1 krb5kdc -n
  lab_wait_port dc1 88
  printf '%s\n' "$password" | lab_in client1 kinit "$user" >>"$LAB_TMP/client1.log" 2>&1
  lab_in client1 kvno -q "pop/cas1.$LAB_DOMAIN" "imap/cas1.$LAB_DOMAIN"
}

gssapi_up() {
  kdc_up && dovecot_up "auth_mechanisms = plain gssapi" "auth_krb5_keytab = $LAB_TMP/kdc/cas1.keytab" \
    'auth_gssapi_hostname = "$ALL"' "import_environment = \$import_environment KRB5_CONFIG"
}

# recorded: ends the capture; fails if the command before it failed.
recorded() {
  local status=$?
  lab_capture_stop
  return "$status"
}

# record FILE COMMAND...
record() {
  lab_capture_start "$out/$1"
  shift
  "$@"
  recorded
}

# --- the scenarios ---------------------------------------------------------------------------------------------------
# The manifest's values come from the settings here, which is why each scenario names all it depends on.

pop3_clear() {
  dovecot_up
  record pop3-clear.pcap client pop3 $server 110 capa user $user pass $password read quit
}

pop3_offered_not_used() {
  dovecot_up "$tls"
  record pop3-offered-not-used.pcap client pop3 $server 110 capa user $user pass $password read quit
}

pop3_stls_tls12() {
  tls12_up
  record pop3-stls-tls12.pcap client pop3 $server 110 stls user $user pass $password read quit
}

# asked for though it was not offered: Dovecot refuses, and the client goes on in clear
pop3_stls_refused() {
  dovecot_up
  record pop3-stls-refused.pcap client pop3 $server 110 stls-anyway user $user pass $password read quit
}

pop3_user_disallowed() {
  dovecot_up "$tls" "disable_plaintext_auth = yes"
  record pop3-user-disallowed.pcap client pop3 $server 110 capa user $user quit
}

pop3_wrong_password() {
  dovecot_up "$tls"
  record pop3-wrong-password.pcap client pop3 $server 110 user $user pass wrong-password quit
}

pop3_apop() {
  dovecot_up "auth_mechanisms = plain apop"
  record pop3-apop.pcap client pop3 $server 110 apop $user $password read quit
}

pop3_auth_plain() {
  dovecot_up
  record pop3-auth-plain.pcap ask "pop3://$server/1" -u "$user:$password" --login-options AUTH=PLAIN
}

pop3_auth_cram_md5() {
  dovecot_up "auth_mechanisms = plain cram-md5"
  record pop3-auth-cram-md5.pcap ask "pop3://$server/1" -u "$user:$password" --login-options AUTH=CRAM-MD5
}

pop3_auth_gssapi() {
  gssapi_up
  record pop3-auth-gssapi.pcap client pop3 $server 110 gssapi "cas1.$LAB_DOMAIN" $user read quit
}

pop3_tls_995() {
  dovecot_up "$tls"
  record pop3-tls-995.pcap client pop3s $server 995 user $user pass $password read quit
}

imap4_clear() {
  dovecot_up
  record imap4-clear.pcap client imap $server 143 login $user $password read append quit
}

imap4_offered_not_used() {
  dovecot_up "$tls"
  record imap4-offered-not-used.pcapng client imap $server 143 login $user $password read quit
}

imap4_starttls() {
  dovecot_up "$tls"
  record imap4-starttls.pcap client imap $server 143 starttls login $user $password read quit
}

imap4_starttls_refused() {
  dovecot_up
  record imap4-starttls-refused.pcap client imap $server 143 stls-anyway login $user $password read quit
}

imap4_login_disabled() {
  dovecot_up "$tls" "disable_plaintext_auth = yes"
  record imap4-login-disabled.pcap client imap $server 143 login $user $password quit
}

imap4_wrong_password() {
  dovecot_up "$tls"
  record imap4-wrong-password.pcap client imap $server 143 login $user wrong-password quit
}

imap4_auth_login() {
  dovecot_up
  record imap4-auth-login.pcap ask "imap://$server/INBOX;MAILINDEX=1" -u "$user:$password" --login-options AUTH=LOGIN
}

imap4_auth_cram_md5() {
  dovecot_up "$tls" "auth_mechanisms = plain cram-md5"
  record imap4-auth-cram-md5.pcap client imap $server 143 cram $user $password read quit
}

imap4_auth_gssapi() {
  gssapi_up
  record imap4-auth-gssapi.pcap client imap $server 143 gssapi "cas1.$LAB_DOMAIN" $user read quit
}

imap4_tls_993() {
  tls12_up
  record imap4-tls-993.pcap client imaps $server 993 login $user $password read quit
}

# --- all of them -----------------------------------------------------------------------------------------------------

scenarios=(pop3-clear pop3-offered-not-used pop3-stls-tls12 pop3-stls-refused pop3-user-disallowed pop3-wrong-password
  pop3-apop pop3-auth-plain pop3-auth-cram-md5 pop3-auth-gssapi pop3-tls-995 imap4-clear imap4-offered-not-used
  imap4-starttls imap4-starttls-refused imap4-login-disabled imap4-wrong-password imap4-auth-login imap4-auth-cram-md5
  imap4-auth-gssapi imap4-tls-993)
[ $# -gt 0 ] && scenarios=("$@")

hosts=(dc1 cas1 client1)
lab_up "${LAB_RUN:-pop}" "${hosts[@]}" || exit 1
failed=0
for scenario in "${scenarios[@]}"; do
  lab_say "$scenario"
  "${scenario//-/_}" || { lab_say "$scenario failed"; failed=1; }
  for host in "${hosts[@]}"; do lab_kill "$host"; done
  sleep 0.3
done
exit "$failed"
