"""One process for every server that is no program of others: mocks of bytes, hostile servers, and gates before good
ones. Reads its rows as JSON from standard input, says `ready`, runs until that input ends.
"""
import asyncio
import json
import socket
import struct
import sys
import time

import hello
import pages
import services

GARBAGE = bytes(range(32, 127)) * 700
# A peer that says nothing is let go after this; engines give up long before.
PATIENCE = 30


def reset(writer):
    """The next close sends RST."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def until_gone(reader):
    while await reader.read(65536):
        pass


class Mock:
    """A server of one row. `serve` is a connection's life; the log has a line for its begin and one for its end, which
    is where the client's side ends."""

    def __init__(self, row, log):
        self.row, self.log, self.count, self.times, self.open = row, log, 0, [], set()

    async def handle(self, reader, writer):
        self.count += 1
        number = self.count
        self.opened(number)
        try:
            await asyncio.wait_for(self.serve(reader, writer, number), PATIENCE)
        except (OSError, EOFError, ValueError, IndexError, asyncio.TimeoutError):
            pass
        finally:
            self.closed(number)
            writer.close()

    def opened(self, number):
        self.open.add(number)
        self.note("opened", number)

    def closed(self, number):
        if number in self.open:
            self.open.remove(number)
            self.note("closed", number)

    def note(self, what, number):
        if self.log:
            self.log.write(f"{time.time():.6f} {what} {number} {self.row['name']}\n")
            self.log.flush()


class Speaking(Mock):
    """Answers hellos by a server of bytes."""

    def __init__(self, row, log):
        super().__init__(row, log)
        chain = [bytes.fromhex(der) for der in row.get("der", [])]
        row["dhPrime"] = bytes.fromhex(row.get("dhPrime", ""))
        self.ssl2 = chain[0] if "SSLv2" in row["versions"] else None
        self.server = hello.RetryingServer(row) if row["versions"] == ["TLS 1.3"] else hello.OldServer(row, chain)

    async def serve(self, reader, writer, number):
        kind, body = await hello.read_hello(reader)
        if kind == "tls":
            writer.write(self.server.answer(hello.ClientHello(body)))
        elif kind == "ssl2" and self.ssl2:
            writer.write(hello.answer_ssl2(self.ssl2))
        else:
            return
        await writer.drain()
        await self.server.go_on(reader, writer)
        await until_gone(reader)


class Service(Mock):
    async def serve(self, reader, writer, number):
        await services.serve_service(self.row["says"], reader, writer)


class Web(Mock):
    async def serve(self, reader, writer, number):
        if self.row["says"] == "reset":
            return reset(writer)
        if self.row["says"] == "ssh":
            return await services.serve_service("ssh", reader, writer)
        await services.serve_site(self.row["says"], number, reader, writer)


class Pages(Mock):
    def __init__(self, row, log):
        super().__init__(row, log)
        self.answers = {path: pages.answer(said) for path, said in row["answers"].items()}

    async def serve(self, reader, writer, number):
        await pages.serve(self.answers, reader, writer)


