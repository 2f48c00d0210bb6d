#!/usr/bin/env python3
"""A closed world of names on loopback whose truth is known: everything follows from the table `zones.yaml`.

    zones.py [--only NAME,NAME] [--keep]

Writes and signs a root, three parents and a zone per row into a folder, serves them by NSD and by name servers with a
fault each (`nameservers.py`), with the web servers that zones point to (`webservers.py`), all on one port of addresses
of 127/8. Prints one line of JSON (the rows, the servers, the root's key) once all answer, and ends them, each by its
own id, when standard input ends. A line with `error` says in a sentence why the farm does not stand.
"""
import argparse
import ctypes
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = {"nsd": "nsd", "ldns-signzone": "ldnsutils", "ldns-keygen": "ldnsutils", "openssl": "openssl"}
# Debian keeps servers where an ordinary user's path does not lead.
os.environ["PATH"] += ":/usr/sbin:/sbin"
os.environ["OPENSSL_CONF"] = "/dev/null"
sys.dont_write_bytecode = True
# Network and host of each server's address: which ones share a /24 is a matter of the table.
SERVERS = {
    "north": (1, 1), "west": (1, 2), "south": (2, 1), "stale": (3, 1), "lame": (4, 1), "resolving": (5, 1),
    "silent": (6, 1), "cutting": (7, 1), "cutting-only": (8, 1), "garbage": (9, 1), "unauthoritative": (10, 1),
    "failing": (11, 1), "offering": (12, 1), "strays": (13, 1), "absent": (14, 1), "lone": (15, 1),
    "upper": (16, 1), "upmost": (17, 1), "shop": (20, 1), "stranger": (21, 1), "nobody": (22, 1)}
# The second holds only older copies, the third only the root and the registries. The first holds the whole tree, for
# validators that ask one server for all of a chain.
NSD = {"main": ["north", "west", "south"], "other": ["stale", "lame"], "top": ["upper", "upmost"]}
SERIAL, STALE_SERIAL = 7, 3
# Keys, signatures and three programs take 8 s alone; machines that build and test at once, many times that.
START_SECONDS = 180


class Trouble(Exception):
    """Said to whoever started the farm."""


def table():
    with open(f"{HERE}/zones.yaml") as file:
        whole = yaml.safe_load(file)
    rows = [{**whole["defaults"], **row} for row in whole["zones"]]
    names = [row["name"] for row in rows]
    if len(set(names)) != len(names):
        raise Trouble("two zones of the table have one name: " + ", ".join(n for n in names if names.count(n) > 1))
    for row in rows:
        row["zone"], row["hasTLSA"] = f"{row['name']}.{row['parent']}", bool(row["tlsa"])
        row["target"] = f"{row['host']}.{row['zone']}" if row["host"] else row["zone"]
    return whole["parents"], rows


