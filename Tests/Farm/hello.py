"""Servers of bytes for what no library speaks any more, or not yet: SSLv2, SSLv3, EXPORT, DES, compression, ML-KEM.

Each answers a hello as its description says and goes no further: there is no key behind it.
"""
import os

import suites

GREETINGS = 0x16
NO_RENEGOTIATION_INFO, RENEGOTIATION_INFO = b"", b"\xff\x01\x00\x01\x00"
HELLO_RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
PROTOCOL_VERSION, HANDSHAKE_FAILURE, INTERNAL_ERROR, INAPPROPRIATE_FALLBACK = 70, 40, 80, 86
FALLBACK_SCSV = 0x5600
UNEXPECTED_MESSAGE, BAD_RECORD_MAC, DECRYPT_ERROR = 10, 20, 51
CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, HEARTBEAT = 20, 21, 22, 24


def u8(data):
    return bytes([len(data)]) + data


def u16(data):
    return len(data).to_bytes(2, "big") + data


def u24(data):
    return len(data).to_bytes(3, "big") + data


def word(number):
    return number.to_bytes(2, "big")


class ClientHello:
    """What a mock must know of a hello. Raises IndexError or ValueError where it is cut."""

    def __init__(self, body):
        self.version = int.from_bytes(body[0:2], "big")
        at = 34
        self.session = body[at + 1:at + 1 + body[at]]
        at += 1 + body[at]
        length = int.from_bytes(body[at:at + 2], "big")
        listed = body[at + 2:at + 2 + length]
        self.suites = [int.from_bytes(listed[i:i + 2], "big") for i in range(0, length, 2)]
        at += 2 + length
        self.compressions = body[at + 1:at + 1 + body[at]]
        at += 1 + body[at]
        self.extensions = {}
        if at + 2 <= len(body):
            end = at + 2 + int.from_bytes(body[at:at + 2], "big")
            at += 2
            while at + 4 <= end:
                kind, size = int.from_bytes(body[at:at + 2], "big"), int.from_bytes(body[at + 2:at + 4], "big")
                self.extensions[kind] = body[at + 4:at + 4 + size]
                at += 4 + size

    def numbers(self, extension, head):
        """A list of 16-bit numbers behind a length of `head` bytes."""
        data = self.extensions.get(extension, b"")[head:]
        return [int.from_bytes(data[i:i + 2], "big") for i in range(0, len(data) - 1, 2)]

    @property
    def versions(self):
        return self.numbers(43, 1)


async def read_hello(reader):
    """The kind of the first message (`tls`, `ssl2`, or nothing) and its body."""
    head = await reader.readexactly(5)
    if head[0] & 0x80 and head[2] == 1:
        length = (head[0] & 0x7F) << 8 | head[1]
        return "ssl2", head[2:] + await reader.readexactly(length - 3)
    if head[0] != GREETINGS:
        return None, head
    message = await reader.readexactly(int.from_bytes(head[3:5], "big"))
    while len(message) < 4 + int.from_bytes(message[1:4], "big"):
        head = await reader.readexactly(5)
        message += await reader.readexactly(int.from_bytes(head[3:5], "big"))
    return "tls", message[4:4 + int.from_bytes(message[1:4], "big")]


async def read_record(reader):
    head = await reader.readexactly(5)
    return head + await reader.readexactly(int.from_bytes(head[3:5], "big"))


def alert(version, code):
    return b"\x15" + word(version) + u16(bytes([2, code]))


def record(version, *messages):
    return b"\x16" + word(version) + u16(b"".join(bytes([kind]) + u24(body) for kind, body in messages))


def answer_ssl2(certificate):
    """SSL-SERVER-HELLO: no session, an X.509 certificate, version 2, RC4_128_WITH_MD5 and DES_192_EDE3, an id."""
    ciphers = bytes.fromhex("0100800700c0")
    body = bytes([4, 0, 1]) + word(2) + word(len(certificate)) + word(len(ciphers)) + word(16)
    body += certificate + ciphers + os.urandom(16)
    return word(0x8000 | len(body)) + body


