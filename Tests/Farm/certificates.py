"""Certificates as the table describes them, made by `openssl ca`; what is true of each follows from the description."""
import datetime
import os
import subprocess

DEFAULT = {
    "key": "ecdsa", "digest": "sha256", "issuer": "middle", "names": ["site.test"], "from": -30, "until": 60,
    "send": ["middle"], "san": True, "authority": False, "usage": None, "mustStaple": False,
    # How many logs' timestamps it carries; what is stapled to it: `good`, `revoked`, or one about `another`.
    "timestamps": 0, "staple": None,
}
KEYS = {
    "ecdsa": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "rsa3072": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
    "rsa1024": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
    "ed25519": ["-algorithm", "ED25519"],
    "ed448": ["-algorithm", "ED448"],
}
TITLES = {
    "ecdsa": "EC 256", "p384": "EC 384", "rsa": "RSA 2048", "rsa3072": "RSA 3072", "rsa1024": "RSA 1024",
    "ed25519": "Ed25519", "ed448": "Ed448",
}
CONFIGURATION = """
[ca]
default_ca = farm
[farm]
database = {folder}/index.txt
new_certs_dir = {folder}/issued
rand_serial = yes
policy = any
unique_subject = no
email_in_dn = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
keyUsage = critical, keyCertSign, cRLSign
"""
# The authorities with their issuers: the trusted root, its intermediates in date and out of it, and a root that nobody
# trusts with one of its own.
AUTHORITIES = {"root": None, "middle": "root", "late-middle": "root", "stranger": None, "strange-middle": "stranger"}
LATE = {"late-middle"}
# Public suffixes (publicsuffix.org) that the table uses.
SUFFIXES = {"com.cn", "gov.cn"}


class Office:
    """Makes keys and certificates into a folder, each once."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(f"{folder}/issued", exist_ok=True)
        open(f"{folder}/index.txt", "w").close()
        self.now = datetime.datetime.now(datetime.timezone.utc)
        self.config = self._write("ca.cnf", CONFIGURATION.format(folder=folder))
        self.made = {}
        for name, issuer in AUTHORITIES.items():
            key = self._key("rsa", f"authority-{name}")
            self._issue(name, key, f"Farm {name}", issuer or "self", "sha256", -400, -2 if name in LATE else 3650, "authority", self.config)

    def _write(self, name, text):
        path = f"{self.folder}/{name}"
        with open(path, "w") as file:
            file.write(text)
        return path

    def _run(self, *words):
        result = subprocess.run(["openssl", *words], capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError(f"openssl {' '.join(words)}: {result.stderr.strip()[-400:]}")

    def _key(self, kind, name=None):
        """Sites share a key of each kind: nothing that is asked depends on it."""
        path = f"{self.folder}/{name or kind}.key"
        if not os.path.exists(path):
            self._run("genpkey", *KEYS[kind], "-out", path)
        return path

    def _issue(self, name, key, subject, issuer, digest, start, end, section, extensions):
        path = f"{self.folder}/{name}.pem"
        request = f"{self.folder}/{name}.csr"
        self._run("req", "-new", "-key", key, "-subj", f"/CN={subject}", "-out", request)
        stamp = lambda days: (self.now + datetime.timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")
        signer = ["-selfsign", "-keyfile", key] if issuer == "self" else [
            "-cert", f"{self.folder}/{issuer}.pem", "-keyfile", f"{self.folder}/authority-{issuer}.key"]
        self._run(
            "ca", "-batch", "-notext", "-config", self.config, "-in", request, "-out", path, "-md", digest,
            "-startdate", stamp(start), "-enddate", stamp(end), "-extfile", extensions, "-extensions", section, *signer)
        return path

    def certificate(self, description):
        """Files of the chain to send and the key; equal descriptions share them."""
        mark = repr(sorted(description.items()))
        if mark not in self.made:
            name = f"site-{len(self.made)}"
            extensions = self._write(f"{name}.ext", extension_text(description))
            key = self._key(description["key"])
            leaf = self._issue(
                name, key, description["names"][0], description["issuer"], description["digest"], description["from"],
                description["until"], "site", extensions)
            links = [f"{self.folder}/{link}.pem" for link in description["send"]]
            chain = self._write(f"{name}-chain.pem", "".join(open(p).read() for p in [leaf, *links]))
            rest = self._write(f"{name}-rest.pem", "".join(open(p).read() for p in links)) if links else None
            self.made[mark] = {"leaf": leaf, "chain": chain, "rest": rest, "key": key}
            if description["staple"]:
                self.made[mark]["staple"] = self._staple(name, leaf, description)
        return self.made[mark]

    def _staple(self, name, leaf, description):
        """What the issuer's responder says of the leaf, or of another certificate of the same issuer."""
        issuer, path = description["issuer"], f"{self.folder}/{name}.ocsp"
        about = leaf
        if description["staple"] == "revoked":
            self._run(
                "ca", "-config", self.config, "-revoke", leaf, "-md", "sha256", "-cert", f"{self.folder}/{issuer}.pem",
                "-keyfile", f"{self.folder}/authority-{issuer}.key")
        if description["staple"] == "another":
            other = {**description, "staple": None}
            about = self.certificate({**other, "until": other["until"] + 1})["leaf"]
        self._run(
            "ocsp", "-index", f"{self.folder}/index.txt", "-CA", f"{self.folder}/{issuer}.pem", "-issuer",
            f"{self.folder}/{issuer}.pem", "-cert", about, "-rsigner", f"{self.folder}/{issuer}.pem", "-rkey",
            f"{self.folder}/authority-{issuer}.key", "-respout", path, "-ndays", "5", "-noverify")
        return path


