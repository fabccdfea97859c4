#!/bin/bash
# Records the captures of ../ipsec that real servers speak: strongSwan's charon on hub1 and hub2, with a pre-shared key. The kernel
# of a container seldom has ESP, so charon's own ESP (kernel-libipsec) is used, which goes inside UDP 4500. What it cannot do, ESP
# and AH straight over IP, is built by build_ipsec.py.
#
#   sudo captures/lab/ipsec.sh [SCENARIO…]        without a scenario: all of them
#
# Needs Debian's packages: strongswan-charon strongswan-swanctl libcharon-extra-plugins libstrongswan-extra-plugins python3
# python3-cryptography, and those of network.sh; and /dev/net/tun. OUT=FOLDER records somewhere else, PREFIX=NAME uses other namespaces.
set -Eeuo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${OUT:-$here/../ipsec}
# shellcheck source=network.sh
. "$here/network.sh"

declare -A peer=([hub1]=hub2 [hub2]=hub1)
inner() { printf '10.99.0.%s' "${LAB_HOSTS[$1]}"; } # what the tunnel carries: addresses of the hosts' loopbacks

charon_up() { # charon_up HOST IKE-VERSION IKE-PROPOSAL ESP-PROPOSAL
  local host=$1 dir=$LAB_TMP/$1 other=${peer[$1]}
  rm -rf "$dir"
  mkdir -p "$dir"
  ip -n "$(lab_ns "$host")" addr replace "$(inner "$host")/32" dev lo
  cat >"$dir/strongswan.conf" <<END
charon {
  load = random nonce openssl gcm hmac kdf kernel-libipsec kernel-netlink socket-default vici
  plugins {
    vici { socket = unix://$dir/vici }
  }
  filelog { log { path = $dir/log
    default = 1 } }
}
swanctl { load = random openssl pem pkcs1 }
END
  cat >"$dir/swanctl.conf" <<END
connections {
  $other {
    version = $2
    proposals = $3
    local_addrs = $(lab_addr4 "$host")
    remote_addrs = $(lab_addr4 "$other")
    local { auth = psk
      id = $host.$LAB_DOMAIN }
    remote { auth = psk
      id = $other.$LAB_DOMAIN }
    children {
      hubs {
        local_ts = $(inner "$host")/32
        remote_ts = $(inner "$other")/32
        esp_proposals = $4
      }
    }
  }
}
secrets { ike { secret = Lab-Key-not-real } }
END
  # its pid file has a fixed place: a /run of its own
  lab_bg "$host" env STRONGSWAN_CONF="$dir/strongswan.conf" sh -c 'mount -t tmpfs none /run && exec /usr/lib/ipsec/charon'
  for _ in {1..50}; do [ -S "$dir/vici" ] && break || sleep 0.1; done
  control "$host" --load-all --file "$dir/swanctl.conf" --noprompt
}

control() { # control HOST OPTION…
  local host=$1
  shift
  lab_in "$host" env STRONGSWAN_CONF="$LAB_TMP/$host/strongswan.conf" swanctl "$1" --uri "unix://$LAB_TMP/$host/vici" "${@:2}" >>"$LAB_TMP/clients.log" 2>&1
}

# mail FROM TO: what the tunnel carries, a short mail dialogue with a message of some length
mail() {
  lab_bg "$2" python3 "$here/ipsec_mail.py" serve "$(inner "$2")"
  lab_wait_port "$2" 25
  lab_in "$1" python3 "$here/ipsec_mail.py" send "$(inner "$1")" "$(inner "$2")" >>"$LAB_TMP/clients.log" 2>&1
}

recorded() { # recorded FILE IKE-VERSION IKE-PROPOSAL ESP-PROPOSAL
  charon_up hub1 "${@:2}"
  charon_up hub2 "${@:2}"
  lab_capture_start "$out/$1"
  control hub1 --initiate --child hubs
  mail hub1 hub2
  control hub1 --terminate --child hubs
  lab_capture_stop
  lab_kill hub1
  lab_kill hub2
}

scenario_ikev2_gcm() { recorded ikev2-esp-gcm.pcap 2 aes256-sha256-ecp256 aes256gcm16; }
scenario_ikev2_cbc() { recorded ikev2-esp-cbc.pcap 2 aes256gcm16-prfsha256-ecp256 aes256-sha256; }
scenario_ikev1_cbc() { recorded ikev1-esp-cbc.pcap 1 aes128-sha1-modp2048 aes128-sha1; }
scenario_ikev2_null() { recorded ikev2-esp-null.pcap 2 aes256-sha256-ecp256 null-sha256; }
scenario_built() { /usr/bin/python3 "$here/build_ipsec.py" "$out"; }

scenarios=("$@")
[ $# -gt 0 ] || mapfile -t scenarios < <(sed -n 's/^scenario_\([a-z0-9_]*\)().*/\1/p' "${BASH_SOURCE[0]}")
trap 'lab_say "failed at line $LINENO; the last words:"; tail -n 8 "$LAB_TMP"/*.log "$LAB_TMP"/*/log >&2' ERR
lab_up "${PREFIX:-ips}" hub1 hub2
trap 'set +eE; trap - ERR; lab_down' EXIT
mkdir -p "$out"
for scenario in "${scenarios[@]}"; do
  lab_say "${scenario//_/-}"
  "scenario_${scenario//-/_}"
done
