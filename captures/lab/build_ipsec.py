"""Builds the captures of ../ipsec that need ESP and AH straight over IP, which few kernels of containers have.

  build_ipsec.py FOLDER

From RFC 4302 (AH), 4303 (ESP), 3602 (AES-CBC), 2404 (HMAC-SHA-1-96), 2410 (NULL) and 4543 (AES-GMAC); keys are made up, and the
same each time. Between hub1 and hub2, in transport mode, goes the mail dialogue of ipsec_mail.py in TCP.
"""

import hashlib
import hmac
import struct
import sys

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HUB1, HUB2 = bytes([10, 0, 0, 11]), bytes([10, 0, 0, 12])
MAC1, MAC2 = bytes.fromhex("02000000000b"), bytes.fromhex("02000000000c")
TCP, ESP, AH = 6, 50, 51

LINES = "".join(f"Line {n} of a message that nobody but the two hubs should read.\r\n" for n in range(60))
DIALOGUE = [
    (HUB2, "220 hub2.example.test ESMTP\r\n"),
    (HUB1, "EHLO hub1.example.test\r\n"),
    (HUB2, "".join(f"250-CAPABILITY-{n}\r\n" for n in range(70)) + "250 SIZE\r\n"),
    (HUB1, "MAIL FROM:<alice@example.test>\r\n"),
    (HUB2, "250 2.1.0 Ok\r\n"),
    (HUB1, "RCPT TO:<bob@example.test>\r\n"),
    (HUB2, "250 2.1.5 Ok\r\n"),
    (HUB1, "DATA\r\n"),
    (HUB2, "354 End with a dot\r\n"),
    (HUB1, LINES + ".\r\n"),
    (HUB2, "250 2.0.0 Ok\r\n"),
    (HUB1, "QUIT\r\n"),
    (HUB2, "221 2.0.0 Bye\r\n"),
]


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def segments():
    """(sender, TCP segment) of the dialogue: opening, what is said, acknowledgments, closing."""
    ports = {HUB1: 40123, HUB2: 25}
    sequence = {HUB1: 1000, HUB2: 2000}

    def segment(sender, flags, text=""):
        peer = HUB2 if sender == HUB1 else HUB1
        data = text.encode()
        acknowledged = sequence[peer] if flags & 0x10 else 0
        header = struct.pack("!HHIIBBHHH", ports[sender], ports[peer], sequence[sender], acknowledged, 0x50, flags, 8192, 0, 0)
        pseudo = sender + peer + struct.pack("!BBH", 0, TCP, len(header) + len(data))
        header = header[:16] + struct.pack("!H", checksum(pseudo + header + data)) + header[18:]
        sequence[sender] += len(data) + (1 if flags & 0x03 else 0)
        return sender, header + data

    yield segment(HUB1, 0x02)
    yield segment(HUB2, 0x12)
    yield segment(HUB1, 0x10)
    for sender, text in DIALOGUE:
        for at in range(0, len(text), 1400):
            yield segment(sender, 0x18, text[at : at + 1400])
        yield segment(HUB2 if sender == HUB1 else HUB1, 0x10)
    yield segment(HUB1, 0x11)
    yield segment(HUB2, 0x11)
    yield segment(HUB1, 0x10)


def padded(payload, next_header, block):
    """RFC 4303 §2.4: 1, 2, 3 …, how many, next header."""
    padding = bytes(range(1, 1 + -(len(payload) + 2) % block))
    return payload + padding + bytes([len(padding), next_header])


def key(name, length):
    return hashlib.sha256(name.encode()).digest()[:length]


def esp_aes_cbc(spi, number, payload, next_header=TCP):
    iv = hashlib.sha256(b"iv" + struct.pack("!II", spi, number)).digest()[:16]
    encryptor = Cipher(algorithms.AES(key("encryption", 16)), modes.CBC(iv)).encryptor()
    sealed = encryptor.update(padded(payload, next_header, 16)) + encryptor.finalize()
    packet = struct.pack("!II", spi, number) + iv + sealed
    return packet + hmac.new(key("integrity", 20), packet, hashlib.sha1).digest()[:12]


def esp_null(spi, number, payload, next_header=TCP):
    packet = struct.pack("!II", spi, number) + padded(payload, next_header, 4)
    return packet + hmac.new(key("integrity", 20), packet, hashlib.sha1).digest()[:12]


def esp_gmac(spi, number, payload, next_header=TCP):
    iv = struct.pack("!Q", number)
    packet = struct.pack("!II", spi, number) + iv + padded(payload, next_header, 4)
    return packet + AESGCM(key("gmac", 16)).encrypt(key("salt", 4) + iv, b"", packet)


def ah(spi, number, payload, next_header, source, destination):
    header = struct.pack("!BBHII", next_header, 4, 0, spi, number) + bytes(12)
    # RFC 4302 §3.3.3.1.1.1: the mutable fields of the IP header are zero
    immutable = ipv4_header(source, destination, AH, len(header) + len(payload), mutable=False)
    value = hmac.new(key("integrity", 20), immutable + header + payload, hashlib.sha1).digest()[:12]
    return header[:12] + value + payload


def ipv4_header(source, destination, protocol, length, mutable=True, identification=0):
    header = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 20 + length, identification, 0, 64 if mutable else 0, protocol, 0, source, destination
    )
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] if mutable else header


def build(path, protocol, protect, count=None):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        numbers = {HUB1: 0, HUB2: 0}
        for index, (sender, segment) in enumerate(segments()):
            if index == count:
                break
            peer = HUB2 if sender == HUB1 else HUB1
            numbers[sender] += 1
            spi = 0x1C0D7B38 if sender == HUB1 else 0x0879355B
            packet = protect(spi, numbers[sender], segment, sender, peer)
            frame = (MAC2 + MAC1 if sender == HUB1 else MAC1 + MAC2) + b"\x08\x00"
            frame += ipv4_header(sender, peer, protocol, len(packet), identification=index + 1) + packet
            file.write(struct.pack("<IIII", 1_400_000_000 + index // 10, index % 10 * 100_000, len(frame), len(frame)) + frame)


folder = sys.argv[1]
build(f"{folder}/esp-aes-cbc.pcap", ESP, lambda spi, number, segment, *_: esp_aes_cbc(spi, number, segment))
build(f"{folder}/esp-aes-cbc-short.pcap", ESP, lambda spi, number, segment, *_: esp_aes_cbc(spi, number, segment), count=6)
build(f"{folder}/esp-null.pcap", ESP, lambda spi, number, segment, *_: esp_null(spi, number, segment))
build(f"{folder}/esp-null-gmac.pcap", ESP, lambda spi, number, segment, *_: esp_gmac(spi, number, segment))
build(f"{folder}/ah.pcap", AH, lambda spi, number, segment, *ends: ah(spi, number, segment, TCP, *ends))
build(
    f"{folder}/ah-esp-aes-cbc.pcap",
    AH,
    lambda spi, number, segment, *ends: ah(spi, number, esp_aes_cbc(spi + 1, number, segment), ESP, *ends),
)
