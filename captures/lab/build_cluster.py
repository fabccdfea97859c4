"""Builds the capture of ../cluster: heartbeats of a Windows failover cluster, which no free server speaks.

  build_cluster.py FOLDER

Microsoft has published no specification. The route control message is built after what Wireshark's dissector (MSRCP) and descriptions
of Network Monitor's parser agree on: identifier 55555555, version, type 0 asks and 1 answers, an extension with the pair of
addresses. So it shows what we take for a heartbeat, not that Windows sends just this.
"""

import struct
import sys

MBX1, MBX2 = bytes([10, 0, 0, 31]), bytes([10, 0, 0, 32])
MACS = {MBX1: bytes.fromhex("02000000001f"), MBX2: bytes.fromhex("020000000020")}
PORT = 3343
IPV4_PAIR, NO_MORE = 1, 0


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def route_control(kind, number, source, destination):
    extension = struct.pack("<HHI", NO_MORE, 16, 0) + source + destination
    return struct.pack("<IBBHHHI", 0x55555555, 1, 0, kind, IPV4_PAIR, 16 + len(extension), number) + extension


def frame(source, destination, payload, identification):
    udp = struct.pack("!HHHH", PORT, PORT, 8 + len(payload), 0)
    pseudo = source + destination + struct.pack("!BBH", 0, 17, len(udp) + len(payload))
    udp = udp[:6] + struct.pack("!H", checksum(pseudo + udp + payload) or 0xFFFF) + payload
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), identification, 0, 128, 17, 0, source, destination)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return MACS[destination] + MACS[source] + b"\x08\x00" + header + udp


with open(f"{sys.argv[1]}/heartbeat.pcap", "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    for second in range(5):
        for half, (kind, source, destination) in enumerate([(0, MBX1, MBX2), (1, MBX2, MBX1)]):
            packet = frame(source, destination, route_control(kind, second + 1, source, destination), 2 * second + half + 1)
            file.write(struct.pack("<IIII", 1_400_000_000 + second, 500 * half, len(packet), len(packet)) + packet)
