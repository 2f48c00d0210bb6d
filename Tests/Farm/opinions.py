"""What Vigil and other scanners say of the farm's yes or no questions, and who is right: see script/compare-scanners.

For every question that another tool answers too: how often they agree, and each difference with what the server's
configuration says. *Yes* means that the weakness is there; `-` that the tool gave no answer.
"""
import argparse
import collections
import concurrent.futures
import csv
import json
import os
import re
import subprocess
import tempfile
import threading
import xml.etree.ElementTree as xml

import farm as farms

VERSIONS = {
    "tls.version.ssl2": "SSLv2", "tls.version.ssl3": "SSLv3", "tls.version.tls1_0": "TLS 1.0",
    "tls.version.tls1_1": "TLS 1.1", "tls.version.no_tls1_3": "TLS 1.3"}
# By IANA's names and by OpenSSL's.
KINDS = {
    "tls.suite.null": r"_NULL_|NULL-|-NULL", "tls.suite.anonymous": r"_anon_|^ADH-|^AECDH-", "tls.suite.export": r"EXP",
    "tls.suite.rc4": r"RC4", "tls.suite.3des": r"3DES|DES-CBC3",
    "tls.suite.no_forward_secrecy": r"^TLS_RSA_|^(?!ECDHE|DHE|ADH|AECDH|EXP-EDH|TLS_|EXP1024-DHE)"}
# What testssl.sh calls each, and the words that mean that the weakness is there, or is not.
TESTSSL = {
    "tls.suite.null": ("cipherlist_NULL", "^offered", "^not offered"),
    "tls.suite.anonymous": ("cipherlist_aNULL", "^offered", "^not offered"),
    "tls.suite.export": ("cipherlist_EXPORT", "^offered", "^not offered"),
    "tls.suite.3des": ("cipherlist_3DES_IDEA", "^offered", "^not offered"),
    "tls.suite.rc4": ("RC4", "^VULNERABLE", "^not vulnerable"),
    "tls.suite.client_preference": ("cipher_order", "^(client|NOT a cipher order)", "^server"),
    "tls.compression": ("CRIME_TLS", "^VULNERABLE", "^not vulnerable"),
    "tls.renegotiation.insecure": ("secure_renego", "^(VULNERABLE|not supported)", "^supported"),
    "tls.renegotiation.client_initiated": ("secure_client_renego", "^VULNERABLE", "^not vulnerable"),
    "tls.version.no_fallback_scsv": ("fallback_SCSV", "^not supported", "^supported"),
    "tls.weakness.heartbleed": ("heartbleed", "^VULNERABLE", "^not vulnerable"),
    "tls.weakness.ccs_injection": ("CCS", "^VULNERABLE", "^not vulnerable"),
    "tls.weakness.ticketbleed": ("ticketbleed", "^VULNERABLE", "^(not vulnerable|no session ticket)"),
    "tls.weakness.robot": ("ROBOT", "^VULNERABLE", "^not vulnerable"),
    "tls.weakness.poodle": ("POODLE_SSL", "^VULNERABLE", "^not vulnerable"),
    "tls.weakness.sweet32": ("SWEET32", "^(VULNERABLE|uses 64)", "^not vulnerable"),
    "tls.weakness.freak": ("FREAK", "^VULNERABLE", "^not vulnerable"),
    "tls.weakness.drown": ("DROWN", "^VULNERABLE", "^not vulnerable"),
    "tls.weakness.logjam": ("LOGJAM", "^VULNERABLE", "^not vulnerable"),
    "tls.weakness.beast": ("BEAST", "^VULNERABLE", "^not vulnerable"),
    "tls.weakness.lucky13": ("LUCKY13", "^potentially vulnerable", "^not vulnerable"),
    "certificate.expired": ("cert_expirationStatus", "^expired", "^(?!expired)"),
    "certificate.self_signed": ("cert_chain_of_trust", "self signed\\)$", "^(passed|failed \\((?!self signed\\)))"),
    "certificate.weak_signature": ("cert_signatureAlgorithm", "SHA1|MD5", "SHA(256|384|512)|Ed"),
}
PROTOCOLS = dict(zip(VERSIONS, ("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_3")))
# The sections of testssl.sh that hold them: all but HTTP, clients' simulations and the single ciphers.
SECTIONS = "-p -s -S -P -4 -H -I -T -BB -R -C -O -W -A -L -F -J -D"
QUESTIONS = [
    *VERSIONS, *KINDS, *(q for q in TESTSSL if q not in KINDS), "tls.key_exchange.weak_dh", "tls.key_exchange.weak_curve",
    "certificate.weak_key", "certificate.untrusted"]
