"""What a site's row holds beside its head: files in a folder of its own, planted secrets that are made anew each time,
and what a Content-Security-Policy lacks, read from the row's text by the standard and by no engine.

In a file's text `{{word}}` and `{{word N}}` stand for what must be found and never told: see `PLANTED`.
"""
import base64
import os
import random
import re
import string

POWERFUL = [
    "default-src", "script-src", "script-src-elem", "script-src-attr", "object-src", "frame-src", "child-src",
    "worker-src", "connect-src"]
# CSP Level 3 with its neighbours' directives, and level 2's that browsers still read.
DIRECTIVES = POWERFUL + [
    "font-src", "img-src", "manifest-src", "media-src", "prefetch-src", "style-src", "style-src-attr", "style-src-elem",
    "base-uri", "sandbox", "form-action", "frame-ancestors", "report-to", "report-uri", "require-trusted-types-for",
    "trusted-types", "upgrade-insecure-requests", "block-all-mixed-content"]
NAMES = "王伟 李娜 张敏 刘洋 陈静 杨磊 赵军 黄丽 周涛 吴强 徐明 孙燕".split()


def policy_faults(text):
    """The checks `http.csp.*` that one policy fails, beside those of scripts, which the row says itself."""
    directives, faults = {}, set()
    for part in filter(None, (p.strip() for p in text.split(";"))):
        name, *sources = part.lower().split()
        if name in directives:
            faults.add("http.csp.duplicate")
        if name not in DIRECTIVES:
            faults.add("http.csp.unknown")
        directives.setdefault(name, sources)
    objects = directives.get("object-src", directives.get("default-src"))
    if objects is None or "*" in directives.get("object-src", []):
        faults.add("http.csp.object_src")
    if "base-uri" not in directives:
        faults.add("http.csp.base_uri")
    if any(s in ("*", "https:", "http:") for d in POWERFUL for s in directives.get(d, [])):
        faults.add("http.csp.wildcard")
    if any(s == "http:" or s.startswith("http://") for d, listed in directives.items() if d != "report-uri" for s in listed):
        faults.add("http.csp.plain_http")
    return faults


def _letters(count, alphabet=string.ascii_letters + string.digits):
    return "".join(random.choice(alphabet) for _ in range(count))


def _luhn(digits):
    total = sum(sum(divmod(2 * int(d), 10)) if i % 2 == 0 else int(d) for i, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def identity(number):
    """GB 11643: region, date of birth, order, and the check digit of ISO 7064 MOD 11-2."""
    digits = f"420106{1960 + number % 40}{1 + number % 12:02}{1 + number % 28:02}{number % 1000:03}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights)) % 11]


def mobile(number):
    return "139" + f"{random.randint(0, 999):03}" + f"{number:05}"


def jwt():
    part = lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return ".".join([part('{"alg":"HS256","typ":"JWT"}'), part('{"sub":"%s","role":"admin"}' % _letters(12)), _letters(43)])


# One of each, by its number.
PLANTED = {
    "identity": identity, "mobile": mobile, "card": lambda n: _luhn("622202" + _letters(12, string.digits)),
    "passport": lambda n: "E" + _letters(8, string.digits), "aws": lambda n: "AKIA" + _letters(16, string.ascii_uppercase[:26] + "234567"),
    "jwt": lambda n: jwt(), "password": lambda n: "Kx7" + _letters(9) + "#4", "key": lambda n: _letters(64),
    # A digit that is wrong, a date that is none: nobody's.
    "nobody": lambda n: identity(n)[:-1] + ("1" if identity(n)[-1] != "1" else "2"),
}


def fill(text, planted):
    """The text with its secrets; each is added to `planted` but those that are nobody's."""
    def one(word, number):
        value = PLANTED[word](number)
        if word != "nobody":
            planted.append(value)
        return value

    def replace(match):
        word, count = match[1], int(match[2] or 1)
        if word == "rows":
            return "".join(
                f"<tr><td>{NAMES[n % len(NAMES)]}</td><td>{one('identity', n)}</td><td>{one('mobile', n)}</td></tr>"
                for n in range(count))
        if word == "words":
            return "市民之家今日公告：" + "、".join(f"第{n}号办事指南说明受理时间地点与材料清单" for n in range(count))
        return "\n".join(f"<p>{one(word, n)}</p>" for n in range(count)) if match[2] else one(word, 7)

    return re.sub(r"\{\{(\w+)(?: (\d+))?\}\}", replace, text)


def lay_out(row, folder):
    """Writes the row's files; says where they are and what was planted in them."""
    site, planted = row["site"], []
    root = f"{folder}/sites/{row['port']}"
    os.makedirs(root, exist_ok=True)
    for path, content in site.get("files", {}).items():
        write(root, path, content, planted)
    row["root"], row["planted"] = root, planted
    # What a second look finds: kept ready, put in place by who looks twice.
    row["next"] = {path: fill(text, planted) for path, text in site.get("then", {}).items()}


def write(root, path, content, planted):
    target = root + path
    os.makedirs(os.path.dirname(target), exist_ok=True)
    body = bytes.fromhex(content["hex"]) if isinstance(content, dict) else fill(content, planted).encode()
    with open(target, "wb") as file:
        file.write(body)


def nginx_lines(row):
    """The folder, then whatever the row says in nginx's own words."""
    lines = [f"root {row['root']};", "charset utf-8;", *row["site"].get("lines", [])]
    if not any(line.startswith("location / ") for line in lines):
        lines.append("location / { index index.html; try_files $uri $uri/index.html =404; }")
    return lines
