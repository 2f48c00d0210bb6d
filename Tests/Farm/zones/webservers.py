"""The web servers that zones point to: they show a certificate to TLSA's question and serve MTA-STS policies.

Reads one line of JSON (`servers`: address to its PEM files, `policies` by host name, `port`), writes `ready` once all
listen.
"""
import hashlib
import http.server
import json
import ssl
import subprocess
import sys
import threading


def run(*words, data=None):
    done = subprocess.run(words, capture_output=True, input=data)
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]} {words[1]} failed: {done.stderr.decode(errors='replace').strip()[-300:]}")
    return done.stdout


class Office:
    """A root, a certificate under it for every name, and one of a stranger that nobody trusts."""

    def __init__(self, folder):
        self.folder = folder
        self.root = f"{folder}/root.pem"

    def make(self, names):
        for who in ("root", "leaf", "stranger"):
            run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{self.folder}/{who}.key")
        ask = ["openssl", "req", "-new", "-sha256", "-days", "30", "-subj"]
        run(*ask, "/CN=Names root", "-x509", "-key", f"{self.folder}/root.key", "-out", self.root)
        with open(f"{self.folder}/names", "w") as file:
            file.write("subjectAltName=" + ",".join("DNS:" + name for name in names) + "\nbasicConstraints=CA:FALSE\n")
        run("openssl", "req", "-new", "-subj", "/CN=shop", "-key", f"{self.folder}/leaf.key", "-out", f"{self.folder}/leaf.csr")
        run(
            "openssl", "x509", "-req", "-sha256", "-days", "30", "-in", f"{self.folder}/leaf.csr", "-CA", self.root,
            "-CAkey", f"{self.folder}/root.key", "-set_serial", "7", "-extfile", f"{self.folder}/names",
            "-out", f"{self.folder}/leaf.pem")
        run(*ask, "/CN=stranger", "-x509", "-key", f"{self.folder}/stranger.key", "-out", f"{self.folder}/stranger.pem")
        with open(f"{self.folder}/chain.pem", "wb") as file:
            file.write(self.read("leaf") + self.read("root"))

    def read(self, who):
        with open(f"{self.folder}/{who}.pem", "rb") as file:
            return file.read()

    def files(self, server):
        names = ("chain", "leaf") if server == "shop" else ("stranger", "stranger")
        return [f"{self.folder}/{names[0]}.pem", f"{self.folder}/{names[1]}.key"]

    def association(self, what, selector, matching):
        """The data of a TLSA record (RFC 6698 section 2.1)."""
        if what == "short":
            return "0011"
        pem = self.read("leaf" if what == "other" else what)
        if selector == 0:
            data = run("openssl", "x509", "-outform", "DER", data=pem)
        else:
            data = run("openssl", "pkey", "-pubin", "-outform", "DER", data=run("openssl", "x509", "-pubkey", "-noout", data=pem))
        if what == "other":
            data = data[::-1]
        return {0: data, 1: hashlib.sha256(data).digest(), 2: hashlib.sha512(data).digest()}[matching].hex()


def policy_text(policy):
    if "text" in policy:
        return policy["text"]
    lines = ["version: STSv1", f"mode: {policy.get('mode', 'enforce')}"]
    return "\r\n".join(lines + [f"mx: {name}" for name in policy.get("mx", [])] + ["max_age: 604800", ""])


def handler(policies):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            host = self.headers.get("Host", "").split(":")[0]
            policy = policies.get(host) if self.path == "/.well-known/mta-sts.txt" else None
            status, text = (policy.get("status", 200), policy_text(policy)) if policy else (404, "nothing here")
            self.send_response(status)
            if status == 301:
                self.send_header("Location", f"https://{host}/elsewhere")
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    return Handler


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address, port, files, policies):
        super().__init__((address, port), handler(policies))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*files)

    def finish_request(self, request, client_address):
        """On the connection's own thread, so that one slow handshake holds up nobody."""
        request.settimeout(10)
        with self.context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, *_):
        """A client that only looks at the certificate goes when it has seen it."""


def main():
    order = json.loads(sys.stdin.readline())
    for address, files in order["servers"].items():
        server = Server(address, order["port"], files, order["policies"])
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