# For one tool on one server: what does not answer by then says nothing.
SECONDS, TESTSSL_SECONDS = 60, 240


def truth(row):
    """By the configuration alone."""
    by_version, weak = row["truth"]["suites"], row.get("weaknesses", [])
    names = [n for listed in by_version.values() for n in listed]
    has = lambda mark, *versions: any(
        re.search(mark, n) for v, listed in by_version.items() if not versions or v in versions for n in listed)
    uses_dh = has("^TLS_(DHE_|DH_anon)")
    said = {q: (v in row["versions"]) != q.endswith("no_tls1_3") for q, v in VERSIONS.items()}
    said |= {q: any(re.search(mark, n) for n in names) for q, mark in KINDS.items()}
    said |= {
        "tls.suite.no_forward_secrecy": has("^TLS_RSA_"), "tls.compression": row.get("compression", False),
        "tls.renegotiation.insecure": not row.get("renegotiation", True),
        "tls.renegotiation.client_initiated": row["secondHandshake"],
        "tls.weakness.poodle": has("_CBC_", "SSLv3"), "tls.weakness.beast": has("_CBC_", "SSLv3", "TLS 1.0"),
        "tls.weakness.lucky13": has("_CBC_"), "tls.weakness.sweet32": has("_(3DES|DES|DES40|RC2)_"),
        "tls.weakness.freak": has("^TLS_RSA_EXPORT_"), "tls.weakness.drown": "SSLv2" in row["versions"],
        "tls.weakness.logjam": uses_dh and row.get("dh", 2048) <= 1024 or has("^TLS_DHE_RSA_EXPORT_"),
        "tls.key_exchange.weak_dh": uses_dh and row.get("dh", 2048) < 2048,
        "tls.key_exchange.weak_curve": has("^TLS_ECDH") and "secp192r1" in row["groups"]}
    said |= {"tls.weakness." + w: w in weak for w in ("heartbleed", "ccs_injection", "ticketbleed", "robot")}
    if any(len(listed) > 1 for listed in by_version.values()):
        said["tls.suite.client_preference"] = row["prefers"] == "client"
    if len([v for v in row["versions"] if v != "SSLv2"]) > 1:
        said["tls.version.no_fallback_scsv"] = not row["hasFallbackSCSV"]
    leaves = row["truth"]["certificates"]
    if len(leaves) == 1:
        said |= {
            "certificate.weak_key": leaves[0]["isKeyWeak"], "certificate.weak_signature": leaves[0]["isSignatureWeak"],
            "certificate.expired": leaves[0]["daysLeft"] < 0, "certificate.self_signed": leaves[0]["isSelfSigned"],
            "certificate.untrusted": not leaves[0]["isTrusted"]}
    return said


def output(*words, seconds=SECONDS):
    try:
        return subprocess.run(
            words, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, timeout=seconds).stdout
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode(errors="replace")


def vigil(binary, row, trust):
    text = output(
        binary, "scan", "--json", "--lab", "--class", "intrusive", "--ca", trust, "--engines", ",".join(row["engines"]),
        f"https://{row['address']}:{row['port']}/")
    said = {}
    for line in text.splitlines():
        record = json.loads(line)
        if isinstance(record.get("answer"), (str, dict)) and "check" in record:
            answer = record["answer"] if isinstance(record["answer"], str) else next(iter(record["answer"]))
            if answer in ("yes", "no"):
                said[record["check"]] = answer == "yes"
    return said


def sslscan(row):
    text = output("sslscan", "--no-colour", "--xml=-", f"{row['address']}:{row['port']}")
    try:
        root = xml.fromstring(text[text.index("<?xml"):])
    except (ValueError, xml.ParseError):
        return {}
    test, said = root.find("ssltest"), {}
    if test is None:
        return {}
    enabled = {(p.get("type"), p.get("version")): p.get("enabled") == "1" for p in test.iter("protocol")}
    places = [("ssl", "2"), ("ssl", "3"), ("tls", "1.0"), ("tls", "1.1"), ("tls", "1.3")]
    for question, place in zip(VERSIONS, places):
        if place in enabled:
            said[question] = enabled[place] != question.endswith("no_tls1_3")
    said |= sslscan_suites(list(test.iter("cipher")))
    for tag, name, question, bad in [
            ("compression", "supported", "tls.compression", "1"), ("heartbleed", "vulnerable", "tls.weakness.heartbleed", "1"),
            ("renegotiation", "secure", "tls.renegotiation.insecure", "0"),
            ("fallback", "supported", "tls.version.no_fallback_scsv", "0")]:
        elements = test.findall(tag)
        # "Not supported" of renegotiation is what it says where its own handshake failed: no answer.
        if elements and (tag != "renegotiation" or elements[0].get("supported") == "1"):
            said[question] = any(element.get(name) == bad for element in elements)
    return said | sslscan_certificate(test.find(".//certificate"))


