#!/usr/bin/env python3
"""Mailbox clients for mailbox-access.sh: poplib and imaplib of the standard library, told step by step what to do.

  mailbox_peer.py pop3|pop3s|imap|imaps ADDRESS PORT STEP...

Steps: capa, stls (or starttls), stls-anyway (asked for though it was not offered), user NAME, pass PASSWORD,
apop NAME PASSWORD, login NAME PASSWORD, cram NAME PASSWORD, gssapi HOST NAME (Kerberos, RFC 4752, without a security layer), read (looks at the mailbox and fetches a message),
append (stores a message, by a literal), quit. A step that the server refuses is printed and does not end the session.
"""
import base64
import imaplib
import poplib
import ssl
import sys

ANYBODY = ssl.create_default_context()
ANYBODY.check_hostname = False
ANYBODY.verify_mode = ssl.CERT_NONE

MESSAGE = b"From: alice@example.test\r\nTo: bob@example.test\r\nSubject: stored by a client\r\n\r\nIt is made up.\r\n"


def gssapi_client(service, host, name):
    """The responses of a GSSAPI exchange: a function from challenge to response."""
    import gssapi

    target = gssapi.Name(f"{service}@{host}", gssapi.NameType.hostbased_service)
    context = gssapi.SecurityContext(name=target, usage="initiate")

    def respond(challenge):
        if not context.complete:
            return context.step(challenge or None) or b""
        offered = context.unwrap(challenge).message
        assert offered[0] & 1, "the server insists on a security layer"
        return context.wrap(b"\1\0\0\0" + name.encode(), False).message

    return respond


def pop3_gssapi(client, host, name):
    respond = gssapi_client("pop", host, name)
    answer = client._shortcmd("AUTH GSSAPI")
    while answer.startswith(b"+ "):
        client._putline(base64.b64encode(respond(base64.b64decode(answer[2:]))))
        answer = client._getresp()


def pop3_step(client, words):
    match words:
        case ["capa"]:
            client.capa()
        case ["stls"]:
            client.stls(context=ANYBODY)
        case ["stls-anyway"]:
            client._shortcmd("STLS")
        case ["user", name]:
            client.user(name)
        case ["pass", secret]:
            client.pass_(secret)
        case ["apop", name, secret]:
            client.apop(name, secret)
        case ["gssapi", host, name]:
            pop3_gssapi(client, host, name)
        case ["read"]:
            client.stat()
            client.list()
            client.uidl()
            client.retr(1)
        case ["quit"]:
            client.quit()
        case _:
            sys.exit(f"no such step: {words}")


def imap_step(client, words):
    match words:
        case ["capa"]:
            client.capability()
        case ["starttls"]:
            client.starttls(ssl_context=ANYBODY)
        case ["stls-anyway"]:
            client._simple_command("STARTTLS")
        case ["login", name, secret]:
            client.login(name, secret)
        case ["cram", name, secret]:
            client.login_cram_md5(name, secret)
        case ["gssapi", host, name]:
            client.authenticate("GSSAPI", gssapi_client("imap", host, name))
        case ["read"]:
            client.list()
            client.select("INBOX")
            client.fetch("1", "(FLAGS BODY[])")
        case ["append"]:
            client.append("INBOX", None, None, MESSAGE)
        case ["quit"]:
            client.logout()
        case _:
            sys.exit(f"no such step: {words}")


TAKES = {"user": 1, "pass": 1, "apop": 2, "login": 2, "cram": 2, "gssapi": 2}


def main():
    kind, address, port, *rest = sys.argv[1:]
    match kind:
        case "pop3":
            client, step = poplib.POP3(address, int(port), timeout=10), pop3_step
        case "pop3s":
            client, step = poplib.POP3_SSL(address, int(port), timeout=10, context=ANYBODY), pop3_step
        case "imap":
            client, step = imaplib.IMAP4(address, int(port), timeout=10), imap_step
        case "imaps":
            client, step = imaplib.IMAP4_SSL(address, int(port), timeout=10, ssl_context=ANYBODY), imap_step
        case _:
            sys.exit(__doc__)
    while rest:
        words = [rest.pop(0)]
        words += [rest.pop(0) for _ in range(TAKES.get(words[0], 0))]
        try:
            step(client, words)
        except (poplib.error_proto, imaplib.IMAP4.error) as refusal:
            print(words[0], "refused:", refusal)


main()
