#!/usr/bin/env python3
"""A farm of servers on loopback whose truth is known: everything follows from the table under `servers/`.

    farm.py [--folder FOLDER] [--only NAME,NAME] [--keep]

Makes certificates and configurations into a folder, starts the servers on free ports of an address of 127/8, prints
one line of JSON (the rows, where each listens, what is true of it) once all accept, and ends them, each by its own id,
when standard input ends. A line with `error` says in a sentence why the farm does not stand.
"""
import argparse
import ctypes
import glob
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = {"nginx": "nginx-light", "openssl": "openssl", "gnutls-serv": "gnutls-bin", "gnutls-cli": "gnutls-bin"}
# Debian keeps servers where an ordinary user's path does not lead.
os.environ["PATH"] += ":/usr/sbin:/sbin"
# No system-wide policy of OpenSSL may change what the table says.
os.environ["OPENSSL_CONF"] = "/dev/null"
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
sys.dont_write_bytecode = True
START_SECONDS = 60
# nginx 1.26 ended as 1.28 began (2025-04-23); of later ones nothing is known here.
LAST_ENDED_NGINX = 27


class Trouble(Exception):
    """Said to whoever started the farm."""


def table():
    """The named sets of suites, and the rows as they are written."""
    rows, sets = [], {}
    for path in sorted(glob.glob(f"{HERE}/servers/*.yaml")):
        with open(path) as file:
            part = yaml.safe_load(file)
        sets.update(part.get("sets", {}))
        rows += [{**part.get("defaults", {}), **row} for row in part["servers"]]
    return sets, rows


def rows_of_table():
    sets, rows = table()
    names = [row["name"] for row in rows]
    if len(set(names)) != len(names):
        raise Trouble("two servers of the table have one name: " + ", ".join(n for n in names if names.count(n) > 1))
    return [complete(row, sets) for row in rows + pages.rows()]


def complete(row, sets):
    """A row with nothing left to guess: suites by name that its keys can serve, descriptions whole."""
    defaults = {
        "versions": [], "suites": [], "groups": [], "prefers": "server", "signatures": ["sha256", "sha384"],
        "scheme": "https", "host": "site.test", "leaves": {}, "weaknesses": [],
        "engines": ["tls", "certificate"], "sees": "all", "reasons": []}
    row = {**defaults, **row}
    described = row.pop("certificates", [row.pop("certificate")] if "certificate" in row else [])
    row["certificates"] = [{**certificates.DEFAULT, "staple": row.get("staple"), **d} for d in described]
    names = [n for word in row["suites"] for n in sets.get(word, [word])]
    kinds = {"rsa" if d["key"].startswith("rsa") else "ecdsa" for d in row["certificates"]}
    fits = lambda n: suites.authentication(n) is None or suites.authentication(n) in kinds
    row["suites"] = [n for n in dict.fromkeys(names) if fits(n) and ("_DHE_" not in n or row.get("dh"))]
    # What a library does unasked: RFC 7507 and RFC 7627. The servers of bytes are older than both.
    row["hasFallbackSCSV"] = row["hasMasterSecret"] = row["software"] not in ("mock", "hostile")
    row["hasFallbackSCSV"] |= row.get("fallback", False)
    # Whether a client may begin a second handshake: what the library leaves on, or a flag of its program puts on.
    row["secondHandshake"] = row["software"] == "gnutls" and row["versions"] != ["TLS 1.3"] or "-client_renegotiation" in row.get("flags", [])
    page = row.get("page") or {}
    row["shows"] = row.get("shows", []) + sorted(sites.policy_faults(page["csp"]["text"]) if "csp" in page else [])
    if page.get("server") == "version" and nginx_minor() <= LAST_ENDED_NGINX:
        row["shows"].append("http.technology.end_of_support")
    row["truth"] = {
        "suites": {v: suites.of_version(v, row["suites"]) for v in row["versions"] if v != "SSLv2"},
        "certificates": [certificates.truth(d, row["host"]) for d in row["certificates"]],
    }
    return row


