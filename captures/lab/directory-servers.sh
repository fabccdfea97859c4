# shellcheck shell=bash disable=SC2154
# The servers behind directory.sh, which sources this file: a Samba AD domain controller and OpenLDAP.

realm=EXAMPLE.TEST
base=DC=example,DC=test
edge_base=ou=MSExchangeGateway
edge_account=cn=ESRA.edge1,$edge_base
service=CN=svc-lookup,CN=Users,$base
admin_password=Lab-Adm1n-not-real
hub1_password=Lab-Hub1-not-real
mbx1_password=Lab-Mbx1-not-real
service_password=Lab-Svc1-not-real
edgesync_password=Lab-EdgeSync-not-real

write_client_files() {
  cat >"$lab/hosts" <<EOF
127.0.0.1 localhost
10.0.0.5 dc1.example.test dc1
10.0.0.11 hub1.example.test hub1
10.0.0.21 edge1.example.test edge1
10.0.0.31 mbx1.example.test mbx1
EOF
  sed 's/^10\.0\.0\./fd00::/' "$lab/hosts" >"$lab/hosts.six"
  echo '127.0.0.1 localhost' >"$lab/hosts.none"          # for those who are to ask the DNS
  printf 'search example.test\nnameserver 10.0.0.5\noptions timeout:2 attempts:1\n' >"/etc/netns/$(lab_ns hub1)/resolv.conf"
  cat >"$lab/krb5.conf" <<EOF
[libdefaults]
  default_realm = $realm
  dns_lookup_realm = false
  dns_lookup_kdc = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  $realm = {
    kdc = 10.0.0.5
  }
EOF
  sed -e 's/dns_lookup_kdc = false/dns_lookup_kdc = true/' -e '/^\[realms\]/,$d' "$lab/krb5.conf" >"$lab/krb5.dns.conf"
  sed -e '/default_realm/a\  allow_weak_crypto = true\n  permitted_enctypes = rc4-hmac' "$lab/krb5.conf" >"$lab/krb5.rc4.conf"
  mkdir -p "$lab/client"
  cat >"$lab/client.conf" <<EOF
[global]
  workgroup = EXAMPLE
  realm = $realm
  netbios name = HUB1
  name resolve order = host
  private dir = $lab/client
  state directory = $lab/client
  cache directory = $lab/client
  lock directory = $lab/client
  pid directory = $lab/client
  log file = $lab/client/log
EOF
}

certificate() { # certificate NAME: self-signed, as Exchange's own and a lone domain controller's are
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -sha256 -subj "/CN=$1.example.test" \
    -addext "subjectAltName=DNS:$1.example.test" -keyout "$lab/$1.key" -out "$lab/$1.pem" 2>/dev/null
  chmod 600 "$lab/$1.key"
}

# ---- dc1 -------------------------------------------------------------------------------------------------------

provision_dc() {
  lab_say "provisioning the domain"
  samba-tool domain provision --realm=$realm --domain=EXAMPLE --server-role=dc --dns-backend=SAMBA_INTERNAL \
    --adminpass=$admin_password --host-name=dc1 --host-ip=10.0.0.5 --host-ip6=fd00::5 --targetdir="$lab/dc" >"$lab/provision.log" 2>&1
  mkdir -p "$lab/dc/run"
  dc_settings
  local sam=(-s "$lab/dc/smb.conf" -H "$lab/dc/private/sam.ldb")
  {
    samba-tool user create svc-lookup $service_password "${sam[@]}"
    samba-tool computer create HUB1 "${sam[@]}"
    samba-tool computer create MBX1 "${sam[@]}"
    samba-tool user setpassword 'HUB1$' --newpassword=$hub1_password "${sam[@]}"
    samba-tool user setpassword 'MBX1$' --newpassword=$mbx1_password "${sam[@]}"
    samba-tool spn add ldap/dc1.example.test 'DC1$' "${sam[@]}"      # "dnsupdate", which would add it, is off
  } >>"$lab/provision.log" 2>&1
}

