#!/bin/bash
# Records the captures of ../web in network namespaces (network.sh): apache2 in place of IIS, curl in place of Outlook and
# browsers, and web_peer.py for the form of Outlook Web App, for RPC over HTTP, and for clients that curl is not. Run as root:
#
#   captures/lab/web.sh [OUTPUT-FOLDER [SCENARIO...]]
#
# The default folder is ../web, the default scenarios are all of them (a file's name without its ending).
# Needs (Debian 12): apache2 apache2-utils libapache2-mod-auth-gssapi gss-ntlmssp curl krb5-kdc krb5-admin-server krb5-user
# python3 python3-gssapi openssl tcpdump wireshark-common tshark iproute2 ethtool procps gzip. Every name and password is made up.
# apache2 runs from a configuration in a temporary folder. LAB_KEEP=1 keeps the servers' logs.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../web}
mkdir -p "$out"
out=$(cd "$out" && pwd)
[ $# -gt 0 ] && shift
. "$here/network.sh"

password=Lab-0wa-not-real
python=${PYTHON:-/usr/bin/python3}
peer=$here/web_peer.py

# --- servers -----------------------------------------------------------------------------------------------------------

certificate() { # certificate HOST: self-signed, as Exchange's own
  local base=$LAB_TMP/$1
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -subj "/CN=$1.$LAB_DOMAIN" \
    -addext "subjectAltName=DNS:$1.$LAB_DOMAIN" -keyout "$base.key" -out "$base.crt" 2>/dev/null
}

kdc_up() { # a Kerberos realm on dc1, with anna's ticket for cas1's HTTP on client1
  local dir=$LAB_TMP/kdc realm=${LAB_DOMAIN^^}
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
[realms]
  $realm = {
    database_name = $dir/principal
    key_stash_file = $dir/stash
    supported_enctypes = aes256-cts-hmac-sha1-96:normal
    master_key_type = aes256-cts-hmac-sha1-96
  }
END
  export KRB5_CONFIG=$dir/krb5.conf KRB5_KDC_PROFILE=$dir/kdc.conf
  {
    kdb5_util create -s -P "$password"
    kadmin.local addprinc -pw "$password" anna
    kadmin.local addprinc -randkey "HTTP/cas1.$LAB_DOMAIN"
    kadmin.local ktadd -k "$dir/cas1.keytab" "HTTP/cas1.$LAB_DOMAIN"
    chmod 644 "$dir/cas1.keytab"
  } >>"$LAB_TMP/dc1.log" 2>&1
  lab_bg dc1 krb5kdc -n
  lab_wait_port dc1 88
  # before anything is recorded, so that only the ticket's use is seen
  export KRB5CCNAME=FILE:$LAB_TMP/tickets
  printf '%s\n' "$password" | lab_in client1 kinit anna >>"$LAB_TMP/client1.log" 2>&1
  lab_in client1 kvno -q "HTTP/cas1.$LAB_DOMAIN"
}

apache_up() {
  local dir=$LAB_TMP/apache module
  mkdir -p "$dir/www" "$dir/dav" "$dir/dav-locks" "$dir/cgi"
  htpasswd -bc "$dir/users" anna "$password" 2>/dev/null
  printf 'anna:cas1:%s\n' "$(printf 'anna:cas1:%s' "$password" | md5sum | cut -d' ' -f1)" >"$dir/digest"
  printf 'EXAMPLE:anna:%s\n' "$password" >"$dir/ntlm"
  printf '#!/bin/sh\ncat >/dev/null\nprintf "Content-Type: text/xml\\r\\n\\r\\n<answer>made-up content</answer>"\n' >"$dir/cgi/answer"
  chmod 755 "$dir/cgi/answer"
  chown www-data "$dir/dav" "$dir/dav-locks"
  {
    for module in mpm_event authn_core authn_file authz_core authz_user auth_basic auth_digest auth_gssapi alias cgid dav \
      dav_fs ssl socache_shmcb http2 proxy proxy_connect; do
      printf 'LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n' "$module" "$module"
    done
    cat <<END
ServerRoot $dir
PidFile $dir/pid
ScriptSock $dir/cgisock
DavLockDB $dir/dav-locks/locks
ErrorLog $dir/error.log
ServerName cas1.$LAB_DOMAIN
ServerTokens Prod
User www-data
Group www-data
Listen 80
Listen 443
Listen 8080
DocumentRoot $dir/www
StartServers 1
# who asks for a login where, and how
<Location />
  Require all granted
</Location>
<Location /ecp>
  AuthType GSSAPI
  GssapiCredStore keytab:$LAB_TMP/kdc/cas1.keytab
  GssapiAllowedMech krb5
  Require valid-user
</Location>
<LocationMatch ^/(EWS|OAB)/>
  AuthType GSSAPI
  GssapiAllowedMech ntlmssp
  GssapiConnectionBound On
  Require valid-user
</LocationMatch>
<Location /autodiscover>
  AuthType Digest
  AuthName cas1
  AuthUserFile $dir/digest
  Require valid-user
</Location>
<Location /Microsoft-Server-ActiveSync>
  AuthType Basic
  AuthName cas1
  AuthUserFile $dir/users
  Require valid-user
</Location>
<Location /exchange>
  Dav On
</Location>
ScriptAliasMatch ^/(ecp|EWS|autodiscover|OAB|Microsoft-Server-ActiveSync|UnifiedMessaging)(/|$) $dir/cgi/answer
Alias /exchange $dir/dav
<VirtualHost *:80>
  Redirect /owa https://cas1.$LAB_DOMAIN/owa
  Protocols h2c http/1.1
</VirtualHost>
<VirtualHost *:443>
  SSLEngine on
  SSLProtocol TLSv1.2
  SSLCertificateFile $LAB_TMP/cas1.crt
  SSLCertificateKeyFile $LAB_TMP/cas1.key
  ScriptAliasMatch ^/owa(/|$) $dir/cgi/answer
</VirtualHost>
<VirtualHost *:8080>
  ProxyRequests On
  AllowCONNECT 443
</VirtualHost>
END
  } >"$dir/httpd.conf"
  NTLM_USER_FILE=$dir/ntlm lab_bg cas1 apache2 -f "$dir/httpd.conf" -DFOREGROUND
  lab_wait_port cas1 80
  lab_wait_port cas1 443
  sleep 1
}

# --- clients -----------------------------------------------------------------------------------------------------------

get() { # get URL-PATH [OPTION...]: curl on client1, over plain HTTP
  local path=$1
  shift
  lab_in client1 curl -sS -o /dev/null "$@" "http://cas1.$LAB_DOMAIN$path" >>"$LAB_TMP/client1.log" 2>&1
}

soap='<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>made-up request</s:Body></s:Envelope>'

record() { # record FILE COMMAND...
  lab_capture_start "$out/$1"
  "${@:2}"
  lab_capture_stop
}

# --- the scenarios -----------------------------------------------------------------------------------------------------
# The manifest's values come from the settings here, which is why each scenario names all it depends on.

owa_redirect_only() { record owa-redirect-only.pcap get /owa; }
owa_redirect_then_tls() { record owa-redirect-then-tls.pcapng get /owa/ -L -k; }
owa_tls() { record owa-tls.pcap lab_in client1 curl -sSk -o /dev/null "https://cas1.$LAB_DOMAIN/owa/"; }
activesync_basic_clear() {
  record activesync-basic-clear.pcap get '/Microsoft-Server-ActiveSync/?Cmd=Sync&User=anna' --anyauth -u "anna:$password" \
    -H 'Content-Type: application/vnd.ms-sync.wbxml' --data-binary 'made-up sync'
}
activesync_basic_refused() {
  record activesync-basic-refused.pcap get /Microsoft-Server-ActiveSync/ --anyauth -u anna:Lab-Wrong-not-real
}
activesync_basic_unasked() {
  record activesync-basic-unasked.pcap get /Microsoft-Server-ActiveSync/ --basic -u "anna:$password"
}
activesync_basic_midstream() { # the login alone, without what came before
  local raw=$LAB_TMP/raw.pcap first
  record "../${raw##*/}" get /Microsoft-Server-ActiveSync/ --anyauth -u "anna:$password"
  mv "$out/../${raw##*/}" "$raw"
  first=$(tshark -r "$raw" -Y http.authorization -T fields -e frame.number 2>/dev/null | head -1)
  editcap -F pcap -r "$raw" "$out/activesync-basic-midstream.pcap" "$first-999"
}
activesync_pipelined() { record activesync-pipelined.pcap lab_in client1 "$python" "$peer" pipeline-client 10.0.0.41 80; }
activesync_continue() { # a body that waits for 100
  record activesync-continue.pcap.gz get /Microsoft-Server-ActiveSync/ --anyauth -u "anna:$password" -H 'Expect: 100-continue' \
    -H 'Transfer-Encoding: chunked' -H 'Content-Type: application/vnd.ms-sync.wbxml' --data-binary "$(printf '%03000d' 0)"
}
autodiscover_digest_clear() {
  record autodiscover-digest-clear.pcap get /autodiscover/autodiscover.xml --digest -u "anna:$password" --data-binary "$soap"
}
ecp_kerberos_clear() { record ecp-kerberos-clear.pcap get /ecp/ --negotiate -u :; }
ecp_kerberos_missing() { # no ticket: the client gives up at the challenge
  KRB5CCNAME=FILE:$LAB_TMP/none record ecp-kerberos-missing.pcap get /ecp/ --negotiate -u :
}
ntlm() { lab_in client1 "$python" "$peer" ntlm-client 10.0.0.41 80 "$@"; }
ews_ntlm_clear() { record ews-ntlm-clear.pcap ntlm --path /EWS/Exchange.asmx; }
ews_ntlm_refused() { record ews-ntlm-refused.pcap ntlm --path /EWS/Exchange.asmx --password Lab-Wrong-not-real; }
oab_negotiate_ntlm_clear() { record oab-negotiate-ntlm-clear.pcap ntlm --path /OAB/oab.xml --scheme Negotiate; }
unifiedmessaging_anonymous_ipv6() { record unifiedmessaging-anonymous-ipv6.pcap get /UnifiedMessaging/Service.asmx -6 --data-binary "$soap"; }
unifiedmessaging_bearer_clear() { record unifiedmessaging-bearer-clear.pcap get /UnifiedMessaging/ -H 'Authorization: Bearer bWFkZS11cC10b2tlbg'; }
exchange_webdav_clear() {
  record exchange-webdav-clear.pcap sh_in_client "
    curl -sS -T /etc/hostname http://cas1.$LAB_DOMAIN/exchange/a -o /dev/null \
      --next -sS -X PROPFIND -H 'Depth: 1' http://cas1.$LAB_DOMAIN/exchange/ -o /dev/null \
      --next -sS -X MOVE -H 'Destination: http://cas1.$LAB_DOMAIN/exchange/b' http://cas1.$LAB_DOMAIN/exchange/a -o /dev/null \
      --next -sS -X DELETE http://cas1.$LAB_DOMAIN/exchange/b -o /dev/null"
}
sh_in_client() { lab_in client1 sh -c "$1" >>"$LAB_TMP/client1.log" 2>&1; }
http2_upgrade() { record http2-upgrade.pcap get /UnifiedMessaging/ --http2; }
http2_prior_knowledge() { record http2-prior-knowledge.pcap get /UnifiedMessaging/ --http2-prior-knowledge; }
connect_tls() {
  record connect-tls.pcap lab_in client1 curl -sSk -o /dev/null -x "http://cas1.$LAB_DOMAIN:8080" "https://cas1.$LAB_DOMAIN/owa/"
}
upgrade_tls() { # played, as Apache has left it
  certificate cas2
  with_peer upgrade-server --cert "$LAB_TMP/cas2.crt" --key "$LAB_TMP/cas2.key"
  record upgrade-tls.pcap lab_in client1 "$python" "$peer" upgrade-client 10.0.0.42 80
}

with_peer() { # with_peer MODE [OPTION...]: cas2 is the server of web_peer.py
  lab_kill cas2
  lab_bg cas2 "$python" "$peer" "$1" 10.0.0.42 80 "${@:2}"
  lab_wait_port cas2 80
}
owa_forms() { # owa_forms PASSWORD: the redirect, the form, the login, and where it leads
  sh_in_client "curl -4 -sS -L -c $LAB_TMP/jar -b $LAB_TMP/jar -o /dev/null http://cas2.$LAB_DOMAIN/owa/ \
    --next -4 -sS -L -c $LAB_TMP/jar -b $LAB_TMP/jar -o /dev/null --data-urlencode destination=http://cas2.$LAB_DOMAIN/owa/ \
    --data-urlencode 'username=EXAMPLE\\anna' --data-urlencode password=$1 -d flags=0 http://cas2.$LAB_DOMAIN/owa/auth.owa"
}
owa_forms_clear() { with_peer owa-server && rm -f "$LAB_TMP/jar" && record owa-forms-clear.pcap owa_forms "$password"; }
owa_forms_refused() { with_peer owa-server && rm -f "$LAB_TMP/jar" && record owa-forms-refused.pcap owa_forms Lab-Wrong-not-real; }
owa_session_clear() { # a session that was begun on another connection
  with_peer owa-server && rm -f "$LAB_TMP/jar" && owa_forms "$password" &&
    record owa-session-clear.pcap sh_in_client "curl -4 -sS -b $LAB_TMP/jar -o /dev/null http://cas2.$LAB_DOMAIN/owa/"
}
outlook_anywhere_clear() {
  with_peer rpc-server && record outlook-anywhere-clear.pcap lab_in client1 "$python" "$peer" rpc-client 10.0.0.42 80
}

# --- the recording -----------------------------------------------------------------------------------------------------

scenarios=("$@")
[ $# -gt 0 ] || mapfile -t scenarios < <(grep -oE '\b(record|raw) [a-z0-9-]+\.pcap|"\$out/activesync-basic-midstream' "${BASH_SOURCE[0]}" |
  sed -E 's/.*[ \/]//; s/\.pcap$//' | sort -u)

lab_up "${PREFIX:-web}" dc1 cas1 cas2 client1 || exit 1
certificate cas1
kdc_up
apache_up
failed=0
for scenario in "${scenarios[@]}"; do
  lab_say "$scenario"
  "${scenario//-/_}" || { lab_say "$scenario: the client said $?"; failed=1; }
done
exit "$failed"
