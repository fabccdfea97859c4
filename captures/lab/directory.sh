#!/bin/bash
# Records the captures of ../directory: LDAP, Global Catalog, DNS and CLDAP traffic between network namespaces,
# from a Samba AD domain controller (dc1) and an OpenLDAP server that stands in for the Edge's AD LDS (edge1).
#
#   sudo captures/lab/directory.sh [SCENARIO…]        without a scenario: all of them
#
# Needs Debian's packages: samba winbind slapd ldap-utils ldb-tools krb5-user libsasl2-modules-gssapi-mit python3-ldap
# bind9-dnsutils openssl tshark, and those of network.sh. Servers and data live in a temporary folder that is removed at
# the end. Every password and name is made up. OUT=FOLDER records somewhere else, PREFIX=NAME uses other namespaces.
set -Eeuo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${OUT:-$here/../directory}
# shellcheck source=network.sh
. "$here/network.sh"
# shellcheck source=directory-servers.sh
. "$here/directory-servers.sh"

# ---- clients ---------------------------------------------------------------------------------------------------

# as HOST COMMAND…: with the lab's Kerberos settings. KRB5=FILE and CACHE=NAME choose others.
as() {
  local host=$1 authority=dc1
  shift
  case $* in *edge1*) authority=edge1 ;; esac
  KRB5_CONFIG="$lab/${KRB5:-krb5.conf}" KRB5CCNAME="FILE:$lab/tickets.$host${CACHE:-}" \
    LDAPTLS_CACERT="$lab/$authority.pem" LC_ALL=C \
    lab_in "$host" "$@" >>"$lab/clients.log" 2>&1
}

# tickets HOST PRINCIPAL PASSWORD: fetched before the capture starts, so that it stays free of port 88.
tickets() {
  printf '%s\n' "$3" | as "$1" kinit "$2"
  as "$1" kvno ldap/dc1.example.test
}

# names HOST FILE: gives the host another /etc/hosts.
names() { cp "$lab/$2" "/etc/netns/$(lab_ns "$1")/hosts"; }

search() { # search HOST URI OPTION…: two searches over one connection
  local host=$1 uri=$2
  shift 2
  printf 'hub1\nmbx1\n' >"$lab/wanted"
  as "$host" ldapsearch -N -LLL -o ldif-wrap=no -H "$uri" "$@" -f "$lab/wanted" '(cn=%s)' cn sAMAccountName operatingSystem
}

samba_search() { # samba_search HOST OPTION…: Samba's own client, which speaks GSS-SPNEGO
  local host=$1
  shift
  as "$host" ldbsearch --configfile="$lab/client.conf" -H ldap://dc1.example.test "$@" -b "CN=Computers,$base" '(cn=hub1)' cn objectSid
}

dc=ldap://dc1.example.test
simple=(-x -D "$service" -w "$service_password" -b "$base")
gssapi=(-Q -Y GSSAPI -b "$base")

# ---- scenarios: one function, one capture ----------------------------------------------------------------------

edgesync_changes() { # edgesync_changes URI
  cat >"$lab/changes.ldif" <<EOF
dn: cn=recipient-1,$edge_base
changetype: add
objectClass: device
cn: recipient-1
description: hash of an address, replicated from hub1

dn: cn=recipient-2,$edge_base
changetype: add
objectClass: device
cn: recipient-2
description: hash of another address

dn: cn=recipient-1,$edge_base
changetype: delete
EOF
  local who=(-x -H "$1" -D "$edge_account" -w "$edgesync_password")
  as hub1 ldapsearch -LLL "${who[@]}" -b "$edge_base" '(objectClass=*)' cn
  as hub1 ldapmodify "${who[@]}" -f "$lab/changes.ldif"
}

scenario_edgesync_tls() {
  start_edge "ldaps://edge1.example.test:50636"
  lab_capture_start "$out/edgesync-tls.pcap"
  edgesync_changes ldaps://edge1.example.test:50636
  lab_capture_stop
  lab_kill edge1
}

scenario_edgesync_clear() {
  start_edge "ldap://edge1.example.test:50636"
  lab_capture_start "$out/edgesync-clear.pcap.gz"
  edgesync_changes ldap://edge1.example.test:50636
  lab_capture_stop
  lab_kill edge1
}

scenario_dc_sealed_kerberos() {
  lab_capture_start "$out/dc-sealed-kerberos.pcap"
  search hub1 $dc "${gssapi[@]}"
  lab_capture_stop
}

scenario_dc_sealed_midstream() { # as above, recorded from the first sealed request on
  local raw="$lab/sealed.pcap" first
  lab_capture_start "$raw"
  search hub1 $dc "${gssapi[@]}"
  lab_capture_stop
  first=$(tshark -r "$raw" -Y 'ldap.resultCode == 0 && ldap.protocolOp == 1' -T fields -e frame.number 2>>"$lab/clients.log")
  editcap -F pcap -r "$raw" "$out/dc-sealed-midstream.pcap" "$((first + 1))-999" 2>>"$lab/clients.log"
}