class Hostile(Mock):
    async def serve(self, reader, writer, number):
        await getattr(self, self.row["behaviour"].replace(" ", "_"))(reader, writer)

    async def fin_at_accept(self, reader, writer):
        pass

    async def reset_at_accept(self, reader, writer):
        reset(writer)

    async def reset_after_hello(self, reader, writer):
        await hello.read_hello(reader)
        reset(writer)

    async def silence_after_accept(self, reader, writer):
        await until_gone(reader)

    async def silence_after_hello(self, reader, writer):
        """A ServerHello that starts a flight, and nothing after it."""
        kind, body = await hello.read_hello(reader)
        if kind == "tls":
            server = hello.OldServer({"versions": ["TLS 1.2"], "suites": ["TLS_RSA_WITH_AES_128_CBC_SHA"]}, [])
            whole = server.answer(hello.ClientHello(body))
            if whole[0] == 0x16:
                length = 4 + int.from_bytes(whole[6:9], "big")
                whole = whole[:3] + length.to_bytes(2, "big") + whole[5:5 + length]
            writer.write(whole)
        await until_gone(reader)

    async def byte_a_second(self, reader, writer):
        for byte in b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + bytes(19):
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(1)

    async def garbage(self, reader, writer):
        await reader.read(1)
        writer.write(GARBAGE[:65536])
        await writer.drain()

    async def plain_http(self, reader, writer):
        await reader.read(4096)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async def ssh(self, reader, writer):
        writer.write(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
        await writer.drain()
        await until_gone(reader)

    async def half_hello(self, reader, writer):
        await hello.read_hello(reader)
        writer.write(bytes.fromhex("160303005a020000560303"))
        await writer.drain()

    async def internal_error(self, reader, writer):
        await hello.read_hello(reader)
        writer.write(hello.alert(0x0303, hello.INTERNAL_ERROR))
        await writer.drain()

    async def endless_head(self, reader, writer):
        await reader.read(4096)
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            writer.write(b"X-Filler-%d: %s\r\n" % (number, b"a" * 200))
            await writer.drain()

    async def endless_body(self, reader, writer):
        await reader.read(4096)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            writer.write(b"a" * 65536)
            await writer.drain()


class Gate(Mock):
    """Before another server of the farm: passes bytes both ways, in the manner of the row."""

    async def serve(self, reader, writer, number):
        row = self.row
        if self.is_refused():
            return reset(writer)
        if "ticketbleed" in row.get("weaknesses", []):
            return await self.bleed(reader, writer, number)
        if row.get("startTLS"):
            await GREETINGS[row["startTLS"]](reader, writer)
        await self.join(reader, writer, number)

    async def bleed(self, reader, writer, number):
        """CVE-2016-9244: a ticket with a session id of 16 bytes gets one of 32 back. All else is the good server's."""
        record = await hello.read_record(reader)
        asked = hello.ClientHello(record[9:])
        if len(asked.session) == 16:
            server = hello.OldServer({**self.row, "ticketbleed": True}, [])
            writer.write(server.answer(asked))
            await writer.drain()
            return await until_gone(reader)
        await self.join(reader, writer, number, record)

    async def join(self, reader, writer, number, first=b""):
        row = self.row
        far_reader, far_writer = await asyncio.open_connection(*row["before"])
        far_writer.write(first)
        try:
            near = self.copy(reader, far_writer, 0, number)
            await asyncio.gather(near, self.copy(far_reader, writer, row.get("firstByteAfter", 0)))
        finally:
            far_writer.close()

    def is_refused(self):
        every, rate, now = self.row.get("resetsEvery"), self.row.get("resetsAfter"), time.monotonic()
        if rate:
            self.times = [t for t in self.times if now - t < 10]
            self.times.append(now)
            return len(self.times) > rate
        return bool(every) and self.count % every == 0

    async def copy(self, source, sink, delay, number=None):
        """`number` where the source is the client, whose end is the connection's."""
        try:
            while data := await source.read(65536):
                await asyncio.sleep(delay)
                delay = 0
                sink.write(data)
                await sink.drain()
            self.closed(number)
            sink.write_eof()
        except (OSError, RuntimeError):
            self.closed(number)
            sink.transport.abort()


async def _line(reader, word):
    """Lines until one begins with `word`."""
    while True:
        line = await reader.readline()
        if not line:
            raise EOFError
        if line.upper().lstrip().startswith(word) or word in line.upper().split():
            return line


async def smtp(reader, writer):
    writer.write(b"220 mail.site.test ESMTP ready\r\n")
    await _line(reader, b"EHLO")
    writer.write(b"250-mail.site.test\r\n250-SIZE 1000000\r\n250 STARTTLS\r\n")
    await _line(reader, b"STARTTLS")
    writer.write(b"220 go ahead\r\n")


async def imap(reader, writer):
    writer.write(b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n")
    while True:
        words = (await _line(reader, b"")).split()
        if words[1].upper() == b"STARTTLS":
            break
        writer.write(b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n" + words[0] + b" OK done\r\n")
    writer.write(words[0] + b" OK begin TLS\r\n")


async def pop3(reader, writer):
    writer.write(b"+OK ready\r\n")
    while True:
        line = (await _line(reader, b"")).strip().upper()
        if line == b"STLS":
            break
        writer.write(b"+OK\r\nSTLS\r\n.\r\n" if line == b"CAPA" else b"-ERR\r\n")
    writer.write(b"+OK begin TLS\r\n")


async def ftp(reader, writer):
    writer.write(b"220 ftp.site.test ready\r\n")
    while True:
        line = (await _line(reader, b"")).strip().upper()
        if line == b"AUTH TLS":
            break
        writer.write(b"211-Features:\r\n AUTH TLS\r\n211 End\r\n" if line == b"FEAT" else b"530 log in\r\n")
    writer.write(b"234 begin TLS\r\n")


GREETINGS = {"smtp": smtp, "imap": imap, "pop3": pop3, "ftp": ftp}
KINDS = {"mock": Speaking, "hostile": Hostile, "gate": Gate, "service": Service, "web": Web, "pages": Pages}


async def main():
    rows = json.loads(sys.stdin.readline())
    log, servers = open(rows["log"], "a"), {}
    for row in rows["servers"]:
        mock = KINDS[row["software"]](row, log if row["software"] == "gate" else None)
        servers[row["name"]] = await asyncio.start_server(
            mock.handle, row["address"], row["port"], backlog=256, start_serving=not row.get("closed", False))
    print("ready", flush=True)
    # `open NAME` and `close NAME`, until the input ends. A port that is not open yet is held, and refuses.
    while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        word, _, name = line.strip().partition(" ")
        if word == "open":
            await servers[name].start_serving()
        else:
            servers[name].close()
        print("done", flush=True)


asyncio.run(main())
