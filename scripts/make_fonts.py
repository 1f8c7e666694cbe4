"""Cut the PDF's typeface out of Source Sans 3: three weights, with the letters that a report can need.

Run once, by hand, when Source Sans is to be renewed; neither package is needed otherwise:

    pip install fontpkg-source-sans-3 fonttools
    python scripts/make_fonts.py

Source Sans is Adobe's, under the SIL Open Font License, which asks that what is made from it bears another
name: ours is Midcourse Sans, under the same licence, which is copied beside it.
"""

from __future__ import annotations

import shutil
from importlib.metadata import distribution
from pathlib import Path

import fontpkg_source_sans_3 as package
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FAMILY = "Midcourse Sans"
OUTPUT = Path(__file__).parent.parent / "src/midcourse/output/data/fonts"
STYLES = {
    "Regular": ("SourceSans3[wght].ttf", 400),
    "Bold": ("SourceSans3[wght].ttf", 650),
    "Italic": ("SourceSans3-Italic[wght].ttf", 400),
}
#: Latin, Greek, Cyrillic; spaces, dashes, quotes; raised figures; currency; arrows; mathematics; shapes.
LETTERS = [
    (0x20, 0x17F), (0x18F, 0x18F), (0x1A0, 0x1B0), (0x1CD, 0x1DC), (0x1E6, 0x1FF), (0x218, 0x21B),
    (0x2B0, 0x2DD), (0x300, 0x345), (0x370, 0x3FF), (0x400, 0x4FF), (0x1E00, 0x1EFF), (0x2000, 0x206F),
    (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x215F), (0x2190, 0x22FF),
    (0x25A0, 0x25FF), (0x2713, 0x2718),
]  # fmt: skip
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]


def main() -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    files = Path(package.__file__).parent / "files"
    for style, (name, weight) in STYLES.items():
        font = instancer.instantiateVariableFont(TTFont(files / name), {"wght": weight})
        rename(font, style)
        options = subset.Options(layout_features=FEATURES, name_IDs=["*"], notdef_outline=True, hinting=False)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[code for first, last in LETTERS for code in range(first, last + 1)])
        cutter.subset(font)
        font.save(OUTPUT / f"MidcourseSans-{style}.ttf")
    licence = next(
        file for file in distribution("fontpkg-source-sans-3").files or [] if file.name == "LICENSE"
    )
    shutil.copyfile(str(licence.locate()), OUTPUT / "OFL.txt")


def rename(font: TTFont, style: str) -> None:
    """Give a font its family's name and drop what else names the original, but for copyright and licence."""
    names = font["name"]
    copyright_line, terms, terms_at = (names.getDebugName(number) for number in (0, 13, 14))
    names.names = []
    lines = {
        0: copyright_line,
        1: FAMILY,
        2: style,
        3: f"{FAMILY} {style}",
        4: f"{FAMILY} {style}",
        5: "Version 1.0",
        6: f"{FAMILY.replace(' ', '')}-{style}",
        13: terms,
        14: terms_at,
    }
    for number, text in lines.items():
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 700 if style == "Bold" else 400
    flags = {"Regular": 0x40, "Bold": 0x20, "Italic": 0x01}
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x61) | flags[style]
    font["head"].macStyle = {"Regular": 0, "Bold": 1, "Italic": 2}[style]


if __name__ == "__main__":
    main()
