"""The mock pages of templates (`Tests/Fixtures/templates/<id>.yaml`) as servers: `template <id>` has the weakness, and
its twin `template <id> nearly` has what nearly is one. They stand only where they are named.
"""
import glob
import os

import yaml

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Fixtures/templates")
# Archives are named after it.
HOST = "www.example.gov"
MISSING = (404, {"Content-Type": "text/html"}, b"<h1>Not Found</h1>")


def rows():
    """Every word of a file stays the text that it is: digits may be bytes in hexadecimal."""
    made = []
    for path in sorted(glob.glob(f"{FOLDER}/*.yaml")):
        with open(path) as file:
            pages = yaml.load(file, Loader=yaml.BaseLoader)
        name = "template " + os.path.basename(path).removesuffix(".yaml")
        common = {"software": "pages", "scheme": "http", "host": HOST, "engines": ["templates"]}
        made.append({**common, "name": name, "answers": pages["weak"]})
        made.append({**common, "name": name + " nearly", "answers": pages["nearly"]})
    return made


def whole(status, head, body):
    fields = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"HTTP/1.1 {status} Said\r\n{fields}Content-Length: {len(body)}\r\n\r\n".encode() + body


def answer(said):
    body = bytes.fromhex(said["hex"]) if "hex" in said else said.get("body", "").encode()
    return whole(said.get("status", 200), said.get("headers", {}), body)


async def serve(answers, reader, writer):
    """Requests have no bodies; the connection is kept."""
    missing = whole(*MISSING)
    while head := await reader.readuntil(b"\r\n\r\n"):
        writer.write(answers.get(head.split(b" ", 2)[1].decode(), missing))
        await writer.drain()
