#!/usr/bin/env python3
"""Servers that mean harm, one a port of 127.0.0.1: `servers.py` prints `NAME PORT` of each and then `ready`, and serves
until its parent has gone. What each does is its function's first line. Standard library only; brotli and zstd come from the C
libraries that curl has loaded them from."""
import ctypes
import ctypes.util
import gzip
import os
import socket
import threading
import time

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PAGE = b"<!doctype html><title>a page</title><p>some text of a page</p><a href=/b.html>b</a>"
MEBI = 1 << 20


def request(connection):
    """The head of one request, as text; empty at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return ""
        data += more
    return data.decode("latin-1")


def endless(connection, piece, limit=1 << 40):
    sent = 0
    while sent < limit:
        connection.sendall(piece)
        sent += len(piece)


def answer(connection, body, head=HEAD):
    connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)


# --- HTTP ------------------------------------------------------------------------------------------------------------
def ordinary(connection):
    "an ordinary page: what a scan costs without any harm"
    while request(connection):
        answer(connection, PAGE)


def headers(connection):
    "header lines without end"
    request(connection)
    connection.sendall(HEAD)
    endless(connection, b"".join(b"X-%d: %s\r\n" % (number, b"a" * 1000) for number in range(64)))


def header_line(connection):
    "one header line without end"
    request(connection)
    connection.sendall(HEAD + b"X-Long: ")
    endless(connection, b"a" * 65536)


def trailers(connection):
    "trailer lines without end, behind a body in chunks"
    request(connection)
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n")
    endless(connection, b"X-T: %s\r\n" % (b"a" * 1000) * 64)


def body(connection):
    "a body without end"
    request(connection)
    connection.sendall(HEAD + b"\r\n")
    endless(connection, b"<p>text</p>" * 6000)


def coded(name, data):
    def serve(connection):
        while request(connection):
            answer(connection, data, HEAD + b"Content-Encoding: %s\r\n" % name)
    serve.__doc__ = f"a bomb in {name.decode()}"
    return serve


def library(*names):
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            pass
    raise SystemExit(f"none of {names} is here: run script/bootstrap test")


def brotli(data):
    encoder = library("libbrotlienc.so.1")
    room = ctypes.c_size_t(len(data) // 2 + 1024)
    result = ctypes.create_string_buffer(room.value)
    done = encoder.BrotliEncoderCompress(5, 24, 0, ctypes.c_size_t(len(data)), data, ctypes.byref(room), result)
    assert done == 1
    return result.raw[:room.value]


def zstd(data):
    encoder = library("libzstd.so.1")
    encoder.ZSTD_compress.restype = ctypes.c_size_t
    result = ctypes.create_string_buffer(len(data) // 2 + 1024)
    count = encoder.ZSTD_compress(result, ctypes.c_size_t(len(result)), data, ctypes.c_size_t(len(data)), 3)
    return result.raw[:count]


def redirects(connection):
    "a redirect to the next of the machine's own and inner addresses, at every request"
    places = ["http://169.254.169.254/latest/meta-data/", "http://10.1.2.3:8080/", "http://192.168.1.1/",
              "http://[::ffff:169.254.169.254]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:a9fe:a9fe::1]/",
              "//100.100.100.200/", "http://2852039166/", "http://0xa9fea9fe/", "http://127.0.0.1:1@169.254.169.254/"]
    number = 0
    while request(connection):
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                           % places[number % len(places)].encode())
        number += 1


def chase(connection):
    "a redirect to a new path of its own at every request"
    number = 0
    while request(connection):
        number += 1
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /%d-%d\r\nContent-Length: 0\r\n\r\n"
                           % (number, time.monotonic_ns()))


def robots(connection):
    "a robots.txt without end, and a page"
    while text := request(connection):
        if "GET /robots.txt" in text:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\n")
            endless(connection, b"Disallow: /*a*b*c*d*e*f$\n" * 2000)
        answer(connection, PAGE)


def fixed(what, data):
    def serve(connection):
        while request(connection):
            answer(connection, data)
    serve.__doc__ = what
    return serve


# --- TLS, STARTTLS ---------------------------------------------------------------------------------------------------
def record(kind, data):
    return bytes([kind, 3, 3]) + len(data).to_bytes(2, "big") + data


HELLO = record(22, b"\2\0\0\x26\3\3" + bytes([7]) * 32 + b"\0\xc0\x2f\0")


def certificate(connection):
    "a certificate of 10 MB"
    connection.recv(65536)
    size = 10 * MEBI
    lengths = b"".join((size - less).to_bytes(3, "big") for less in (0, 3, 6))
    connection.sendall(HELLO + record(22, b"\x0b" + lengths))
    endless(connection, record(22, b"\x30" * 16384), size)
    time.sleep(1)


def chain(connection):
    "a chain of 10 MB: certificates of 100 bytes, none of them one"
    connection.recv(65536)
    size = 10 * MEBI
    entries = (b"\0\0\x64" + b"\x30" * 100) * 160
    connection.sendall(HELLO + record(22, b"\x0b" + size.to_bytes(3, "big") + (size - 3).to_bytes(3, "big")))
    endless(connection, record(22, entries[:16000]), size)
    time.sleep(1)


def messages(connection):
    "handshake messages of no bytes, without end"
    connection.recv(65536)
    connection.sendall(HELLO)
    endless(connection, record(22, b"\0\0\0\0" * 4000))


def records(connection):
    "records of no bytes, without end"
    connection.recv(65536)
    connection.sendall(HELLO)
    endless(connection, record(22, b"") * 10000)


def banner(line):
    def serve(connection):
        endless(connection, line)
    serve.__doc__ = "a banner without end"
    return serve


SERVERS = {
    "ordinary": ordinary, "headers": headers, "header-line": header_line, "trailers": trailers, "body": body,
    "gzip": coded(b"gzip", gzip.compress(bytes(256 * MEBI), 6)),
    "deflate": coded(b"deflate", __import__("zlib").compress(bytes(256 * MEBI), 6)),
    "brotli": coded(b"br", brotli(bytes(256 * MEBI))), "zstd": coded(b"zstd", zstd(bytes(256 * MEBI))),
    "redirects": redirects, "chase": chase, "robots": robots,
    "deep": fixed("elements 100,000 deep", b"<!doctype html><title>t</title>" + b"<div>" * 100_000),
    "deep-formatting": fixed("formatting elements 100,000 deep", b"<!doctype html><title>t</title>" + b"<b><p>" * 80_000),
    "attributes": fixed("an element of 60,000 attributes",
                        b"<!doctype html><p " + b" ".join(b"a%d=1" % n for n in range(60_000)) + b">"),
    "links": fixed("40,000 links", b"<!doctype html>" + b"".join(b"<a href=/%d>x</a>" % n for n in range(40_000))),
    "certificate": certificate, "chain": chain, "messages": messages, "records": records,
    "smtp": banner(b"220-" + b"a" * 500 + b"\r\n"), "imap": banner(b"* OK " + b"a" * 500 + b"\r\n"),
    "ftp": banner(b"220-" + b"a" * 500 + b"\r\n"), "pop3": banner(b"+OK"), "ldap": banner(b"\x30\x84\x7f\xff\xff\xff" * 80),
    "postgresql": banner(b"Sx" * 200), "mysql": banner(b"\xff\xff\xff\0\x0a" + b"8" * 500), "rdp": banner(b"\3\0\xff\xff" * 100),
}


def listen(name, serve):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    print(name, listener.getsockname()[1], flush=True)

    def one(connection):
        try:
            connection.settimeout(30)
            serve(connection)
        except OSError:
            pass
        connection.close()

    def loop():
        while True:
            threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=loop).start()


for name, serve in SERVERS.items():
    listen(name, serve)
print("ready", flush=True)
parent = os.getppid()
while os.getppid() == parent:
    time.sleep(0.5)
os._exit(0)
