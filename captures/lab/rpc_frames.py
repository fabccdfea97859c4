#!/usr/bin/python3
"""Builds the captures of ../rpc that no free server can be recorded for: Exchange's MAPI interfaces on dynamic ports and behind the
banner of RPC over HTTP. From [C706] chapter 12, [MS-RPCE], [MS-NLMP] and [MS-RPCH], sharing no code with the analyzer.

  rpc_frames.py [FOLDER]

What is sealed is random here (from a fixed seed), and no signature can be verified: nothing but the shape is true.
"""
import os
import random
import struct
import sys
import uuid

EPM = ('e1af8308-5d1f-11c9-91a4-08002b14a0fa', 3, 0)
EMSMDB = ('a4f1db00-ca47-1067-b31f-00dd010662da', 0, 81)
NSPI = ('f5cc5a18-4264-101a-8c59-08002b2f8426', 56, 0)
RFR = ('1544f5e0-613c-11d1-93df-00c04fd7bd09', 1, 0)
NDR = ('8a885d04-1ceb-11c9-9fe8-08002b104860', 2)
NDR64 = ('71710533-beba-4937-8319-b5dbef9ccc36', 1)
NTLM, KERBEROS = 10, 16
CLIENT, CAS = '10.0.0.101', '10.0.0.41'


