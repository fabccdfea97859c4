#!/usr/bin/env python3
"""The web servers and clients that web.sh cannot take from Debian: a login form that behaves as Outlook Web App's, an
RPC proxy with its client ([MS-RPCH]), and clients that upgrade to TLS (RFC 2817) or send several requests at once.
Shares no code with pcap-audit. Only for recording captures in a lab; every name and password is made up."""
import argparse
import base64
import http.client
import http.server
import socket
import ssl
import struct
import threading
import time
import urllib.parse
import uuid

USER, PASSWORD = "EXAMPLE\\anna", "Lab-0wa-not-real"
SOAP = b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>made-up request</s:Body></s:Envelope>'


# ---- a login form like Outlook Web App's -----------------------------------------------------------------------------


class Owa(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Microsoft-IIS/7.5", ""

    def say(self, status, body=b"", **fields):
        self.send_response(status)
        for name, value in fields.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name.replace("_", "-"), one)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path.startswith("/owa/auth/logon.aspx"):
            form = b"<form action=/owa/auth.owa method=POST><input name=username><input name=password type=password></form>"
            self.say(200, b"<html><title>Outlook Web App</title>" + form + b"</html>", Content_Type="text/html")
        elif "cadata=" in self.headers.get("Cookie", ""):
            self.say(200, b"<html>Inbox: a made-up message</html>", Content_Type="text/html")
        else:
            host = self.headers.get("Host", "")
            self.say(302, Location=f"http://{host}/owa/auth/logon.aspx?url=http://{host}/owa/&reason=0")

    def do_POST(self):
        fields = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        host = self.headers.get("Host", "")
        if fields["username"] == [USER] and fields["password"] == [PASSWORD]:
            cookies = ["sessionid=1f8c24c7; path=/", 'cadata="2bmFkZS11cA=="; HttpOnly; path=/']
            self.say(302, Location=f"http://{host}/owa/", Set_Cookie=cookies)
        else:
            self.say(302, Location=f"http://{host}/owa/auth/logon.aspx?url=http://{host}/owa/&reason=2")

    def log_message(self, *_):
        pass


def owa_server(args):
    http.server.ThreadingHTTPServer((args.address, args.port), Owa).serve_forever()


# ---- RPC over HTTP, version 2 ([MS-RPCH] §2.2.3 and §2.2.4) ----------------------------------------------------------


def pdu(kind, call, body, flags=3, auth=b""):
    """[C706] §12.6.3, little-endian"""
    length = 16 + len(body) + (8 + len(auth) if auth else 0)
    return struct.pack("<BBBBIHHI", 5, 0, kind, flags, 0x10, length, len(auth), call) + body


def rts(*commands):
    return pdu(20, 0, struct.pack("<HH", 0, len(commands)) + b"".join(commands))


def command(kind, value):
    return struct.pack("<I", kind) + (value if isinstance(value, bytes) else struct.pack("<I", value))


VERSION = command(6, 1)
CONN_A1 = rts(VERSION, command(3, uuid.uuid4().bytes), command(3, uuid.uuid4().bytes), command(0, 65536))
CONN_B1 = rts(
    VERSION,
    command(3, uuid.uuid4().bytes),
    command(3, uuid.uuid4().bytes),
    command(4, 1 << 30),
    command(5, 300000),
    command(12, uuid.uuid4().bytes),
)
CONN_A3 = rts(command(2, 120000))
CONN_C2 = rts(VERSION, command(0, 65536), command(2, 120000))
EMSMDB = uuid.UUID("a4f1db00-ca47-1067-b31f-00dd010662da").bytes_le + struct.pack("<HH", 0, 81)
NDR = uuid.UUID("8a885d04-1ceb-11c9-9fe8-08002b104860").bytes_le + struct.pack("<I", 2)
LONG = 1 << 30


def bind():
    return pdu(11, 1, struct.pack("<HHIIHBB", 4280, 4280, 0, 1, 0, 1, 0) + EMSMDB + NDR)