class OldServer:
    """SSLv3 to TLS 1.2 up to the hello done, by a description of the table."""

    def __init__(self, row, chain):
        self.versions = [suites.VERSIONS[v] for v in row["versions"]]
        self.suites = [suites.code(n) for n in row["suites"]]
        self.names = {suites.code(n): n for n in row["suites"]}
        self.prime = row.get("dhPrime", b"")
        self.compression = 1 if row.get("compression") else 0
        self.extensions = RENEGOTIATION_INFO if row.get("renegotiation", True) else NO_RENEGOTIATION_INFO
        self.chain = chain
        self.follows_client = row.get("prefers") == "client"
        self.is_intolerant = row.get("intolerant", False)
        self.weaknesses, self.rsa = row.get("weaknesses", []), row.get("rsa")
        self.beats = row.get("heartbeats", False)
        self.bleeds = row.get("ticketbleed", False)
        self.knows_fallback = row.get("fallback", False)

    def answer(self, hello):
        # It is older than supported_versions (RFC 8446 section 4.2.1) and goes by the hello's own version.
        allowed = [v for v in self.versions if v <= hello.version and v != 2]
        if not allowed or self.is_intolerant and hello.version > max(self.versions):
            return alert(0x0301, PROTOCOL_VERSION)
        if self.knows_fallback and FALLBACK_SCSV in hello.suites and hello.version < max(self.versions):
            return alert(hello.version, INAPPROPRIATE_FALLBACK)
        version = max(allowed)
        usable = [s for s in self.suites if version >= 0x0303 or not suites.needs_tls12(self.names[s])]
        picks = [s for s in hello.suites if s in usable] if self.follows_client else [
            s for s in usable if s in hello.suites]
        if not picks:
            return alert(version, HANDSHAKE_FAILURE)
        return self.flight(hello, version, picks[0])

    def flight(self, hello, version, suite):
        # SSLv3 and a client that neither signalled nor extended get no extension (RFC 5746 section 3.6).
        asked = 0xFF01 in hello.extensions or 0x00FF in hello.suites
        said = self.extensions if asked else b""
        # RFC 6520: we may be sent heartbeats.
        said += b"\x00\x0f\x00\x01\x01" if self.beats and 15 in hello.extensions else b""
        session = hello.session + os.urandom(16) if self.bleeds else os.urandom(32)
        extensions = u16(said) if said and version > 0x0300 else b""
        compression = self.compression if self.compression in hello.compressions else 0
        body = word(version) + os.urandom(32) + u8(session) + word(suite) + bytes([compression]) + extensions
        messages = [(2, body)]
        name = self.names[suite]
        if "_anon_" not in name:
            messages.append((11, u24(b"".join(u24(der) for der in self.chain))))
        if name.startswith(("TLS_DHE_", "TLS_DH_anon")):
            key = u16(self.prime) + u16(b"\x02") + u16(os.urandom(len(self.prime)))
            signed = b"" if "_anon_" in name else (word(0x0401) if version == 0x0303 else b"") + u16(os.urandom(256))
            messages.append((12, key + signed))
        messages.append((14, b""))
        return record(version, *messages)


    async def go_on(self, reader, writer):
        """What comes after the flight, as far as it comes in clear. There are no keys: a finished message cannot be read,
        and every honest way ends in an alert."""
        changed, secret = 0, None
        while True:
            record = await read_record(reader)
            kind, version, body = record[0], int.from_bytes(record[1:3], "big"), record[5:]
            if kind == ALERT:
                return
            if kind == HEARTBEAT and self.beats:
                claimed, carried = int.from_bytes(body[1:3], "big"), len(body) - 3
                if "heartbleed" in self.weaknesses or claimed + 16 <= carried:
                    echo = body[3:3 + claimed].ljust(claimed, b"\x53")
                    writer.write(b"\x18" + word(version) + u16(b"\x02" + body[1:3] + echo + bytes(16)))
                    await writer.drain()
                continue
            if kind == HANDSHAKE and secret is None and body[0] == 16:
                secret = body[4:]
                continue
            if kind == CHANGE_CIPHER_SPEC:
                changed += 1
                if secret is not None or "ccs_injection" in self.weaknesses and changed == 1:
                    continue
                code = BAD_RECORD_MAC if "ccs_injection" in self.weaknesses else UNEXPECTED_MESSAGE
            else:
                code = self.finished(secret)
            writer.write(alert(version, code))
            return await writer.drain()

    def finished(self, secret):
        """A server that says by another alert that the padding was wrong is an oracle (ROBOT)."""
        if secret is None:
            return UNEXPECTED_MESSAGE
        if "robot" not in self.weaknesses:
            return BAD_RECORD_MAC
        n, d = int(self.rsa["n"], 16), int(self.rsa["d"], 16)
        size = (n.bit_length() + 7) // 8
        block = pow(int.from_bytes(secret[2:], "big"), d, n).to_bytes(size, "big")
        return BAD_RECORD_MAC if block.startswith(b"\x00\x02") else DECRYPT_ERROR


class RetryingServer:
    """TLS 1.3 whose only groups are ones that we cannot share a key in: a HelloRetryRequest is all there is."""

    def __init__(self, row):
        self.suites = [suites.code(n) for n in row["suites"]]
        self.groups = [suites.GROUPS[g][0] for g in row["groups"]]

    def answer(self, hello):
        if 0x0304 not in hello.versions:
            return alert(0x0301, PROTOCOL_VERSION)
        suite = next((s for s in self.suites if s in hello.suites), None)
        group = next((g for g in self.groups if g in hello.numbers(10, 2)), None)
        if suite is None or group is None:
            return alert(0x0303, HANDSHAKE_FAILURE)
        extensions = word(43) + u16(word(0x0304)) + word(51) + u16(word(group))
        body = word(0x0303) + HELLO_RETRY + u8(hello.session) + word(suite) + b"\0" + u16(extensions)
        return record(0x0303, (2, body))

    async def go_on(self, reader, writer):
        """A second hello is no better than the first."""
