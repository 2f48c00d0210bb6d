"""Receivers for the delivery tests: a mail server (aiosmtpd) and an HTTPS server, on loopback, each a process of its own.

    receivers.py mail  FOLDER PORT [--tls CERTIFICATE KEY] [--implicit] [--login USER PASSWORD]
    receivers.py hooks FOLDER PORT [--tls CERTIFICATE KEY]

PORT 0 takes a free one. The first line on standard output is the port. FOLDER/mode says how the receiver behaves from now
on (`ok` where there is none); each message that reached it whole is a line of FOLDER/seen.jsonl, with `accepted` as the
receiver sees it. It ends when its standard input does.
"""
import argparse
import asyncio
import base64
import email
import email.policy
import http.server
import json
import os
import socket
import ssl
import sys
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("kind", choices=["mail", "hooks"])
parser.add_argument("folder")
parser.add_argument("port", type=int)
parser.add_argument("--tls", nargs=2)
parser.add_argument("--implicit", action="store_true")
parser.add_argument("--login", nargs=2)
options = parser.parse_args()


def mode():
    try:
        with open(os.path.join(options.folder, "mode")) as file:
            return file.read().strip() or "ok"
    except FileNotFoundError:
        return "ok"


lock = threading.Lock()


def note(**values):
    with lock, open(os.path.join(options.folder, "seen.jsonl"), "a") as file:
        file.write(json.dumps(values, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def context():
    if not options.tls:
        return None
    result = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    result.load_cert_chain(*options.tls)
    return result


def end_with_input():
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()


def mail():
    from aiosmtpd.smtp import SMTP, AuthResult

    class Handler:
        async def handle_MAIL(self, server, session, envelope, address, mail_options):
            if mode() == "busy":
                return "421 4.3.2 not now"
            if mode() == "sender":
                return "550 5.1.8 no such sender"
            envelope.mail_from = address
            return "250 OK"

        async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
            word = mode()
            if word == "half":
                server.transport.abort()
                await asyncio.sleep(3600)
            answers = {"rcpt4": "450 4.2.1 greylisted", "rcpt5": "550 5.1.1 no such user", "relay": "554 5.7.1 relaying denied"}
            if word in answers or word.startswith("rcpt5:") and address == word.split(":")[1]:
                return answers.get(word, answers["rcpt5"])
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server, session, envelope):
            word = mode()
            if word == "slow":
                await asyncio.sleep(5)
            if word == "data4":
                return "451 4.3.0 try again"
            if word == "data5":
                return "554 5.6.0 not this one"
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            note(
                accepted=word != "lost", sender=envelope.mail_from, recipients=envelope.rcpt_tos,
                headers=[[name, str(value)] for name, value in message.items()],
                id=str(message["X-Vigil-Id"]), messageID=str(message["Message-ID"]), subject=str(message["Subject"]),
                text=message.get_content(), raw=base64.b64encode(envelope.content).decode(),
                tls=session.ssl is not None, login=session.authenticated)
            if word == "lost":
                server.transport.abort()
                await asyncio.sleep(3600)
            return "250 OK"

    def authenticator(server, session, envelope, mechanism, data):
        user, password = options.login
        return AuthResult(success=mechanism in ("PLAIN", "LOGIN") and data.login == user.encode() and data.password == password.encode())

    def make():
        values = {"hostname": "mail.test", "enable_SMTPUTF8": False}
        if options.tls and not options.implicit:
            values |= {"tls_context": context(), "require_starttls": True}
        if options.login:
            values |= {"authenticator": authenticator, "auth_required": True}
            if options.implicit:
                values |= {"auth_require_tls": False}
        return SMTP(Handler(), **values)

    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            make, "127.0.0.1", options.port, ssl=context() if options.implicit else None)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(serve())


def hooks():
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *words):
            pass

        def answer(self, status, body=b"{}", **headers):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            word = mode()
            length = int(self.headers.get("Content-Length", 0))
            if word == "half":
                self.rfile.read(min(length, 10))
                return self.cut()
            body = self.rfile.read(length)
            if word == "slow":
                time.sleep(5)
            if word.isdigit():
                headers = {"Retry_After": "1"} if word in ("429", "503") else {}
                return self.answer(int(word), **headers)
            if word.startswith("code:"):
                code = int(word.split(":")[1])
                return self.answer(200, json.dumps({"errcode": code, "code": code, "errmsg": "no", "msg": "no"}).encode())
            if word == "nojson":
                return self.answer(200, b"<html>welcome</html>")
            note(
                accepted=word != "lost", path=self.path, headers=[[name, value] for name, value in self.headers.items()],
                body=body.decode(), id=self.headers.get("X-Vigil-Id", ""))
            if word == "lost":
                return self.cut()
            self.answer(200, json.dumps({"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}).encode())

        def cut(self):
            self.close_connection = True
            try:
                self.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def finish_request(self, request, address):
            if options.tls:
                request.settimeout(20)
                request = context().wrap_socket(request, server_side=True)
            super().finish_request(request, address)

        def handle_error(self, request, address):
            pass

    server = Server(("127.0.0.1", options.port), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


{"mail": mail, "hooks": hooks}[options.kind]()
