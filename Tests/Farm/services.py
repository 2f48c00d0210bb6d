"""Servers of first bytes: what a port says to whoever connects or asks, and sites of one page that are well, late, broken
or shut. The wire formats are of the protocols' own documents; no login is ever taken.
"""
import asyncio

HEAD = "HTTP/1.1 {} X\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {}\r\n\r\n"
PAGE = "<!doctype html><html><title>site.test</title><p>A page of the site, with words enough to be read as one.</p></html>"
# Protocol::HandshakeV10 of MySQL: length, number, version 10, the text, thread id, and more that nobody reads.
MYSQL = b"\x4a\x00\x00\x00\x0a8.0.36\x00" + bytes(67)
GREETINGS = {
    "ssh": b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "ftp": b"220 (vsFTPd 3.0.5)\r\n", "smtp": b"220 mx.site.test ESMTP Postfix\r\n",
    "telnet": bytes([255, 251, 1, 255, 251, 3]), "mysql": MYSQL, "vnc": b"RFB 003.008\n", "nothing": b""}
# The begin of a question and its answer.
ANSWERS = {
    "redis": [(b"*1\r\n$4\r\nPING", b"-NOAUTH Authentication required.\r\n")],
    "memcached": [(b"version", b"VERSION 1.6.21\r\n")],
    "postgresql": [(bytes([0, 0, 0, 8, 4, 210, 22, 47]), b"N")],
    "rdp": [(bytes([3, 0]), bytes([3, 0, 0, 19, 14, 0xD0, 0, 0, 0x12, 0x34, 0, 2, 0, 8, 0, 2, 0, 0, 0]))],
    "web": [(b"HEAD ", b"HTTP/1.0 200 OK\r\nServer: service\r\n\r\n"), (b"GET ", b"HTTP/1.0 200 OK\r\nServer: service\r\n\r\n")]}
PAGES = {
    "error page": "<html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1></html>", "empty": "",
    "default page": "<html><title>Welcome to nginx!</title></html>",
    "firewall": "<html><p>您的访问被拦截，请联系管理员</p></html>"}
# Under and over the three seconds after which a site is called slow.
LATE, A_LITTLE_LATE = 3.6, 1.0


def mongodb(question):
    """OP_MSG that answers the request's id (bytes 4 to 8)."""
    body = bytes(4) + b"\0" + bytes([5, 0, 0, 0, 0]) + bytes(8)
    return (16 + len(body)).to_bytes(4, "little") + bytes(4) + question[4:8] + (2013).to_bytes(4, "little") + body


async def serve_service(says, reader, writer):
    if says in GREETINGS:
        writer.write(GREETINGS[says])
        await writer.drain()
        return await reader.read()
    question = await reader.read(4096)
    if says == "mongodb" and question[12:16] == (2013).to_bytes(4, "little"):
        writer.write(mongodb(question))
    for start, answer in ANSWERS.get(says, []):
        if question.startswith(start):
            writer.write(answer)
    await writer.drain()


async def serve_site(says, number, reader, writer):
    """One request a connection. `number` counts connections from 1."""
    head = await reader.readuntil(b"\r\n\r\n")
    if says.endswith("late page"):
        await asyncio.sleep(LATE if says == "late page" else A_LITTLE_LATE)
    status, body = 200, PAGES.get(says, PAGE)
    if says.isdigit() or says == "503 once" and number == 1:
        status, body = int(says.split()[0]), "<html><p>no</p></html>"
    if says == "echo" and head.startswith(b"TRACE "):
        body = head.decode()
    data = body.encode()
    writer.write(HEAD.format(status, len(data)).encode() + data)
    await writer.drain()
