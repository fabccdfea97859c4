#!/bin/bash
# Records the captures of ../smtp from real servers in network namespaces (network.sh). Run as root:
#
#   captures/lab/smtp.sh [OUTPUT-FOLDER [SCENARIO...]]
#
# The default folder is ../smtp, the default scenarios are all of them (the functions below: a file's name without its ending).
# Needs (Debian 12): postfix dovecot-core sasl2-bin libsasl2-modules swaks libauthen-ntlm-perl krb5-kdc krb5-user python3
# python3-gssapi openssl tcpdump wireshark-common iproute2 ethtool procps gzip.
# Postfix runs from configurations in a temporary folder; the machine's own Postfix and Dovecot are not touched.
# Set LAB_KEEP=1 to keep the servers' logs.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../smtp}
mkdir -p "$out"
out=$(cd "$out" && pwd)
[ $# -gt 0 ] && shift
. "$here/network.sh"

user=labuser
password=not-a-real-password
python=${PYTHON:-/usr/bin/python3}

# --- keys, servers and clients ---------------------------------------------------------------------------------------

# certificate HOST: a self-signed certificate for it, once.
certificate() {
  local base=$LAB_TMP/$1
  [ -s "$base.crt" ] && return
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -subj "/CN=$1.$LAB_DOMAIN" \
    -addext "subjectAltName=DNS:$1.$LAB_DOMAIN" -keyout "$base.key" -out "$base.crt" 2>/dev/null
}

# postfix_up HOST PORT [SETTING=VALUE...]: a Postfix that listens on PORT and relays what is submitted on the host itself.
postfix_up() {
  local host=$1 port=$2 dir
  shift 2
  dir=$LAB_TMP/postfix-$host
  rm -rf "$dir"
  mkdir -p "$dir/etc" "$dir/queue" "$dir/data"
  chown postfix "$dir/data"
  cat >"$dir/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
maillog_file = /dev/stdout
myhostname = $host.$LAB_DOMAIN
mydestination = $LAB_DOMAIN
mynetworks = 127.0.0.0/8 [::1]/128
inet_interfaces = all
inet_protocols = all
smtp_host_lookup = native
smtp_dns_support_level = disabled
local_transport = discard:
local_recipient_maps =
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
END
  cat >"$dir/etc/master.cf" <<END
$port     inet  n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
END
  [ $# -gt 0 ] && postconf -c "$dir/etc" -e "$@"
  lab_bg "$host" postfix -c "$dir/etc" start-fg
  lab_wait_port "$host" "$port"
}

# sender_up HOST ADDRESS[:PORT] [SETTING=VALUE...]: a Postfix that relays everything to ADDRESS.
sender_up() {
  local host=$1 to=$2
  shift 2
  postfix_up "$host" 25 "mydestination =" "relayhost = $to" "$@"
}

message() {
  printf 'From: alice@%s\nTo: bob@%s\nSubject: lab message\n\nThis is a made-up message, recorded in a lab.\n' "$LAB_DOMAIN" "$LAB_DOMAIN"
}

# submit HOST RECIPIENT: hands standard input to the host's Postfix and waits until it has been delivered.
submit() {
  local host=$1 before i
  before=$(grep -c 'status=' "$LAB_TMP/$host.log")
  lab_in "$host" sendmail -C "$LAB_TMP/postfix-$host/etc" -f "alice@$LAB_DOMAIN" "$2" || return 1
  for ((i = 0; i < 200; i++)); do
    [ "$(grep -c 'status=' "$LAB_TMP/$host.log")" -gt "$before" ] && return 0
    sleep 0.1
  done
  lab_say "$host delivered nothing:"
  tail -5 "$LAB_TMP/$host.log" >&2
  return 1
}

peer() {
  local host=$1
  shift
  lab_in "$host" "$python" "$here/smtp_peer.py" "$@"
}

# dovecot_up HOST: SASL logins for the host's Postfix, against one made-up user.
dovecot_up() {
  local host=$1 dir=$LAB_TMP/dovecot-$1 queue=$LAB_TMP/postfix-$1/queue
  rm -rf "$dir"
  mkdir -p "$dir/run" "$queue/private"
  printf '%s:{PLAIN}%s::::::\n' "$user" "$password" >"$dir/users"
  chmod 755 "$dir"
  cat >"$dir/dovecot.conf" <<END
base_dir = $dir/run
state_dir = $dir/run
log_path = /dev/stderr
protocols =
listen = *
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
passdb {
  driver = passwd-file
  args = $dir/users
}
userdb {
  driver = static
  args = uid=65534 gid=65534 home=/nonexistent
}
service auth {
  unix_listener $queue/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
END
  lab_bg "$host" dovecot -F -c "$dir/dovecot.conf"
}

# kdc_up: a Kerberos realm on dc1 with a key for hub1's account and one for hub2's SMTPSVC.
kdc_up() {
  local dir=$LAB_TMP/kdc realm=${LAB_DOMAIN^^}
  rm -rf "$dir"
  mkdir -p "$dir"
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
  export KRB5_CONFIG=$dir/krb5.conf KRB5_KDC_PROFILE=$dir/kdc.conf KRB5CCNAME=FILE:$dir/tickets KRB5_KTNAME=$dir/hub2.keytab
  {
    kdb5_util create -s -P "$password"
    kadmin.local addprinc -randkey +requires_preauth 'hub1$'
    kadmin.local addprinc -randkey "SMTPSVC/hub2.$LAB_DOMAIN"
    kadmin.local ktadd -k "$dir/hub1.keytab" 'hub1$'
    kadmin.local ktadd -k "$dir/hub2.keytab" "SMTPSVC/hub2.$LAB_DOMAIN"
  } >>"$LAB_TMP/dc1.log" 2>&1
  lab_bg dc1 krb5kdc -n
  lab_wait_port dc1 88
}

tickets() {
  lab_in hub1 kinit -k -t "$LAB_TMP/kdc/hub1.keytab" 'hub1$' &&
    lab_in hub1 kvno -q "SMTPSVC/hub2.$LAB_DOMAIN"
}

# recorded: ends the capture; fails if the command before it failed.
recorded() {
  local status=$?
  lab_capture_stop
  return "$status"
}

# --- the scenarios ---------------------------------------------------------------------------------------------------
# The manifest's values come from the settings here, which is why each scenario names all it depends on.

no_tls="smtpd_tls_security_level = none"
server_tls() { # HOST VERSION
  certificate "$1"
  cert_settings=("smtpd_tls_security_level = may" "smtpd_tls_chain_files = $LAB_TMP/$1.key, $LAB_TMP/$1.crt"
    "smtpd_tls_mandatory_protocols = $2" "smtpd_tls_protocols = $2")
}
client_tls="smtp_tls_security_level = may"
tls12=">=TLSv1.2, <=TLSv1.2"
tls13=">=TLSv1.3"

hub_to_hub_clear() {
  postfix_up hub2 25 "$no_tls"
  sender_up hub1 "[10.0.0.12]" "$client_tls"
  lab_capture_start "$out/hub-to-hub-clear.pcap"
  message | submit hub1 "bob@$LAB_DOMAIN"
  recorded
}

hub_to_hub_offered_not_used() {
  server_tls hub2 "$tls12"
  postfix_up hub2 25 "${cert_settings[@]}"
  sender_up hub1 "[10.0.0.12]" "smtp_tls_security_level = none"
  lab_capture_start "$out/hub-to-hub-offered-not-used.pcap"
  message | submit hub1 "bob@$LAB_DOMAIN"
  recorded
}

hub_to_hub_refused() {
  certificate hub2
  # a key that cannot be loaded: Postfix goes on offering STARTTLS and answers it with 454
  printf -- '-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n' >"$LAB_TMP/broken.key"
  postfix_up hub2 25 "smtpd_tls_security_level = may" "smtpd_tls_chain_files = $LAB_TMP/broken.key, $LAB_TMP/hub2.crt"
  sender_up hub1 "[10.0.0.12]" "$client_tls"
  lab_capture_start "$out/hub-to-hub-refused.pcap"
  message | submit hub1 "bob@$LAB_DOMAIN"
  recorded
}

hub_to_hub_tls12() {
  server_tls hub2 "$tls12"
  postfix_up hub2 25 "${cert_settings[@]}"
  # left alone, Postfix prefers suites without any certificate (aNULL) where nothing is verified, up to TLS 1.2
  sender_up hub1 "[10.0.0.12]" "$client_tls" "smtp_tls_exclude_ciphers = aNULL"
  lab_capture_start "$out/hub-to-hub-tls12.pcapng"
  message | submit hub1 "bob@$LAB_DOMAIN"
  recorded
}

hub_to_hub_tls13() {
  server_tls hub2 "$tls13"
  postfix_up hub2 25 "${cert_settings[@]}"
  sender_up hub1 "[10.0.0.12]" "$client_tls"
  lab_capture_start "$out/hub-to-hub-tls13.pcap.gz"
  message | submit hub1 "bob@$LAB_DOMAIN"
  recorded
}

hub_to_hub_x_anonymoustls() {
  certificate hub2
  lab_bg hub2 "$python" "$here/smtp_peer.py" exchange-server 10.0.0.12 25 --cert "$LAB_TMP/hub2.crt" --key "$LAB_TMP/hub2.key"
  lab_wait_port hub2 25
  lab_capture_start "$out/hub-to-hub-x-anonymoustls.pcap"
  peer hub1 exchange-client 10.0.0.12 25
  recorded
}

hub_to_hub_x_anonymoustls_ticket() {
  kdc_up
  certificate hub2
  lab_bg hub2 "$python" "$here/smtp_peer.py" exchange-server 10.0.0.12 25 --cert "$LAB_TMP/hub2.crt" --key "$LAB_TMP/hub2.key"
  lab_wait_port hub2 25
  lab_capture_start "$out/hub-to-hub-x-anonymoustls-ticket.pcap"
  tickets &&
    peer hub1 exchange-client 10.0.0.12 25
  recorded
}

hub_to_hub_x_exps_gssapi_clear() {
  kdc_up
  tickets # before the capture: only the ticket's use is seen
  lab_bg hub2 "$python" "$here/smtp_peer.py" exps-server 10.0.0.12 25
  lab_wait_port hub2 25
  lab_capture_start "$out/hub-to-hub-x-exps-gssapi-clear.pcap"
  peer hub1 exps-client 10.0.0.12 25 --target "hub2.$LAB_DOMAIN"
  recorded
}

sasl_hub() {
  server_tls hub1 "$tls12"
  postfix_up hub1 587 "${cert_settings[@]}" "smtpd_sasl_auth_enable = yes" "smtpd_sasl_type = dovecot" \
    "smtpd_sasl_path = private/auth" "smtpd_sasl_security_options = noanonymous" "smtpd_tls_auth_only = no" \
    "smtpd_relay_restrictions = permit_sasl_authenticated, reject"
  dovecot_up hub1
  local i
  for ((i = 0; i < 100; i++)); do
    [ -S "$LAB_TMP/postfix-hub1/queue/private/auth" ] && break
    sleep 0.1
  done
}

swaks_login() { # MECHANISM PASSWORD [OPTION...]
  local mechanism=$1 secret=$2
  shift 2
  message | lab_in client1 swaks --server 10.0.0.11 --port 587 --helo "client1.$LAB_DOMAIN" --from "alice@$LAB_DOMAIN" \
    --to "bob@$LAB_DOMAIN" --auth "$mechanism" --auth-user "$user" --auth-password "$secret" --data - --hide-all "$@"
}

client_auth_plain_clear() {
  sasl_hub
  lab_capture_start "$out/client-auth-plain-clear.pcap"
  swaks_login PLAIN "$password"
  recorded
}

client_auth_login_refused_clear() {
  sasl_hub
  lab_capture_start "$out/client-auth-login-refused-clear.pcap"
  swaks_login LOGIN wrong-password || true
  recorded
}

# Dovecot no longer has NTLM, Cyrus SASL does. Debian's Postfix reads its settings from a folder beside main.cf.
client_auth_ntlm_clear() {
  local sasl=$LAB_TMP/postfix-hub1/etc/sasl
  server_tls hub1 "$tls12"
  postfix_up hub1 587 "${cert_settings[@]}" "smtpd_sasl_auth_enable = yes" "smtpd_sasl_type = cyrus" \
    "smtpd_sasl_security_options = noanonymous" "smtpd_tls_auth_only = no" \
    "smtpd_relay_restrictions = permit_sasl_authenticated, reject"
  mkdir "$sasl"
  printf '%s\n' "pwcheck_method: auxprop" "auxprop_plugin: sasldb" "mech_list: NTLM" "sasldb_path: $sasl/sasldb2" >"$sasl/smtpd.conf"
  printf '%s' "$password" | saslpasswd2 -p -c -f "$sasl/sasldb2" -u "hub1.$LAB_DOMAIN" "$user"
  chown -R postfix "$sasl"
  lab_capture_start "$out/client-auth-ntlm-clear.pcap"
  swaks_login NTLM "$password"
  recorded
}

client_auth_inside_tls() {
  sasl_hub
  lab_capture_start "$out/client-auth-inside-tls.pcap"
  swaks_login PLAIN "$password" -tls
  recorded
}

edge_asks() {
  server_tls edge1 "$tls12"
  postfix_up edge1 25 "${cert_settings[@]}" "smtpd_tls_ask_ccert = yes" "smtpd_tls_CAfile = $LAB_TMP/edge1.crt"
}

hub_to_edge_mtls() {
  edge_asks
  certificate hub1
  sender_up hub1 "[10.0.0.21]" "$client_tls" "smtp_tls_chain_files = $LAB_TMP/hub1.key, $LAB_TMP/hub1.crt"
  lab_capture_start "$out/hub-to-edge-mtls.pcap"
  message | submit hub1 "bob@$LAB_DOMAIN"
  recorded
}

hub_to_edge_no_client_cert() {
  edge_asks
  sender_up hub1 "[10.0.0.21]" "$client_tls"
  lab_capture_start "$out/hub-to-edge-no-client-cert.pcap"
  message | submit hub1 "bob@$LAB_DOMAIN"
  recorded
}

edge_to_external_not_offered() {
  postfix_up partner 25 "$no_tls"
  sender_up edge1 "[10.0.0.200]" "$client_tls"
  lab_capture_start "$out/edge-to-external-not-offered.pcap"
  message | submit edge1 "bob@$LAB_DOMAIN"
  recorded
}

hub_to_hub_pipelined_bdat() {
  postfix_up hub2 25 "$no_tls"
  lab_capture_start "$out/hub-to-hub-pipelined-bdat.pcap"
  peer hub1 bdat-client fd00::12 25
  recorded
}

smtp_on_2525() {
  postfix_up hub2 2525 "$no_tls"
  sender_up hub1 "[10.0.0.12]:2525" "$client_tls"
  lab_capture_start "$out/smtp-on-2525.pcap"
  message | submit hub1 "bob@$LAB_DOMAIN"
  recorded
}

hub_to_hub_tls12_offload() {
  server_tls hub2 "$tls12"
  lab_offload hub1 on
  lab_offload hub2 on
  postfix_up hub2 25 "${cert_settings[@]}"
  sender_up hub1 "[10.0.0.12]" "$client_tls"
  lab_capture_any hub2 "$out/hub-to-hub-tls12-offload.pcap" "tcp port 25"
  {
    message
    local i
    for ((i = 0; i < 4300; i++)); do printf 'line %06d of a made-up message recorded in a lab, to be long enough\n' "$i"; done
  } | submit hub1 "bob@$LAB_DOMAIN"
  recorded
  local status=$?
  lab_offload hub1 off
  lab_offload hub2 off
  return "$status"
}

starttls_then_clear() {
  lab_bg hub2 "$python" "$here/smtp_peer.py" pretend-server 10.0.0.12 25
  lab_wait_port hub2 25
  lab_capture_start "$out/starttls-then-clear.pcap"
  peer hub1 pretend-client 10.0.0.12 25
  recorded
}

# --- all of them -----------------------------------------------------------------------------------------------------

scenarios=(hub-to-hub-clear hub-to-hub-offered-not-used hub-to-hub-refused hub-to-hub-tls12 hub-to-hub-tls13
  hub-to-hub-x-anonymoustls hub-to-hub-x-anonymoustls-ticket hub-to-hub-x-exps-gssapi-clear client-auth-plain-clear
  client-auth-login-refused-clear client-auth-ntlm-clear client-auth-inside-tls hub-to-edge-mtls
  hub-to-edge-no-client-cert edge-to-external-not-offered hub-to-hub-pipelined-bdat smtp-on-2525
  hub-to-hub-tls12-offload starttls-then-clear)
[ $# -gt 0 ] && scenarios=("$@")

hosts=(dc1 hub1 hub2 edge1 client1 partner)
lab_up "${LAB_RUN:-smtp}" "${hosts[@]}" || exit 1
failed=0
for scenario in "${scenarios[@]}"; do
  lab_say "$scenario"
  "${scenario//-/_}" || { lab_say "$scenario failed"; failed=1; }
  for host in "${hosts[@]}"; do lab_kill "$host"; done
  sleep 0.3
done
exit "$failed"
