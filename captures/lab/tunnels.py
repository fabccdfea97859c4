#!/usr/bin/env python3
"""Wraps a recorded SMTP dialogue into every link layer and tunnel, one flow each, told apart by the client's port.

usage: tunnels.py            writes ../tunnels/links.pcapng and tunnels.pcap

The dialogue is that of ../smtp/hub-to-hub-clear.pcap, recorded from real servers, also with IPv6 headers; the headers around
it are built here from the specifications, in the order in which the lists below have them. Nothing here is shared with
pcap-audit.
"""
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
SMTP = os.path.join(HERE, "..", "smtp")
OUT = os.path.join(HERE, "..", "tunnels")
FIRST_PORT = 50001


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def read_pcap(name):
    with open(os.path.join(SMTP, name), "rb") as file:
        data = file.read()
    at = 24
    while at < len(data):
        seconds, fraction, length, _ = struct.unpack_from("<IIII", data, at)
        yield seconds + fraction / 1e6, data[at + 16 : at + 16 + length]
        at += 16 + length


def dialogue(name):
    """(time, from the client?, IP packet) of every TCP segment."""
    found = []
    for time, frame in read_pcap(name):
        kind = struct.unpack_from("!H", frame, 12)[0]
        if kind not in (0x0800, 0x86DD):
            continue
        ip = frame[14:]
        if kind == 0x0800:
            ip = ip[: struct.unpack_from("!H", ip, 2)[0]]
            head, protocol = 20, ip[9]
        else:
            ip = ip[: 40 + struct.unpack_from("!H", ip, 4)[0]]
            head, protocol = 40, ip[6]
        if protocol != 6:
            continue
        found.append((time, struct.unpack_from("!H", ip, head + 2)[0] == 25, ip))
    return found


def with_port(ip, from_client, port):
    """The packet with another client's port, and its checksum right again."""
    version = ip[0] >> 4
    head = 20 if version == 4 else 40
    tcp = bytearray(ip[head:])
    struct.pack_into("!H", tcp, 0 if from_client else 2, port)
    struct.pack_into("!H", tcp, 16, 0)
    addresses = ip[12:20] if version == 4 else ip[8:40]
    pseudo = addresses + struct.pack("!HH" if version == 4 else "!II", *((6, len(tcp)) if version == 4 else (len(tcp), 6)))
    struct.pack_into("!H", tcp, 16, checksum(pseudo + bytes(tcp)))
    return ip[:head] + bytes(tcp)


V4 = dialogue("hub-to-hub-clear.pcap")

A, B = bytes([172, 16, 0, 1]), bytes([172, 16, 0, 2])
A6, B6 = bytes.fromhex("fd00ffff" + "0" * 23 + "1"), bytes.fromhex("fd00ffff" + "0" * 23 + "2")
MAC_A, MAC_B = bytes.fromhex("0200000000a1"), bytes.fromhex("0200000000b2")
HUB1, HUB2 = bytes.fromhex("fd" + "0" * 27 + "011"), bytes.fromhex("fd" + "0" * 27 + "012")
IN_A, IN_B = bytes.fromhex("02000000000b"), bytes.fromhex("02000000000c")


def ether_type(ip):
    return 0x0800 if ip[0] >> 4 == 4 else 0x86DD


def ethernet(kind, payload, out=True, inner=False):
    a, b = (IN_A, IN_B) if inner else (MAC_A, MAC_B)
    return (b + a if out else a + b) + struct.pack("!H", kind) + payload


def frame(ip, out):
    """An Ethernet frame of the dialogue itself."""
    return ethernet(ether_type(ip), ip, out, inner=True)


def ipv4(protocol, payload, out):
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 7, 0x4000, 64, protocol, 0) + (A + B if out else B + A)
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ipv6(following, payload, out):
    return struct.pack("!IHBB", 0x60000000, len(payload), following, 64) + (A6 + B6 if out else B6 + A6) + payload


def udp(port, payload, out):
    return ipv4(17, struct.pack("!HHHH", 49152, port, 8 + len(payload), 0) + payload, out)


def on4(protocol, payload, out):
    return ethernet(0x0800, ipv4(protocol, payload, out), out)


def over_udp(port, payload, out):
    return ethernet(0x0800, udp(port, payload, out), out)


