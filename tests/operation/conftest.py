"""Raids for the shield in operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from midcourse.dossier import Dossier
from midcourse.dossier.incident import Incident
from midcourse.dossier.raid import Order, read_raid
from midcourse.model.memory import Memory
from midcourse.operation import Scenario, Shield, prepare, simulate

IRBM = 'missile = "notional-irbm"'
Make = Callable[..., Scenario]
Play = Callable[..., Shield]


@pytest.fixture(scope="session")
def make(third_site: Dossier, memory: Memory, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Make a scenario of launches as written in a raid's file."""

    def made(
        *launches: str,
        architecture: str = "third-site",
        figures: dict[str, str] | None = None,
        seed: int = 0,
        sure: bool = False,
    ) -> Scenario:
        file: Path = tmp_path_factory.mktemp("raid") / "raid.toml"
        file.write_text("".join(f"[[launch]]\n{each}\n" for each in launches), "utf-8")
        dossier, orders = read_raid(file, third_site.with_overrides(figures or {}))
        return prepare(dossier, architecture, orders, seed, sure=sure, memory=memory)

    return made


@pytest.fixture(scope="session")
def raid(make: Make) -> Scenario:
    """Six missiles from three places to three cities, against both radars."""
    return make(
        *(
            f'{IRBM}\nfrom = "{start}"\nto = "{city}"\nat = "{at} s"\nspacing = "20 s"\ncount = 2\n'
            for start, city, at in (
                ("35.7,51.4", "52.52,13.41", 0),
                ("38.1,46.3", "48.86,2.35", 30),
                ("34.0,47.5", "41.9,12.5", 90),
            )
        ),
        architecture="joint",
    )  # fmt: skip


@pytest.fixture(scope="session")
def play(raid: Scenario) -> Play:
    """Run the raid."""

    def played(seed: int, run: int = 0, *, incidents: Sequence[Incident] = ()) -> Shield:
        return simulate(raid, seed, run, incidents=incidents)

    return played


@pytest.fixture(scope="session")
def scenario(third_site: Dossier, memory: Memory) -> Scenario:
    """Three missiles; the second and third leave on whole seconds on which incidents may fall, too."""
    return prepare(third_site, "third-site", (Order("iran-us", 3, 0.0, 30.0),), seed=1, memory=memory)
