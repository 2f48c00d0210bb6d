"""What Vigil, delv and dig say of the zones' yes or no questions, and who is right: see script/compare-scanners.

Runs in a network namespace of its own (`unshare`), where the farm's root answers at the addresses of the real ones:
the whole program resolves as it does in the world, on port 53, from its built-in hints. *Yes* means that the weakness
is there; `-` that the tool gave no answer. What the tables say of a zone is told beside each difference.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time

import zones as farms

# Of a.root to m.root (b.root's old and new one): libunbound has them built in, and asks whichever it likes.
ROOTS = [
    "198.41.0.4", "199.9.14.201", "170.247.170.2", "192.33.4.12", "199.7.91.13", "192.203.230.10", "192.5.5.241",
    "192.112.36.4", "198.97.190.53", "192.36.148.17", "192.58.128.30", "193.0.14.129", "199.7.83.42", "202.12.27.33"]
# For one tool on one zone: what does not answer by then says nothing.
SECONDS = 120
TIMES = ["+time=2", "+tries=1"]
DNSSEC = ["dns.dnssec.missing", "dns.dnssec.bogus"]
QUESTIONS = [
    *DNSSEC, "dns.address.missing", "dns.ipv6.missing", "dns.cname.dangling", "dns.wildcard", "dns.ns.single",
    "dns.caa.missing", "dns.spf.missing", "dns.spf.multiple", "dns.dmarc.missing", "dns.mta_sts.missing", "dns.mx.cname",
    "dns.mx.dangling", "dns.ns.lame", "dns.soa.serials", "dns.ns.recursion", "dns.zone_transfer"]


def output(*words, errors=subprocess.DEVNULL):
    try:
        return subprocess.run(
            words, stdout=subprocess.PIPE, stderr=errors, text=True, errors="replace", stdin=subprocess.DEVNULL,
            timeout=SECONDS).stdout
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode(errors="replace")


def hub(binary, folder, world):
    """Without its audit log nothing that is not loopback may be scanned. Its socket, once it answers."""
    with open(f"{folder}/vigil.yaml", "w") as file:
        file.write(f"data: {folder}/data\nsensor:\n  enabled: no\n")
    world.spawn("hub", [binary, "hub", "--config", f"{folder}/vigil.yaml"])
    path, end = f"{folder}/data/run/api.sock", time.monotonic() + SECONDS
    while time.monotonic() < end and world.children["hub"].poll() is None:
        with socket.socket(socket.AF_UNIX) as one:
            if one.connect_ex(path) == 0:
                return path
        time.sleep(0.1)
    raise farms.Trouble("the hub does not answer")


def vigil(binary, row, world, api):
    text = output(
        binary, "scan", "--json", "--socket", api, "--engines", "dns", "--class", "intrusive", "--authorised-by", "whoever runs this",
        "--ca", world.office.root, f"https://{row['target']}/")
    said = {}
    for line in text.splitlines():
        record = json.loads(line)
        answer = record.get("answer")
        if "check" in record and answer is not None:
            word = answer if isinstance(answer, str) else next(iter(answer))
            if word in ("yes", "no"):
                said[record["check"]] = word == "yes"
    return said


class Dig:
    """Answers of one name server."""

    def __init__(self, address):
        self.address = address

    def ask(self, name, kind, *words):
        """Code, flags, and the answer's records as name, type, data; nil where none came."""
        text = output("dig", f"@{self.address}", *TIMES, "+norecurse", *words, name + ".", kind)
        head = re.search(r"status: (\w+),.*?flags: ([a-z ]*);", text, re.S)
        if head is None:
            return None
        records = []
        for line in text.partition(";; ANSWER SECTION:")[2].partition("\n;;")[0].splitlines():
            words = line.split(None, 4)
            if len(words) == 5:
                records.append((words[0], words[3], words[4]))
        return head.group(1), head.group(2).split(), records

    def data(self, name, kind):
        """Nil where the server does not answer for it; else what it has there."""
        found = self.ask(name, kind)
        if found is None or found[0] not in ("NOERROR", "NXDOMAIN"):
            return None
        return [data for _, its, data in found[2] if its == kind]


def texts(data):
    return None if data is None else ["".join(re.findall(r'"((?:[^"\\]|\\.)*)"', d)).replace("\\;", ";") for d in data]


def count(items, pattern):
    return None if items is None else sum(1 for item in items if re.match(pattern, item, re.I))


