#!/usr/bin/env python3
"""SMTP peers for what Postfix and swaks do not do. Only the standard library, but for exps-*.

    exchange-server ADDRESS PORT --cert FILE --key FILE   greets and answers like an Exchange 2010 hub, with X-ANONYMOUSTLS
    exchange-client ADDRESS PORT                          X-ANONYMOUSTLS, then X-EXPS EXCHANGEAUTH and a message inside TLS
    exps-server     ADDRESS PORT                          the same hub with X-ANONYMOUSTLS suppressed; takes X-EXPS GSSAPI in clear
    exps-client     ADDRESS PORT --target NAME            X-EXPS GSSAPI (Kerberos inside SPNEGO) and a message, in clear
    pretend-server  ADDRESS PORT                          answers 220 to STARTTLS and goes on reading SMTP in clear
    pretend-client  ADDRESS PORT                          asks for STARTTLS, gets 220, and sends the message in clear
    bdat-client     ADDRESS PORT                          PIPELINING and BDAT chunks, no TLS

A server serves one connection and ends. The EXCHANGEAUTH tokens are made up: the real ones are never visible either.
X-EXPS GSSAPI is real (python3-gssapi): keys come from KRB5_KTNAME on the server and KRB5CCNAME on the client.
"""
import argparse
import base64
import socket
import ssl
import sys
from email.utils import formatdate

DOMAIN = "example.test"
MESSAGE = (
    f"From: alice@{DOMAIN}\r\nTo: bob@{DOMAIN}\r\nSubject: lab message\r\n"
    f"Date: {formatdate()}\r\nMessage-ID: <lab@{DOMAIN}>\r\n\r\nThis is a made-up message, recorded in a lab.\r\n"
)


class Line:
    """CRLF lines over a socket that may turn into TLS half-way."""

    def __init__(self, sock):
        self.sock = sock
        self.rest = b""

    def read(self):
        while b"\r\n" not in self.rest:
            data = self.sock.recv(65536)
            if not data:
                return None
            self.rest += data
        line, self.rest = self.rest.split(b"\r\n", 1)
        return line.decode("latin-1")

    def write(self, *lines):
        self.sock.sendall("".join(line + "\r\n" for line in lines).encode("latin-1"))

    def reply(self):
        """A whole reply, all its lines."""
        lines = []
        while True:
            line = self.read()
            if line is None:
                raise SystemExit("connection closed")
            lines.append(line)
            if line[3:4] != "-":
                return lines

    def ask(self, command, code):
        self.write(command)
        return self.expect(code)

    def expect(self, code):
        lines = self.reply()
        if not lines[-1].startswith(code):
            raise SystemExit(f"expected {code}, got {lines}")
        return lines


def listen(address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, port), family=family) as server:
        conn, peer = server.accept()
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return conn, peer[0]


def connect(address, port):
    conn = socket.create_connection((address, port), timeout=20)
    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return conn


def capabilities(lines, first):
    lines = [first] + lines
    return [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]


def serve(line, name, peer, outside, inside, upgrade):
    """One session. upgrade(verb) returns the TLS socket, or None to go on in clear."""
    extensions = outside
    while True:
        command = line.read()
        if command is None:
            return
        verb = command.split(" ")[0].upper()
        if verb == "EHLO":
            line.write(*capabilities(extensions, f"{name} Hello [{peer}]"))
        elif verb in ("STARTTLS", "X-ANONYMOUSTLS"):
            line.write("220 2.0.0 SMTP server ready")
            sock = upgrade(verb)
            if sock is not None:
                line.sock, line.rest, extensions = sock, b"", inside
        elif command.upper() == "X-EXPS GSSAPI":
            line.write("334 GSSAPI supported")
            accept(line)
        elif verb == "X-EXPS":
            line.write("235 " + base64.b64encode(b"made-up exchangeauth answer, not a real token").decode())
        elif verb == "MAIL":
            line.write("250 2.1.0 Sender OK")
        elif verb == "RCPT":
            line.write("250 2.1.5 Recipient OK")
        elif verb == "DATA":
            line.write("354 Start mail input; end with <CRLF>.<CRLF>")
            while line.read() not in (".", None):
                pass
            line.write(f"250 2.6.0 <lab@{DOMAIN}> Queued mail for delivery")
        elif verb == "QUIT":
            line.write("221 2.0.0 Service closing transmission channel")
            return
        else:
            line.write("500 5.3.3 Unrecognized command")


def close(sock):
    if isinstance(sock, ssl.SSLSocket):
        try:
            sock = sock.unwrap()
        except (OSError, ssl.SSLError):
            pass
    sock.close()


COMMON = ["8BITMIME", "BINARYMIME", "CHUNKING"]
EXCHANGE_OUTSIDE = (
    ["SIZE", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "X-ANONYMOUSTLS", "AUTH NTLM", "X-EXPS GSSAPI NTLM"]
    + COMMON + ["XEXCH50", "XRDST", "XSHADOW"]
)
EXCHANGE_INSIDE = (
    ["SIZE", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "AUTH NTLM LOGIN", "X-EXPS EXCHANGEAUTH GSSAPI NTLM", "X-EXCHANGEAUTH SHA256"]
    + COMMON + ["XEXCH50", "XRDST", "XSHADOW"]
)