def ppp(ip):
    return struct.pack("!H", 0x0021 if ip[0] >> 4 == 4 else 0x0057) + ip


def snap(ip):
    return bytes.fromhex("aaaa03000000") + struct.pack("!H", ether_type(ip)) + ip


def label(number, last):
    return struct.pack("!I", number << 12 | (0x100 if last else 0) | 64)


def wlan(ip, out):
    """A data frame to or from an access point, unprotected, with QoS."""
    access = bytes.fromhex("020000000001")
    addresses = access + IN_A + IN_B if out else IN_A + access + IN_B
    return bytes([0x88, 0x01 if out else 0x02, 0, 0]) + addresses + bytes([0x10, 0, 0, 0]) + snap(ip)


def pktap(ip):
    header = struct.pack("<III", 108, 1, 12) + b"en0".ljust(24, b"\0")
    return header.ljust(108, b"\0") + ip


def attribute(kind, value):
    data = struct.pack("<HH", 4 + len(value), kind) + value
    return data + b"\0" * (-len(data) % 4)


def as_ipv6(ip, out):
    return struct.pack("!IHBB", 0x60000000, len(ip) - 20, 6, 64) + (HUB1 + HUB2 if out else HUB2 + HUB1) + ip[20:]


V6 = [(time, out, as_ipv6(ip, out)) for time, out, ip in V4]

# name, LINKTYPE, what makes a frame of (IP packet, from the client?)
LINKS = [
    ("null", 0, lambda ip, out: struct.pack("<I", 2) + ip),
    ("null, OpenBSD byte order", 108, lambda ip, out: struct.pack("!I", 2) + ip),
    ("ppp with address and control", 9, lambda ip, out: b"\xff\x03" + ppp(ip)),
    ("ppp, compressed header", 9, lambda ip, out: b"\x21" + ip),
    ("ppp in hdlc framing", 50, lambda ip, out: b"\xff\x03" + ppp(ip)),
    ("cisco hdlc on ppp's link type", 50, lambda ip, out: b"\x0f\x00\x08\x00" + ip),
    ("pppoe", 51, lambda ip, out: struct.pack("!BBHH", 0x11, 0, 9, 2 + len(ip)) + ppp(ip)),
    ("llc over atm", 100, lambda ip, out: snap(ip)),
    ("raw ip", 101, lambda ip, out: ip),
    ("cisco hdlc", 104, lambda ip, out: b"\x0f\x00\x08\x00" + ip),
    ("802.11", 105, wlan),
    ("frame relay", 107, lambda ip, out: b"\x18\x41\x03\xcc" + ip),
    ("frame relay, snap", 107, lambda ip, out: b"\x18\x41\x03\x00\x80\0\0\0\x08\x00" + ip),
    ("openbsd enc", 109, lambda ip, out: struct.pack("<III", 2, 0x1234, 0) + ip),
    ("linux cooked", 113, lambda ip, out: struct.pack("!HHH8sH", 4 if out else 0, 1, 6, IN_A, 0x0800) + ip),
    ("802.11 with radiotap", 127, lambda ip, out: struct.pack("<BBHI", 0, 0, 8, 0) + wlan(ip, out)),
    ("ip over firewire", 138, lambda ip, out: b"\1" * 8 + b"\2" * 8 + b"\x08\x00" + ip),
    ("ppi around ethernet", 192, lambda ip, out: struct.pack("<BBHI", 0, 0, 8, 1) + frame(ip, out)),
    ("ipv4", 228, lambda ip, out: ip),
    ("nflog", 239, lambda ip, out: struct.pack("!BBH", 2, 0, 5) + attribute(1, b"\x08\0\0\0") + attribute(10, b"x\0") + attribute(9, ip)),
    ("pktap around raw ip", 258, lambda ip, out: pktap(ip)),
    ("linux cooked, version 2", 276, lambda ip, out: struct.pack("!HHIHBB8s", 0x0800, 0, 2, 1, 4, 6, IN_A) + ip),
    ("802.3 with snap", 1, lambda ip, out: ethernet(8 + len(ip), snap(ip), out, inner=True)),
    ("two vlan tags", 1, lambda ip, out: ethernet(0x88A8, struct.pack("!HHHH", 5, 0x8100, 6, 0x0800) + ip, out, inner=True)),
    ("vn-tag", 1, lambda ip, out: ethernet(0x8926, struct.pack("!IH", 0x00010002, 0x0800) + ip, out, inner=True)),
    ("802.1ah", 1, lambda ip, out: ethernet(0x88E7, struct.pack("!I", 77) + frame(ip, out), out)),
]


