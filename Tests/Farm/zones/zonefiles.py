"""Rows of the table as zone files, signed by ldns, and NSD's configuration."""
import os
import subprocess
import time

ALGORITHMS = {
    "ecdsa": ["-a", "ECDSAP256SHA256"], "ed25519": ["-a", "ED25519"], "rsa": ["-a", "RSASHA256", "-b", "2048"],
    "rsasha1": ["-a", "RSASHA1", "-b", "2048"], "rsasha1-nsec3": ["-a", "RSASHA1-NSEC3-SHA1", "-b", "2048"]}
# Who serves the root and the registries.
UPPER = ("upper", "upmost")
DAY = 86_400
# Days from today between which signatures hold.
VALIDITY = {"now": (-2, 28), "past": (-60, -30), "future": (30, 60)}


def filled(text, marks):
    for mark, value in marks.items():
        text = text.replace("$" + mark, value)
    return text


def run(folder, *words):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]} failed: {(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout.strip()


class Maker:
    def __init__(self, folder, addresses, web, marks, office):
        self.folder, self.addresses, self.web, self.marks, self.office = folder, addresses, web, marks, office
        self.keys, self.anchor = {}, None

    def zone(self, row, serial, nsd="main"):
        """Writes the zone; answers with what its parent says of it."""
        zone = row["zone"]
        self.write(nsd, zone, self.lines(row, serial))
        key = None
        if row["signed"] != "none":
            key = self.key(zone, row["signed"])
            self.sign(nsd, zone, key, row["validity"], nsec3=row["signed"].endswith("nsec3"))
            if row["tampered"]:
                self.tamper(nsd, zone, row["a"][0])
        return self.servers(zone, row["servers"]) + self.delegation(zone, row, key)

    def lines(self, row, serial):
        host, target = row["host"] or "@", row["alias"]
        lines = [soa(row["zone"], serial, row["soa"])] + self.servers("@", row["servers"], row["zone"])
        if target == "none":
            lines += [f"{host} A {a}" for a in row["a"]] + [f"{host} AAAA {a}" for a in row["aaaa"]]
        else:
            lines.append(f"{host} CNAME there")
            if target == "kept":
                lines += [f"there A {a}" for a in row["a"]] + [f"there AAAA {a}" for a in row["aaaa"]]
        for line in row["records"]:
            if " ".join(line.split()[:2]) not in row["without"]:
                lines.append(line)
        for usage, selector, matching, what in row["tlsa"]:
            data = self.office.association(what, selector, matching)
            owner = f"_{self.web}._tcp" + (f".{row['host']}" if row["host"] else "")
            lines.append(f"{owner} TLSA {usage} {selector} {matching} {data}")
        return [filled(line, {**self.marks, "zone": row["zone"]}) for line in lines + row["more"]]

    def servers(self, owner, names, zone=None):
        """NS records and, since every name server lies inside its zone, their addresses."""
        zone = zone or owner
        lines = [f"{owner if owner == '@' else owner + '.'} NS {name}.ns.{zone}." for name in names]
        return lines + [f"{name}.ns.{zone}. A {self.addresses[name]}" for name in names]

    def delegation(self, zone, row, key):
        if key is None or row["delegation"] == "none":
            return []
        if row["delegation"] == "other key":
            key = self.key(zone, row["signed"], another=True)
        digest = "-1" if row["delegation"] == "sha1" else "-2"
        return [run(self.folder, "ldns-key2ds", "-n", digest, key + ".key")]

    def parent(self, name, delegations, denial):
        zone = name if name == "." else name + "."
        origin = "" if name == "." else name
        servers = [f"{zone} NS {s}.ns.{zone.lstrip('.')}" for s in UPPER]
        servers += [f"{s}.ns.{zone.lstrip('.')} A {self.addresses[s]}" for s in UPPER]
        self.write("main", name, [soa(origin, 1, [7200, 3600, 1209600, 3600])] + servers + delegations)
        if denial == "none":
            return servers
        key = self.key(name, "ecdsa")
        self.sign("main", name, key, "now", nsec3=denial == "nsec3")
        if name == ".":
            with open(f"{self.folder}/{key}.key") as file:
                self.anchor = next(line for line in file if "DNSKEY" in line).split(";")[0].strip()
        return servers + [run(self.folder, "ldns-key2ds", "-n", "-2", key + ".key")]

    def key(self, zone, kind, another=False):
        if another or zone not in self.keys:
            made = run(self.folder, "ldns-keygen", "-r", "/dev/urandom", "-k", *ALGORITHMS[kind], zone)
            if another:
                return made
            self.keys[zone] = made
        return self.keys[zone]

    def path(self, nsd, zone):
        return f"{self.folder}/{nsd}-{'root' if zone == '.' else zone}.zone"

    def write(self, nsd, zone, lines):
        origin = zone if zone == "." else zone + "."
        with open(self.path(nsd, zone), "w") as file:
            file.write("\n".join([f"$ORIGIN {origin}", "$TTL 300", *lines, ""]))

    def sign(self, nsd, zone, key, validity, nsec3):
        path, today = self.path(nsd, zone), int(time.time())
        begin, end = (str(today + days * DAY) for days in VALIDITY[validity])
        words = ["ldns-signzone", "-i", begin, "-e", end, "-f", path + ".signed", "-o", zone]
        run(self.folder, *words, *(["-n", "-t", "0"] if nsec3 else []), path, key)
        os.replace(path + ".signed", path)

    def tamper(self, nsd, zone, address):
        with open(self.path(nsd, zone)) as file:
            text = file.read()
        other = address.rsplit(".", 1)[0] + ".99"
        with open(self.path(nsd, zone), "w") as file:
            file.write(text.replace(address, other))

    def configuration(self, nsd, addresses, port, zones):
        empty = ["username", "chroot", "pidfile", "xfrdfile", "cookie-secret-file"]
        lines = ["server:", f" port: {port}", " server-count: 1", " hide-version: yes", " rrl-ratelimit: 0"]
        lines += [f" ip-address: {a}" for a in addresses] + [f' {word}: ""' for word in empty]
        lines += [f' zonesdir: "{self.folder}"', f' zonelistfile: "{self.folder}/{nsd}.list"', f' xfrdir: "{self.folder}"']
        lines += ["remote-control:", " control-enable: no"]
        copy = "other" if nsd == "other" else "main"
        for zone, gives in zones:
            lines += ["zone:", f' name: "{zone}"', f' zonefile: "{self.path(copy, zone)}"']
            lines += [" provide-xfr: 127.0.0.0/8 NOKEY"] if gives else []
        with open(f"{self.folder}/{nsd}.conf", "w") as file:
            file.write("\n".join(lines + [""]))


def soa(zone, serial, times):
    return f"@ SOA north.ns.{zone + '.' if zone else ''} admin.{zone + '.' if zone else ''} {serial} " + " ".join(map(str, times))
