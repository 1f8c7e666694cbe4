"""Draw the pictures that the README and the documents show, from the dossiers as they stand.

    python scripts/make_pictures.py [maps]

Writes into ``docs/images``: the map, and, where Chromium is installed, the same as PNG for readers that take
no SVG (pngquant, where installed, makes that a third of the size); three flights and all flights of two
threats, as ``midcourse watch`` draws them; all proposals side by side, as ``midcourse compare`` does; and the
maps of ``docs/maps.md``, as ``midcourse map`` does, in few colours. With the word ``maps``, the maps alone.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from midcourse import cli
from midcourse.analysis.quantity import asked
from midcourse.analysis.scene import scene_of
from midcourse.dossier import load
from midcourse.model.memory import Memory
from midcourse.output.files import write_whole
from midcourse.output.scene import scene_panels

FOLDER = Path(__file__).parent.parent / "docs/images"
GAP = 16.0  # px between pictures
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLIGHTS = {
    "watch-iran-new-york": "third-site --architecture joint --missile notional-icbm "
    "--from 33,53 --to 40.7,-74.0",
    "watch-iran-rome": "third-site --architecture joint --missile notional-irbm --from 33,53 --to 41.9,12.5",
    "watch-korea-honolulu": "pacific --architecture hawaii-radar-no-sbx --missile notional-icbm "
    "--from 40,127 --to 21.3,-157.86",
}
_EUROPE = "--threat iran-europe-irbm --region europe"
_WIDER = "--region europe-and-middle-east"
MAPS = {
    **{
        f"defended-{name}": f"--quantity defended --architecture {name} {_EUROPE}"
        for name in ("two-site", "third-site", "gabala", "joint")
    },
    "change-gabala": f"--quantity defended --architecture gabala --against third-site {_EUROPE}",
    "chance-third-site": f"--quantity defended --architecture third-site {_EUROPE} --samples 64",
    "shots-joint": f"--quantity shots --architecture joint {_EUROPE}",
    "shots-us": "--quantity shots --architecture third-site --against two-site --threat iran-us --region us",
    "warning-joint": f"--quantity warning --architecture joint {_EUROPE}",
    "seen-joint": f"--quantity seen --architecture joint {_WIDER}",
    "reach-redzikowo": f"--quantity reach --architecture third-site --battery redzikowo {_WIDER}",
    "denied-rome": "--quantity denied --architecture third-site --threat iran-europe-irbm "
    f"--to Rome {_WIDER}",
}
#: Which words of a map's command hold spaces.
SPACED = {"seen-joint": ["--altitude", "100 km,300 km,1000 km"]}
COLOURS = 64  # of a map: enough for its classes and the edges of its letters
THREATS = ("iran-us", "iran-europe-irbm")
PROPOSALS = ("third-site", "gabala", "joint")


def joined(pictures: list[str]) -> str:
    """Pictures of one width beneath each other as one."""
    sizes = [re.search(r'width="([\d.]+)" height="([\d.]+)"', picture) for picture in pictures]
    widths, heights = zip(*((float(s[1]), float(s[2])) for s in sizes if s is not None), strict=True)
    top, parts = 0.0, []
    for picture, height in zip(pictures, heights, strict=True):
        parts.append(picture.replace("<svg ", f'<svg y="{top:g}" ', 1))
        top += height + GAP
    width, total = max(widths), top - GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {total:g}" '
        f'width="{width:g}" height="{total:g}">\n<rect width="{width:g}" height="{total:g}" fill="#fff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def rasterised(svg: Path) -> Path | None:
    """The picture as PNG beside it, drawn by a browser; None where there is none."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg.read_text(encoding="utf-8"))
    if browser is None or size is None:
        return None
    png = svg.with_suffix(".png")
    with tempfile.TemporaryDirectory() as profile:
        window = f"--window-size={size[1]},{round(float(size[2]))}"
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", window)
        places = (f"--user-data-dir={profile}", f"--screenshot={png}", svg.as_uri())
        subprocess.run([browser, *options, *places], check=True, capture_output=True)
    if quantiser := shutil.which("pngquant"):
        subprocess.run([quantiser, "--force", "--output", png, "--speed", "1", "128", png], check=True)
    return png


def drawn_map() -> Path:
    """Where all flights of the dossier's claims go."""
    dossier = load("third-site")
    cases = [asked(dossier.for_claim(name), name).case for name in dossier.claim]
    panels = scene_panels(scene_of(dossier, cases, Memory(), 2))
    return write_whole(FOLDER / "third-site-map.svg", joined([panel.svg for panel in panels]))


def drawn(words: list[str], path: Path) -> Path:
    """What a command draws."""
    code = cli.run([*words, "--out", str(path)])
    if code:
        sys.exit(code)
    return path


def watched(words: list[str], path: Path) -> Path:
    """What ``midcourse watch`` draws."""
    return drawn(["watch", *words], path)


def drawn_threats() -> Path:
    """All flights of the threats against the proposals, beneath each other."""
    proposals = [word for name in PROPOSALS for word in ("--architecture", name)]
    with tempfile.TemporaryDirectory() as folder:
        pictures = [
            watched(["third-site", "--threat", name, *proposals], Path(folder) / f"{name}.svg").read_text(
                encoding="utf-8"
            )
            for name in THREATS
        ]
    return write_whole(FOLDER / "timeline-iran.svg", joined(pictures))


def drawn_map_of(name: str) -> Path:
    """What ``midcourse map`` draws."""
    from PIL import Image

    words = ["third-site", *MAPS[name].split(), *SPACED.get(name, [])]
    path = drawn(["map", *words], FOLDER / f"map-{name}.png")
    picture = np.asarray(Image.open(path).convert("RGB"))
    colours, where, often = np.unique(picture.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    # The commonest colours stay as they are: a quantiser would mix a class of few cells with its neighbours.
    kept = colours[np.argsort(often)[-COLOURS:]]
    nearest = np.square(colours[:, None].astype(int) - kept).sum(axis=2).argmin(axis=1)
    small = Image.fromarray(nearest[where].reshape(picture.shape[:2]).astype(np.uint8), "P")
    small.putpalette(kept.tobytes())
    small.save(path, optimize=True)
    return path


def main() -> None:
    if sys.argv[1:] == ["maps"]:
        tell([drawn_map_of(name) for name in MAPS])
        return
    written = [drawn_map()]
    written += filter(None, [rasterised(written[0])])
    for name, flight in FLIGHTS.items():
        written.append(watched(flight.split(), FOLDER / f"{name}.svg"))
    written.append(drawn_threats())
    written.append(drawn(["compare", "third-site"], FOLDER / "compare.svg"))
    written += [drawn_map_of(name) for name in MAPS]
    tell(written)


def tell(written: list[Path]) -> None:
    sys.stdout.write("".join(f"{path}: {path.stat().st_size / 1e3:.0f} kB\n" for path in written))


if __name__ == "__main__":
    main()