def dig(row, world):
    zone, host = row["zone"], row["target"]
    servers = {name: Dig(world.addresses[name]) for name in row["servers"]}
    first = next(iter(servers.values()))
    said = {}

    def put(check, value):
        if value is not None:
            said[check] = value

    four, six = first.data(host, "A"), first.data(host, "AAAA")
    if four is not None and six is not None:
        put("dns.address.missing", not four and not six)
        if four or six:
            put("dns.ipv6.missing", not six)
    alias = first.ask(host, "A")
    if alias is not None and alias[0] in ("NOERROR", "NXDOMAIN"):
        put("dns.cname.dangling", alias[0] == "NXDOMAIN" and any(kind == "CNAME" for _, kind, _ in alias[2]))
    anything = first.data("surely-nobody-has-this." + zone, "A")
    put("dns.wildcard", None if anything is None else bool(anything))
    names = first.data(zone, "NS")
    put("dns.ns.single", None if not names else len(names) == 1)
    caa = [first.data(name, "CAA") for name in dict.fromkeys([host, zone])]
    put("dns.caa.missing", None if None in caa else not any(caa))
    spf = count(texts(first.data(zone, "TXT")), r"v=spf1( |$)")
    put("dns.spf.missing", None if spf is None else spf == 0)
    put("dns.spf.multiple", None if not spf else spf > 1)
    dmarc = [count(texts(first.data("_dmarc." + name, "TXT")), r"v=DMARC1") for name in dict.fromkeys([host, zone])]
    put("dns.dmarc.missing", None if None in dmarc else not any(dmarc))
    exchanges(row, first, put)
    by_servers(zone, servers, put)
    return said


def exchanges(row, server, put):
    data = server.data(row["zone"], "MX")
    names = None if data is None else [d.split()[1].rstrip(".") for d in data if d.split()[1] != "."]
    if names:
        put("dns.mx.cname", any(server.data(name, "CNAME") for name in names))
        put("dns.mx.dangling", any(server.data(n, "A") == [] and server.data(n, "AAAA") == [] for n in names))
    if names or data == []:
        record = count(texts(server.data("_mta-sts." + row["zone"], "TXT")), r"v=STSv1\b")
        put("dns.mta_sts.missing", None if record is None else record == 0)


def by_servers(zone, servers, put):
    asked = {name: server.ask(zone, "SOA") for name, server in servers.items()}
    good = {n: a for n, a in asked.items() if a is not None and a[0] == "NOERROR" and "aa" in a[1] and a[2]}
    is_whole = None not in asked.values()
    lame = [n for n, a in asked.items() if a is not None and n not in good]
    put("dns.ns.lame", True if lame else False if is_whole else None)
    serials = {a[2][0][2].split()[2] for a in good.values()}
    put("dns.soa.serials", True if len(serials) > 1 else False if is_whole else None)
    foreign = [s.ask("example.com", "A", "+recurse") for s in servers.values()]
    opened = any(a is not None and "ra" in a[1] and a[0] == "NOERROR" and a[2] for a in foreign)
    put("dns.ns.recursion", True if opened else None if None in foreign else False)
    given = [output("dig", f"@{s.address}", *TIMES, zone + ".", "AXFR") for s in servers.values()]
    records = [len([l for l in text.splitlines() if l and not l.startswith(";")]) for text in given]
    refused = ["Transfer failed" in text or "connection refused" in text or n for text, n in zip(given, records)]
    put("dns.zone_transfer", True if any(n > 1 for n in records) else False if all(refused) else None)


def delv(row, world, anchors):
    """Secure, unsigned or bogus, as BIND's validator sees the zone's SOA and the host's addresses."""
    server = world.addresses[row["servers"][0]]
    if server in (world.addresses["silent"], world.addresses["garbage"], world.addresses["failing"]):
        return {}
    # It must be given the chain above the zone too: only the farm's NSD has it.
    upstream = world.addresses["north"]
    words = ["delv", f"@{upstream}", "-a", anchors, "+root"]
    said = [output(*words, name + ".", kind, errors=subprocess.STDOUT) for name, kind in
            [(row["zone"], "SOA"), (row["target"], "A"), (row["target"], "AAAA")]]
    # That there is nothing is a failure to delv, with the cache's word for it.
    failed = [text for text in said if re.search("resolution failed: (?!ncache)", text)]
    if failed:
        errors = "no valid|broken trust|RRSIG|insecurity"
        return {"dns.dnssec.bogus": True} if any(re.search(errors, text) for text in failed) else {}
    if "fully validated" not in said[0] and "unsigned answer" not in said[0]:
        return {}
    return {"dns.dnssec.bogus": False, "dns.dnssec.missing": "unsigned answer" in said[0]}


