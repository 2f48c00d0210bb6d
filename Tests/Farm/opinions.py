"""What Vigil and other scanners say of the farm's yes or no questions, and who is right: see script/compare-scanners.

For every question that another tool answers too: how often they agree, and each difference with what the server's
configuration says. *Yes* means that the weakness is there; `-` that the tool gave no answer.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as xml

import farm as farms

VERSIONS = {
    "tls.version.ssl2": "SSLv2", "tls.version.ssl3": "SSLv3", "tls.version.tls1_0": "TLS 1.0",
    "tls.version.tls1_1": "TLS 1.1", "tls.version.no_tls1_3": "TLS 1.3"}
KINDS = {
    "tls.suite.null": ["_NULL_", "NULL-", "-NULL"], "tls.suite.anonymous": ["_anon_", "ADH-", "AECDH-", "_anon_"],
    "tls.suite.export": ["EXP"], "tls.suite.rc4": ["RC4"], "tls.suite.3des": ["3DES", "DES-CBC3"]}
QUESTIONS = [
    *VERSIONS, *KINDS, "tls.compression", "tls.renegotiation.insecure", "tls.version.no_fallback_scsv",
    "certificate.weak_key", "certificate.weak_signature", "certificate.expired", "certificate.self_signed"]
SECONDS = 90


def truth(row):
    """By the configuration alone."""
    names = [n for listed in row["truth"]["suites"].values() for n in listed]
    said = {q: (v in row["versions"]) != q.endswith("no_tls1_3") for q, v in VERSIONS.items()}
    said |= {q: any(m in n for n in names for m in marks) for q, marks in KINDS.items()}
    said["tls.compression"] = row.get("compression", False)
    said["tls.renegotiation.insecure"] = not row.get("renegotiation", True)
    if len([v for v in row["versions"] if v != "SSLv2"]) > 1:
        said["tls.version.no_fallback_scsv"] = not row["hasFallbackSCSV"]
    leaves = row["truth"]["certificates"]
    if len(leaves) == 1:
        said |= {
            "certificate.weak_key": leaves[0]["isKeyWeak"], "certificate.weak_signature": leaves[0]["isSignatureWeak"],
            "certificate.expired": leaves[0]["daysLeft"] < 0, "certificate.self_signed": leaves[0]["isSelfSigned"]}
    return said


def output(*words):
    try:
        return subprocess.run(
            words, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, timeout=SECONDS).stdout
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode(errors="replace")


def vigil(binary, row):
    text = output(
        binary, "scan", "--json", "--engines", "tls,certificate", f"https://{row['address']}:{row['port']}/")
    said = {}
    for line in text.splitlines():
        record = json.loads(line)
        if isinstance(record.get("answer"), (str, dict)) and "check" in record:
            answer = record["answer"] if isinstance(record["answer"], str) else next(iter(record["answer"]))
            if answer in ("yes", "no"):
                said[record["check"]] = answer == "yes"
    return said


def suites_said(names):
    return {q: any(m in n for n in names for m in marks) for q, marks in KINDS.items()}


def sslscan(row):
    text = output("sslscan", "--no-colour", "--no-heartbleed", "--xml=-", f"{row['address']}:{row['port']}")
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
    said |= suites_said([c.get("cipher") for c in test.iter("cipher")])
    for tag, name, question, bad in [
            ("compression", "supported", "tls.compression", "1"),
            ("renegotiation", "secure", "tls.renegotiation.insecure", "0"),
            ("fallback", "supported", "tls.version.no_fallback_scsv", "0")]:
        element = test.find(tag)
        if element is not None:
            said[question] = element.get(name) == bad
    leaf = test.find(".//certificate")
    if leaf is not None:
        key, name = leaf.find("pk"), (leaf.findtext("signature-algorithm") or "").lower()
        if key is not None and key.get("type") == "RSA":
            said["certificate.weak_key"] = int(key.get("bits")) < 2048
        said["certificate.weak_signature"] = "sha1" in name or "md5" in name
        for tag in ("expired", "self-signed"):
            if leaf.findtext(tag):
                said["certificate." + tag.replace("-", "_")] = leaf.findtext(tag) == "true"
    return said


def s_client(row):
    place, said = f"{row['address']}:{row['port']}", {}
    for switch, question in [("tls1", "tls.version.tls1_0"), ("tls1_1", "tls.version.tls1_1"), ("tls1_3", "tls.version.no_tls1_3")]:
        text = output("openssl", "s_client", "-connect", place, "-" + switch, "-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
        # "New, TLSv1.0, Cipher is ..." where it was agreed: "New, (NONE), Cipher is (NONE)" else.
        agreed = re.search(r"Cipher is (?!\(NONE\))", text) is not None
        said[question] = agreed != question.endswith("no_tls1_3")
        if agreed:
            said["tls.compression"] = said.get("tls.compression", False) or "Compression: NONE" not in text
            if switch != "tls1_3":
                said["tls.renegotiation.insecure"] = "Secure Renegotiation IS NOT supported" in text
    return said


def testssl(row, folder):
    """Protocols, kinds of suites, server defaults: a third of its checks, and most of its minute."""
    file = f"{folder}/{row['port']}.json"
    output("testssl", "--quiet", "--warnings", "batch", "-p", "-s", "-S", "--jsonfile", file, f"{row['address']}:{row['port']}")
    try:
        with open(file) as opened:
            found = {entry["id"]: entry["finding"] for entry in json.load(opened)}
    except (OSError, ValueError):
        return {}
    said = {}
    for question, name in zip(VERSIONS, ("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_3")):
        if name in found and ("offered" in found[name]):
            said[question] = ("not offered" not in found[name]) != question.endswith("no_tls1_3")
    for question, name in [
            ("tls.suite.null", "cipherlist_NULL"), ("tls.suite.anonymous", "cipherlist_aNULL"),
            ("tls.suite.export", "cipherlist_EXPORT"), ("tls.suite.3des", "cipherlist_3DES_IDEA")]:
        if name in found and "offered" in found[name]:
            said[question] = "not offered" not in found[name]
    if "cert_expirationStatus" in found:
        said["certificate.expired"] = "expired" in found["cert_expirationStatus"].lower()
    return said


def sign(answer):
    return "-" if answer is None else "yes" if answer else "no"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vigil", help="a release binary")
    parser.add_argument("--testssl", default="", help="names of the servers that testssl.sh is given")
    options = parser.parse_args()
    binary, asked = os.path.abspath(options.vigil), [n for n in options.testssl.split(",") if n]
    with tempfile.TemporaryDirectory(prefix="vigil-opinions-") as folder:
        rows = [r for r in farms.rows_of_table() if r["sees"] != "nothing" and "tls" in r["engines"] and "startTLS" not in r]
        rows = [r for r in rows if r["software"] not in ("gate", "hostile")]
        farm = farms.Farm(rows, folder)
        try:
            farm.prepare()
            farm.start()
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                tools = {
                    "vigil": list(pool.map(lambda row: vigil(binary, row), rows)),
                    "sslscan": list(pool.map(sslscan, rows)),
                    "s_client": list(pool.map(s_client, rows)),
                }
                if asked:
                    ask = lambda row: testssl(row, folder) if row["name"] in asked else {}
                    tools["testssl.sh"] = list(pool.map(ask, rows))
        finally:
            farm.stop()
    report(rows, tools)


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
            if question not in truths[number]:
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