def bind_ack():
    address = b"6001\0"
    body = struct.pack("<HHIH", 4280, 4280, 0x1234, len(address)) + address
    body += b"\0" * (-len(body) % 4) + struct.pack("<BBHHH", 1, 0, 0, 0, 0) + NDR
    return pdu(12, 1, body)


def call(number):
    stub = b"made-up EcDoConnectEx".ljust(64, b".")
    return pdu(0, number, struct.pack("<IHH", len(stub), 0, 10) + stub)


def returned(number):
    stub = b"made-up answer".ljust(64, b".")
    return pdu(2, number, struct.pack("<IHBB", len(stub), 0, 0, 0) + stub)


def head(method, target, length, login):
    lines = [
        f"{method} /rpc/rpcproxy.dll?{target} HTTP/1.1",
        "Cache-Control: no-cache",
        "Connection: Keep-Alive",
        "Pragma: no-cache",
        "Accept: application/rpc",
        "User-Agent: MSRPC",
        f"Content-Length: {length}",
        "Host: cas1.example.test",
    ]
    return ("\r\n".join(lines + ([f"Authorization: Basic {login}"] if login else [])) + "\r\n\r\n").encode()


def read_head(stream):
    lines = []
    while (line := stream.readline()) not in (b"\r\n", b""):
        lines.append(line.decode())
    return lines


def rpc_client(args):
    """Outlook Anywhere: asked for a login once, then the two channels, a bind and two calls."""
    login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    target = "mbx1.example.test:6001"
    outward, inward = (socket.create_connection((args.address, args.port)) for _ in range(2))
    outward_stream, inward_stream = outward.makefile("rb"), inward.makefile("rb")
    for sock, stream, method in ((outward, outward_stream, "RPC_OUT_DATA"), (inward, inward_stream, "RPC_IN_DATA")):
        sock.sendall(head(method, target, 0, None))
        stream.read(int(next(line for line in read_head(stream) if line.startswith("Content-Length")).split(":")[1]))
    outward.sendall(head("RPC_OUT_DATA", target, len(CONN_A1), login) + CONN_A1)
    inward.sendall(head("RPC_IN_DATA", target, LONG, login))
    inward.sendall(CONN_B1)
    read_head(outward_stream)
    outward_stream.read(len(CONN_A3) + len(CONN_C2))
    inward.sendall(bind())
    outward_stream.read(len(bind_ack()))
    for number in (2, 3):
        inward.sendall(call(number))
        outward_stream.read(len(returned(number)))
    for sock in (inward, outward):
        sock.close()


def rpc_server(args):
    """The proxy, with the mailbox server behind it played as well."""
    listener = socket.create_server((args.address, args.port))
    ready, out_channel = threading.Event(), []

    def serve(sock):
        stream = sock.makefile("rb")
        while lines := read_head(stream):
            if not any(line.startswith("Authorization: Basic") for line in lines):
                body = b"401"
                sock.sendall(
                    b'HTTP/1.1 401 Unauthorized\r\nServer: Microsoft-IIS/7.5\r\nWWW-Authenticate: Basic realm="cas1"\r\n'
                    b"WWW-Authenticate: NTLM\r\nContent-Length: 3\r\n\r\n" + body
                )
                continue
            if lines[0].startswith("RPC_OUT_DATA"):
                stream.read(len(CONN_A1))
                sock.sendall(
                    f"HTTP/1.1 200 Success\r\nContent-Type: application/rpc\r\nContent-Length: {LONG}\r\n\r\n".encode()
                )
                sock.sendall(CONN_A3)
                out_channel.append(sock)
                ready.set()
                return
            ready.wait(5)
            out = out_channel[0]
            stream.read(len(CONN_B1))
            out.sendall(CONN_C2)
            stream.read(len(bind()))
            out.sendall(bind_ack())
            for number in (2, 3):
                stream.read(len(call(number)))
                out.sendall(returned(number))
            return

    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


# ---- clients that curl is not ----------------------------------------------------------------------------------------