def sslscan_suites(ciphers):
    """Nothing where it lists none: then its own handshakes failed."""
    if not ciphers:
        return {}
    names = [c.get("cipher") for c in ciphers]
    below = [c for c in ciphers if c.get("sslversion") != "TLSv1.3"]
    said = {q: any(re.search(mark, n) for n in names) for q, mark in KINDS.items()}
    bits = [int(c.get("dhebits")) for c in below if c.get("dhebits")]
    said["tls.key_exchange.weak_dh"] = any(b < 2048 for b in bits)
    said["tls.weakness.logjam"] = any(b <= 1024 for b in bits)
    said["tls.weakness.sweet32"] = any(re.search("DES-|RC2", n) for n in names)
    return said


def sslscan_certificate(leaf):
    said = {}
    if leaf is not None:
        key, name = leaf.find("pk"), (leaf.findtext("signature-algorithm") or "").lower()
        if key is not None and key.get("type") == "RSA":
            said["certificate.weak_key"] = int(key.get("bits")) < 2048
        said["certificate.weak_signature"] = "sha1" in name or "md5" in name
        for tag in ("expired", "self-signed"):
            if leaf.findtext(tag):
                said["certificate." + tag.replace("-", "_")] = leaf.findtext(tag) == "true"
    return said


def s_client(row, trust):
    place, said = f"{row['address']}:{row['port']}", {}
    ask = lambda *words: output(
        "openssl", "s_client", "-connect", place, "-servername", row["host"], "-CAfile", trust, "-no-CApath", *words)
    # "New, TLSv1.0, Cipher is ..." where it was agreed: "New, (NONE), Cipher is (NONE)" else.
    agreed = lambda text: re.search(r"Cipher is (?!\(NONE\))", text) is not None
    for switch, question in [("tls1", "tls.version.tls1_0"), ("tls1_1", "tls.version.tls1_1"), ("tls1_3", "tls.version.no_tls1_3")]:
        text = ask("-" + switch, "-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
        said[question] = agreed(text) != question.endswith("no_tls1_3")
        if agreed(text):
            said["tls.compression"] = said.get("tls.compression", False) or "Compression: NONE" not in text
            if switch != "tls1_3":
                said["tls.renegotiation.insecure"] = "Secure Renegotiation IS NOT supported" in text
    for word, question in [
            ("eNULL", "tls.suite.null"), ("aNULL", "tls.suite.anonymous"), ("kRSA", "tls.suite.no_forward_secrecy")]:
        said[question] = agreed(ask("-no_tls1_3", "-cipher", word + ":@SECLEVEL=0"))
    text = ask("-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    code = re.search(r"Verify return code: (\d+)", text)
    if agreed(text) and code and "BEGIN CERTIFICATE" in text:
        # 10 and 9 are dates, 18 and 19 a root of its own, 2, 20 and 21 a link that is missing, 26 another purpose.
        said |= {
            "certificate.expired": code[1] == "10", "certificate.self_signed": code[1] == "18",
            "certificate.untrusted": code[1] in ("2", "18", "19", "20", "21", "26")}
    return said


def testssl(row, folder, sections):
    """Line by line, so that what was said before its time ran out counts."""
    file = f"{folder}/{row['port']}.csv"
    output(
        "testssl", "--quiet", "--warnings", "batch", "--nodns", "none", "--ip", row["address"], "--connect-timeout", "5",
        "--openssl-timeout", "5", *(sections.split() if "tls" in row["engines"] else ["-S"]), "--csvfile", file, f"{row['address']}:{row['port']}", seconds=TESTSSL_SECONDS)
    try:
        with open(file, newline="", errors="replace") as opened:
            found = {line[0].split(" <")[0]: line[4] for line in csv.reader(opened) if len(line) > 4}
    except OSError:
        return {}
    said = {}
    for question, name in PROTOCOLS.items():
        if "offered" in found.get(name, ""):
            said[question] = ("not offered" not in found[name]) != question.endswith("no_tls1_3")
    for question, (name, yes, no) in TESTSSL.items():
        for mark, answer in ((yes, True), (no, False)):
            if name in found and question not in said and re.search(mark, found[name]):
                said[question] = answer
    bits = re.search(r"RSA (\d+)", found.get("cert_keySize", ""))
    if bits:
        said["certificate.weak_key"] = int(bits[1]) < 2048
    return said


def sign(answer):
    return "-" if answer is None else "yes" if answer else "no"


class Kept:
    """What was said, a line of JSON each as it is said: a run that is cut off begins again where it ended."""

    def __init__(self, path):
        self.path, self.said, self.lock = path, {}, threading.Lock()
        if path and os.path.exists(path):
            with open(path) as file:
                for line in file:
                    tool, name, said = json.loads(line)
                    self.said[tool, name] = said

    def ask(self, tool, row, ask):
        if (tool, row["name"]) not in self.said:
            said = ask(row)
            with self.lock:
                self.said[tool, row["name"]] = said
                if self.path:
                    with open(self.path, "a") as file:
                        file.write(json.dumps([tool, row["name"], said]) + "\n")
        return self.said[tool, row["name"]]


def ask_all(options, kept, rows, farm, folder):
    """What each tool says of each server; testssl.sh is two processes of shell on a server, the others are light."""
    named = [n for n in options.testssl.split(",") if n]
    asks = {
        "vigil": lambda row: vigil(os.path.abspath(options.vigil), row, farm.trust), "sslscan": sslscan,
        "s_client": lambda row: s_client(row, farm.trust), "testssl.sh": lambda row: testssl(row, folder, options.sections)}
    answers = {}
    for tool, ask in asks.items():
        is_asked = lambda row: tool != "testssl.sh" or options.testssl == "all" or row["name"] in named
        with concurrent.futures.ThreadPoolExecutor(2 if tool == "testssl.sh" else 4) as pool:
            answers[tool] = list(pool.map(lambda row: kept.ask(tool, row, ask) if is_asked(row) else {}, rows))
    return answers


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vigil", help="a binary with --lab")
    parser.add_argument("--testssl", default="", help="names of the servers that testssl.sh is given, or all")
    parser.add_argument("--sections", default=SECTIONS, help="of testssl.sh; fewer on a busy machine")
    parser.add_argument("--kept", help="a file of what was said: nobody is asked again what it has")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vigil-opinions-") as folder:
        rows = [r for r in farms.rows_of_table() if r["sees"] != "nothing" and "startTLS" not in r and r["versions"]]
        rows = [r for r in rows if {"tls", "certificate"} & set(r["engines"]) and r["software"] not in ("gate", "hostile")]
        for row in rows:
            row["engines"] = [e for e in row["engines"] if e in ("tls", "certificate")]
        farm = farms.Farm(rows, folder)
        try:
            farm.prepare()
            farm.start()
            answers = ask_all(options, Kept(options.kept), rows, farm, folder)
        finally:
            farm.stop()
    report(rows, answers)


def report(rows, tools):
    truths = [truth(row) for row in rows]
    print(f"{len(rows)} servers. Answers that the configuration bears out, of those given:\n")
    print("| question |" + "".join(f" {tool} |" for tool in tools))
    print("|---|" + "---|" * len(tools))
    for question in QUESTIONS:
        cells = []
        for answers in tools.values():
            given = [(t[question], a[question]) for t, a in zip(truths, answers) if question in t and question in a]
            cells.append(f" {sum(t == a for t, a in given)} of {len(given)} |" if given else " - |")
        print(f"| {question} |" + "".join(cells))
    print("\n| server | question | configuration | vigil | other | right |\n|---|---|---|---|---|---|")
    tally = collections.Counter()
    for number, row in enumerate(rows):
        for question in QUESTIONS:
            # A row that is there for its certificate is asked by that engine alone.
            if question not in truths[number] or question.partition(".")[0] not in row["engines"]:
                continue
            right, ours = truths[number][question], tools["vigil"][number].get(question)
            for tool, answers in tools.items():
                theirs = answers[number].get(question)
                if tool == "vigil" or theirs is None or theirs == ours:
                    continue
                who = "vigil" if ours == right else tool if theirs == right else "neither"
                tally[(tool, who)] += 1
                print(f"| {row['name']} | {question} | {sign(right)} | {sign(ours)} | {tool}: {sign(theirs)} | {who} |")
    print("\n" + "; ".join(f"{tool} and vigil differ {n} times where {who} is right" for (tool, who), n in sorted(tally.items())))


if __name__ == "__main__":
    main()