scenario_dc_sealed_kerberos_rc4() { # the cipher of many domains of 2010
  KRB5=krb5.rc4.conf CACHE=.rc4 tickets hub1 'HUB1$' "$hub1_password"
  lab_capture_start "$out/dc-sealed-kerberos-rc4.pcap"
  KRB5=krb5.rc4.conf CACHE=.rc4 search hub1 $dc "${gssapi[@]}"
  lab_capture_stop
}

scenario_dc_signed_kerberos() {
  lab_capture_start "$out/dc-signed-kerberos.pcap"
  search hub1 $dc "${gssapi[@]}" -O maxssf=1
  lab_capture_stop
}

scenario_dc_unprotected_kerberos() {
  lab_capture_start "$out/dc-unprotected-kerberos.pcap"
  search hub1 $dc "${gssapi[@]}" -O maxssf=0
  lab_capture_stop
}

scenario_dc_spnego_kerberos_sealed() {
  lab_capture_start "$out/dc-spnego-kerberos-sealed.pcapng"
  samba_search hub1 --use-kerberos=required --use-krb5-ccache="$lab/tickets.hub1" \
    --option="gensec_gssapi:delegation_by_kdc_policy=no" --option="client ldap sasl wrapping=seal"
  lab_capture_stop
}

scenario_dc_spnego_kerberos_signed() {
  lab_capture_start "$out/dc-spnego-kerberos-signed.pcap"
  samba_search hub1 --use-kerberos=required --use-krb5-ccache="$lab/tickets.hub1" \
    --option="gensec_gssapi:delegation_by_kdc_policy=no" --option="client ldap sasl wrapping=sign"
  lab_capture_stop
}

scenario_dc_spnego_ntlm_sealed() {
  lab_capture_start "$out/dc-spnego-ntlm-sealed.pcap"
  samba_search hub1 --use-kerberos=off -U "EXAMPLE/svc-lookup%$service_password" --option="client ldap sasl wrapping=seal"
  lab_capture_stop
}

# Only signing is asked for and the flag NEGOTIATE_SEAL is not sent, but Samba's NTLM on LDAP seals whenever it signs.
scenario_dc_spnego_ntlm_sealed_without_flag() {
  lab_capture_start "$out/dc-spnego-ntlm-sealed-without-flag.pcap"
  samba_search hub1 --use-kerberos=off -U "EXAMPLE/svc-lookup%$service_password" \
    --option="client ldap sasl wrapping=sign" --option="ntlmssp_client:ldap_style_send_seal=no"
  lab_capture_stop
}

scenario_dc_spnego_ntlm_unprotected() {
  lab_capture_start "$out/dc-spnego-ntlm-unprotected.pcap"
  samba_search hub1 --use-kerberos=off -U "EXAMPLE/svc-lookup%$service_password" --option="client ldap sasl wrapping=plain"
  lab_capture_stop
}

scenario_dc_simple_bind_clear() {
  nanosecond_capture_start "$out/dc-simple-bind-clear.pcap"
  search hub1 $dc "${simple[@]}"
  lab_capture_stop
}

scenario_dc_simple_bind_refused() {
  lab_capture_start "$out/dc-simple-bind-refused.pcap"
  search hub1 $dc -x -D "$service" -w Lab-Wrong-not-real -b "$base" || true
  lab_capture_stop
}

scenario_dc_strong_auth_required() { # Samba's default; Windows with LDAPServerIntegrity 2
  lab_kill dc1
  start_dc "ldap server require strong auth = yes"
  lab_capture_start "$out/dc-strong-auth-required.pcap"
  search hub1 $dc "${simple[@]}" || true
  lab_capture_stop
  lab_kill dc1
  start_dc
}

scenario_dc_starttls() {
  lab_capture_start "$out/dc-starttls.pcap"
  search hub1 $dc -ZZ "${simple[@]}"
  lab_capture_stop
}

scenario_dc_starttls_tls12() {
  lab_capture_start "$out/dc-starttls-tls12.pcap"
  LDAPTLS_CIPHER_SUITE=NORMAL:-VERS-TLS1.3 search hub1 $dc -ZZ "${simple[@]}"
  lab_capture_stop
}

scenario_dc_starttls_after_clear() {
  lab_capture_start "$out/dc-starttls-after-clear.pcap"
  as hub1 /usr/bin/python3 - <<EOF
import ldap
c = ldap.initialize("$dc")
c.simple_bind_s("$service", "$service_password")
c.search_s("CN=Computers,$base", ldap.SCOPE_ONELEVEL, "(cn=hub1)", ["cn"])
c.start_tls_s()
c.search_s("CN=Computers,$base", ldap.SCOPE_ONELEVEL, "(cn=mbx1)", ["cn"])
c.unbind_s()
EOF
  lab_capture_stop
}

