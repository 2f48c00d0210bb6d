#!/usr/bin/env python3
"""Writes the seeds beside it: small, valid inputs of each entrance, from which a fuzzer starts. Files named crash-*
were found by fuzzing and are not touched. Run it anywhere: it knows no clock and no chance."""
import base64
import hashlib
import json
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
CERTIFICATE = base64.b64decode(
    "MIIB9zCCAZ6gAwIBAgIFEjRWeJAwCgYIKoZIzj0EAwIwPzELMAkGA1UEBhMCQ04xEjAQBgNVBAoMCUNpdHkgVGVzdDEcMBoGA1UEAwwTcG9y"
    "dGFsLmV4YW1wbGUudGVzdDAeFw0yNjExMjIwNDIwNDhaFw0yNzEyMjcwNDIwNDhaMD8xCzAJBgNVBAYTAkNOMRIwEAYDVQQKDAlDaXR5IFRl"
    "c3QxHDAaBgNVBAMME3BvcnRhbC5leGFtcGxlLnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQNK5K7TAqlD5peJYv6YIXRGluG1mMu"
    "1EYQTj/Fi2tF5Ge8xCjKmdj54hj3v6Tp3LO+kxGm+h0ldYXzeMt/uBHSo4GGMIGDMB0GA1UdDgQWBBTEg6J894DVzQycXtLPPoXeVWr6FzAf"
    "BgNVHSMEGDAWgBTEg6J894DVzQycXtLPPoXeVWr6FzAPBgNVHRMBAf8EBTADAQH/MDAGA1UdEQQpMCeCE3BvcnRhbC5leGFtcGxlLnRlc3SC"
    "EHd3dy5leGFtcGxlLnRlc3QwCgYIKoZIzj0EAwIDRwAwRAIgDcNs660C1XOdRmlUFVznDfCYZJ6Mv3fVDV9Kd4YL31kCIDFwI1sjtEcS0BI7"
    "5SwB1QsQlnTt7LhnMHdxiV4o+5li"
)


def seed(entrance, name, data):
    folder = os.path.join(HERE, entrance)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


# --- packets ---------------------------------------------------------------------------------------------------------
MACS = bytes.fromhex("020000000002020000000001")
A, B = bytes([192, 0, 2, 10]), bytes([198, 51, 100, 20])
A6, B6 = bytes.fromhex("20010db8" + "0" * 23 + "1"), bytes.fromhex("20010db8" + "0" * 23 + "2")


def ip4(payload, protocol, fragment=0, options=b""):
    return struct.pack(">BBHHHBBH", 0x45 + len(options) // 4, 0, 20 + len(options) + len(payload), 1, fragment, 64,
                       protocol, 0) + A + B + options + payload


def ip6(payload, following):
    return struct.pack(">IHBB", 0x60000000, len(payload), following, 64) + A6 + B6 + payload


def udp(payload, port=53):
    return struct.pack(">HHHH", 40000, port, 8 + len(payload), 0) + payload


