"""The pictures of the documentation are what the page looks like."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

ROOT = Path(__file__).parents[2]
STORED = ROOT / "docs/images"
NAMES = [
    f"page-{size}-{claim}.png"
    for size in ("laptop", "projector", "phone")
    for claim in ("threaten", "europe", "gabala")
]
#: Letters and lines are smoothed otherwise by other versions of a browser: blocks of so many pixels are
#: compared, by so much of the whole range, and so many of them may differ.
BLOCK, APART, MAY_DIFFER = 6, 0.08, 0.01


def blocks(path: Path) -> NDArray[np.float64]:
    """A picture in blocks, from 0 to 1."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB").reduce(BLOCK), float) / 255.0


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    command = [sys.executable, str(ROOT / "scripts/make_page_pictures.py"), "--out", str(folder)]
    subprocess.run(command, check=True, timeout=1_200)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_page_looks_as_the_documentation_shows_it(taken: Path, name: str) -> None:
    """Else look at both, and where the new one is right: python scripts/make_page_pictures.py"""
    stored, now = blocks(STORED / name), blocks(taken / name)
    assert now.shape == stored.shape
    apart = (np.abs(now - stored).max(axis=2) > APART).mean()
    assert apart < MAY_DIFFER, f"{100 * apart:.1f} % of {name} looks otherwise: {taken / name}"