def upgrade_server(args):
    """RFC 2817 §3.3: agrees, and answers the request inside TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(args.cert, args.key)
    listener = socket.create_server((args.address, args.port))
    while True:
        sock = listener.accept()[0]
        while b"\r\n\r\n" not in sock.recv(4096):
            pass
        sock.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n")
        with context.wrap_socket(sock, server_side=True) as tls:
            tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            tls.recv(4096)
            tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmail")


def upgrade_client(args):
    """RFC 2817 §3.2: OPTIONS with an upgrade that is demanded, then a page inside TLS."""
    sock = socket.create_connection((args.address, args.port))
    sock.sendall(b"OPTIONS * HTTP/1.1\r\nHost: cas2.example.test\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n\r\n")
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += sock.recv(1)
    context = ssl._create_unverified_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with context.wrap_socket(sock, server_hostname="cas2.example.test") as tls:
        tls.recv(4096)
        tls.sendall(b"GET /owa/ HTTP/1.1\r\nHost: cas2.example.test\r\nConnection: close\r\n\r\n")
        while tls.recv(4096):
            pass


def ntlm_client(args):
    """Posts a request over one connection with NTLM by gss-ntlmssp, whose server does not take curl's messages."""
    import gssapi

    mechanism = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")
    name = gssapi.Name(USER, gssapi.NameType.user)
    login = gssapi.raw.acquire_cred_with_password(name, args.password.encode(), mechs=[mechanism]).creds
    target = gssapi.Name("HTTP@cas1.example.test", gssapi.NameType.hostbased_service)
    context = gssapi.SecurityContext(name=target, mech=mechanism, creds=gssapi.Credentials(login))
    connection = http.client.HTTPConnection(args.address, args.port)
    token = None
    for _ in range(2):
        token = base64.b64encode(context.step(token)).decode()
        body = SOAP if context.complete or args.scheme == "Negotiate" else b""
        fields = {"Host": "cas1.example.test", "Content-Type": "text/xml", "Authorization": f"{args.scheme} {token}"}
        connection.request("POST", args.path, body, fields)
        answer = connection.getresponse()
        answer.read()
        offered = [value.split() for value in answer.headers.get_all("WWW-Authenticate", [])]
        token = next((base64.b64decode(value[1]) for value in offered if value[0] == args.scheme and value[1:]), None)


def pipeline_client(args):
    """A request that is challenged, then three at once: without a login, with the right one, with a wrong one."""
    sock = socket.create_connection((args.address, args.port))
    stream = sock.makefile("rb")

    def request(path, secret=None):
        login = base64.b64encode(f"anna:{secret}".encode()).decode()
        field = f"Authorization: Basic {login}\r\n" if secret else ""
        return f"GET {path} HTTP/1.1\r\nHost: cas1.example.test\r\n{field}\r\n".encode()

    def answer():
        fields = "".join(read_head(stream)).lower()
        if "content-length: " in fields:
            stream.read(int(fields.split("content-length: ")[1].split()[0]))
        else:  # in chunks
            while stream.readline() != b"0\r\n":
                pass
            stream.readline()

    sock.sendall(request("/Microsoft-Server-ActiveSync/"))
    answer()
    sock.sendall(
        request("/UnifiedMessaging/")
        + request("/Microsoft-Server-ActiveSync/", PASSWORD)
        + request("/Microsoft-Server-ActiveSync/", "wrong")
    )
    for _ in range(3):
        answer()
    time.sleep(0.2)
    sock.close()


if __name__ == "__main__":
    modes = {
        "owa-server": owa_server,
        "rpc-server": rpc_server,
        "rpc-client": rpc_client,
        "upgrade-server": upgrade_server,
        "upgrade-client": upgrade_client,
        "ntlm-client": ntlm_client,
        "pipeline-client": pipeline_client,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=modes)
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("--scheme", default="NTLM")
    parser.add_argument("--path", default="/")
    parser.add_argument("--password", default=PASSWORD)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    arguments = parser.parse_args()
    modes[arguments.mode](arguments)