def extension_text(description):
    names = ",".join(("IP:" if n[0].isdigit() else "DNS:") + n for n in description["names"])
    lines = ["[site]", f"basicConstraints = CA:{'TRUE' if description['authority'] else 'FALSE'}"]
    lines += [f"subjectAltName = {names}"] if description["san"] else []
    lines += [f"extendedKeyUsage = {description['usage']}"] if description["usage"] else []
    lines += ["tlsfeature = status_request"] if description["mustStaple"] else []
    lines += [timestamp_line(description["timestamps"])] if description["timestamps"] else []
    return "\n".join(lines) + "\n"


def timestamp_line(count):
    """Signed timestamps of so many made-up logs (RFC 6962 section 3.3): nobody can check the signatures."""
    items = b""
    for log in range(count):
        item = bytes([0]) + bytes([log]) * 32 + bytes.fromhex("0000019a00000000") + bytes(2) + bytes.fromhex("040300023000")
        items += len(item).to_bytes(2, "big") + item
    listed = len(items).to_bytes(2, "big") + items
    head = [4, len(listed)] if len(listed) < 128 else [4, 0x81, len(listed)]
    return "1.3.6.1.4.1.11129.2.4.2 = DER:" + (bytes(head) + listed).hex(":")


def truth(description, host):
    """What a right engine says of the chain, from the description alone. The root is the one that is trusted."""
    issuer, sent = description["issuer"], description["send"]
    needed = []
    link = issuer
    while link != "self" and AUTHORITIES[link] is not None:
        needed.append(link)
        link = AUTHORITIES[link]
    return {
        "daysSinceStart": -description["from"], "daysLeft": description["until"],
        "namesHost": any(_covers(name, host) for name in description["names"]), "isSelfSigned": issuer == "self",
        "isTrusted": link == "root" and all(n in sent for n in needed) and description["usage"] in (None, "serverAuth"),
        "isComplete": all(n in sent for n in needed), "isOrdered": _is_ordered(issuer, sent),
        "sendsRoot": any(AUTHORITIES[s] is None for s in sent), "key": TITLES[description["key"]],
        "isKeyWeak": description["key"] == "rsa1024", "isSignatureWeak": description["digest"] in ("md5", "sha1"),
        "count": 1 + len(sent), "hasNames": description["san"], "isAuthority": description["authority"],
        "isForServers": description["usage"] in (None, "serverAuth"), "mustStaple": description["mustStaple"],
        "repeats": len(set(sent)) < len(sent), "sendsLate": any(s in LATE for s in sent),
        "coversSuffix": any(n.startswith("*.") and n[2:] in SUFFIXES for n in description["names"]),
    }


def _covers(name, host):
    """RFC 6125 section 6.4.3: a star stands for one whole label, the first."""
    return name == host or name.startswith("*.") and host.partition(".")[2] == name[2:]


def _is_ordered(issuer, sent):
    link = issuer
    # What is sent twice is asked elsewhere.
    for name in dict.fromkeys(sent):
        if name != link:
            return False
        link = AUTHORITIES[name]
    return True
