"""From a row of the table to the configuration of the program that serves it."""
import os

import sites
import suites

NGINX = """
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log warn;
{user}
events {{ worker_connections 2048; }}
http {{
  log_format farm '$msec $server_port $remote_addr $connection $request_method $request_uri $status';
  access_log {folder}/nginx-access.log farm;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  default_type text/html;
  ssl_session_cache shared:farm:1m;
{servers}
}}
"""
NGINX_VERSIONS = {"TLS 1.0": "TLSv1", "TLS 1.1": "TLSv1.1", "TLS 1.2": "TLSv1.2", "TLS 1.3": "TLSv1.3"}
S_SERVER_VERSIONS = {"TLS 1.0": "no_tls1", "TLS 1.1": "no_tls1_1", "TLS 1.2": "no_tls1_2", "TLS 1.3": "no_tls1_3"}


def openssl_suites(names, modern):
    return ":".join(suites.OPENSSL[n][1] for n in names if suites.is_modern(n) == modern)


def openssl_groups(names):
    return ":".join(suites.GROUPS[g][1] for g in names)


def openssl_signatures(digests):
    kinds = [kind + "+" + digest.upper() for digest in digests for kind in ("RSA-PSS", "RSA", "ECDSA")]
    return ":".join([k for k in kinds if k != "RSA-PSS+SHA1"] + ["ed25519", "ed448"])


def nginx(rows, folder, more=""):
    user = "user root;" if os.geteuid() == 0 else ""
    servers = "\n".join(nginx_server(row) for row in rows)
    return NGINX.format(folder=folder, user=user, servers=servers + more)


def nginx_server(row):
    lines = [f"server {{ # {row['name']}", f"  server_name {row['host']};"]
    http2 = " http2" if row.get("site", {}).get("http2") else ""
    lines.append(f"  listen {row['address']}:{row['port']}{' ssl' if row['scheme'] == 'https' else ''}{http2};")
    if row["scheme"] == "https":
        lines += ["  " + line for line in nginx_tls(row)]
    page = row.get("page") or {}
    content = sites.nginx_lines(row) if "site" in row else nginx_content(page, row["host"])
    return "\n".join(lines + ["  " + line for line in nginx_head(page) + content] + ["}"])


def nginx_tls(row):
    lines = []
    for files in row["files"]:
        lines += [f"ssl_certificate {files['chain']};", f"ssl_certificate_key {files['key']};"]
    staple = next((files["staple"] for files in row["files"] if "staple" in files), None)
    lines += ["ssl_stapling on;", f"ssl_stapling_file {staple};"] if staple else []
    lines.append(f"ssl_protocols {' '.join(NGINX_VERSIONS[v] for v in row['versions'])};")
    classic, modern = openssl_suites(row["suites"], False), openssl_suites(row["suites"], True)
    lines.append(f"ssl_ciphers {classic + ':' if classic else 'AES128-SHA:'}@SECLEVEL=0;")
    if modern:
        lines.append(f"ssl_conf_command Ciphersuites {modern};")
    lines.append(f"ssl_conf_command SignatureAlgorithms {openssl_signatures(row['signatures'])};")
    if row["groups"]:
        lines.append(f"ssl_ecdh_curve {openssl_groups(row['groups'])};")
    if row.get("dh"):
        lines.append(f"ssl_dhparam {row['dhFile']};")
    lines.append(f"ssl_prefer_server_ciphers {'off' if row['prefers'] == 'client' else 'on'};")
    return lines


def nginx_head(page):
    """The headers that the description means: what it does not name is not sent."""
    lines = [f"server_tokens {'on' if page.get('server') == 'version' else 'off'};"]
    headers = []
    if "hsts" in page:
        words = "; includeSubDomains" if page["hsts"].get("subdomains") else ""
        words += "; preload" if page["hsts"].get("preload") else ""
        headers.append(("Strict-Transport-Security", f"max-age={page['hsts']['age']}{words}"))
    if "csp" in page:
        headers.append(("Content-Security-Policy", page["csp"]["text"]))
    if "reports" in page:
        headers.append(("Content-Security-Policy-Report-Only", page["reports"]))
    headers += page.get("heads", {}).items()
    if page.get("nosniff"):
        headers.append(("X-Content-Type-Options", "nosniff"))
    if "framing" in page:
        headers.append(("X-Frame-Options", page["framing"]))
    if "referrer" in page:
        headers.append(("Referrer-Policy", page["referrer"]))
    if "powered" in page:
        headers.append(("X-Powered-By", page["powered"]))
    for cookie in page.get("cookies", []):
        words = [f"{cookie['name']}=3a7bd3e2360a3d29"]
        words += [w for w, k in (("Secure", "secure"), ("HttpOnly", "httponly")) if cookie.get(k)]
        words += [f"{title}={cookie[k]}" for title, k in (("SameSite", "samesite"), ("Path", "path"), ("Domain", "domain")) if k in cookie]
        headers.append(("Set-Cookie", "; ".join(words)))
    return lines + [f'add_header {name} "{value}" always;' for name, value in headers]


def nginx_content(page, host):
    """Every path is the page, with the page's status."""
    lines = []
    status, target = page.get("status", 200), page.get("location")
    if target:
        lines.append(f"location = / {{ return {status} {target}; }}")
        lines.append(f'location / {{ return 200 "<html><title>{host}</title>";}}')
    else:
        lines.append(f'location / {{ return {status} "<!doctype html><html><title>{host}</title><p>A page.</p></html>"; }}')
    return lines


def s_server(row):
    words = ["openssl", "s_server", "-accept", f"{row['address']}:{row['port']}", "-www", "-quiet"]
    for number, files in enumerate(row["files"]):
        prefix = "d" if number else ""
        words += [f"-{prefix}cert", files["leaf"], f"-{prefix}key", files["key"]]
        if files["rest"]:
            words += [f"-{prefix}cert_chain", files["rest"]]
    if not row["files"]:
        words.append("-nocert")
    words += ["-" + off for version, off in S_SERVER_VERSIONS.items() if version not in row["versions"]]
    classic, modern = openssl_suites(row["suites"], False), openssl_suites(row["suites"], True)
    words += ["-cipher", (classic or "AES128-SHA") + ":@SECLEVEL=0"]
    words += ["-sigalgs", openssl_signatures(row["signatures"])]
    if modern:
        words += ["-ciphersuites", modern]
    if row["groups"]:
        words += ["-groups", openssl_groups(row["groups"])]
    words += ["-dhparam", row["dhFile"]] if row.get("dh") else ["-no_dhe"]
    if row["prefers"] == "server":
        words.append("-serverpref")
    return words + row.get("flags", [])


def gnutls(row):
    groups = row["groups"]
    priority = suites.gnutls_priority(row["versions"], row["suites"], groups, row["signatures"], row.get("priority", []))
    wanted = {suites.code(n) for n in row["suites"]}
    got = suites.gnutls_expands_to(priority)
    if got != wanted:
        raise RuntimeError(f"{row['name']}: the priority string {priority} means other suites: {sorted(got ^ wanted)}")
    words = ["gnutls-serv", "--port", str(row["port"]), "--http", "--quiet", "--disable-client-cert"]
    words += ["--priority", priority]
    for files in row["files"]:
        words += ["--x509certfile", files["chain"], "--x509keyfile", files["key"]]
    if row.get("dh"):
        words += ["--dhparams", row["dhFile"]]
    return words + row.get("flags", [])