scenario_dc_starttls_refused() { # a server without a certificate; a single -Z goes on without TLS
  lab_kill dc1
  start_ldap_without_tls
  lab_capture_start "$out/dc-starttls-refused.pcap"
  as hub1 ldapsearch -N -LLL -Z -H $dc "${simple[@]}" '(cn=svc-lookup)' cn
  lab_capture_stop
  lab_kill dc1
  start_dc
}

scenario_dc_starttls_broken() { # with TLS off this Samba accepts StartTLS all the same, then resets at the ClientHello
  lab_kill dc1
  start_dc "tls enabled = no"
  lab_capture_start "$out/dc-starttls-broken.pcap"
  search hub1 $dc -ZZ "${simple[@]}" || true
  lab_capture_stop
  lab_kill dc1
  start_dc
}

scenario_dc_rootdse_anonymous() { # no bind at all, which neither ldapsearch nor ldbsearch can do
  lab_capture_start "$out/dc-rootdse-anonymous.pcap"
  as hub1 /usr/bin/python3 -c "import ldap; c = ldap.initialize('$dc'); print(c.read_rootdse_s()); c.unbind_s()"
  lab_capture_stop
}

scenario_dc_search_refused() { # a root DSE read, then a search without a bind, which is refused
  lab_capture_start "$out/dc-search-refused.pcap"
  as hub1 ldbsearch --configfile="$lab/client.conf" -H $dc -U% -s base -b '' defaultNamingContext dnsHostName
  lab_capture_stop
}

scenario_dc_rootdse_anonymous_bind() {
  lab_capture_start "$out/dc-rootdse-anonymous-bind.pcap"
  as hub1 ldapsearch -x -LLL -H $dc -s base -b '' defaultNamingContext dnsHostName
  lab_capture_stop
}

scenario_dc_global_catalog_sealed() {
  lab_capture_start "$out/dc-global-catalog-sealed.pcapng"
  search hub1 $dc:3268 "${gssapi[@]}"
  lab_capture_stop
}

scenario_mbx_dc_sealed_ipv6() {
  names mbx1 hosts.six
  lab_capture_start "$out/mbx-dc-sealed-ipv6.pcap"
  search mbx1 $dc "${gssapi[@]}"
  lab_capture_stop
}

scenario_dc_everything() { # names, tickets and content, as a hub that has just started
  names hub1 hosts.none
  lab_capture_start "$out/dc-everything.pcapng"
  printf '%s\n' "$hub1_password" | KRB5=krb5.dns.conf CACHE=.all as hub1 kinit 'HUB1$'
  as hub1 host -t SRV _ldap._tcp.dc._msdcs.example.test
  KRB5=krb5.dns.conf CACHE=.all search hub1 $dc "${gssapi[@]}"
  lab_capture_stop
  names hub1 hosts
}

scenario_dc_cldap_ping() {
  lab_capture_start "$out/dc-cldap-ping.pcap"
  as hub1 net ads lookup -s "$lab/client.conf" -S dc1.example.test
  lab_capture_stop
}

scenario_dc_dns() {
  names hub1 hosts.none
  lab_capture_start "$out/dc-dns.pcap"
  local how
  for how in +notcp +tcp; do
    as hub1 dig $how dc1.example.test A
    as hub1 dig $how _ldap._tcp.example.test SRV
    as hub1 dig $how -x 10.0.0.5
    as hub1 dig $how nobody.example.test A
  done
  lab_capture_stop
  names hub1 hosts
}

# tcpdump with nanosecond times; otherwise as lab_capture_start does it.
nanosecond_capture_start() {
  LAB_CAPTURE_FILE=$1 LAB_CAPTURE_RAW=$lab/capture.pcap
  ip netns exec "$(lab_ns sw)" tcpdump --time-stamp-precision=nano -Z root -U --immediate-mode -n -s 0 -i br0 \
    -w "$LAB_CAPTURE_RAW" 2>"$lab/capture.log" &
  LAB_CAPTURE_PID=$!
  for _ in {1..50}; do
    grep -q 'listening on' "$lab/capture.log" && break
    sleep 0.1
  done
}

# ---- the recording ---------------------------------------------------------------------------------------------

scenarios=("$@")
[ $# -gt 0 ] || mapfile -t scenarios < <(sed -n 's/^scenario_\([a-z0-9_]*\)().*/\1/p' "${BASH_SOURCE[0]}")

trap 'lab_say "failed at line $LINENO; the last words:"; tail -n 8 "$lab"/provision.log "$lab"/clients.log >&2' ERR
lab_up "${PREFIX:-dir}" hub1 edge1 dc1 mbx1
trap 'set +eE; trap - ERR; lab_down' EXIT
lab=$LAB_TMP
mkdir -p "$out"
write_client_files
for host in hub1 edge1 dc1 mbx1; do names "$host" hosts; done
certificate dc1
certificate edge1
provision_dc
start_dc
fill_dns
tickets hub1 'HUB1$' "$hub1_password"
tickets mbx1 'MBX1$' "$mbx1_password"

for scenario in "${scenarios[@]}"; do
  lab_say "${scenario//_/-}"
  "scenario_${scenario//-/_}"
done
