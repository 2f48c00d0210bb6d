"""Name servers with one fault each, on loopback: most pass questions on to NSD and spoil the answer.

Reads one line of JSON (`servers`: kind to address, `upstream`, `port`), writes `ready` once all listen.
"""
import json
import os
import random
import socket
import struct
import sys
import threading

KINDS = [
    "resolving", "silent", "cutting", "cutting-only", "garbage", "unauthoritative", "failing", "offering", "strays",
    "lone"]
SECONDS = 5
AXFR = 252
RA, AA, TC, QR = 0x0080, 0x0400, 0x0200, 0x8000


def question(query):
    """Name, type, and where the question ends; whoever asks here speaks DNS."""
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1").lower())
        at += 1 + query[at]
    return ".".join(labels), struct.unpack("!H", query[at + 1:at + 3])[0], at + 5


def answer(query, flags, code, records=b"", count=0):
    end = question(query)[2]
    return query[:2] + struct.pack("!HHHHH", QR | flags | code, 1, count, 0, 0) + query[12:end] + records


def flagged(message, set_bits=0, clear=0):
    flags = struct.unpack("!H", message[2:4])[0]
    return message[:2] + struct.pack("!H", (flags & ~clear) | set_bits) + message[4:]


class Server:
    def __init__(self, kind, address, upstream, port):
        self.kind, self.address, self.upstream, self.port = kind, address, upstream, port
        self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.datagrams.bind((address, port))
        self.streams = None
        if kind != "cutting-only":
            self.streams = socket.create_server((address, port), backlog=64)
            threading.Thread(target=self.accept, daemon=True).start()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            query, peer = self.datagrams.recvfrom(4096)
            threading.Thread(target=self.guarded, args=(self.reply, query, peer), daemon=True).start()

    def accept(self):
        while True:
            stream, _ = self.streams.accept()
            threading.Thread(target=self.guarded, args=(self.converse, stream), daemon=True).start()

    @staticmethod
    def guarded(body, *words):
        try:
            body(*words)
        except (OSError, IndexError, struct.error):
            pass

    def reply(self, query, peer):
        for message in self.answers(query, self.ask(query)):
            self.datagrams.sendto(message, peer)

    def answers(self, query, truth):
        kind = self.kind
        if kind == "silent":
            return []
        if kind == "garbage":
            return [os.urandom(random.randint(1, 60)) for _ in range(3)]
        if kind in ("cutting", "cutting-only"):
            return [answer(query, AA | TC, 0)]
        if kind == "strays":
            other = bytes([query[0] ^ 0xFF]) + truth[1:]
            return [other, truth[:9], b"", truth]
        return [self.spoiled(query, truth)]

    def spoiled(self, query, truth):
        if self.kind == "failing":
            return answer(query, 0, 2)
        name, kind, _ = question(query)
        is_foreign = name == "example.com"
        if self.kind == "unauthoritative":
            return flagged(truth, clear=AA)
        if self.kind == "resolving" and is_foreign and kind == 1:
            record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + bytes([192, 0, 2, 44])
            return answer(query, RA, 0, record, 1)
        if self.kind == "offering" and is_foreign:
            return answer(query, RA, 3)
        return flagged(truth, set_bits=RA) if self.kind in ("resolving", "offering") else truth

    def ask(self, query):
        if self.kind in ("silent", "garbage", "failing", "cutting", "cutting-only"):
            return b""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as upward:
            upward.settimeout(SECONDS)
            upward.connect((self.upstream, self.port))
            upward.send(query)
            return upward.recv(65_535)

    def converse(self, stream):
        with stream:
            stream.settimeout(SECONDS)
            length = struct.unpack("!H", self.exactly(stream, 2))[0]
            query = self.exactly(stream, length)
            if self.kind == "silent":
                # Who asks gives up first, however long its patience: silence never ends in a word.
                stream.settimeout(None)
                stream.recv(1)
            elif self.kind == "garbage":
                stream.sendall(b"\0\x20" + os.urandom(32))
            elif self.kind == "lone" and question(query)[1] == AXFR:
                self.send(stream, self.lone(query))
            else:
                self.send(stream, self.spoiled(query, self.ask_whole(query)))

    def lone(self, query):
        """A transfer that is nothing but the zone's SOA: an answer to the question for it, asked as one for all."""
        end = question(query)[2]
        soa = self.ask_whole(query[:end - 4] + struct.pack("!HH", 6, 1) + query[end:])
        size = struct.unpack("!H", soa[end + 10:end + 12])[0]
        return answer(query, AA, 0, soa[end:end + 12 + size], 1)

    def ask_whole(self, query):
        if self.kind == "failing":
            return b""
        with socket.create_connection((self.upstream, self.port), SECONDS) as upward:
            upward.sendall(struct.pack("!H", len(query)) + query)
            return self.exactly(upward, struct.unpack("!H", self.exactly(upward, 2))[0])

    @staticmethod
    def send(stream, message):
        stream.sendall(struct.pack("!H", len(message)) + message)

    @staticmethod
    def exactly(stream, count):
        whole = b""
        while len(whole) < count:
            more = stream.recv(count - len(whole))
            if not more:
                raise OSError("the peer has gone")
            whole += more
        return whole


def main():
    order = json.loads(sys.stdin.readline())
    for kind, address in order["servers"].items():
        Server(kind, address, order["upstream"], order["port"])
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
