#!/usr/bin/env python3
"""The two ends of replication.sh's sessions: .NET message framing ([MC-NMF]) and the negotiate stream ([MS-NNS]).

Written from the two specifications, and sharing nothing with pcap-audit. Security contexts are real ones: GSS-API by
python3-gssapi, SPNEGO with Kerberos or with NTLM (gss-ntlmssp), TLS by OpenSSL. What the envelopes hold is made up.

  replication_peer.py server ADDRESS PORT [--cert FILE --key FILE] [--refuse-upgrade]
  replication_peer.py client ADDRESS PORT --target SERVICE@HOST [--upgrade NAME] [--level seal|sign|none] [--ntlm]
  both: [--kind framing|stream|bulk] (default framing), [--level LEVEL], [--ntlm]
"""
import argparse
import hashlib
import socket
import ssl
import struct

ENVELOPES = 3
LIMIT = 0xFC00  # bytes of content of one frame of the negotiate stream
SPNEGO, NTLM, KRB5 = "1.3.6.1.5.5.2", "1.3.6.1.4.1.311.2.2.10", "1.2.840.113554.1.2.2"


def envelope(number):
    """A SOAP envelope in [MC-NBFS]: records of an element Envelope, an action as characters, and a body of log-like bytes."""
    action = f"http://example.test/IMailboxReplicationService/Call{number}".encode()
    head = bytes.fromhex("56020b0173040b0161065608440a1e00") + b"\x99" + bytes([len(action)]) + action
    return bytes([0]) + head + b"\x9e" + struct.pack("<B", 200) + content(number, 200) + b"\x01\x01"


