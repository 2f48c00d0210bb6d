"""What Vigil and other scanners cost on the same sites: see script/compare-scanners.

One nginx with a server block per site, each at an address and with a certificate of its own, in Mozilla's intermediate
profile. Connections are those that nginx accepted (stub_status), bytes those that crossed the loopback device with
their headers, CPU what the kernel charged to the scanner's processes and to nginx's: run it on a machine, or in a
network namespace, where nothing else talks on loopback.
"""
import argparse
import concurrent.futures
import os
import resource
import subprocess
import tempfile
import time
import urllib.request

import farm as farms

INTERMEDIATE = {
    "software": "nginx", "versions": ["TLS 1.2", "TLS 1.3"], "suites": ["modern", "intermediate"], "prefers": "client",
    "groups": ["x25519", "secp256r1", "secp384r1"], "certificate": {"key": "rsa"}, "page": {"nosniff": True},
}
STATUS = """
server {{ listen {address}:{port}; access_log off; location / {{ stub_status; }} }}
"""
# Scanners of one site a process are run so many at a time.
WIDTH = 4


class Site:
    """The servers, and what they count."""

    def __init__(self, count, folder):
        sets, _ = farms.table()
        described = [
            {**INTERMEDIATE, "name": f"site {n}", "host": f"site{n}.test",
             "certificate": {"key": "rsa", "names": [f"site{n}.test"]}} for n in range(count)]
        self.farm = farms.Farm([farms.complete(row, sets) for row in described], folder)
        network = self.farm.address.rsplit(".", 2)[0]
        for number, row in enumerate(self.farm.rows):
            row["address"] = f"{network}.{number // 250 + 1}.{number % 250 + 1}"
        self.farm.prepare()
        port = self.farm.rows[0]["port"]
        for row in self.farm.rows:
            row["port"] = port
        self.status = {"address": f"{network}.250.1", "port": port}
        self.farm.more = STATUS.format(**self.status)
        self.farm.start()
        self.places = [f"{row['address']}:{port}" for row in self.farm.rows]

    def connections(self):
        """Accepted so far, this question included."""
        url = f"http://{self.status['address']}:{self.status['port']}/"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.read().split(b"\n")[2].split()[0])

    def cpu(self):
        """Seconds of nginx's processes."""
        master = self.farm.children["nginx"].pid
        with open(f"/proc/{master}/task/{master}/children") as file:
            pids = [master, *map(int, file.read().split())]
        ticks = 0
        for pid in pids:
            with open(f"/proc/{pid}/stat") as file:
                ticks += sum(map(int, file.read().rpartition(")")[2].split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")


def loopback_bytes():
    with open("/proc/net/dev") as file:
        return next(int(line.split(":")[1].split()[0]) for line in file if line.strip().startswith("lo:"))


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(site, title, places, commands, width):
    """Runs the commands, `width` at a time; a line of the table."""
    before = (site.connections(), loopback_bytes(), site.cpu(), children_cpu(), time.monotonic())
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(width) as pool:
        for result in pool.map(run, commands):
            failures += result != 0
    after = (site.connections(), loopback_bytes(), site.cpu(), children_cpu(), time.monotonic())
    connections, data, server, client, wall = (b - a for a, b in zip(before, after))
    n = len(places)
    print(
        f"| {title} | {n} | {(connections - 1) / n:.1f} | {data / n / 1024:.0f} | {client / n * 1000:.1f} | "
        f"{server / n * 1000:.1f} | {n / wall * 60:,.0f} |" + (f" ({failures} ended with an error)" if failures else ""),
        flush=True)
    return client / n


def run(words):
    return subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL).returncode


def lab(vigil):
    """The switch that lifts limits on loopback, where this build has it."""
    text = subprocess.run([vigil, "scan", "--help"], capture_output=True, text=True).stdout
    return ["--lab"] if "--lab" in text else []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vigil", help="a release binary")
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--sslyze", help="the Python of an environment that has sslyze")
    parser.add_argument("--testssl", type=int, default=0, help="how many sites testssl.sh is given")
    options = parser.parse_args()
    vigil = os.path.abspath(options.vigil)
    with tempfile.TemporaryDirectory(prefix="vigil-cost-") as folder:
        site = Site(options.sites, folder)
        try:
            urls = [f"https://{place}/" for place in site.places]
            switches = lab(vigil)
            print(f"{options.sites} sites of one nginx, intermediate profile; vigil with limits {'lifted' if switches else 'as by default'}")
            print("| scanner | sites | connections | KB | client CPU ms | server CPU ms | sites/min |")
            print("|---|---|---|---|---|---|---|")
            for engines in ("tls", "tls,certificate", "tls,certificate,http"):
                words = [vigil, "scan", "--json", *switches, "--engines", engines, *urls]
                cost = measure(site, f"vigil {engines}", urls, [words], 1)
                if engines == "tls":
                    vigils = cost
            theirs = measure(site, "sslscan", urls, [["sslscan", "--no-colour", p] for p in site.places], WIDTH)
            print(f"sites per second of client CPU: vigil tls {1 / vigils:.0f}, sslscan {1 / theirs:.1f}: {theirs / vigils:.1f} times")
            if options.sslyze:
                measure(site, "sslyze", urls, [[options.sslyze, "-m", "sslyze", *site.places]], 1)
            few = site.places[:options.testssl]
            if few:
                measure(site, "testssl.sh", few, [["testssl", "--quiet", "--warnings", "batch", p] for p in few], 2)
        finally:
            site.farm.stop()


if __name__ == "__main__":
    main()
