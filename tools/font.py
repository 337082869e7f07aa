#!/usr/bin/env python3
"""Print kernel/font.h's font as C: printable ASCII, 8x16, from a GRUB font file (PFF2, GNU Unifont).

usage: font.py [FILE.pf2]   without a file: the first one found where distributions put GRUB's fonts
"""
import glob
import struct
import sys

FIRST, LAST, WIDTH, HEIGHT = 0x20, 0x7E, 8, 16
PLACES = ["/usr/share/grub*/ascii.pf2", "/usr/share/grub*/unicode.pf2", "/boot/grub*/fonts/unicode.pf2"]


def sections(data):
    """Name -> content of each section; the last, DATA, has no length: glyphs are found by file offset."""
    found, at = {}, 0
    while at + 8 <= len(data):
        name, size = data[at:at + 4].decode("ascii"), struct.unpack_from(">I", data, at + 4)[0]
        found[name] = data[at + 8:at + 8 + size]
        if name == "DATA":
            break
        at += 8 + size
    if found.get("FILE") != b"PFF2":
        sys.exit("font.py: not a PFF2 file")
    return found


def glyph(data, offset, ascent):
    """Rows of one character, placed in its cell: bits are packed without regard to rows."""
    width, height, x, y, _ = struct.unpack_from(">HHhhh", data, offset)
    bits = data[offset + 10:offset + 10 + (width * height + 7) // 8]
    rows, top = [0] * HEIGHT, ascent - (y + height)
    if x < 0 or x + width > WIDTH or top < 0 or top + height > HEIGHT:
        sys.exit(f"font.py: a glyph of {width}x{height} at {x},{top} does not fit {WIDTH}x{HEIGHT}")
    for i in range(width * height):
        if bits[i // 8] & 0x80 >> i % 8:
            rows[top + i // width] |= 0x80 >> x + i % width
    return rows


def main():
    files = sys.argv[1:] or [f for p in PLACES for f in sorted(glob.glob(p))]
    if not files:
        sys.exit("font.py: no GRUB font: install grub-common, or name a .pf2 file; tried " + " ".join(PLACES))
    with open(files[0], "rb") as f:
        data = f.read()
    part = sections(data)
    ascent = struct.unpack(">H", part["ASCE"])[0]
    where = {code: offset for code, _, offset in struct.iter_unpack(">IBI", part["CHIX"])}
    missing = [chr(c) for c in range(FIRST, LAST + 1) if c not in where]
    if missing:
        sys.exit(f"font.py: {files[0]} lacks {' '.join(missing)}")

    family = part["NAME"].rstrip(b"\0").decode("ascii")
    print(f"/* {family}, by tools/font.py */\n#include \"kernel/font.h\"\n")
    print("const u8 font[FONT_LAST - FONT_FIRST + 1][FONT_HEIGHT] = {")
    for code in range(FIRST, LAST + 1):
        rows = ", ".join(f"0x{r:02x}" for r in glyph(data, where[code], ascent))
        print(f"\t{{ {rows} }}, /* {code:#x} */")
    print("};")


main()