def content(number, size):
    """Pages with a header and text, as a mailbox database might hold: made up, and the same at every run."""
    line = b"made-up mailbox item %04d, recorded in a lab\0\0\0\0" % number
    return (line * (size // len(line) + 1))[:size]


def many(value):
    """A size in groups of seven bits ([MC-NMF] 2.2.2)."""
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


class Plain:
    """A TCP connection."""

    def __init__(self, sock):
        self.sock = sock

    def send(self, data):
        self.sock.sendall(data)

    def read(self, count):
        data = b""
        while len(data) < count:
            more = self.sock.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data


class Refused(Exception):
    pass


class Negotiated:
    """[MS-NNS]: a handshake, then frames if data is signed or sealed, else the data itself."""

    def __init__(self, under, context, level, initiates, signature):
        self.under, self.context, self.level, self.rest = under, context, level, b""
        self.signature = signature  # bytes
        self.initiate() if initiates else self.accept()

    def message(self, kind, token):
        self.under.send(bytes([kind, 1, 0]) + struct.pack(">H", len(token)) + token)

    def hear(self):
        kind, major, minor, size = struct.unpack(">BBBH", self.under.read(5))
        assert (major, minor) == (1, 0)
        token = self.under.read(size)
        if kind == 0x15:
            raise Refused(token.hex())
        return kind, token

    def initiate(self):
        token, done = None, False
        while True:
            answer = self.context.step(token)
            if self.context.complete:
                self.message(0x14, answer or b"")
                if not done:
                    kind, token = self.hear()
                    assert kind == 0x14
                return
            self.message(0x16, answer)
            kind, token = self.hear()
            done = kind == 0x14

    def accept(self):
        while True:
            kind, token = self.hear()
            try:
                answer = self.context.step(token) if not self.context.complete else None
            except Exception:
                self.message(0x15, bytes.fromhex("000000008009030c"))  # SEC_E_LOGON_DENIED
                raise
            if self.context.complete:
                self.message(0x14, answer or b"")
                if kind != 0x14:
                    kind, _ = self.hear()
                    assert kind == 0x14
                return
            self.message(0x16, answer)

    def send(self, data):
        if self.level == "none":
            self.under.send(data)
            return
        for at in range(0, len(data), LIMIT):
            payload = self.protect(data[at : at + LIMIT])
            self.under.send(struct.pack("<I", len(payload)) + payload)

    def protect(self, data):
        if self.level == "seal":
            return self.context.wrap(data, True).message
        # .NET signs apart from what it signs (MakeSignature): the signature, then the data
        return self.context.get_signature(data) + data

    def open(self, payload):
        if self.level == "seal":
            return self.context.unwrap(payload).message
        return payload[self.signature :]

    def read(self, count):
        if self.level == "none":
            return self.under.read(count)
        while len(self.rest) < count:
            (size,) = struct.unpack("<I", self.under.read(4))
            self.rest += self.open(self.under.read(size))
        data, self.rest = self.rest[:count], self.rest[count:]
        return data


def context(options, initiates):
    import gssapi

    mech = gssapi.OID.from_int_seq(SPNEGO)
    inner = gssapi.OID.from_int_seq(NTLM if options.ntlm else KRB5)
    usage = "initiate" if initiates else "accept"
    name = gssapi.Name(options.user, gssapi.NameType.user) if options.user and initiates else None
    credentials = gssapi.Credentials(name=name, usage=usage, mechs=[inner] if initiates else None)
    if not initiates:
        return gssapi.SecurityContext(creds=credentials, usage=usage)
    flags = gssapi.RequirementFlag.mutual_authentication
    if options.level != "none":
        flags |= gssapi.RequirementFlag.integrity
    if options.level == "seal":
        flags |= gssapi.RequirementFlag.confidentiality
    target = gssapi.Name(options.target, gssapi.NameType.hostbased_service)
    if options.ntlm:
        # the mechanism alone: [MS-NNS] takes bare NTLM as well as SPNEGO
        mech = inner
    return gssapi.SecurityContext(name=target, creds=credentials, usage=usage, mech=mech, flags=flags)


def negotiated(stream, options, initiates):
    # [MS-NLMP] 2.2.2.9; RFC 4121 4.2.6.1 with a checksum of 12 bytes
    return Negotiated(stream, context(options, initiates), options.level, initiates, 16 if options.ntlm else 28)


# ---- [MC-NMF] --------------------------------------------------------------------------------------------------


def framing_client(stream, options):
    via = options.via.encode()
    stream.send(b"\x00\x01\x00" + b"\x01\x02" + b"\x02" + many(len(via)) + via + b"\x03\x08")
    if options.upgrade:
        name = options.upgrade.encode()
        stream.send(b"\x09" + many(len(name)) + name)
        if stream.read(1) != b"\x0a":
            return
        stream = upgraded(stream, options.upgrade, options, True)
    stream.send(b"\x0c")
    assert stream.read(1) == b"\x0b"
    for number in range(ENVELOPES):
        data = envelope(number)
        stream.send(b"\x06" + many(len(data)) + data)
        read_envelope(stream)
    stream.send(b"\x07")
    stream.read(1)


def framing_server(stream, options):
    assert stream.read(3) == b"\x00\x01\x00"
    while True:
        match stream.read(1)[0]:
            case 0x01 | 0x03:
                stream.read(1)
            case 0x02:
                stream.read(read_size(stream))
            case 0x09:
                name = stream.read(read_size(stream)).decode()
                if options.refuse_upgrade:
                    fault = b"http://schemas.microsoft.com/ws/2006/05/framing/faults/UpgradeInvalid"
                    stream.send(b"\x08" + many(len(fault)) + fault)
                    return
                stream.send(b"\x0a")
                stream = upgraded(stream, name, options, False)
            case 0x0C:
                stream.send(b"\x0b")
                break
    for number in range(ENVELOPES):
        read_envelope(stream)
        data = envelope(number + 100)
        stream.send(b"\x06" + many(len(data)) + data)
    assert stream.read(1) == b"\x07"
    stream.send(b"\x07")


def read_size(stream):
    value, shift = 0, 0
    while True:
        byte = stream.read(1)[0]
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value


def read_envelope(stream):
    assert stream.read(1) == b"\x06"
    stream.read(read_size(stream))


def upgraded(stream, name, options, initiates):
    if name == "application/negotiate":
        return negotiated(stream, options, initiates)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT if initiates else ssl.PROTOCOL_TLS_SERVER)
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    if initiates:
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    else:
        tls.load_cert_chain(options.cert, options.key)
    return Plain(tls.wrap_socket(stream.sock, server_side=not initiates))


# ---- what replication sends: pages one way, acknowledgments the other ------------------------------------------


def stream_client(stream, options):
    if options.kind == "stream":
        stream = negotiated(stream, options, True)
    for number in range(ENVELOPES):
        stream.send(struct.pack("<I", 0x5A5A0000 + number) + content(number, 2044))
        stream.read(36)


def stream_server(stream, options):
    if options.kind == "stream":
        stream = negotiated(stream, options, False)
    for _ in range(ENVELOPES):
        page = stream.read(2048)
        stream.send(page[:4] + hashlib.sha256(page).digest())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=["client", "server"])
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("--kind", choices=["framing", "stream", "bulk"], default="framing")
    parser.add_argument("--level", choices=["seal", "sign", "none"], default="seal")
    parser.add_argument("--ntlm", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--target")
    parser.add_argument("--via", default="net.tcp://cas2.example.test/Microsoft.Exchange.MailboxReplicationService")
    parser.add_argument("--upgrade")
    parser.add_argument("--refuse-upgrade", action="store_true")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    options = parser.parse_args()
    speak = {
        ("client", True): framing_client,
        ("server", True): framing_server,
        ("client", False): stream_client,
        ("server", False): stream_server,
    }[options.role, options.kind == "framing"]
    if options.role == "client":
        sock = socket.create_connection((options.address, options.port))
    else:
        listener = socket.create_server((options.address, options.port))
        sock, _ = listener.accept()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with sock:
        try:
            speak(Plain(sock), options)
        except Refused as refusal:
            print("refused:", refusal)


main()