def exchange_server(args):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(args.cert, args.key)
    conn, peer = listen(args.address, args.port)
    line = Line(conn)
    line.write(f"220 {args.name} Microsoft ESMTP MAIL Service ready at {formatdate().replace('-0000', '+0000')}")
    serve(line, args.name, peer, EXCHANGE_OUTSIDE, EXCHANGE_INSIDE, lambda verb: context.wrap_socket(conn, server_side=True))
    close(line.sock)


def exchange_client(args):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # anonymous TLS: the key encrypts, it names nobody
    line = Line(connect(args.address, args.port))
    line.expect("220")
    line.ask(f"EHLO {args.name}", "250")
    line.ask("X-ANONYMOUSTLS", "220")
    line.sock = context.wrap_socket(line.sock)
    line.ask(f"EHLO {args.name}", "250")
    line.ask("X-EXPS EXCHANGEAUTH SHA256 " + base64.b64encode(b"made-up exchangeauth token, not a real one").decode(), "235")
    send(line)
    close(line.sock)


def accept(line):
    import gssapi

    context = gssapi.SecurityContext(usage="accept")
    while True:
        answer = context.step(base64.b64decode(line.read()))
        if answer:
            line.write("334 " + base64.b64encode(answer).decode())
        if context.complete:
            break
    if answer:
        line.read()  # the client's empty answer to the last token
    line.write("235 2.7.0 Authentication successful")


def exps_server(args):
    conn, peer = listen(args.address, args.port)
    line = Line(conn)
    line.write(f"220 {args.name} Microsoft ESMTP MAIL Service ready at {formatdate().replace('-0000', '+0000')}")
    extensions = [name for name in EXCHANGE_OUTSIDE if name != "X-ANONYMOUSTLS"]
    serve(line, args.name, peer, extensions, extensions, lambda verb: None)
    close(line.sock)


def exps_client(args):
    import gssapi

    spnego = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
    target = gssapi.Name(f"SMTPSVC@{args.target}", gssapi.NameType.hostbased_service)
    context = gssapi.SecurityContext(name=target, mech=spnego, usage="initiate")
    line = Line(connect(args.address, args.port))
    line.expect("220")
    line.ask(f"EHLO {args.name}", "250")
    line.ask("X-EXPS GSSAPI", "334")
    token = context.step()
    while True:
        line.write(base64.b64encode(token or b"").decode())
        reply = line.reply()[-1]
        if not reply.startswith("334"):
            break
        token = context.step(base64.b64decode(reply[4:]))
    if not reply.startswith("235"):
        raise SystemExit(reply)
    send(line)
    close(line.sock)


def pretend_server(args):
    conn, peer = listen(args.address, args.port)
    line = Line(conn)
    line.write(f"220 {args.name} ESMTP")
    extensions = ["SIZE", "PIPELINING", "STARTTLS", "8BITMIME"]
    serve(line, args.name, peer, extensions, extensions, lambda verb: None)
    close(line.sock)


def pretend_client(args):
    line = Line(connect(args.address, args.port))
    line.expect("220")
    line.ask(f"EHLO {args.name}", "250")
    line.ask("STARTTLS", "220")
    send(line)
    close(line.sock)


def send(line):
    line.ask(f"MAIL FROM:<alice@{DOMAIN}>", "250")
    line.ask(f"RCPT TO:<bob@{DOMAIN}>", "250")
    line.ask("DATA", "354")
    line.ask(MESSAGE + ".", "250")
    line.ask("QUIT", "221")


def bdat_client(args):
    line = Line(connect(args.address, args.port))
    line.expect("220")
    line.ask(f"EHLO {args.name}", "250")
    # The words in the second chunk are text of the message and no commands: a reader that does not count bytes trips here.
    first = MESSAGE.encode()
    second = b"STARTTLS\r\nMAIL FROM:<nobody@example.test>\r\nQUIT\r\n"
    line.sock.sendall(
        b"MAIL FROM:<alice@%b>\r\nRCPT TO:<bob@%b>\r\nBDAT %d\r\n" % (DOMAIN.encode(), DOMAIN.encode(), len(first))
        + first + b"BDAT %d LAST\r\n" % len(second) + second
    )
    for _ in range(4):
        line.expect("250")
    line.ask("QUIT", "221")
    close(line.sock)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["exchange-server", "exchange-client", "exps-server", "exps-client", "pretend-server", "pretend-client", "bdat-client"])
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("--name", default=socket.gethostname(), help="this host's own name in greetings and EHLO")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--target", help="the server's full name, for its ticket")
    args = parser.parse_args()
    globals()[args.what.replace("-", "_")](args)


if __name__ == "__main__":
    sys.exit(main())