def tcp(payload=b"", flags=0x18, options=b"", port=80):
    return struct.pack(">HHIIBBHHH", 40000, port, 1, 1, (5 + len(options) // 4) << 4, flags, 65535, 0, 0) + options + payload


def ether(payload, kind=0x0800):
    return MACS + struct.pack(">H", kind) + payload


OPTIONS = bytes.fromhex("020405b40402080a00000001000000000103 0307".replace(" ", "")) + b"\0\0"
DNS = bytes.fromhex("0007010000010000000000000377777707657861 6d706c650474657374 0000010001".replace(" ", ""))
PACKETS = {
    "tcp-syn-options": ether(ip4(tcp(flags=2, options=OPTIONS[:20]), 6)),
    "tcp-data": ether(ip4(tcp(b"GET / HTTP/1.1\r\n\r\n"), 6)),
    "udp-dns": ether(ip4(udp(DNS), 17)),
    "ipv4-options": ether(ip4(udp(b"x"), 17, options=bytes([7, 7, 4, 0, 0, 0, 0, 0]))),
    "ipv4-fragment": ether(ip4(b"01234567", 17, fragment=0x2000)),
    "ipv6-extension-headers": ether(
        ip6(bytes([60, 0, 1, 4, 0, 0, 0, 0]) + bytes([44, 0, 1, 4, 0, 0, 0, 0]) + bytes([17, 0, 0, 1, 0, 0, 0, 9])
            + udp(b"x"), 0), 0x86DD),
    "icmp-error": ether(ip4(bytes([3, 3, 0, 0, 0, 0, 0, 0]) + ip4(udp(b""), 17), 1)),
    "icmpv6-neighbour": ether(ip6(bytes([135, 0, 0, 0, 0, 0, 0, 0]) + B6, 58), 0x86DD),
    "vlan-qinq": ether(struct.pack(">HHHH", 10, 0x8100, 20, 0x0800) + ip4(udp(DNS), 17), 0x88A8),
    "gre": ether(ip4(struct.pack(">HH", 0, 0x0800) + ip4(tcp(b"x"), 6), 47)),
    "gre-erspan": ether(ip4(struct.pack(">HHI", 0x1000, 0x88BE, 1) + struct.pack(">HHI", 0x1001, 2, 3) + ether(ip4(udp(b"y"), 17)), 47)),
    "vxlan": ether(ip4(udp(bytes([8, 0, 0, 0, 0, 0, 1, 0]) + ether(ip4(udp(DNS), 17)), 4789), 17)),
    "geneve": ether(ip4(udp(bytes([0, 0, 0x65, 0x58, 0, 0, 1, 0]) + ether(ip4(udp(DNS), 17)), 6081), 17)),
    "teredo": ether(ip4(udp(ip6(udp(b"z"), 17), 3544), 17)),
    "ip-in-ip": ether(ip4(ip4(udp(b"z"), 17), 4)),
    "6in4": ether(ip4(ip6(tcp(), 6), 41)),
    "mpls": ether(bytes([0, 0, 1, 64]) + ip4(udp(b"m"), 17), 0x8847),
    "pppoe": ether(bytes([0x11, 0, 0, 1, 0, 30, 0, 0x21]) + ip4(udp(b"p"), 17), 0x8864),
    "arp": ether(struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + MACS[6:] + A + bytes(6) + B, 0x0806),
    "sctp": ether(ip4(struct.pack(">HHII", 5, 6, 7, 0) + bytes([0, 3, 0, 4]), 132)),
    "esp": ether(ip4(struct.pack(">II", 1, 2) + bytes(16), 50)),
}
for name, frame in PACKETS.items():
    seed("packet", name, b"\0" + frame)
seed("packet", "raw-ipv4", b"\1" + ip4(udp(DNS), 17))
seed("packet", "linux-cooked", b"\2" + bytes([0, 0, 0, 1, 0, 6]) + MACS[:8] + b"\x08\0" + ip4(udp(DNS), 17))
seed("packet", "linux-cooked-2", b"\3" + b"\x08\0" + bytes(18) + ip4(udp(DNS), 17))
seed("packet", "null", b"\4" + struct.pack("<I", 2) + ip4(udp(DNS), 17))
seed("packet", "ppp", b"\5\xff\x03\0\x21" + ip4(udp(DNS), 17))
seed("packet", "cisco-hdlc", b"\6\x0f\0\x08\0" + ip4(udp(DNS), 17))


# --- capture files ---------------------------------------------------------------------------------------------------
def pcap(order, magic):
    out = struct.pack(order + "IHHIIII", magic, 2, 4, 0, 0, 262144, 1)
    for frame in (PACKETS["tcp-data"], PACKETS["udp-dns"]):
        out += struct.pack(order + "IIII", 1700000000, 5, len(frame), len(frame)) + frame
    return out


def block(order, kind, body):
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + size + body + size


def pcapng(order):
    frame = PACKETS["udp-dns"]
    return (
        block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
        + block(order, 1, struct.pack(order + "HHI", 1, 0, 0) + struct.pack(order + "HHI", 9, 1, 9) + bytes(4))
        + block(order, 6, struct.pack(order + "IIIII", 0, 1, 2, len(frame), len(frame)) + frame)
        + block(order, 3, struct.pack(order + "I", len(frame)) + frame)
        + block(order, 2, struct.pack(order + "HHIIII", 0, 0, 1, 2, len(frame), len(frame)) + frame)
        + block(order, 5, bytes(12))
    )


seed("capture", "little.pcap", pcap("<", 0xA1B2C3D4))
seed("capture", "big-nanosecond.pcap", pcap(">", 0xA1B23C4D))
seed("capture", "little.pcapng", pcapng("<"))
seed("capture", "big.pcapng", pcapng(">"))
seed("capture", "cut.pcap", pcap("<", 0xA1B2C3D4)[:-9])


# --- flows: orders of FlowEntrance -----------------------------------------------------------------------------------
def order(flow, reply=False, flags=0x18, jump=0, payload=b"", extra=0, gap=1):
    payload += bytes(-len(payload) % 2)
    head = bytes([flow | (4 if reply else 0) | extra])
    if flow == 3:
        return head + bytes([len(payload) // 2]) + payload + bytes([gap])
    return head + bytes([flags, jump & 255, len(payload) // 2]) + payload + bytes([gap])


def opening(flow):
    return order(flow, flags=2) + order(flow, True, flags=0x12) + order(flow, flags=0x10)


GET = b"GET /attack?one HTTP/1.1\r\nHost: a\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntwo\n"
seed("flow", "whole", opening(0) + order(0, payload=GET) + order(0, True, payload=OK) + order(0, flags=0x11)
     + order(0, True, flags=0x11) + order(0, flags=0x10))
seed("flow", "out-of-order", opening(1) + order(1, payload=GET[20:], jump=20) + order(1, payload=GET[:20])
     + order(1, True, payload=OK) + order(1, True, flags=4))
seed("flow", "overlap", opening(0) + order(0, payload=GET) + order(0, payload=b"X" * 30, jump=-10)
     + order(0, payload=b"late", jump=100))
seed("flow", "midstream", order(0, payload=GET) + order(0, True, payload=OK, gap=255) + order(0, flags=2))
seed("flow", "fragments", order(3, payload=DNS, extra=8) + order(3, payload=DNS, extra=16) + order(3, payload=DNS))
seed("flow", "vlans", order(0, flags=2, extra=0x80) + order(0, flags=2, extra=0xC0) + order(0, flags=2))


# --- answers of a proxy ----------------------------------------------------------------------------------------------
seed("proxy", "connect", b"\0HTTP/1.1 100 wait\r\n\r\nHTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n220 mail\r\n")
seed("proxy", "connect-407", b"\2HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n")
seed("proxy", "socks", b"\1\5\0\5\0\0\1\xc0\0\2\2\1\xbb\x16\3\3")
seed("proxy", "socks-password", b"\3\5\2\1\0\5\0\0\3\4host\0\x50")
seed("proxy", "socks-refused", b"\1\5\0\5\5\0\1\0\0\0\0\0\0")

# --- conversations ---------------------------------------------------------------------------------------------------
def piece(data, to_client=False):
    out = b""
    for start in range(0, len(data), 1020):
        part = data[start:start + 1020]
        whole = len(part) // 4 * 4
        if whole:
            out += bytes([int(to_client), whole // 4]) + part[:whole]
        if len(part) > whole:  # the length counts in fours: a last piece takes what is left
            out += bytes([int(to_client), 1]) + part[whole:] + b" " * (4 - len(part) + whole)
    return out


def gap(count, to_client=False):
    return bytes([4 | int(to_client), count])


def end(to_client=False):
    return bytes([6 | int(to_client)])


POST = (b"POST /a/../b%20c?x=1 HTTP/1.1\r\nHost: example.test:8080\r\nCookie: k=v\r\nContent-Type: multipart/form-data;"
        b" boundary=zz\r\nContent-Length: 96 \r\n\r\n--zz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.t"
        b"xt\"\r\n\r\nhello world\r\n--zz--\r\n")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n4\r\nabcd\r\n3;x=y\r\nefg\r\n0\r\n\r\n"
GZIP = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 36\r\n\r\n" + bytes.fromhex(
    "1f8b0800000000000003cb48cdc9c95728cf2fca49e1020085114a0d0c00000 0".replace(" ", "")) + bytes(4)
seed("http", "get", piece(GET) + piece(OK, True))
seed("http", "post-multipart", piece(POST) + piece(CHUNKED, True))
seed("http", "gzip", piece(GET) + piece(GZIP, True))
seed("http", "pipelined", piece(GET * 3) + piece(OK * 3, True) + end() + end(True))
seed("http", "gap", piece(POST[:90]) + gap(60) + piece(GET) + piece(OK, True))
seed("http", "connect", piece(b"CONNECT a:443 HTTP/1.1\r\n\r\n") + piece(b"HTTP/1.1 200 x\r\n\r\n", True) + piece(GET))
seed("http", "old", piece(b"GET /\r\n") + piece(b"<html>", True) + end(True))


def vector(width, data):
    return len(data).to_bytes(width, "big") + data


def extension(kind, data):
    return struct.pack(">H", kind) + vector(2, data)


def record(kind, data):
    return bytes([kind, 3, 3]) + vector(2, data)


EXTENSIONS = (
    extension(0, vector(2, b"\0" + vector(2, b"www.example.test"))) + extension(10, vector(2, b"\0\x1d\0\x17"))
    + extension(11, vector(1, b"\0")) + extension(13, vector(2, b"\4\3\x08\4"))
    + extension(16, vector(2, vector(1, b"h2"))) + extension(43, vector(1, b"\3\4\3\3"))
    + extension(51, vector(2, b"\0\x1d" + vector(2, bytes(32))))
)
CLIENT = record(22, b"\1" + vector(3, b"\3\3" + bytes(range(32)) + b"\0" + vector(2, b"\x13\1\xc0\x2f") + vector(1, b"\0") + vector(2, EXTENSIONS)))
SERVER = record(22, b"\2" + vector(3, b"\3\3" + bytes(32) + b"\0" + b"\xc0\x2f" + b"\0" + vector(2, extension(0xFF01, b"\0"))))
CHAIN = record(22, b"\x0b" + vector(3, vector(3, vector(3, CERTIFICATE))))
DONE = record(22, b"\x0e" + vector(3, b""))
CIPHER = record(20, b"\1") + record(22, bytes(40))
seed("tls", "tls12", piece(CLIENT) + piece(SERVER + CHAIN + DONE, True) + piece(CIPHER) + piece(CIPHER, True) + piece(record(23, bytes(60))))
seed("tls", "alert", piece(CLIENT) + piece(record(21, b"\2\x28"), True))
seed("tls", "ssl2", piece(bytes.fromhex("802e0103010015000000100100800300800600400000 00".replace(" ", "")) + bytes(32)))
seed("tls", "fragmented", piece(CLIENT[:60]) + gap(5) + piece(CLIENT[65:]))
seed("x509", "p256.der", CERTIFICATE)
seed("answer", "flight", b"\0\x40" + SERVER + CHAIN + DONE)
seed("answer", "flight-alert", b"\0\x03" + record(21, b"\2\x28"))
seed("answer", "flight-ssl2", b"\0\x03" + bytes.fromhex("802604000100020000"))
SHARED = record(22, b"\2" + vector(3, b"\3\3" + b"\7" * 32 + b"\0\0\x9e\0")
                + b"\x0c" + vector(3, vector(2, b"\xff\xfb") + vector(2, b"\2") + vector(2, b"\4") + b"\4\1") + b"\x0e" + vector(3, b""))
seed("answer", "flight-dhe", b"\0\x20" + SHARED)
seed("answer", "flight-ssl2-whole", b"\0\x03" + bytes.fromhex("8016040001000200030006000209090902008007 00c00505".replace(" ", "")))
for number, turns in enumerate([
        [b"220-a\r\n220 b\r\n", b"250-STARTTLS\r\n250 c\r\n", b"220 d\r\n"], [b"* OK\r\n", b"* x\r\na1 OK\r\n"],
        [b"+OK\r\n", b"+OK\r\n"], [b"220 a\r\n", b"234 b\r\n"], [bytes.fromhex("300c02010178070a010004000400")], [b"S"],
        [bytes([36, 0, 0, 0, 10]) + b"8.0\0" + b"\1\0\0\0" + b"\1" * 8 + b"\0\xff\xff" + b"\0" * 16],
        [bytes.fromhex("030000130ed00000123400020008000100 0000".replace(" ", ""))]]):
    seed("startTLS", ["smtp", "imap", "pop3", "ftp", "ldap", "postgresql", "mysql", "rdp"][number],
         bytes([number]) + b"".join(bytes([len(turn)]) + turn for turn in turns))
seed("answer", "head", b"\1HTTP/1.1 301 Moved\r\nLocation: https://a/\r\nStrict-Transport-Security: max-age=1\r\n"
     b"Set-Cookie: a=b; Secure; HttpOnly; SameSite=Lax; Max-Age=0\r\n\r\n")


def dns(identity, flags, counts, rest):
    return struct.pack(">HHHHHH", identity, flags, *counts) + rest


NAME = b"\3www\7example\4test\0"
ANSWER = dns(7, 0x8180, (1, 5, 0, 1), NAME + b"\0\1\0\1"
             + b"\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\1\2\3\4" + b"\xc0\x0c\0\5\0\1\0\0\1\x2c\0\2\xc0\x10"
             + b"\xc0\x0c\0\x0f\0\1\0\0\0\1\0\4\0\5\xc0\x10" + b"\xc0\x0c\0\x10\0\1\0\0\0\1\0\6\5hello"
             + b"\xc0\x0c\0\6\0\1\0\0\0\1\0\x18\xc0\x0c\xc0\x0c" + bytes(20) + b"\0\0\x29\x04\xd0\0\0\0\0\0\0")
seed("dns", "query", piece(DNS))
seed("dns", "answer", piece(DNS) + piece(ANSWER, True))
seed("dns", "pointer-loop", piece(dns(1, 0, (1, 0, 0, 0), b"\xc0\x0c\0\1\0\1")))

# --- texts -----------------------------------------------------------------------------------------------------------
seed("rules", "web.rules", """# comment
alert http $HOME_NET any -> [$EXTERNAL_NET,!10.0.0.0/8] [80,8000:8080] (msg:"a \\"b\\""; flow:established,to_server; \\
  http.uri; content:"/a|3a 20|"; fast_pattern; nocase; pcre:"/x+[a-z]\\/y/Ui"; classtype:web-application-attack; \\
  reference:cve,2021-44228; metadata:k v, k2 v2; sid:1; rev:2;)
alert tcp any any <> any any (content:"x"; offset:1; depth:9; content:!"y"; distance:1; within:5; sid:2;)
""")
seed("rules", "bytes.rules", """alert udp any any -> any 53 (byte_test:2,>,5,0,relative,little; byte_jump:4,0,multiplier 2,align; \
byte_extract:1,0,len; content:"z"; within:len; isdataat:!1,relative; dsize:10<>20; sid:3;)
alert tcp any any -> any any (flowbits:set,a; flowint:c,+,1; xbits:isset,b,track ip_src; threshold:type both, track by_src, \
count 5, seconds 60; tag:session,5,packets; sid:4; priority:1; noalert;)
drop tls any any -> any any (tls.sni; bsize:>3; content:"a"; startswith; endswith; tls.version:1.0; sid:5;)
""")
seed("rules", "threshold.config", "suppress gen_id 1, sig_id 5, track by_src, ip 10.0.0.0/8\n"
     "threshold gen_id 1, sig_id 6, type limit, track by_dst, count 1, seconds 60\n"
     "rate_filter gen_id 1, sig_id 7, track by_rule, count 1, seconds 2, new_action drop, timeout 3\n"
     "config classification: trojan,A Trojan,1\n")
seed("documents", "yaml", b"\0a: 1\nb: [x, 2.5, 'z']\nc: &anchor {d: 10mb, e: 5m}\nf:\n  <<: *anchor\n  g: yes\n")
seed("documents", "csv", b"\1host,organisation,tags\r\nexample.test,\"City, North\",\"a \"\"b\"\"\"\r\n# no\n")
seed("inventory", "table", "\0noun,id,url,name,name_zh,parent,kind,email,rank,tags,engine_cadence,maintenance,authorised_by,hosts,"
     "from,until\norganisation,o,,City,市,,government,,,,,,,,,\ncontact,o,,'=Li,,,,li@a.cn,primary,,,,,,,\n"
     'site,,https://a.cn/x,,,,,,,"a b",tls=12h,"sat 22:00-06:00 +08:00; daily 01:00-02:00",,,,\n'
     "authorisation,p,,,,,,,,,,,City,a.cn *.b.cn,2026-01-01,2026-12-31\n")
seed("inventory", "yaml", "\1organisations: [{id: o, name: {en: City, zh: 市}, contacts: [{name: Li, rank: primary}]}]\n"
     "platforms: [{id: c, networks: [203.0.113.0/24], connects_per_second: 2.5}]\n"
     "authorisations: [{id: p, granted_by: City, hosts: [a.cn], from: 2026-01-01, until: 2026-12-31}]\n"
     "sites:\n- {url: a.cn, organisation: o, platform: c, engine_cadence: {tls: 12h}, maintenance: [daily 01:00-02:00 UTC]}\n"
     "- gоv.cn\n- {url: 10.0.0.1, tags: [x]}\n")
seed("inventory", "json", '\2{"sites":["a.cn",{"url":"https://b.cn","id":"b","cadence":"1h","addresses":["192.0.2.1"]}],'
     '"organisations":[{"id":"a","parent":"b"},{"id":"b","parent":"a"}]}')
seed("documents", "json", b'\2{"a":[1,-2.5e3,true,null,"\\u00e9\\n"],"b":{"c":"d"}}')
seed("settings", "suricata.yaml", """%YAML 1.1
---
vars: {address-groups: {HOME_NET: "[10.0.0.0/8]", EXTERNAL_NET: "!$HOME_NET"}, port-groups: {HTTP_PORTS: "80"}}
stream: {midstream: true, checksum-validation: no, reassembly: {depth: 1mb, memcap: 64mb, urgent: {policy: gap}}}
flow-timeouts: {tcp: {new: 5}}
host-os-policy: {linux: [10.0.0.0/8], windows: 0.0.0.0/0}
decoder: {vxlan: {enabled: true, ports: "4789, 8472"}, max-layers: 4}
app-layer: {protocols: {tls: {enabled: yes, ja3-fingerprints: yes}, http: {libhtp: {default-config: {request-body-limit: 1kb}}}}}
outputs: [{eve-log: {enabled: yes, filename: e.json, types: [alert: {payload: yes}, dns: {version: 2}, tls: {custom: [ja3]}, flow]}}]
unknown-key: 1
""")
ALERT = {"timestamp": "2026-11-22T03:04:05.678901+0800", "flow_id": 123, "event_type": "alert", "src_ip": "192.0.2.1",
         "src_port": 1, "dest_ip": "2001:db8::1", "dest_port": 2, "proto": "TCP",
         "alert": {"action": "allowed", "gid": 1, "signature_id": 9, "rev": 1, "signature": "x", "category": "", "severity": 1,
                   "metadata": {"cve": ["CVE_2021_44228"]}},
         "http": {"hostname": "a", "url": "/login?password=secret&token=abc", "http_user_agent": "u",
                  "request_headers": [{"name": "Cookie", "value": "a=b"}, {"name": "Authorization", "value": "Basic eDp5"}]},
         "payload": "QUJD", "payload_printable": "id 11010519491231002X tel 13800138000 card 4111111111111111"}
seed("eve", "alert", json.dumps(ALERT))
seed("eve", "flow", '{"timestamp":"2026-11-22T00:00:00.0Z","event_type":"flow","flow":{"pkts_toserver":1}}')
seed("eve", "text", "Authorization: Bearer abc.def.ghi\r\npassword=1&id=11010519491231002X https://u:p@h/?api_key=1\r\n")
seed("filter", "queue", 'severity>=high and not (state=closed or site="a b") -rule:2021 since:10m count>5 words')
seed("filter", "sites", "criticality=critical score<50 host:example tested:2026-11-22")
seed("filter", "quotes", '"unended (((')
seed("ask", "token", b"\0Bearer vigil_0badcafe_" + b"07" * 32)
seed("ask", "basic", b"\0Basic dXNlcjpwYXNz")
seed("ask", "list", b"\1filter=severity>=high state:new&sort=-severity,due&limit=100&offset=7")
seed("ask", "report", b"\1scope=organisation/tax&period=2026-10&format=json&language=zh&days=30&form=csv&since=a1.r2&site=x")

PAGE = """<html><head><title>city</title><meta charset=gbk><style>.z{position:absolute;left:-9999px}</style></head><body>
<div class=z><a href=//a.top>casino</a></div><iframe src=//b.top width=0 height=0></iframe><table><tr><td>张三
<td>11010519491231002X<td>13800138000</table><script>var password='Zx9$kfla22';k='LTAI5tQwErTyUiOpAsDfGhJkLz12'</script>
<!-- mysql://root:secret@10.0.0.5/db --><b><p><b><p></table><svg><title></svg>"""
seed("content", "page", b"\0" + PAGE.encode())
seed("content", "page-gbk", b"\3" + PAGE.encode("gbk"))
seed("content", "page-nested", b"\0" + b"<b><p>" * 300)
seed("content", "robots", b"\1User-agent: *\nDisallow: /*a*b$\nAllow: /\n\nUser-agent: vigil/1\nDisallow: /x # y\n")
seed("content", "baseline", b"\2" + json.dumps({"version": 1, "looks": 3, "scriptHosts": ["a.com"], "hiddenHosts": [],
     "pages": {"/": {"looks": 2, "last": 3, "exact": "1-2", "skeleton": "0000000100000002", "text": "00000003", "title": "t",
                     "keywords": "", "description": "", "isTitleVolatile": False, "isEnded": True, "isFull": False,
                     "blocks": "000000010000000200000100", "volatile": "00000007"}}}).encode())


# --- names -----------------------------------------------------------------------------------------------------------
NAME = b"\1a\7example\0"
SOA = NAME + NAME + struct.pack(">IIIII", 1, 7200, 3600, 1209600, 300)
ANSWER = struct.pack(">HHHHHH", 0x1234, 0x8400, 1, 1, 0, 0) + NAME + struct.pack(">HH", 6, 1)
ANSWER += b"\xc0\x0c" + struct.pack(">HHIH", 6, 1, 60, len(SOA)) + SOA
seed("names", "soa", b"\0" + ANSWER)
seed("names", "loop", b"\0" + ANSWER[:27] + b"\xc0\x1b" + ANSWER[29:])
seed("names", "spf", b"\1v=spf1 a mx include:b.example ip4:192.0.2.0/24 redirect=c.example ?all")
seed("names", "dmarc", b"\1v=DMARC1; p=none; rua=mailto:a@b.example")
seed("names", "mta-sts", b"\1version: STSv1\nmode: enforce\nmx: *.b.example\nmax_age: 86400\n")
seed("names", "mysql", b"\2J\0\0\0\x0a8.0.36\0" + bytes(40))
seed("names", "http", b"\2HTTP/1.1 200 OK\r\nServer: nginx/1.26\r\n\r\n")


# --- seam ------------------------------------------------------------------------------------------------------------
def frame(tag, body):
    return struct.pack(">IB", 1 + len(body), tag) + body


BATCH = vector(1, b"sensor-1") + struct.pack(">QQI", 5, 1, 2) + (b"\1" + vector(4, b'{"a":1}')) * 2
seed("seam", "batch", frame(4, BATCH) + frame(4, BATCH))
seed("seam", "refused", frame(3, b"another sensor has this name"))
seed("seam", "unknown", frame(99, b"from the future") + frame(5, b'{"source":"s","boot":5,"last":2}'))
seed("seam", "json", frame(1, b'{"role":"sensor","source":"s","boot":5,"version":1}') + frame(8, b'{"most":5}'))


# --- certificates: a chain with timestamps and must-staple, its staple; the keys were thrown away ----------------------
LEAF = base64.b64decode(
    "MIICojCCAkigAwIBAgICEjQwCgYIKoZIzj0EAwIwMjELMAkGA1UEBhMCQ04xEjAQBgNVBAoMCUNpdHkgVGVzdDEPMA0GA1UEAwwGTWlkZGxlMB4X"
    "DTI2MTEyMjAwMDAwMFoXDTI3MDIyMDAwMDAwMFowNTELMAkGA1UEBhMCQ04xEjAQBgNVBAoMCUNpdHkgVGVzdDESMBAGA1UEAwwJc2l0ZS50ZXN0"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEmn+I8xAQil11Vj6ktCvCZqwj0V4EyrmzX+MjWQpOYdpEJGZqvxut+LpyoKsN7doWkRHonsOYWjq0"
    "jIk4Y828paOCAUkwggFFMCgGA1UdEQQhMB+CCXNpdGUudGVzdIISKi54bi0tZmlxMjI4Yy50ZXN0MAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQD"
    "AgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMBEGCCsGAQUFBwEYBAUwAwIBBTAtBggrBgEFBQcBAQQhMB8wHQYIKwYBBQUHMAGGEWh0dHA6Ly9vY3Nw"
    "LnRlc3QvMCYGA1UdHwQfMB0wG6AZoBeGFWh0dHA6Ly9jcmwudGVzdC8xLmNybDB8BgorBgEEAdZ5AgQCBG4EbABqADMAAQEBAQEBAQEBAQEBAQEB"
    "AQEBAQEBAQEBAQEBAQEBAQEAAAGhsruUAAAABAMABDACAgAAMwACAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgAAAaGyu5QAAAAEAwAE"
    "MAICADAKBggqhkjOPQQDAgNIADBFAiEAp0ZXEUHD5pEXwUyxRRZtMM083+/yOb9TpSAXfExogYkCIEde6a4H5N6COmU8Eh0I8wJI40DEFQYtTXIs"
    "TGUcOV5f"
)
MIDDLE = base64.b64decode(
    "MIIBdzCCAR2gAwIBAgIBBzAKBggqhkjOPQQDAjAwMQswCQYDVQQGEwJDTjESMBAGA1UECgwJQ2l0eSBUZXN0MQ0wCwYDVQQDDARSb290MB4XDTI2"
    "MTEyMjAwMDAwMFoXDTM1MDIwODAwMDAwMFowMjELMAkGA1UEBhMCQ04xEjAQBgNVBAoMCUNpdHkgVGVzdDEPMA0GA1UEAwwGTWlkZGxlMFkwEwYH"
    "KoZIzj0CAQYIKoZIzj0DAQcDQgAERzjvnp35PYSZ1QRS2O2HoNKIBxczjGmH08wDXgzajHS23x8YX08g5OQyYi80Pyp+x9YK4x1PU9NyF8wSFckS"
    "oaMmMCQwEgYDVR0TAQH/BAgwBgEB/wIBADAOBgNVHQ8BAf8EBAMCAYYwCgYIKoZIzj0EAwIDSAAwRQIhAKFDf8raBqEwUVfQwuWGjr9kLBkV9CYA"
    "5I++F4qjS0GyAiAKuOXmbAT4XdkNLKF57IJbDZFkRDwmcZUcSCq3K/cAtg=="
)
STAPLE = base64.b64decode(
    "MIIBAwoBAKCB/TCB+gYJKwYBBQUHMAEBBIHsMIHpMIGQohYEFNXiF57B9YZ7qhSHakLKmSJ4BK1IGA8yMDI2MTEyNTIwMDU1MFowZTBjMDswCQYF"
    "Kw4DAhoFAAQUkXgHwOFLbhLVj/4l2Jh8B42l8AEEFNXiF57B9YZ7qhSHakLKmSJ4BK1IAgISNIAAGA8yMDI2MTEyMjAwMDAwMFqgERgPMjAyNjEx"
    "MjkwMDAwMDBaMAoGCCqGSM49BAMCA0gAMEUCID0THCrO53Ss2bdiV58oEzuc1T33Ycbjz7mLv6lEZs5SAiEAwL92bnW0x4tEm1osMlUnYiMDBHuj"
    "JnU0e7Hakc6F7QI="
)
TIMESTAMPS = bytes.fromhex("006a") + b"".join(
    struct.pack(">H", 51) + b"\0" + bytes([log]) * 32 + struct.pack(">Q", 1794000000000) + b"\0\0\4\3\0\4\x30\2\2\0"
    for log in (1, 2))
KNOWN = json.dumps({"changes": [], "entries": [{
    "sha256": "00", "issuer": "CN=Root", "authority": "CN City Test", "pin": "00", "kind": "RSA", "notAfter": 1}]}).encode()


def sighting(*runs):
    return b"".join(struct.pack(">H", len(run)) + run for run in runs)


seed("chain", "whole", sighting(STAPLE, TIMESTAMPS, KNOWN, LEAF, MIDDLE))
seed("chain", "disorder", sighting(b"\x30\3\x0a\1\3", TIMESTAMPS[:-1], b"{}", LEAF, LEAF, CERTIFICATE, MIDDLE))
seed("chain", "self-signed", sighting(b"", b"", b"", CERTIFICATE))

# --- answers that the HTTP engine judges ------------------------------------------------------------------------------
seed("posture", "page", b"""HTTP/1.1 200 OK
Strict-Transport-Security: max-age=31536000; includeSubDomains; preload
Content-Security-Policy: default-src 'self'; script-src 'nonce-a' 'strict-dynamic' https:, img-src *
Set-Cookie: __Host-id=1; Secure; Path=/; HttpOnly; SameSite=Lax
Server: Apache/2.2.34 (Unix) OpenSSL/1.0.2k-fips
Location: https://user@site.test:8443/a/../b?c#d
Content-Type: text/html

<!doctype html><html><head><base href=/a/><meta name=generator content="Drupal 7">
<meta http-equiv=content-security-policy content="object-src 'none'"><link rel=stylesheet href=//b.test/x.css>
<script src=/jquery/1.11.1/jquery.min.js integrity=sha384-a></script></head><form action=http://c.test/></form></html>
""")
seed("posture", "security-txt", b"""HTTP/1.1 200 OK
Content-Type: text/plain

-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

Contact: mailto:security@site.test
Expires: 2027-01-01T00:00:00Z
-----BEGIN PGP SIGNATURE-----
""")
seed("posture", "error", b"""HTTP/1.1 500 No
Server: Jetty(9.3.1)

Traceback (most recent call last)
<b>Fatal error</b> in /srv/x.php</b> on line <b>3</b>
nginx/1.18.0
""")

# --- reports of external scanners: first byte: format -----------------------------------------------------------------
seed("report", "nmap", b"""\0<?xml version="1.0"?><!DOCTYPE nmaprun>
<nmaprun scanner="nmap" start="1764064800" version="7.93"><host endtime="1764064810"><address addr="192.0.2.7" addrtype="ipv4"/>
<hostnames><hostname name="a.test" type="user"/></hostnames><ports><extraports state="closed" count="95"/>
<port protocol="tcp" portid="443"><state state="open"/><service name="http" tunnel="ssl" method="probed" conf="10"/>
<script id="ssl-poodle"><table key="C"><elem key="state">VULNERABLE</elem></table></script></port>
<port protocol="tcp" portid="6379"><state state="open"/><service name="redis" method="probed" conf="10"/></port>
</ports></host><runstats><finished exit="success"/></runstats></nmaprun>
""")
seed("report", "testssl-flat", b"""\1[{"id":"SSLv3","ip":"a.test/192.0.2.7","port":"443","severity":"HIGH","finding":"offered"},
{"id":"cert_expirationStatus <hostCert#1>","ip":"a.test/192.0.2.7","port":"443","severity":"OK","finding":"OK (80 >= 60 days)"},
{"id":"scanTime","ip":"a.test/192.0.2.7","port":"443","severity":"INFO","finding":"42"}]
""")
seed("report", "testssl-pretty", b"""\1{"version":"3.2.0","startTime":"1764064800","scanResult":[{"targetHost":"a.test","port":"443",
"protocols":[{"id":"TLS1_3","severity":"LOW","finding":"not offered"}],"ciphers":[{"id":"odd","severity":"LOW","finding":"x"}]}],"scanTime":7}
""")
seed("report", "sslscan", b"""\2<document title="SSLScan Results" version="2.0.7"><ssltest host="192.0.2.7" sniname="a.test" port="443">
<protocol type="tls" version="1.0" enabled="1"/><protocol type="tls" version="1.3" enabled="0"/><renegotiation supported="1" secure="0"/>
<heartbleed sslversion="TLSv1.2" vulnerable="1"/><cipher status="accepted" sslversion="TLSv1.0" bits="112" cipher="DES-CBC3-SHA" dhebits="1024"/>
<group sslversion="TLSv1.2" bits="80" name="secp160r1"/><certificates><certificate><expired>true</expired></certificate></certificates>
</ssltest></document>
""")
seed("report", "nuclei", b"""\3{"template-id":"git-config","info":{"name":"Git","severity":"medium"},"matched-at":"https://a.test/.git/config?x=1","timestamp":"2026-11-25T10:00:00.5+08:00","matcher-status":true}
{"template-id":"odd","info":{"severity":"critical"},"matcher-name":"m","host":"[2001:db8::1]:8443","matcher-status":false}
""")
seed("report", "nikto", b"""\4[{"host":"www.a.test","ip":"192.0.2.7","port":"443","vulnerabilities":[
{"id":"999957","method":"GET","url":"/","msg":"The anti-clickjacking X-Frame-Options header is not present."},{"id":"1","url":"/x?y","msg":"odd"}]}]
""")
seed("report", "zap", b"""\5{"@version":"2.16.0","created":"2026-11-25T10:00:00Z","site":[{"@name":"https://a.test","alerts":[{"pluginid":"10038","alertRef":"10038-1",
"name":"CSP","riskcode":"2","confidence":"3","instances":[{"uri":"https://a.test/n/12?q=1","param":"q"}]}]}]}
""")
seed("report", "sarif", b"""\6{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Scanner","rules":[{"id":"R","properties":{"security-severity":"9.8"}}]}},
"results":[{"ruleId":"R","message":{"text":"bad"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"https://a.test/x"}}}]},
{"ruleId":"S","kind":"pass","webRequest":{"target":"http://a.test/"}}]}]}
""")
# --- what else a scanned site, its authority and its name servers say --------------------------------------------------
def record(content, body):
    return struct.pack(">BHH", content, 0x0303, len(body)) + body


def hello(suite, extensions=b""):
    body = b"\3\3" + bytes(32) + b"\0" + struct.pack(">HB", suite, 0) + struct.pack(">H", len(extensions)) + extensions
    return record(22, b"\2" + struct.pack(">I", len(body))[1:] + body)


ALERT = record(21, b"\2\x28")
VERSION13 = bytes.fromhex("002b00020304")
ALPN = bytes.fromhex("001000050003026832")
seed("handshake", "ten", b"\0" + sighting(*([hello(0xC02F, ALPN)] * 5 + [ALERT, hello(0x1301, VERSION13)] + [ALERT] * 3)))
seed("handshake", "reaction-heartbeat", b"\1" + sighting(record(24, b"\2" + bytes(80)), ALERT))
seed("handshake", "reaction-alert", b"\1" + sighting(ALERT[:3], ALERT[3:]))
seed("handshake", "key", b"\2" + CERTIFICATE)
# An authority that revoked a certificate, and says so in a list and in a response; the keys were thrown away.
REVOKED = base64.b64decode(
    "MIIBtDCCAVmgAwIBAgICEjQwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJQXV0aG9yaXR5MB4XDTI2MTEyNTIyMTMyNFoXDTI3MDIyMzIyMTMyNFowFD"
    "ESMBAGA1UEAwwJc2l0ZS50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAESx4ERFLfp5AKw+8jXfKwpnRt/RAGL5y5CbSsLctF+SsLE2rAQO9/"
    "3hWIejVsoAw6beBKlkB9dn+Z4QUg4zUdWqOBmjCBlzAtBggrBgEFBQcBAQQhMB8wHQYIKwYBBQUHMAGGEWh0dHA6Ly9vY3NwLnRlc3QvMCYGA1UdHw"
    "QfMB0wG6AZoBeGFWh0dHA6Ly9jcmwudGVzdC8xLmNybDAdBgNVHQ4EFgQUbUMx/Tiw2h1TW/uu9McH+S20DLowHwYDVR0jBBgwFoAUiCxoe0oFlH+T"
    "6moOZBlPL3LX/1AwCgYIKoZIzj0EAwIDSQAwRgIhAKQ8jW+/C69W8FUZAr/XQkcp2JAntPRqMBPtd/yXAC5sAiEAgEs1oxsmtlwCYJKYpWDZ63FSHO"
    "cGK7t9yz0A+fBERx8="
)
AUTHORITY = base64.b64decode(
    "MIIBfjCCASOgAwIBAgIUZeL6UO5e47kbwJdiN5gL8uYZIRAwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJQXV0aG9yaXR5MB4XDTI2MTEyNTIyMTMyNF"
    "oXDTM2MTEyMjIyMTMyNFowFDESMBAGA1UEAwwJQXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEESFxIeFxtk9sSdm9Kn/AT0xfaZrO"
    "8zZbdqwHOL+t/IBENDe/J/HwQm4xQK6ZOoXQD2aDGS+ghRO1YTXs1ovZX6NTMFEwHQYDVR0OBBYEFIgsaHtKBZR/k+pqDmQZTy9y1/9QMB8GA1UdIw"
    "QYMBaAFIgsaHtKBZR/k+pqDmQZTy9y1/9QMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAO6wHY10BtYekQwN8k8DraYIYR3YKGBO"
    "Iqwp+YWecPV2AiEA6EHma0jK22qZ51IwOSYFJlcImauU6Gk3PzS9eM9KCbY="
)
CRL = base64.b64decode(
    "MIGvMFcwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJQXV0aG9yaXR5Fw0yNjExMjUyMjEzMjRaFw0yNjEyMjUyMjEzMjRaMBUwEwICEjQXDTI2MTEyNT"
    "IyMTMyNFowCgYIKoZIzj0EAwIDSAAwRQIhAK7k4e1tVKl3kRkCUNqXvM4l+NHH3V2UGR6f1btY/HzWAiBE1Dsa5OQNksFWlTEpNhWE0TAnwOjSHcQ0"
    "h9couxf0vA=="
)
RESPONSE = base64.b64decode(
    "MIICoQoBAKCCApowggKWBgkrBgEFBQcwAQEEggKHMIICgzCBoaEWMBQxEjAQBgNVBAMMCUF1dGhvcml0eRgPMjAyNjExMjUyMjEzMjRaMHYwdDA7MA"
    "kGBSsOAwIaBQAEFL14R9GAMRmdvBwAdXtd/+jQohxrBBSILGh7SgWUf5Pqag5kGU8vctf/UAICEjShERgPMjAyNjExMjUyMjEzMjRaGA8yMDI2MTEy"
    "NTIyMTMyNFqgERgPMjAyNjEyMjUyMjEzMjRaMAoGCCqGSM49BAMCA0cAMEQCIF6cFUmakYTheqaiVtiq3JWc1e/I04sTFM+r4N9COKrIAiBnpgJ4W6"
    "UMniZOEFDjxCPjC4H72yoo4wvd6xVn0d1OPKCCAYYwggGCMIIBfjCCASOgAwIBAgIUZeL6UO5e47kbwJdiN5gL8uYZIRAwCgYIKoZIzj0EAwIwFDES"
    "MBAGA1UEAwwJQXV0aG9yaXR5MB4XDTI2MTEyNTIyMTMyNFoXDTM2MTEyMjIyMTMyNFowFDESMBAGA1UEAwwJQXV0aG9yaXR5MFkwEwYHKoZIzj0CAQ"
    "YIKoZIzj0DAQcDQgAEESFxIeFxtk9sSdm9Kn/AT0xfaZrO8zZbdqwHOL+t/IBENDe/J/HwQm4xQK6ZOoXQD2aDGS+ghRO1YTXs1ovZX6NTMFEwHQYD"
    "VR0OBBYEFIgsaHtKBZR/k+pqDmQZTy9y1/9QMB8GA1UdIwQYMBaAFIgsaHtKBZR/k+pqDmQZTy9y1/9QMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj"
    "0EAwIDSQAwRgIhAO6wHY10BtYekQwN8k8DraYIYR3YKGBOIqwp+YWecPV2AiEA6EHma0jK22qZ51IwOSYFJlcImauU6Gk3PzS9eM9KCbY="
)
seed("revocation", "revoked", sighting(RESPONSE, CRL, REVOKED, AUTHORITY, b"http://ocsp.test/"))
seed("revocation", "answers", sighting(STAPLE, CRL, LEAF, MIDDLE, b"http://ocsp.test/"))
seed("revocation", "place", sighting(b"", b"", LEAF, MIDDLE, b"http://crl.test:8080/a/b.crl?c=d"))
for number, text in enumerate([
        "/a/../b/./c.html?d=e#f", "//other.test/x", "https://site.test:8443/%2e%2e/", "javascript:alert(1)",
        "http://user@site.test/", "http://[::ffff:169.254.169.254]/latest", "?q", "http://169.254.169.254\\@site.test/"]):
    seed("links", f"reference-{number}", text)


def answer_of(kind, data, name=b"\xc0\x0c"):
    question = b"\1a\7example\0" + struct.pack(">HH", kind, 1)
    return struct.pack(">HHHHHH", 1, 0x8180, 1, 1, 0, 0) + question + name + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


seed("records", "caa", answer_of(257, b"\0\5issueca.example"))
seed("records", "tlsa", answer_of(52, b"\3\1\1" + bytes(32)))
seed("records", "txt", answer_of(16, b"\6v=spf1\5 -all"))
seed("records", "mx", answer_of(15, b"\0\12\4mail\xc0\x0c"))
seed("records", "cname-loop", answer_of(5, b"\xc0\x1b"))
seed("records", "dnskey", answer_of(48, struct.pack(">HBB", 257, 3, 13) + bytes(64)))
seed("records", "ds", answer_of(43, struct.pack(">HBB", 7, 13, 2) + bytes(32)))
seed("memory", "availability", b"\0" + json.dumps({
    "state": "down", "since": "2026-11-22T00:00:00.000000Z", "failures": 3,
    "open": {"from": "2026-11-22T00:00:00.000000Z", "until": "", "reason": "timed out"}, "outages": [
        {"from": "2026-11-01T00:00:00.000000Z", "until": "2026-11-01T00:10:00.000000Z", "reason": "x"}]}).encode())
seed("memory", "dns", b"\1" + json.dumps({"sets": {"A": ["192.0.2.1"], "NS": ["a.example", "b.example"]}}).encode())
seed("memory", "ports", b"\2" + json.dumps({"tried": [22, 80, 443], "open": [443]}).encode())
seed("memory", "certificate", b"\3" + KNOWN)
seed("memory", "content", b"\4" + json.dumps({"version": 1, "looks": 3, "scriptHosts": ["a.com"], "hiddenHosts": [],
                                              "pages": []}).encode())


def tar(path, content):
    """One entry in the form that Vigil writes: its headers are compared, not parsed."""
    head = (path.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % len(content)
            + b"0" * 11 + b"\0" + b" " * 8 + b"0" + bytes(100) + b"ustar\0" + b"00").ljust(512, b"\0")
    head = head[:148] + b"%06o\0 " % sum(head) + head[156:]
    return head + content + bytes(-len(content) % 512)


def content_bundle(files, **changes):
    said = {"format": "vigil-content/1", "version": "2026.11", "made": "2026-11-20T00:00:00.000000Z", "key": "", "files": [
        {"kind": path.split("/")[0], "path": path, "size": len(text), "sha256": hashlib.sha256(text).hexdigest()}
        for path, text in sorted(files.items())]}
    manifest = json.dumps(said | changes, separators=(",", ":")).encode()
    entries = [tar("manifest.json", manifest), tar("manifest.sig", b"")]
    return manifest, b"".join(entries + [tar(*file) for file in sorted(files.items())]) + bytes(1024)


FILES = {"rules/a.rules": b"alert tcp any any -> any any (sid:1;)\n", "trust/city.pem": b"", "posture/web/x.yaml": b"a: 1\n"}
MANIFEST, WHOLE = content_bundle(FILES)
seed("bundle", "whole", b"\0" + WHOLE)
seed("bundle", "unsigned", b"\1" + WHOLE)
seed("bundle", "manifest", b"\2" + MANIFEST)
seed("bundle", "way-out", b"\2" + content_bundle({"rules/../../x.rules": b""})[0])
seed("bundle", "cut", b"\0" + WHOLE[:-700])


TEMPLATE = """id: portal-version
info:
  name: Old portal
  name-zh: 旧门户
  author: office
  severity: high
  tags: portal
  classification: {cve-id: CVE-2026-0001}
variables:
  word: "{{to_lower('ABC')}}"
http:
"""
PATHS = """  - method: GET
    path: ['{{BaseURL}}/version', '{{BaseURL}}/{{word}}/{{randstr}}']
    stop-at-first-match: true
    matchers-condition: and
    matchers:
      - {type: word, part: header, words: [a/1], case-insensitive: true}
      - {type: status, status: [404], negative: true}
      - {type: regex, regex: ['version (\\d+)']}
      - {type: dsl, dsl: ['contains(body, "html") && compare_versions(version, "< 2")']}
      - {type: binary, part: all, binary: [3c68]}
    extractors:
      - {type: regex, name: version, group: 1, regex: ['version (\\d+)']}
      - {type: kval, kval: [server]}
      - {type: json, json: ['.a[0]']}
"""
RAW = """  - raw:
      - |
        GET /form HTTP/1.1
        Host: {{Hostname}}
        X-A: {{base64('{{word}}:{{q}}')}}
      - |
        POST /next?t={{token}} HTTP/1.1
        Content-Type: text/plain

        a={{q}}
    payloads: {q: ["1'", "2 and 1=1"]}
    attack: batteringram
    redirects: true
    matchers: [{type: dsl, dsl: ['status_code_1 == 200 && len(body_2) < 5']}]
    extractors: [{type: regex, name: token, internal: true, group: 1, regex: ['token=(\\w+)']}]
"""
CONDITION = """  - path: [/]
    matchers: [{type: word, words: [html], internal: true}]
"""
seed("template", "paths", TEMPLATE + PATHS)
seed("template", "raw", TEMPLATE + RAW)
seed("template", "blocks", TEMPLATE + CONDITION + PATHS)
seed("template", "refused", TEMPLATE + """  - method: PUT
    path: ['/?u=http://evil.example.com/{{interactsh-url}}', '/?q=%64rop/**/table x', '/?q=sleep(99)']
    payloads: {password: [a, b, c, d]}
    matchers: [{type: word, part: interactsh_protocol, words: [dns]}]
""")
seed("template", "wrong-key", TEMPLATE.replace("severity", "severty") + PATHS)
for number, text in enumerate([
        "contains(to_lower(body), 'token') && !regex('a\\\\d+', header) || status_code == 200",
        "mmh3(base64_py(body)) == '116323821' || md5(concat(body, 'a')) =~ '^[0-9a-f]{32}$'",
        "compare_versions(version, '>= 1.2', '< {{version}}') && -1 + 2 * (3 - 4) % 5 < 0x1f",
        "replace_regex(hex_decode('6162'), '(a)(b)', '${2}$1') + rand_base(5) + unix_time(-3)",
        "join(',', split(url_decode('a%2cb'), ',', 2)) != index(split(body, '<'), 1)",
        "json_minify('{\"a\": 1}') + html_unescape('&lt;&#65;') + date_time('%Y-%M-%D')",
        "hmac('sha256', substr(body, 1, 4), `k`) + repeat('ab', 3) + reverse(trim(' a ', ' '))"]):
    seed("expression", f"expression-{number}", bytes([number]) + text.encode())
for number, (kind, text) in enumerate([
        (0, "/n/abcdefghijklmnopqrstuvwxyz012345"), (0, "/n/../../etc/passwd"), (0, "/n/abc"),
        (1, "zh\nen-GB;q=0.7, zh-CN;q=0.9\n203.0.113.9, 127.0.0.1\n2001:db8::1"),
        (1, "xx\n*;q=x\nnonsense\n1795000000000000000.00ff.00ff"),
        (2, "act=receive&name=%E6%9D%8E%E5%9B%9B&nonce=1.2.3"),
        (2, "act=extend&name=Li+Si&text=why%0D%0A%3Cb%3E&until=2026-12-24&nonce=x"),
        (2, "act=dispute&name=<script>&text=%22%27%26%3c/textarea%3e&until=%22onx&nonce=%ff")]):
    seed("ownerPage", f"page-{number}", bytes([kind]) + text.encode())
