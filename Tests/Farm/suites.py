"""Names of suites, groups and versions, as the table spells them (IANA), and what each program calls them."""
import re
import subprocess

VERSIONS = {"SSLv2": 0x0002, "SSLv3": 0x0300, "TLS 1.0": 0x0301, "TLS 1.1": 0x0302, "TLS 1.2": 0x0303, "TLS 1.3": 0x0304}

# Suites that OpenSSL 3 no longer knows: RFC 2246 appendix A.5, RFC 4346, the EXPORT1024 and Netscape drafts.
OLD = {
    "TLS_RSA_EXPORT_WITH_RC4_40_MD5": 0x0003, "TLS_RSA_WITH_RC4_128_MD5": 0x0004, "TLS_RSA_WITH_RC4_128_SHA": 0x0005,
    "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5": 0x0006, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA": 0x0008,
    "TLS_RSA_WITH_DES_CBC_SHA": 0x0009, "TLS_RSA_WITH_3DES_EDE_CBC_SHA": 0x000A,
    "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA": 0x0014, "TLS_DHE_RSA_WITH_DES_CBC_SHA": 0x0015,
    "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA": 0x0016, "TLS_DH_anon_EXPORT_WITH_RC4_40_MD5": 0x0017,
    "TLS_DH_anon_WITH_RC4_128_MD5": 0x0018, "TLS_DH_anon_EXPORT_WITH_DES40_CBC_SHA": 0x0019,
    "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA": 0x001B, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA": 0xC007,
    "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA": 0xC008, "TLS_ECDHE_RSA_WITH_RC4_128_SHA": 0xC011,
    "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA": 0xC012, "TLS_ECDH_anon_WITH_RC4_128_SHA": 0xC016,
    "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA": 0xC017,
}

# All of TLS 1.3: OpenSSL lists three unless told.
MODERN = ":".join(
    f"TLS_{c}" for c in (
        "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256", "AES_128_GCM_SHA256", "AES_128_CCM_SHA256",
        "AES_128_CCM_8_SHA256"))

# IANA number, OpenSSL's name, GnuTLS's name.
GROUPS = {
    "secp192r1": (19, "P-192", "SECP192R1"), "secp224r1": (21, "P-224", "SECP224R1"),
    "secp256r1": (23, "P-256", "SECP256R1"), "secp384r1": (24, "P-384", "SECP384R1"),
    "secp521r1": (25, "P-521", "SECP521R1"), "x25519": (29, "X25519", "X25519"), "x448": (30, "X448", "X448"),
    "ffdhe2048": (256, "ffdhe2048", "FFDHE2048"), "ffdhe3072": (257, "ffdhe3072", "FFDHE3072"),
    "MLKEM768": (513, None, None), "X25519MLKEM768": (4588, None, None),
}

_KX = {
    "RSA": "RSA", "DHE_RSA": "DHE-RSA", "ECDHE_RSA": "ECDHE-RSA", "ECDHE_ECDSA": "ECDHE-ECDSA", "DH_anon": "ANON-DH",
    "ECDH_anon": "ANON-ECDH",
}
_CIPHERS = {"3DES_EDE_CBC": "3DES-CBC", "RC4_128": "ARCFOUR-128", "NULL": "NULL"}
_MACS = {"SHA": "SHA1", "MD5": "MD5", "SHA256": "SHA256", "SHA384": "SHA384"}


def _openssl():
    """IANA name -> (number, OpenSSL's name), as the installed OpenSSL tells them."""
    lines = subprocess.run(
        ["openssl", "ciphers", "-V", "-stdname", "-ciphersuites", MODERN, "ALL:COMPLEMENTOFALL:@SECLEVEL=0"],
        capture_output=True, text=True, check=True).stdout.splitlines()
    table = {}
    for line in lines:
        words = line.split()
        high, low = words[0].split(",")
        table[words[2]] = (int(high, 16) << 8 | int(low, 16), words[4])
    return table


OPENSSL = _openssl()


def code(name):
    return OLD[name] if name in OLD else OPENSSL[name][0]


def is_modern(name):
    """Of TLS 1.3."""
    return "_WITH_" not in name


def needs_tls12(name):
    """Suites with an AEAD or a PRF of their own have no meaning below TLS 1.2 (RFC 5246, 5288, 5289, 6655, 7905)."""
    return name.endswith(("SHA256", "SHA384")) or "_CCM" in name or "POLY1305" in name


def authentication(name):
    """The kind of key that the suite needs; nil where any or none does."""
    exchange = name.split("_WITH_")[0]
    return "ecdsa" if exchange.endswith("ECDSA") else "rsa" if exchange.endswith("RSA") else None


def of_version(version, names):
    """Which of the configured suites a version can use."""
    if version == "TLS 1.3":
        return [n for n in names if is_modern(n)]
    classic = [n for n in names if not is_modern(n)]
    return classic if version == "TLS 1.2" else [n for n in classic if not needs_tls12(n)]


def gnutls_priority(versions, names, groups, digests, extra):
    """GnuTLS is configured by parts: a list whose product is the wanted suites (checked by `gnutls_expands_to`)."""
    parts = []
    for version in versions:
        parts.append("VERS-" + version.replace(" ", ""))
    for name in names:
        exchange, _, rest = name.removeprefix("TLS_").rpartition("_WITH_")
        cipher, _, mac = rest.rpartition("_")
        if exchange:
            parts.append(_KX[exchange.removeprefix("TLS_")])
        # AEAD suites end with the PRF's hash, or, CCM's, with nothing.
        if rest.endswith(("CCM", "CCM_8")):
            cipher, mac = rest, None
        aead = any(word in cipher for word in ("GCM", "CCM", "POLY1305"))
        parts.append(_CIPHERS.get(cipher, cipher.replace("_", "-")))
        parts.append("AEAD" if aead else _MACS[mac])
    parts += ["GROUP-" + GROUPS[g][2] for g in groups] + ["COMP-NULL"]
    for digest in digests:
        parts += [f"SIGN-{kind}-{digest.upper()}" for kind in ("RSA", "ECDSA", "RSA-PSS-RSAE")]
    return "NONE:" + ":".join("+" + p for p in dict.fromkeys(parts)) + "".join(":" + e for e in extra)


def gnutls_expands_to(priority):
    """The numbers of the suites that a priority string means, by GnuTLS itself."""
    text = subprocess.run(
        ["gnutls-cli", "--list", "--priority", priority], capture_output=True, text=True, check=True).stdout
    return {int(high + low, 16) for high, low in re.findall(r"^TLS_\S+\s+0x(..), 0x(..)", text, re.MULTILINE)}
