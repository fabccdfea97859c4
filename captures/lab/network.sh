# shellcheck shell=bash
# A small network of Linux namespaces to record real captures in. Source it, as root:
#
#   . "$(dirname "${BASH_SOURCE[0]}")/network.sh"
#   lab_up smtp hub1 hub2                 # prefix (2-6 letters), then the hosts this recording needs
#   lab_bg hub2 some-server --foreground  # background process in hub2; ended by lab_down
#   lab_wait_port hub2 25
#   lab_capture_start out.pcap            # tcpdump, classic pcap; out.pcapng: dumpcap; out.pcap.gz: tcpdump, then gzip
#   lab_in hub1 some-client 10.0.0.12
#   lab_capture_stop
#
# Needs (Debian): iproute2 ethtool tcpdump wireshark-common (dumpcap) procps gzip.
# The bridge lives in a namespace of its own (PREFIX-sw), so nothing of the machine's own network is touched and
# two recordings with different prefixes can run at once. lab_up sets a trap: everything is removed on exit.

# name -> last part of 10.0.0.x and of fd00::x (the same digits, as the topology files have them)
declare -A LAB_HOSTS=(
  [dc1]=5 [rms1]=6 [hub1]=11 [hub2]=12 [edge1]=21 [mbx1]=31 [mbx2]=32 [cas1]=41 [cas2]=42 [um1]=51 [old1]=61
  [pbx1]=80 [ocs1]=81 [client1]=101 [admin1]=103 [partner]=200
)
LAB_DOMAIN=${LAB_DOMAIN:-example.test}
LAB_PREFIX=
LAB_TMP=
LAB_UP=()
LAB_CAPTURE_PID=
LAB_CAPTURE_FILE=
LAB_CAPTURE_RAW=

lab_say() { printf '%s\n' "lab: $*" >&2; }
lab_ns() { printf '%s-%s' "$LAB_PREFIX" "$1"; }
lab_addr4() { printf '10.0.0.%s' "${LAB_HOSTS[$1]}"; }
lab_addr6() { printf 'fd00::%s' "${LAB_HOSTS[$1]}"; }

# lab_in HOST COMMAND...: runs it in the host's namespace, under the host's name, with an /etc/hosts that names every host.
lab_in() {
  local host=$1
  shift
  # shellcheck disable=SC2016
  ip netns exec "$(lab_ns "$host")" unshare --uts sh -c 'hostname "$0"; exec "$@"' "$host.$LAB_DOMAIN" "$@"
}

# lab_bg HOST COMMAND...: the same, in the background; output goes to $LAB_TMP/HOST.log. Sets LAB_BG_PID.
lab_bg() {
  lab_in "$@" >>"$LAB_TMP/$1.log" 2>&1 </dev/null &
  LAB_BG_PID=$!
}

# lab_up PREFIX HOST...: builds the network.
lab_up() {
  LAB_PREFIX=$1
  shift
  [ "$(id -u)" = 0 ] || { lab_say "run this as root"; return 1; }
  if ip netns list | grep -q "^$LAB_PREFIX-"; then
    lab_say "namespaces with the prefix $LAB_PREFIX- exist already; choose another prefix"
    return 1
  fi
  LAB_TMP=$(mktemp -d)
  chmod 755 "$LAB_TMP"
  trap lab_down EXIT
  trap 'exit 130' INT TERM
  ip netns add "$LAB_PREFIX-sw"
  ip netns exec "$LAB_PREFIX-sw" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  # no spanning tree, no multicast snooping: the bridge itself sends nothing
  ip -n "$LAB_PREFIX-sw" link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0
  ip -n "$LAB_PREFIX-sw" link set br0 up
  local host
  for host in "$@"; do lab_add_host "$host"; done
  for host in "$@"; do lab_write_hosts "$host"; done
  sleep 2 # the hosts' own multicast reports (IPv6) pass before anything is recorded
}

lab_add_host() {
  local host=$1 n ns sw
  n=${LAB_HOSTS[$host]}
  ns=$(lab_ns "$host")
  sw=$LAB_PREFIX-sw
  ip netns add "$ns"
  LAB_UP+=("$host")
  # no address checks and no router solicitations, which would only be noise in the captures
  ip netns exec "$ns" sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 \
    net.ipv6.conf.default.router_solicitations=0 net.ipv6.conf.default.accept_ra=0 \
    net.ipv4.ip_unprivileged_port_start=0
  ip -n "$sw" link add "p-$host" type veth peer name eth0 netns "$ns"
  ip -n "$ns" link set eth0 address "$(printf '02:00:00:00:00:%02x' "$n")"
  ip -n "$sw" link set "p-$host" master br0
  lab_offload "$host" off
  ip -n "$ns" link set lo up
  ip -n "$ns" addr add "10.0.0.$n/24" dev eth0
  ip -n "$ns" addr add "fd00::$n/64" dev eth0 nodad
  ip -n "$ns" link set eth0 up
  ip -n "$sw" link set "p-$host" up
}

# lab_offload HOST on|off: checksum and segmentation offloads of both ends of the host's cable.
# Off (as lab_up leaves it): segments fit the MTU and checksums are right, as on a real wire.
lab_offload() {
  local host=$1 to=$2
  ip netns exec "$(lab_ns "$host")" ethtool -K eth0 tx "$to" rx "$to" tso "$to" gso "$to" gro "$to" >/dev/null 2>&1
  ip netns exec "$LAB_PREFIX-sw" ethtool -K "p-$host" tx "$to" rx "$to" tso "$to" gso "$to" gro "$to" >/dev/null 2>&1
  return 0
}