class World:
    """`port`, `web`: of name servers and of web servers; a free one for both where they are not given. `roots`:
    further addresses at which the root is served."""

    def __init__(self, parents, rows, folder, port=None, web=None, roots=()):
        self.parents, self.rows, self.folder, self.children = parents, rows, folder, {}
        self.roots, net = list(roots), random.randint(16, 250)
        self.addresses = {name: f"127.{net}.{a}.{b}" for name, (a, b) in SERVERS.items()}
        self.port = port or random.randint(15_000, 28_000)
        while port is None and not self.is_free():
            self.port += 1
        self.web = web or self.port

    def is_free(self):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            for address in self.addresses.values():
                with socket.socket(socket.AF_INET, kind) as one:
                    try:
                        one.bind((address, self.port))
                    except OSError:
                        return False
        return True

    def prepare(self):
        self.office = webservers.Office(self.folder)
        self.office.make([r["target"] for r in self.rows] + [f"mta-sts.{r['zone']}" for r in self.rows])
        marks = {name: self.addresses[name] for name in ("shop", "stranger", "nobody")}
        maker = zonefiles.Maker(self.folder, self.addresses, self.web, marks, self.office)
        delegations = {name: [] for name in self.parents}
        for row in self.rows:
            row["a"] = [zonefiles.filled(a, {**marks, "zone": row["zone"]}) for a in row["a"]]
            delegations[row["parent"]] += maker.zone(row, SERIAL)
            if "stale" in row["servers"]:
                maker.zone(row, STALE_SERIAL, "other")
        top = []
        for name, denial in self.parents.items():
            top += maker.parent(name, delegations[name], denial)
        maker.parent(".", top, "nsec")
        self.anchor = maker.anchor
        for nsd in NSD:
            zones = [(r["zone"], r["transfer"]) for r in self.rows if nsd == "main" or "stale" in r["servers"]]
            upper = [(name, False) for name in (*self.parents, ".")]
            zones = {"main": zones + upper, "other": zones, "top": upper}[nsd]
            places = [self.addresses[s] for s in NSD[nsd]] + (self.roots if nsd == "top" else [])
            maker.configuration(nsd, places, self.port, zones)

    def start(self):
        for nsd in NSD:
            child = self.spawn(nsd, ["nsd", "-d", "-V", "1", "-c", f"{self.folder}/{nsd}.conf"], stderr=subprocess.PIPE)
            self.await_line(nsd, child.stderr, b"nsd started")
        mocks = {name: self.addresses[name] for name in nameservers.KINDS}
        self.spawn_script("nameservers", {"servers": mocks, "upstream": self.addresses["north"], "port": self.port})
        policies = {f"mta-sts.{row['zone']}": filled_policy(row) for row in self.rows}
        self.spawn_script("webservers", {
            "port": self.web, "policies": policies,
            "servers": {self.addresses[name]: self.office.files(name) for name in ("shop", "stranger")}})

    def spawn_script(self, name, order):
        child = self.spawn(name, [sys.executable, "-B", f"{HERE}/{name}.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        child.stdin.write(json.dumps(order).encode() + b"\n")
        child.stdin.flush()
        self.await_line(name, child.stdout, b"ready")

    def spawn(self, name, words, **pipes):
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **pipes}
        self.children[name] = subprocess.Popen(words, preexec_fn=end_with_parent, cwd=self.folder, **pipes)
        return self.children[name]

    def await_line(self, name, pipe, mark):
        """The server's own word that it answers; all that it says besides is for the error."""
        said = b""
        for line in pipe:
            said += line
            if mark in line:
                # What it says later is read too, or it would wait for us one day.
                threading.Thread(target=pipe.read, daemon=True).start()
                return
        raise Trouble(f"{name} ended at once: " + said.decode(errors="replace").strip()[-400:])

    def stop(self):
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def filled_policy(row):
    return {**row["policy"], "mx": [zonefiles.filled(m, {"zone": row["zone"]}) for m in row["policy"].get("mx", [])]}


def end_with_parent():
    """PR_SET_PDEATHSIG: whatever becomes of the farm, its servers do not outlive it. A test's threads block signals."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def too_late(*_):
    raise Trouble(f"it does not stand after {START_SECONDS} s")


def check_programs():
    for program, package in PROGRAMS.items():
        if shutil.which(program) is None:
            raise Trouble(f"{program} is not here (Debian package {package}): run 'script/bootstrap test'")


def standing(only, folder, **places):
    """A world that answers."""
    check_programs()
    parents, rows = table()
    missing = [name for name in only if name not in [row["name"] for row in rows]]
    if missing:
        raise Trouble(f"no zone of the table is called {missing[0]}")
    world = World(parents, [row for row in rows if not only or row["name"] in only], folder, **places)
    try:
        world.prepare()
        world.start()
    except BaseException:
        world.stop()
        raise
    return world


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", action="store_true", help="leave the folder with zones and configurations")
    options = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGALRM, too_late)
    signal.alarm(START_SECONDS)
    folder, world = tempfile.mkdtemp(prefix="vigil-zones-"), None
    try:
        world = standing([n for n in options.only.split(",") if n], folder)
        signal.alarm(0)
        print(json.dumps({
            "zones": world.rows, "addresses": world.addresses, "port": world.port, "anchor": world.anchor,
            "trust": world.office.root, "folder": folder}), flush=True)
        sys.stdin.read()
    except (Trouble, RuntimeError, OSError, subprocess.SubprocessError) as trouble:
        print(json.dumps({"error": str(trouble)}), flush=True)
        sys.exit(2)
    finally:
        if world:
            world.stop()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


try:
    import yaml

    import nameservers
    import webservers
    import zonefiles
except ImportError as missing_module:
    print(json.dumps({"error": f"{missing_module}: run 'script/bootstrap test'"}), flush=True)
    sys.exit(2)

if __name__ == "__main__":
    main()