def sign(answer):
    return "-" if answer is None else "yes" if answer else "no"


def report(rows, tools):
    ours = tools.pop("vigil")
    print(f"{len(rows)} zones. Answers on which Vigil and the other agree, of those that both gave:\n")
    print("| question |" + "".join(f" {tool} |" for tool in tools) + " only Vigil | only the other |")
    print("|---|" + "---|" * (len(tools) + 2))
    tally, sums = collections.Counter(), collections.Counter()
    differences = []
    for question in QUESTIONS:
        cells, alone, theirs_alone = [], 0, 0
        for tool, answers in tools.items():
            both = [(a[question], b[question]) for a, b in zip(ours, answers) if question in a and question in b]
            agreed = sum(a == b for a, b in both)
            cells.append(f" {agreed} of {len(both)} |" if both else " - |")
            sums[tool, "agreed"], sums[tool, "both"] = sums[tool, "agreed"] + agreed, sums[tool, "both"] + len(both)
        for number, row in enumerate(rows):
            given = {tool: answers[number][question] for tool, answers in tools.items() if question in answers[number]}
            mine = ours[number].get(question)
            alone += mine is not None and not given
            theirs_alone += mine is None and bool(given)
            differences += [(row["name"], question, mine, tool, word) for tool, word in given.items() if word != mine]
        print(f"| {question} |" + "".join(cells) + f" {alone} | {theirs_alone} |")
    print("\n| zone | question | vigil | other |\n|---|---|---|---|")
    for name, question, mine, tool, word in differences:
        tally[tool, "open" if mine is None else "contrary"] += 1
        print(f"| {name} | {question} | {sign(mine)} | {tool}: {sign(word)} |")
    print("\n" + "; ".join(f"{tool}: {sums[tool, 'agreed']} of {sums[tool, 'both']} agree" for tool in tools))
    print("; ".join(f"{tool}: {n} where vigil is {kind}" for (tool, kind), n in sorted(tally.items())))


def settle(folder, world):
    """This namespace's addresses, resolver and root key: from here on it is the world."""
    with open(f"{folder}/root.key", "w") as file:
        file.write(world.anchor + "\n")
    open(f"{folder}/resolv.conf", "w").close()
    for mine, theirs in [("root.key", "/usr/share/dns/root.key"), ("resolv.conf", "/etc/resolv.conf")]:
        subprocess.run(["mount", "--bind", f"{folder}/{mine}", os.path.realpath(theirs)], check=True)
    key = world.anchor.split("DNSKEY")[1].split(None, 3)
    with open(f"{folder}/anchors", "w") as file:
        file.write(f'trust-anchors {{ . static-key {key[0]} {key[1]} {key[2]} "{key[3]}"; }};\n')
    return f"{folder}/anchors"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vigil", help="a binary of this version")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    if "VIGIL_NAMES_INSIDE" not in os.environ:
        os.environ["VIGIL_NAMES_INSIDE"] = "1"
        mine = ["--map-root-user"] if os.geteuid() != 0 else []
        os.execvp("unshare", ["unshare", *mine, "--mount", "--net", sys.executable, "-B", *sys.argv])
    binary = os.path.abspath(options.vigil)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for root in ROOTS:
        subprocess.run(["ip", "address", "add", root + "/32", "dev", "lo"], check=True)
    with tempfile.TemporaryDirectory(prefix="vigil-opinions-") as folder:
        only = [n for n in options.only.split(",") if n]
        world = farms.standing(only, folder, port=53, web=443, roots=ROOTS)
        try:
            anchors, rows = settle(folder, world), world.rows
            api = hub(binary, folder, world)
            with concurrent.futures.ThreadPoolExecutor(6) as pool:
                tools = {
                    "vigil": list(pool.map(lambda row: vigil(binary, row, world, api), rows)),
                    "delv": list(pool.map(lambda row: delv(row, world, anchors), rows)),
                    "dig": list(pool.map(lambda row: dig(row, world), rows))}
        finally:
            world.stop()
    report(rows, tools)


if __name__ == "__main__":
    main()
