"""What goes through the tunnels of ipsec.sh: a mail dialogue, so that it can be told whether it is readable.

  ipsec_mail.py serve ADDRESS
  ipsec_mail.py send FROM TO
"""

import socket
import sys

LINES = [f"Received line {n} of a message that nobody but the two hubs should read.\r\n" for n in range(60)]


def converse(stream, role):
    """Takes turns: the server speaks first."""
    dialogue = [
        ("server", "220 hub2.example.test ESMTP\r\n"),
        ("client", "EHLO hub1.example.test\r\n"),
        ("server", "".join(f"250-CAPABILITY-{n}\r\n" for n in range(60)) + "250 SIZE\r\n"),
        ("client", "MAIL FROM:<alice@example.test>\r\n"),
        ("server", "250 2.1.0 Ok\r\n"),
        ("client", "RCPT TO:<bob@example.test>\r\n"),
        ("server", "250 2.1.5 Ok\r\n"),
        ("client", "DATA\r\n"),
        ("server", "354 End with a dot\r\n"),
        ("client", "".join(LINES) + ".\r\n"),
        ("server", "250 2.0.0 Ok\r\n"),
        ("client", "NOOP\r\n"),
        ("server", "250 2.0.0 Ok\r\n"),
        ("client", "QUIT\r\n"),
        ("server", "221 2.0.0 Bye\r\n"),
    ]
    for speaker, text in dialogue:
        if speaker == role:
            stream.sendall(text.encode())
        else:
            left = len(text)
            while left > 0:
                left -= len(stream.recv(left))
    stream.close()


if sys.argv[1] == "serve":
    with socket.create_server((sys.argv[2], 25)) as server:
        converse(server.accept()[0], "server")
else:
    converse(socket.create_connection((sys.argv[3], 25), 10, (sys.argv[2], 0)), "client")