# ip netns exec mounts /etc/netns/NAMESPACE/* over /etc/*.
lab_write_hosts() {
  local dir h
  dir=/etc/netns/$(lab_ns "$1")
  mkdir -p "$dir"
  {
    printf '127.0.0.1 localhost\n::1 localhost\n'
    for h in "${!LAB_HOSTS[@]}"; do
      printf '10.0.0.%s %s.%s %s\n' "${LAB_HOSTS[$h]}" "$h" "$LAB_DOMAIN" "$h"
      printf 'fd00::%s %s.%s %s\n' "${LAB_HOSTS[$h]}" "$h" "$LAB_DOMAIN" "$h"
    done | sort
  } >"$dir/hosts"
  : >"$dir/resolv.conf"
}

# lab_wait_port HOST PORT [tcp|udp] [SECONDS]: until something listens there.
lab_wait_port() {
  local host=$1 port=$2 kind=${3:-tcp} left=$((${4:-20} * 10)) flag=-t
  [ "$kind" = udp ] && flag=-u
  while [ "$left" -gt 0 ]; do
    ip netns exec "$(lab_ns "$host")" ss -Hln "$flag" "sport = :$port" | grep -q . && return 0
    sleep 0.1
    left=$((left - 1))
  done
  lab_say "nothing listens on $host $kind port $port"
  return 1
}

# lab_capture_start FILE [FILTER]: records on the bridge. The ending of FILE chooses the program and the format.
lab_capture_start() {
  lab_capture_in "$LAB_PREFIX-sw" br0 "$@"
}

# lab_capture_any HOST FILE [FILTER]: records on a host itself, on all its interfaces (Linux cooked v2).
lab_capture_any() {
  local host=$1
  shift
  lab_capture_in "$(lab_ns "$host")" any "$@"
}

lab_capture_in() {
  local ns=$1 dev=$2 i
  LAB_CAPTURE_FILE=$3
  LAB_CAPTURE_RAW=$LAB_TMP/capture.${3##*.}
  rm -f "$LAB_CAPTURE_RAW"
  case $3 in
    *.pcapng)
      ip netns exec "$ns" dumpcap -q -i "$dev" -w "$LAB_CAPTURE_RAW" ${4:+-f "$4"} 2>"$LAB_TMP/capture.log" & ;;
    *)
      ip netns exec "$ns" tcpdump -Z root -U --immediate-mode -n -s 0 -i "$dev" -w "$LAB_CAPTURE_RAW" ${4:+"$4"} 2>"$LAB_TMP/capture.log" & ;;
  esac
  LAB_CAPTURE_PID=$!
  for ((i = 0; i < 100; i++)); do
    grep -qE 'listening on|File: ' "$LAB_TMP/capture.log" && sleep 0.2 && return 0
    kill -0 "$LAB_CAPTURE_PID" 2>/dev/null || break
    sleep 0.1
  done
  lab_say "the capture did not start:"
  cat "$LAB_TMP/capture.log" >&2
  return 1
}

# lab_capture_stop [SECONDS]: waits so long for last packets (default 0.7), then ends the capture and puts the file in place.
lab_capture_stop() {
  sleep "${1:-0.7}"
  kill -INT "$LAB_CAPTURE_PID"
  wait "$LAB_CAPTURE_PID"
  LAB_CAPTURE_PID=
  case $LAB_CAPTURE_FILE in
    *.pcapng) lab_blank_build "$LAB_CAPTURE_RAW" ;;
  esac
  case $LAB_CAPTURE_FILE in
    *.gz) gzip -9nc "$LAB_CAPTURE_RAW" >"$LAB_CAPTURE_FILE" ;;
    *) cat "$LAB_CAPTURE_RAW" >"$LAB_CAPTURE_FILE" ;;
  esac
  rm -f "$LAB_CAPTURE_RAW"
}

# dumpcap notes the kernel's whole release; what follows its version names this machine's build: blanked, at the same length.
lab_blank_build() {
  local release short
  release=$(uname -r)
  printf -v short "%-${#release}s" "${release%%-*}"
  LC_ALL=C sed -i "s/${release//./[.]}/$short/g" "$1"
}

# lab_kill HOST: ends every process in the host's namespace (all of them were started by the recording).
lab_kill() {
  local ns pids i
  ns=$(lab_ns "$1")
  for i in 1 2 3 4 5 6 7 8 9 10; do
    pids=$(ip netns pids "$ns" 2>/dev/null)
    [ -n "$pids" ] || return 0
    if [ "$i" -lt 6 ]; then
      # shellcheck disable=SC2086
      kill $pids 2>/dev/null
    else
      # shellcheck disable=SC2086
      kill -9 $pids 2>/dev/null
    fi
    sleep 0.2
  done
}

# lab_down: removes everything; runs by itself on exit. Set LAB_KEEP=1 to keep the temporary folder with the logs.
lab_down() {
  local host status=$?
  trap - EXIT
  [ -n "$LAB_PREFIX" ] || return "$status"
  [ -n "$LAB_CAPTURE_PID" ] && kill "$LAB_CAPTURE_PID" 2>/dev/null
  for host in "${LAB_UP[@]}"; do
    lab_kill "$host"
    ip netns del "$(lab_ns "$host")" 2>/dev/null
    rm -rf "/etc/netns/$(lab_ns "$host")"
  done
  LAB_UP=()
  ip netns del "$LAB_PREFIX-sw" 2>/dev/null
  rmdir /etc/netns 2>/dev/null
  if [ -n "${LAB_KEEP:-}" ]; then lab_say "kept $LAB_TMP"; else rm -rf "$LAB_TMP"; fi
  LAB_PREFIX=
  return "$status"
}
