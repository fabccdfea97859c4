"""Plays a phone and a registrar that speak SIP with NTLM ([MS-SIPAE]), which no free server does: over TCP, three REGISTERs.

  voice_peer.py server ADDRESS PORT
  voice_peer.py client ADDRESS PORT

The NTLM messages are impacket's, with a made-up account; the client's answer is computed from its password and is not checked.
"""

import base64
import re
import socket
import sys

from impacket import ntlm

USER, PASSWORD, DOMAIN = 'labuser', 'not-a-real-password', 'EXAMPLE'
TARGET = 'ocs1.example.test'


def read_message(stream):
    """One message without a body."""
    lines = []
    while True:
        line = stream.readline()
        if not line:
            return None
        text = line.decode('latin1').rstrip('\r\n')
        if text == '':
            return lines
        lines.append(text)


def header(lines, name):
    for line in lines:
        key, _, value = line.partition(':')
        if key.lower() == name.lower():
            return value.strip()
    return ''


def challenge():
    """CHALLENGE_MESSAGE ([MS-NLMP] 2.2.1.2) of a server named ocs1."""
    pairs = ntlm.AV_PAIRS()
    pairs[ntlm.NTLMSSP_AV_DOMAINNAME] = DOMAIN.encode('utf-16le')
    pairs[ntlm.NTLMSSP_AV_HOSTNAME] = 'OCS1'.encode('utf-16le')
    pairs[ntlm.NTLMSSP_AV_DNS_HOSTNAME] = TARGET.encode('utf-16le')
    info = pairs.getData()
    name = DOMAIN.encode('utf-16le')
    flags = 0xE2898235
    head = b'NTLMSSP\0' + (2).to_bytes(4, 'little')
    head += len(name).to_bytes(2, 'little') * 2 + (56).to_bytes(4, 'little')
    head += flags.to_bytes(4, 'little') + bytes.fromhex('0123456789abcdef') + bytes(8)
    head += len(info).to_bytes(2, 'little') * 2 + (56 + len(name)).to_bytes(4, 'little')
    head += bytes.fromhex('0601b11d0000000f')
    return head + name + info


def answer(lines, status, extra=()):
    kept = [f'{name}: {header(lines, name)}' for name in ('Via', 'From', 'Call-ID', 'CSeq')]
    all_lines = [f'SIP/2.0 {status}', *kept, f'To: {header(lines, "To")};tag=ocs1', *extra, 'Server: RTC/3.5', 'Content-Length: 0', '', '']
    return '\r\n'.join(all_lines).encode('latin1')


def serve(connection):
    stream = connection.makefile('rb')
    common = f'realm="SIP Communications Service", targetname="{TARGET}", version=3'
    while (lines := read_message(stream)) is not None:
        given = header(lines, 'Authorization')
        data = re.search(r'gssapi-data="([^"]*)"', given)
        if given == '':
            offers = [f'WWW-Authenticate: {scheme} {common}' for scheme in ('NTLM', 'Kerberos')]
            connection.sendall(answer(lines, '401 Unauthorized', offers))
        elif data is not None and data.group(1) == '':
            token = base64.b64encode(challenge()).decode()
            connection.sendall(answer(lines, '401 Unauthorized', [f'WWW-Authenticate: NTLM opaque="BCDC0C9D", gssapi-data="{token}", {common}']))
        else:
            info = f'Authentication-Info: NTLM rspauth="{"00" * 16}", srand="9616454F", snum="1", opaque="BCDC0C9D", qop="auth", {common}'
            connection.sendall(answer(lines, '200 OK', [info, 'Expires: 3600']))


def register(number, extra=()):
    lines = [
        'REGISTER sip:example.test SIP/2.0',
        f'Via: SIP/2.0/TCP client1.example.test:40000;branch=z9hG4bK{number}',
        'From: <sip:labuser@example.test>;tag=lab;epid=01',
        'To: <sip:labuser@example.test>',
        'Call-ID: 2c2b4f6f7a5e4d8b9a1c',
        f'CSeq: {number} REGISTER',
        'Contact: <sip:10.0.0.101:40000;transport=tcp>',
        'Max-Forwards: 70',
        'User-Agent: lab communicator',
        *extra,
        'Content-Length: 0',
        '',
        '',
    ]
    return '\r\n'.join(lines).encode('latin1')


def client(connection):
    stream = connection.makefile('rb')
    connection.sendall(register(1))
    read_message(stream)
    common = f'qop="auth", realm="SIP Communications Service", targetname="{TARGET}", version=3'
    connection.sendall(register(2, [f'Authorization: NTLM {common}, gssapi-data=""']))
    lines = read_message(stream)
    token = base64.b64decode(re.search(r'gssapi-data="([^"]*)"', header(lines, 'WWW-Authenticate')).group(1))
    first = ntlm.getNTLMSSPType1('CLIENT1', DOMAIN)
    third, _ = ntlm.getNTLMSSPType3(first, token, USER, PASSWORD, DOMAIN)
    data = base64.b64encode(third.getData()).decode()
    connection.sendall(register(3, [f'Authorization: NTLM {common}, opaque="BCDC0C9D", gssapi-data="{data}"']))
    lines = read_message(stream)
    if not lines[0].startswith('SIP/2.0 200'):
        sys.exit(1)


def main():
    role, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if role == 'server':
        listener = socket.create_server((address, port))
        while True:
            connection, _ = listener.accept()
            with connection:
                serve(connection)
    with socket.create_connection((address, port)) as connection:
        client(connection)


main()