def checksum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack(f'>{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Capture:
    """A classic pcap file with microseconds, link type Ethernet."""

    def __init__(self):
        self.records = []
        self.time = 1_300_000_000_000_000

    def add(self, source, destination, segment):
        ends = bytes(map(int, source.split('.'))) + bytes(map(int, destination.split('.')))
        pseudo = ends + struct.pack('>BBH', 0, 6, len(segment))
        segment = segment[:16] + struct.pack('>H', checksum(pseudo + segment)) + segment[18:]
        header = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(segment), len(self.records), 0x4000, 128, 6, 0) + ends
        header = header[:10] + struct.pack('>H', checksum(header)) + header[12:]
        mac = lambda end: b'\x02\0\0\0\0' + bytes([int(end.split('.')[3])])
        frame = mac(destination) + mac(source) + b'\x08\0' + header + segment
        self.time += 400
        self.records.append(struct.pack('<IIII', self.time // 1_000_000, self.time % 1_000_000, len(frame), len(frame)) + frame)

    def write(self, path):
        with open(path, 'wb') as file:
            file.write(struct.pack('<IHHiIII', 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + b''.join(self.records))


class Connection:
    def __init__(self, capture, port, from_port):
        self.capture, self.port, self.from_port = capture, port, from_port
        self.next = {'client': 1000, 'server': 9000}
        self.segment('client', 0x02)
        self.segment('server', 0x12)
        self.segment('client', 0x10)

    def segment(self, side, flags, payload=b''):
        other = 'server' if side == 'client' else 'client'
        ports = (self.from_port, self.port) if side == 'client' else (self.port, self.from_port)
        acknowledged = self.next[other] if flags & 0x10 else 0
        tcp = struct.pack('>HHIIBBHHH', *ports, self.next[side], acknowledged, 0x50, flags, 65535, 0, 0)
        ends = (CLIENT, CAS) if side == 'client' else (CAS, CLIENT)
        self.capture.add(*ends, tcp + payload)
        self.next[side] += len(payload) + (1 if flags & 0x03 else 0)

    def say(self, side, payload):
        for at in range(0, len(payload), 1460):
            self.segment(side, 0x18, payload[at : at + 1460])

    def close(self):
        self.segment('client', 0x11)
        self.segment('server', 0x11)
        self.segment('client', 0x10)


class Rpc:
    """PDUs of one connection, in one byte order."""

    def __init__(self, big=False):
        self.order = '>' if big else '<'
        self.big = big

    def pack(self, form, *values):
        return struct.pack(self.order + form, *values)

    def id(self, text):
        return uuid.UUID(text).bytes if self.big else uuid.UUID(text).bytes_le

    def pdu(self, kind, call, body, auth=None, flags=3):
        trailer = b''
        if auth:
            kind_of_auth, level, token = auth
            pad = -len(body) % 16 if kind in (0, 2) else -len(body) % 4
            trailer = b'\0' * pad + struct.pack('BBBB', kind_of_auth, level, pad, 0) + self.pack('I', 0) + token
        drep = bytes([0 if self.big else 0x10, 0, 0, 0])
        length = 16 + len(body) + len(trailer)
        header = bytes([5, 0, kind, flags]) + drep + self.pack('HHI', length, len(auth[2]) if auth else 0, call)
        return header + body + trailer

    def bind(self, call, interface, auth=None, syntaxes=(NDR,)):
        name, major, minor = interface
        body = self.pack('HHI', 5840, 5840, 0) + bytes([len(syntaxes), 0, 0, 0])
        for number, (syntax, version) in enumerate(syntaxes):
            body += self.pack('HBB', number, 1, 0) + self.id(name) + self.pack('HH', *((minor, major) if self.big else (major, minor)))
            body += self.id(syntax) + self.pack('I', version)
        return self.pdu(11, call, body, auth)

    def bind_ack(self, call, port, results, auth=None):
        address = f'{port}\0'.encode()
        body = self.pack('HHI', 5840, 5840, 0x1234) + self.pack('H', len(address)) + address
        body += b'\0' * (-len(body) % 4) + bytes([len(results), 0, 0, 0])
        for result, (syntax, version) in results:
            none = result != 0
            body += self.pack('HH', result, 2 if none else 0) + (bytes(20) if none else self.id(syntax) + self.pack('I', version))
        return self.pdu(12, call, body, auth)

    def request(self, call, operation, stub, auth=None, context=0, flags=3):
        return self.pdu(0, call, self.pack('IHH', len(stub), context, operation) + stub, auth, flags)

    def response(self, call, stub, auth=None, context=0, flags=3):
        return self.pdu(2, call, self.pack('IHBB', len(stub), context, 0, 0) + stub, auth, flags)

    def auth3(self, call, auth):
        return self.pdu(16, call, b'\0\0\0\0', auth)


def ntlm_negotiate():
    return b'NTLMSSP\0' + struct.pack('<II', 1, 0xE20882B7) + bytes(16) + bytes([6, 1, 0xB1, 0x1D, 0, 0, 0, 15])


def ntlm_challenge():
    target = 'EXAMPLE'.encode('utf-16le')
    names = struct.pack('<HH', 3, 34) + 'cas1.example.test'.encode('utf-16le') + bytes(4)
    head = b'NTLMSSP\0' + struct.pack('<I', 2) + struct.pack('<HHI', len(target), len(target), 56)
    head += struct.pack('<I', 0xE2898235) + b'\x11' * 8 + bytes(8) + struct.pack('<HHI', len(names), len(names), 56 + len(target))
    return head + bytes([6, 1, 0xB1, 0x1D, 0, 0, 0, 15]) + target + names


def ntlm_authenticate(chance):
    parts = [bytes(24), chance.randbytes(16) + b'\x01\x01\0\0' + bytes(60), 'EXAMPLE'.encode('utf-16le'),
             'alice'.encode('utf-16le'), 'CLIENT1'.encode('utf-16le'), chance.randbytes(16)]
    head, offset = b'NTLMSSP\0' + struct.pack('<I', 3), 88
    for part in parts:
        head += struct.pack('<HHI', len(part), len(part), offset)
        offset += len(part)
    head += struct.pack('<I', 0xE2888235) + bytes([6, 1, 0xB1, 0x1D, 0, 0, 0, 15]) + bytes(16)
    return head + b''.join(parts)


def der(tag, *parts):
    content = b''.join(parts)
    size = bytes([len(content)]) if len(content) < 128 else b'\x82' + struct.pack('>H', len(content))
    return bytes([tag]) + size + content


def ap_req(service, chance):
    """RFC 4120 §5.5.1; what is encrypted is random."""
    number = lambda value: der(2, bytes([value]))
    words = lambda *all: der(0x30, *(der(0x1B, word.encode()) for word in all))
    sealed = lambda size: der(0x30, der(0xA0, number(18)), der(0xA2, der(4, chance.randbytes(size))))
    name = der(0x30, der(0xA0, number(2)), der(0xA1, words(*service)))
    ticket = der(0x61, der(0x30, der(0xA0, number(5)), der(0xA1, der(0x1B, b'EXAMPLE.TEST')), der(0xA2, name), der(0xA3, sealed(600))))
    return der(0x6E, der(0x30, der(0xA0, number(5)), der(0xA1, number(14)), der(0xA2, der(3, b'\0\x20\0\0\0')), der(0xA3, ticket), der(0xA4, sealed(180))))


def ap_rep(chance):
    return der(0x6F, der(0x30, der(0xA0, der(2, b'\5')), der(0xA1, der(2, b'\x0f')), der(0xA2, der(0x30, der(0xA0, der(2, b'\x12')), der(0xA2, der(4, chance.randbytes(80)))))))


def cfx(number, of_server, chance):
    """RFC 4121 §4.2.6.2, sealed, as DCE/RPC carries it: header and trailer beside the content."""
    return b'\x05\x04' + bytes([7 if of_server else 6]) + b'\xff\0\x10\0\x1c' + struct.pack('>Q', number) + chance.randbytes(44)


def tower(interface, protocol, port):
    floor = lambda left, right: struct.pack('<H', len(left)) + left + struct.pack('<H', len(right)) + right
    name, major, minor = interface
    named = lambda text, low, high: floor(b'\x0d' + uuid.UUID(text).bytes_le + struct.pack('<H', low), struct.pack('<H', high))
    return (struct.pack('<H', 5) + named(name, major, minor) + named(NDR[0], 2, 0) + floor(b'\x0b', b'\0\0')
            + floor(bytes([protocol]), struct.pack('>H', port)) + floor(b'\x09', bytes(map(int, CAS.split('.')))))


def ask_mapper(capture, from_port, interface, port, protocol=7, big=False, wide=False):
    """ept_map; `wide`: in NDR64."""
    rpc, connection = Rpc(big), Connection(capture, 135, from_port)
    syntaxes = (NDR, NDR64) if wide else (NDR,)
    connection.say('client', rpc.bind(1, EPM, syntaxes=syntaxes))
    connection.say('server', rpc.bind_ack(1, 135, [(2, NDR), (0, NDR64)] if wide else [(0, NDR)]))
    size, align = ('Q', 8) if wide else ('I', 4)
    pad = lambda data, to: data + b'\0' * (-len(data) % to)
    asked, told = tower(interface, protocol, 0), tower(interface, protocol, port)
    context = 1 if wide else 0
    question = rpc.pack(size, 1) + bytes(16) + rpc.pack(size, 2)
    question += rpc.pack(size + 'I', len(asked), len(asked)) + asked
    question = pad(question, 4) + bytes(20) + rpc.pack('I', 4)
    connection.say('client', rpc.request(2, 3, question, context=context))
    answer = pad(bytes(20) + rpc.pack('I', 1), align) + rpc.pack(size * 3, 4, 0, 1) + rpc.pack(size, 3)
    answer += rpc.pack(size + 'I', len(told), len(told)) + told
    answer = pad(answer, 4) + rpc.pack('I', 0)
    connection.say('server', rpc.response(2, answer, context=context))
    connection.close()


def calls(connection, rpc, interface, port, chance, kind=None, level=0, operations=(10, 11, 11, 1), service=None):
    """Bind, log in if `kind`, call."""
    both = lambda token: (kind, level, token) if kind else None
    if kind == KERBEROS:
        connection.say('client', rpc.bind(1, interface, both(ap_req(service, chance))))
        connection.say('server', rpc.bind_ack(1, port, [(0, NDR)], both(ap_rep(chance))))
        connection.say('client', rpc.auth3(1, both(ap_rep(chance))))
    elif kind == NTLM:
        connection.say('client', rpc.bind(1, interface, both(ntlm_negotiate())))
        connection.say('server', rpc.bind_ack(1, port, [(0, NDR)], both(ntlm_challenge())))
        connection.say('client', rpc.auth3(1, both(ntlm_authenticate(chance))))
    else:
        connection.say('client', rpc.bind(1, interface))
        connection.say('server', rpc.bind_ack(1, port, [(0, NDR)]))
    text = '/o=Example/ou=Exchange Administrative Group/cn=Recipients/cn=alice'
    clear = rpc.pack('IIII', 0, len(text) + 1, 0, len(text) + 1) + text.encode() + bytes(60)
    for number, operation in enumerate(operations):
        call = number + 2
        signature = lambda server: cfx(number, server, chance) if kind == KERBEROS else struct.pack('<I', 1) + chance.randbytes(8) + struct.pack('<I', number)
        verifier = lambda server: both(signature(server)) if level >= 4 else None
        stub = lambda: chance.randbytes(len(clear)) if level == 6 else clear
        connection.say('client', rpc.request(call, operation, stub(), verifier(False)))
        connection.say('server', rpc.response(call, stub(), verifier(True)))
    connection.close()


def build(folder):
    def capture(name, made):
        chance = random.Random(name)
        file = Capture()
        made(file, chance)
        file.write(os.path.join(folder, name))

    def emsmdb_sealed(file, chance):
        ask_mapper(file, 50000, EMSMDB, 40001)
        calls(Connection(file, 40001, 50001), Rpc(), EMSMDB, 40001, chance, KERBEROS, 6, service=('exchangeMDB', 'cas1.example.test'))

    def emsmdb_connect(file, chance):
        ask_mapper(file, 50010, EMSMDB, 40001)
        calls(Connection(file, 40001, 50011), Rpc(), EMSMDB, 40001, chance, NTLM, 2)

    def nspi_signed(file, chance):
        ask_mapper(file, 50020, NSPI, 40002, wide=True)
        calls(Connection(file, 40002, 50021), Rpc(), NSPI, 40002, chance, NTLM, 5, (0, 3, 1))

    def rfr_nobody(file, chance):
        ask_mapper(file, 50030, RFR, 40003)
        calls(Connection(file, 40003, 50031), Rpc(), RFR, 40003, chance, operations=(0, 1))

    def emsmdb_sealed_bigendian(file, chance):
        ask_mapper(file, 50040, EMSMDB, 40001, big=True)
        calls(Connection(file, 40001, 50041), Rpc(big=True), EMSMDB, 40001, chance, NTLM, 6)

    def emsmdb_behind_banner(file, chance):
        ask_mapper(file, 50050, EMSMDB, 6001, protocol=0x1F)
        connection = Connection(file, 6001, 50051)
        connection.say('server', b'ncacn_http/1.0')
        rpc = Rpc()
        # CONN/A1 and its like ([MS-RPCH] §2.2.4) carry no call: one RTS PDU with a single Version command
        connection.say('client', rpc.pdu(20, 0, rpc.pack('HHII', 0, 1, 6, 1)))
        calls(connection, rpc, EMSMDB, 6001, chance, NTLM, 6)

    for made in (emsmdb_sealed, emsmdb_connect, nspi_signed, rfr_nobody, emsmdb_sealed_bigendian, emsmdb_behind_banner):
        capture(made.__name__.replace('_', '-') + '.pcap', made)


build(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), '../rpc'))
