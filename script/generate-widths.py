#!/usr/bin/env python3
"""Writes Sources/Dashboard/Text/WidthTables.swift from the Unicode data that Python carries.

Wide: East Asian Width W or F. Ambiguous: A. Zero: categories Mn, Me, Cf and the medial and final Hangul jamo.
Run it from the checkout's root: python3 script/generate-widths.py
"""
import sys
import unicodedata as u


def ranges(keep):
    result, start = [], None
    for code in range(0x110000):
        inside = not 0xD800 <= code <= 0xDFFF and keep(code)
        if inside and start is None:
            start = code
        if not inside and start is not None:
            result.append((start, code - 1))
            start = None
    if start is not None:
        result.append((start, 0x10FFFF))
    return result


def zero(code):
    return u.category(chr(code)) in ("Mn", "Me", "Cf") and code != 0xAD or 0x1160 <= code <= 0x11FF


def wide(code):
    # Unassigned code points of the two ideographic planes are wide by default (UAX #11, section 4).
    assigned = u.category(chr(code)) != "Cn"
    return not zero(code) and (assigned and u.east_asian_width(chr(code)) in "WF" or 0x20000 <= code <= 0x2FFFD or 0x30000 <= code <= 0x3FFFD)


def ambiguous(code):
    return not zero(code) and u.category(chr(code)) != "Cn" and u.east_asian_width(chr(code)) == "A" and not 0xE000 <= code <= 0xF8FF and code < 0xF0000


def table(name, doc, keep):
    out = [f"  /// {doc}", f"  static let {name}: [UInt32] = ["]
    line = "   "
    for low, high in ranges(keep):
        part = f" 0x{low:x}, 0x{high:x},"
        if len(line) + len(part) > 118:
            out.append(line)
            line = "   "
        line += part
    return out + [line, "  ]"]


lines = [
    f"/// Facts of Unicode {u.unidata_version} as pairs of first and last scalar, rising. Written by",
    "/// `script/generate-widths.py`; do not edit.",
    "enum WidthTables {",
]
lines += table("zero", "No column of their own: combining marks, format characters, medial and final jamo.", zero)
lines += [""] + table("wide", "Two columns: East Asian Width W and F.", wide)
lines += [""] + table("ambiguous", "One column, or two in a CJK terminal: East Asian Width A.", ambiguous)
lines += ["}", ""]
target = sys.argv[1] if len(sys.argv) > 1 else "Sources/Dashboard/Text/WidthTables.swift"
open(target, "w").write("\n".join(lines))
