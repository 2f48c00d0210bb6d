#!/usr/bin/env python3
"""What a round of scans may meet, and what it must not: `round.py CERTIFICATE KEY RESOLVER` serves the web on every
address of its namespace (8080 plain, 8443 TLS) and names on RESOLVER, port 53. It logs what it sees, a line each:

    connect DESTINATION PORT SOURCE PORT          a connection that it accepted
    request DESTINATION PORT METHOD PATH          a request on it
    query NAME TYPE                               a question, over UDP or TCP

Names: `allowed.test` and `moved.test` have one address; `mixed.test` has one of the machine's metadata service before
its own; `rebind.test` has another address at every question, of which the first is its own."""
import itertools
import socket
import ssl
import struct
import sys
import threading

CERTIFICATE, KEY, RESOLVER = sys.argv[1:]
FORBIDDEN = ["http://10.50.0.3:8080/", "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:8080/",
             "http://10.51.0.1:8080/", "http://[::ffff:10.50.0.3]:8080/", "http://[64:ff9b::a32:3]/",
             "http://[2002:a32:3::1]:8080/"]
NAMES = {
    "allowed.test": itertools.repeat(["10.50.0.6"]), "moved.test": itertools.repeat(["10.50.0.4"]),
    "mixed.test": itertools.repeat(["169.254.169.254", "10.50.0.10"]), "ns.test": itertools.repeat(["10.51.0.1"]),
    "rebind.test": itertools.cycle([["10.50.0.8"], ["10.50.0.9"], ["169.254.169.254"]]),
}
lock = threading.Lock()


def log(*words):
    with lock:
        print(*words, flush=True)


def page(place, number):
    links = "".join(f"<a href='{there}'>x</a>" for there in FORBIDDEN) + "<a href=/b.html>b</a>"
    body = f"<!doctype html><title>t</title><p>a page</p>{links}<script src={FORBIDDEN[number % 7]}x.js></script>"
    if place == "10.50.0.7":
        there = FORBIDDEN[number % len(FORBIDDEN)]
        return f"HTTP/1.1 302 Found\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n"
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n{body}"


counter = itertools.count()


def serve(connection, context):
    place = connection.getsockname()
    try:
        connection.settimeout(10)
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        data = b""
        while more := connection.recv(65536):
            data += more
            while b"\r\n\r\n" in data:
                head, data = data.split(b"\r\n\r\n", 1)
                words = head.decode("latin-1").split(" ")
                log("request", place[0], place[1], words[0], words[1] if len(words) > 1 else "")
                text = page(place[0], next(counter))
                connection.sendall((text.split("\r\n\r\n")[0] + "\r\n\r\n" if words[0] == "HEAD" else text).encode())
    except (OSError, ValueError):
        pass
    connection.close()


def listen(port, context=None):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", port))
    listener.listen(256)

    def loop():
        while True:
            connection, peer = listener.accept()
            log("connect", *connection.getsockname(), *peer)
            threading.Thread(target=serve, args=(connection, context), daemon=True).start()

    threading.Thread(target=loop).start()


def wire(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def reply(query):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1").lower())
        at += 1 + query[at]
    name, kind = ".".join(labels), struct.unpack(">H", query[at + 1:at + 3])[0]
    log("query", name, kind)
    records = []
    if kind == 1 and name in NAMES:
        with lock:
            records = [socket.inet_aton(address) for address in next(NAMES[name])]
    elif kind == 2 and name == "test":
        records = [wire("ns.test")]
    elif kind == 6 and name == "test":
        records = [wire("ns.test") + wire("admin.test") + struct.pack(">IIIII", 1, 7200, 3600, 1209600, 300)]
    code = 0 if name in NAMES or name == "test" else 3
    head = query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(records), 0, 0)
    answers = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(data)) + data for data in records)
    return head + query[12:at + 5] + answers


def names():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((RESOLVER, 53))

    def loop():
        while True:
            query, peer = server.recvfrom(4096)
            try:
                server.sendto(reply(query), peer)
            except (IndexError, struct.error):
                pass

    threading.Thread(target=loop).start()


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CERTIFICATE, KEY)
listen(8080)
listen(8443, context)
names()
log("ready")