def nginx_minor():
    """Of the one that is installed: it tells its version itself."""
    told = subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr
    return int(re.search(r"nginx/1\.(\d+)", told)[1])


def only(rows, names):
    """The named rows and those that they stand before; without names all of the table, and no template's pages."""
    if not names:
        return [row for row in rows if row["software"] != "pages"]
    by_name = {row["name"]: row for row in rows}
    missing = [name for name in names if name not in by_name]
    if missing:
        raise Trouble(f"no server of the table is called {missing[0]}")
    wanted = set(names) | {by_name[n]["before"] for n in names if "before" in by_name[n]}
    wanted |= {port for n in names for port in by_name[n].get("ports", [])}
    return [row for row in rows if row["name"] in wanted]


class Farm:
    def __init__(self, rows, folder):
        self.rows, self.folder, self.children = rows, folder, {}
        # Further server blocks for nginx.
        self.more = ""
        self.by_name = {row["name"]: row for row in rows}
        # An address of its own: no port is shared with another farm or test. gnutls-serv listens on all addresses, so
        # ports are below those that the kernel gives away by itself.
        self.address = f"127.{random.randint(16, 250)}.{random.randint(1, 250)}.{random.randint(2, 250)}"
        self.port = random.randint(15_000, 28_000)

    def free_port(self):
        for _ in range(1000):
            self.port += 1
            try:
                with socket.socket() as one:
                    one.bind(("0.0.0.0", self.port))
                return self.port
            except OSError:
                continue
        raise Trouble("no free port was found between 15000 and 32000")

    def prepare(self):
        office = certificates.Office(self.folder + "/certificates")
        for row in self.rows:
            row["address"], row["port"] = row.get("address", self.address), row.get("number") or self.free_port()
            row["files"] = [office.certificate(d) for d in row["certificates"]]
            if row.get("dh"):
                row["dhFile"] = f"{HERE}/dh/{row['dh']}.pem"
            if "site" in row:
                sites.lay_out(row, self.folder)
        for row in self.rows:
            if "before" in row:
                self.stand_before(row, self.by_name[row["before"]])
            row["numbers"] = [self.by_name[name]["port"] for name in row.get("ports", [])]
        self.trust = f"{self.folder}/certificates/root.pem"

    def stand_before(self, row, other):
        """A gate is as true as what is behind it."""
        row["before"] = [other["address"], other["port"]]
        for word in (
                "versions", "suites", "groups", "prefers", "signatures", "truth", "page", "dh", "hasFallbackSCSV",
                "hasMasterSecret", "secondHandshake"):
            if word in other:
                row[word] = other[word]
        row["certificates"] = other["certificates"]

    def start(self):
        kinds = lambda *words: [row for row in self.rows if row["software"] in words]
        with open(f"{self.folder}/nginx.conf", "w") as file:
            file.write(configurations.nginx(kinds("nginx"), self.folder, self.more))
        if kinds("nginx"):
            self.spawn("nginx", ["nginx", "-p", self.folder, "-c", f"{self.folder}/nginx.conf", "-e", f"{self.folder}/nginx-error.log"])
        for row in kinds("openssl"):
            self.spawn(row["name"], configurations.s_server(row))
        for row in kinds("gnutls"):
            self.spawn(row["name"], configurations.gnutls(row))
        self.start_mocks(kinds("mock", "hostile", "gate", "service", "web", "pages"))
        for row in kinds("nginx", "openssl", "gnutls"):
            self.await_accepting(row, row["name"] if row["software"] != "nginx" else "nginx")

    def start_mocks(self, rows):
        for row in rows:
            row["der"] = [d for files in row["files"] for d in chain_in_hex(files["chain"])]
            if "robot" in row.get("weaknesses", []):
                row["rsa"] = rsa_in_hex(row["files"][0]["key"])
            if row.get("dh"):
                row["dhPrime"] = prime_in_hex(f"{HERE}/dh/{row['dh']}.pem")
        child = self.spawn("mocks", [sys.executable, f"{HERE}/mocks.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.mocks = child
        child.stdin.write(json.dumps({"servers": rows, "log": f"{self.folder}/gates.log"}).encode() + b"\n")
        child.stdin.flush()
        if child.stdout.readline() != b"ready\n":
            raise Trouble("the mocks do not start: " + self.complaint("mocks"))

    def command(self, line):
        """`open NAME` and `close NAME`: a port of a mock."""
        self.mocks.stdin.write(line.encode())
        self.mocks.stdin.flush()
        return self.mocks.stdout.readline().decode().strip()

    def spawn(self, name, words, stdin=subprocess.DEVNULL, stdout=None):
        with open(f"{self.folder}/{name}.log", "wb") as log:
            child = subprocess.Popen(
                words, stdin=stdin, stdout=stdout or log, stderr=log, preexec_fn=end_with_parent, cwd=self.folder)
        self.children[name] = child
        return child

    def await_accepting(self, row, name):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.children[name].poll() is not None:
                raise Trouble(f"{name} ended at once: {self.complaint(name)}")
            try:
                socket.create_connection((row["address"], row["port"]), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise Trouble(f"{row['name']} does not accept connections after {START_SECONDS} s: {self.complaint(name)}")

    def complaint(self, name):
        with open(f"{self.folder}/{name}.log", errors="replace") as file:
            return file.read().strip()[-400:] or "it said nothing"

    def stop(self):
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + 3
        for child in self.children.values():
            try:
                child.wait(max(0.01, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def end_with_parent():
    """PR_SET_PDEATHSIG: whatever becomes of the farm, its servers do not outlive it. A test's threads block signals."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def chain_in_hex(path):
    with open(path) as file:
        parts = file.read().split("-----BEGIN CERTIFICATE-----")[1:]
    return [ssl.PEM_cert_to_DER_cert("-----BEGIN CERTIFICATE-----" + part).hex() for part in parts]


def prime_in_hex(path):
    """SEQUENCE { INTEGER p, ... } of PKCS #3."""
    with open(path) as file:
        der = base64.b64decode("".join(l for l in file.read().splitlines() if not l.startswith("-")))
    at = 2 + (der[1] & 0x7F if der[1] & 0x80 else 0)
    size, at = der[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        size, at = int.from_bytes(der[at:at + count], "big"), at + count
    return der[at:at + size].lstrip(b"\0").hex()


def rsa_in_hex(path):
    """Modulus and private exponent, from `openssl pkey -text`."""
    text = subprocess.run(["openssl", "pkey", "-in", path, "-noout", "-text"], capture_output=True, text=True, check=True).stdout
    number = lambda title: re.sub("[^0-9a-f]", "", re.search(title + r":\n((?: {4}.*\n)+)", text)[1])
    return {"n": number("modulus"), "d": number("privateExponent")}


def check_programs():
    for program, package in PROGRAMS.items():
        if shutil.which(program) is None:
            raise Trouble(f"{program} is not here (Debian package {package}): run 'script/bootstrap test'")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder")
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", action="store_true", help="leave the folder with configurations and logs")
    options = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = options.folder or tempfile.mkdtemp(prefix="vigil-farm-")
    os.makedirs(folder, exist_ok=True)
    farm = None
    try:
        check_programs()
        farm = Farm(only(rows_of_table(), [n for n in options.only.split(",") if n]), folder)
        farm.prepare()
        farm.start()
        rows = [{k: v for k, v in row.items() if k not in ("answers", "der", "dhPrime", "files", "rsa")} for row in farm.rows]
        print(json.dumps({"servers": rows, "trust": farm.trust, "folder": folder}), flush=True)
        for line in sys.stdin:
            print(json.dumps({"said": farm.command(line)}), flush=True)
    except (Trouble, RuntimeError) as trouble:
        print(json.dumps({"error": str(trouble)}), flush=True)
        sys.exit(2)
    finally:
        if farm:
            farm.stop()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


try:
    import base64
    import ssl

    import yaml

    import certificates
    import configurations
    import pages
    import sites
    import suites
except (ImportError, FileNotFoundError) as missing:
    print(json.dumps({"error": f"{missing}: run 'script/bootstrap test'"}), flush=True)
    sys.exit(2)

if __name__ == "__main__":
    main()