def gre(flags, kind, options, payload):
    return struct.pack("!HH", flags, kind) + options + payload


def erspan3(payload, subheader):
    header = struct.pack("!HHIHH", 0x2000, 33, 1, 0, 1 if subheader else 0)
    return header + (b"\0" * 8 if subheader else b"") + payload


def vxlan(network, payload):
    return struct.pack("!II", 0x08000000, network << 8) + payload


def geneve(kind, network, options, payload):
    return struct.pack("!BBHI", len(options) // 4, 0, kind, network << 8) + options + payload


def gtp(flags, optional, payload):
    return struct.pack("!BBHI", 0x30 | flags, 0xFF, len(optional) + len(payload), 0xABCD) + optional + payload


def ah(following, payload):
    return struct.pack("!BBHII", following, 4, 0, 0x1234, 1) + b"\x5a" * 12 + payload


def keyed(key, number=0):
    return struct.pack("!II", key, number)


def call(ip, out):
    """PPTP: version 1, with key (length of the payload and call) and sequence."""
    payload = b"\xff\x03" + ppp(ip)
    return gre(0x3001, 0x880B, struct.pack("!HHI", len(payload), 12, 1), payload)


def source_routed(ip):
    """RFC 1701: checksum and offset are there as soon as there are routes, which end in an empty one."""
    return gre(0x4000, 0x0800, struct.pack("!HH", 0, 0) + struct.pack("!HBB4s", 0x0800, 0, 4, B) + b"\0" * 4, ip)


# name, dialogue, what makes an Ethernet frame
TUNNELS = [
    ("mpls, three labels", V4, lambda ip, out: ethernet(0x8847, label(16, False) + label(17, False) + label(18, True) + ip, out)),
    ("mpls, ipv6", V6, lambda ip, out: ethernet(0x8847, label(19, True) + ip, out)),
    ("mpls, ethernet with control word", V4, lambda ip, out: ethernet(0x8847, label(21, True) + b"\0" * 4 + frame(ip, out), out)),
    ("mpls, ethernet", V4, lambda ip, out: ethernet(0x8847, label(22, True) + frame(ip, out), out)),
    ("pppoe", V4, lambda ip, out: ethernet(0x8864, struct.pack("!BBHH", 0x11, 0, 9, 2 + len(ip)) + ppp(ip), out)),
    ("pppoe, ipv6", V6, lambda ip, out: ethernet(0x8864, struct.pack("!BBHH", 0x11, 0, 10, 2 + len(ip)) + ppp(ip), out)),
    ("gre", V4, lambda ip, out: on4(47, gre(0, 0x0800, b"", ip), out)),
    ("gre, checksum, key and sequence", V4, lambda ip, out: on4(47, gre(0xB000, 0x0800, b"\0\0\0\0" + keyed(99), ip), out)),
    ("gre, source routes", V4, lambda ip, out: on4(47, source_routed(ip), out)),
    ("gre, ethernet", V4, lambda ip, out: on4(47, gre(0x2000, 0x6558, struct.pack("!I", 5), frame(ip, out)), out)),
    ("gre over ipv6", V4, lambda ip, out: ethernet(0x86DD, ipv6(47, gre(0, 0x0800, b"", ip), out), out)),
    ("pptp", V4, lambda ip, out: on4(47, call(ip, out), out)),
    ("erspan I", V4, lambda ip, out: on4(47, gre(0, 0x88BE, b"", frame(ip, out)), out)),
    ("erspan II", V4, lambda ip, out: on4(47, gre(0x1000, 0x88BE, struct.pack("!I", 1), struct.pack("!HHI", 0x1000, 31, 0) + frame(ip, out)), out)),
    ("erspan III", V4, lambda ip, out: on4(47, gre(0x1000, 0x22EB, struct.pack("!I", 1), erspan3(frame(ip, out), False)), out)),
    ("erspan III, subheader", V4, lambda ip, out: on4(47, gre(0x1000, 0x22EB, struct.pack("!I", 1), erspan3(frame(ip, out), True)), out)),
    ("vxlan", V4, lambda ip, out: over_udp(4789, vxlan(42, frame(ip, out)), out)),
    ("geneve", V4, lambda ip, out: over_udp(6081, geneve(0x6558, 43, b"", frame(ip, out)), out)),
    ("geneve, options, ip", V4, lambda ip, out: over_udp(6081, geneve(0x0800, 44, struct.pack("!HBBI", 0x0103, 1, 1, 7), ip), out)),
    ("gtp-u", V4, lambda ip, out: over_udp(2152, gtp(0, b"", ip), out)),
    ("gtp-u, extension headers", V4, lambda ip, out: over_udp(2152, gtp(4, b"\0\0\0\x85" + b"\x01\x10\x09\x40" + b"\x01\0\0\0", ip), out)),
    ("ip in ip", V4, lambda ip, out: on4(4, ip, out)),
    ("ip in ipv6", V4, lambda ip, out: ethernet(0x86DD, ipv6(4, ip, out), out)),
    ("6in4", V6, lambda ip, out: on4(41, ip, out)),
    ("ipv6 in ipv6", V6, lambda ip, out: ethernet(0x86DD, ipv6(41, ip, out), out)),
    ("teredo", V6, lambda ip, out: over_udp(3544, ip, out)),
    ("teredo, origin", V6, lambda ip, out: over_udp(3544, struct.pack("!HHI", 0, 0x1234, 0x01020304) + ip, out)),
    ("l2tp", V4, lambda ip, out: over_udp(1701, struct.pack("!HHH", 2, 3, 4) + b"\xff\x03" + ppp(ip), out)),
    ("l2tp, length, sequence, offset", V4, lambda ip, out: over_udp(1701, struct.pack("!HHHHHHHH", 0x4A02, 18 + 2 + len(ip), 3, 5, 0, 0, 2, 0) + ppp(ip), out)),
    ("etherip", V4, lambda ip, out: on4(97, b"\x30\x00" + frame(ip, out), out)),
    ("ah around tcp", V4, lambda ip, out: authenticated(ip, out)),
    ("ah around ip", V4, lambda ip, out: on4(51, ah(4, ip), out)),
    ("gre in mpls, vxlan in it", V4, lambda ip, out: ethernet(0x8847, label(30, True) + ipv4(47, gre(0, 0x0800, b"", udp(4789, vxlan(45, frame(ip, out)), out)), out), out)),
]


def authenticated(ip, out):
    """AH between the two hosts themselves."""
    payload = ah(6, ip[20:])
    header = bytearray(ip[:20])
    struct.pack_into("!H", header, 2, 20 + len(payload))
    header[9] = 51
    struct.pack_into("!H", header, 10, 0)
    struct.pack_into("!H", header, 10, checksum(bytes(header)))
    return ethernet(0x0800, bytes(header) + payload, out)


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    length = len(body) + 12
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def write_links():
    """One interface for each link layer, named for it; every tenth microsecond a packet."""
    with open(os.path.join(OUT, "links.pcapng"), "wb") as file:
        file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        for name, link, _ in LINKS:
            file.write(block(1, struct.pack("<HHI", link, 0, 0) + option(2, name.encode()) + option(0, b"")))
        for interface, (_, _, wrap) in enumerate(LINKS):
            for time, out, ip in V4:
                data = wrap(with_port(ip, out, FIRST_PORT + interface), out)
                stamp = int(time * 1e6) + interface * 1000000
                head = struct.pack("<IIIII", interface, stamp >> 32, stamp & 0xFFFFFFFF, len(data), len(data))
                file.write(block(6, head + data))


def write_pcap(name, records):
    with open(os.path.join(OUT, name), "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for time, data in records:
            file.write(struct.pack("<IIII", int(time), round(time % 1 * 1e6) % 1000000, len(data), len(data)) + data)


def write_tunnels():
    records = []
    for number, (_, said, wrap) in enumerate(TUNNELS):
        start = said[0][0]
        for time, out, ip in said:
            records.append((V4[0][0] + number + time - start, wrap(with_port(ip, out, FIRST_PORT + number), out)))
    write_pcap("tunnels.pcap", records)


os.makedirs(OUT, exist_ok=True)
write_links()
write_tunnels()