# dc_settings LINE…: writes the domain controller's configuration, with these lines more.
# A Windows 2008 R2 domain controller accepts a simple bind in clear and a bind without signing unless it is told not
# to; Samba does so only with "ldap server require strong auth = no".
dc_settings() {
  cat >"$lab/dc/smb.conf" <<EOF
[global]
  netbios name = DC1
  realm = $realm
  workgroup = EXAMPLE
  server role = active directory domain controller
  server services = rpc, ldap, cldap, kdc, dns
  private dir = $lab/dc/private
  state directory = $lab/dc/state
  cache directory = $lab/dc/cache
  lock directory = $lab/dc
  binddns dir = $lab/dc/bind-dns
  pid directory = $lab/dc/run
  ncalrpc dir = $lab/dc/run/ncalrpc
  ntp signd socket directory = $lab/dc/run/ntp
  winbindd socket directory = $lab/dc/run/winbindd
  log file = $lab/dc/log
  dns forwarder =
  tls keyfile = $lab/dc1.key
  tls certfile = $lab/dc1.pem
  tls cafile =
$(printf '  %s\n' "ldap server require strong auth = no" "$@")
EOF
}

start_dc() { # start_dc LINE…
  dc_settings "$@"
  KRB5_CONFIG="$lab/dc/private/krb5.conf" lab_bg dc1 samba -F --no-process-group -s "$lab/dc/smb.conf"
  lab_wait_port dc1 389
  lab_wait_port dc1 3268
  lab_wait_port dc1 88
  lab_wait_port dc1 53
  lab_wait_port dc1 135
  sleep 1
}

fill_dns() { # the provisioning has entered dc1 and the service records
  local who=(-s "$lab/client.conf" -U "Administrator%$admin_password" --use-kerberos=off)
  as hub1 samba-tool dns zonecreate dc1.example.test 0.0.10.in-addr.arpa "${who[@]}"
  as hub1 samba-tool dns add dc1.example.test 0.0.10.in-addr.arpa 5 PTR dc1.example.test "${who[@]}"
  as hub1 samba-tool dns add dc1.example.test example.test hub1 A 10.0.0.11 "${who[@]}"
}

# ---- OpenLDAP --------------------------------------------------------------------------------------------------

start_edge() { # start_edge URL: one suffix, as AD LDS of an Edge has; TLS 1.2 if the URL is ldaps
  slapd_settings edge1 "$edge_base" "$edge_account" $edgesync_password
  cat >>"$lab/edge1/slapd.conf" <<EOF
TLSCertificateFile $lab/edge1.pem
TLSCertificateKeyFile $lab/edge1.key
TLSCipherSuite NORMAL:-VERS-ALL:+VERS-TLS1.2
TLSVerifyClient never
EOF
  slapd_start edge1 "$1" 50636 <<EOF
dn: $edge_base
objectClass: organizationalUnit
ou: MSExchangeGateway
EOF
}

start_ldap_without_tls() { # in dc1's place
  slapd_settings dc1 "$base" "$service" $service_password
  slapd_start dc1 ldap://dc1.example.test 389 <<EOF
dn: $base
objectClass: domain
dc: example

dn: CN=Users,$base
objectClass: applicationProcess
cn: Users

dn: $service
objectClass: applicationProcess
cn: svc-lookup
EOF
}

slapd_settings() { # slapd_settings HOST SUFFIX ACCOUNT PASSWORD: the part before "database"
  rm -rf "${lab:?}/$1"
  mkdir -p "$lab/$1/data"
  cat >"$lab/$1/database.conf" <<EOF
database mdb
directory $lab/$1/data
suffix "$2"
rootdn "$3"
rootpw $4
EOF
  cat >"$lab/$1/slapd.conf" <<EOF
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
moduleload back_mdb
pidfile $lab/$1/pid
EOF
}

slapd_start() { # slapd_start HOST URL PORT <LDIF
  cat "$lab/$1/database.conf" >>"$lab/$1/slapd.conf"
  slapadd -f "$lab/$1/slapd.conf" >>"$lab/$1.log" 2>&1
  lab_bg "$1" slapd -d 0 -f "$lab/$1/slapd.conf" -h "$2"
  lab_wait_port "$1" "$3"
}
