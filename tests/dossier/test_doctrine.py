"""Doctrines, links and the room a radar has for tracks: what they say, and contradictions refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from midcourse.dossier import Dossier, InputError, entry_table, load
from midcourse.model.defence import doctrine

from .conftest import SMALL

Refused = Callable[[str, str], str]

DECISION = 'decision_delay = "60 s"'
DELAY = 'delay = "15 s"'
TILT = 'tilt = "20 deg"'
UNCERTAIN = """outage = [
  { from = "1 s", to = "2 s" },
  { from = "10 s", to = { value = "20 s", low = "5 s", high = "30 s" } },
]"""


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[[str, str], Dossier]:
    def make(old: str, new: str) -> Dossier:
        assert SMALL.count(old) == 1
        (tmp_path / "dossier.toml").write_text(SMALL.replace(old, new), encoding="utf-8")
        return load(tmp_path)

    return make


Loaded = Callable[[str, str], Dossier]

CASES = {
    "salvo of none": (DECISION, "salvo = 0", "(doctrine.nominal.salvo)", ["0 is too small", "at least 1"]),
    "salvo above the most shots": (
        DECISION, "salvo = 4\nmost_shots = 2", "(doctrine.nominal.salvo)",
        ["salvo 4 is above most_shots 2;", "most_shots = 4 or more"],
    ),
    "salvo above the most shots that hold unwritten": (
        DECISION, "salvo = 5", "(doctrine.nominal.salvo)",
        ["salvo 5 is above most_shots 4, which holds where none is written"],
    ),
    "shots that nobody looks for": (
        DECISION, "salvo = 2\nlook = false\nmost_shots = 4", "(doctrine.nominal.most_shots)",
        ["most_shots 4 with look = false", "one salvo of 2", "look = true, or most_shots = 2"],
    ),
    "look by word": (DECISION, 'look = "no"', "(doctrine.nominal.look)", ["true or false"]),
    "negative reserve": (DECISION, "reserve = -1", "(doctrine.nominal.reserve)", ["at least 0"]),
    "part of an interceptor": (DECISION, "reserve = 1.5", "(doctrine.nominal.reserve)", ["whole number"]),
    "reserve of all there is": (
        DECISION, "reserve = 10", "(doctrine.nominal.reserve)",
        ["battery two-stage@redzikowo of architecture base none of its 10", "a reserve below 10"],
    ),
    "negative consultation": (
        DECISION, 'consultation = "-5 s"', "(doctrine.nominal.consultation)", ["at least 0 s"],
    ),
    "share of what never arrives": (DELAY, "loss = 1.2", "(link.shared.loss)", ["0 to 1", "1.2"]),
    "capacity in bits": (DELAY, 'capacity = "20 km"', "(link.shared.capacity)", ["is not a rate", '"20 Hz"']),
    "link without room": (DELAY, 'capacity = "0 Hz"', "(link.shared.capacity)", ["zero", "more than zero"]),
    "what a link cannot pass": (
        DELAY, 'passes = "tracks"', "(link.shared.passes)", ["unknown choice", 'did you mean "track"?'],
    ),
    "reports without an interval": (
        DELAY, 'report_interval = "0 s"', "(link.shared.report_interval)", ["zero", "more than zero"],
    ),
    "outage that ends before it begins": (
        DELAY, 'outage = [{ from = "5 min", to = "200 s" }]', "(link.shared.outage.1.from)",
        ["from 5 min is not before to 200 s"],
    ),
    "outage of an uncertain end": (
        DELAY,
        UNCERTAIN,
        "(link.shared.outage.2.from)", ["from 10 s is not before to 5 s at its low end"],
    ),
    "outage without end": (
        DELAY, 'outage = [{ from = "1 s" }]', "(link.shared.outage.1.to)", ["missing key", '"68.4 s"'],
    ),
    "radar with room for none": (TILT, "track_limit = 0", "(radar.emr.track_limit)", ["at least 1"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_refused_in_one_line(refused: Refused, case: str) -> None:
    old, more, place, parts = CASES[case]
    message = refused(old, f"{old}\n{more}")
    assert place in message
    line = int(message.split(":")[1].split(" ")[0])
    written = SMALL.replace(old, f"{old}\n{more}").splitlines()
    named = place.strip("()").split(".")
    assert (
        next(key for key in reversed(named) if not key.isdecimal()) in written[line - 1]
        or "missing" in message
    )
    for part in parts:
        assert part in message, message


def test_reserve_against_the_batteries_of_an_extended_architecture(refused: Refused) -> None:
    message = refused(
        'battery = [{ interceptor = "two-stage", site = "redzikowo", inventory = 10 }]',
        'battery = [{ interceptor = "two-stage", site = "redzikowo", inventory = 10 }]\n'
        '[[architecture.wide.battery]]\ninterceptor = "two-stage"\nsite = "brdy"\ninventory = 3\n'
        '[architecture.wide]\nname = "Wide"\nextends = "base"\ndoctrine = "careful"\nsource = "slides"\n'
        '[doctrine.careful]\nname = "Careful"\ndecision_delay = "60 s"\nshot_interval = "10 s"\n'
        'assessment_delay = "60 s"\nsource = "slides"\nreserve = 3\n',
    )
    assert "(doctrine.careful.reserve)" in message
    assert "battery two-stage@brdy of architecture wide none of its 3" in message
    # One contradiction of one doctrine is one problem, however many batteries it concerns.
    assert "more problem" not in message


def test_reserve_by_option(small: Dossier) -> None:
    assert small.with_overrides({"doctrine.nominal.reserve": "9"}).doctrine["nominal"].reserve == 9
    with pytest.raises(InputError, match=r"^--set doctrine\.nominal\.reserve: a reserve of 10 leaves"):
        small.with_overrides({"doctrine.nominal.reserve": "10"})
    kept = small.with_overrides({"doctrine.nominal.reserve": "4"})
    with pytest.raises(
        InputError, match=r"^--set architecture\.base\.battery\.1\.inventory, at .*reserve of 4"
    ):
        kept.with_overrides({"architecture.base.battery.1.inventory": "4"})


def test_left_out(small: Dossier) -> None:
    found = small.doctrine["nominal"]
    assert (found.salvo, found.look, found.most_shots, found.reserve) == (1, True, 4, 0)
    link = small.link["shared"]
    assert (link.passes, link.capacity, link.outage) == ("track", None, ())
    assert small.radar["emr"].track_limit is None


def test_written(loaded: Loaded) -> None:
    read = loaded(
        DELAY,
        f'{DELAY}\nloss = "5 %"\ncapacity = "20 Hz"\npasses = "cue"\nreport_interval = "10 s"\n'
        'outage = [{ from = "300 s", to = "7 min" }, { from = "600 s", to = "601 s" }]',
    )
    link = read.link["shared"]
    assert link.loss.value == pytest.approx(0.05)
    assert link.capacity is not None
    assert link.capacity.value == 20.0
    assert link.passes == "cue"
    assert [(each.from_.value, each.to.value) for each in link.outage] == [(300.0, 420.0), (600.0, 601.0)]
    # An outage's times are parameters like others, with the link's source.
    assert read.parameters()["link.shared.outage.1.to"].source == "slides"
    later = read.with_overrides({"link.shared.outage.2.to": "700 s", "link.shared.passes": "raw"})
    assert later.link["shared"].outage[1].to.value == 700.0
    assert later.link["shared"].passes == "raw"


LATER = {
    "doctrine.nominal.consultation": "0 s",
    "doctrine.nominal.salvo": "2",
    "doctrine.nominal.look": "false",
    "doctrine.nominal.most_shots": "5",
    "doctrine.nominal.reserve": "1",
    "link.shared.loss": "0.1",
    "link.shared.capacity": "20 Hz",
    "link.shared.passes": "raw",
    "link.shared.report_interval": "6 s",
    "radar.emr.track_limit": "40",
}


def test_hash_moves_with_later_fields_only_where_they_are_written(small: Dossier) -> None:
    hashes = {path: small.with_overrides({path: value}).hash for path, value in LATER.items()}
    assert len({*hashes.values(), small.hash}) == len(LATER) + 1
    # What this dossier's content came to before there were these fields.
    assert small.hash == "d06cbfd5aca7eafe"


def test_rows_of_what_is_written_alone(small: Dossier) -> None:
    rows = {row[0] for row in entry_table(small.doctrine["nominal"])}
    assert rows == {"name", "decision_delay", "shot_interval", "assessment_delay"}
    more = small.with_overrides({"doctrine.nominal.salvo": "2", "doctrine.nominal.look": "false"})
    written = {row[0]: row[1] for row in entry_table(more.doctrine["nominal"])}
    assert (written["salvo"], written["look"]) == ("2", "no")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    salvo=st.integers(0, 6),
    most=st.none() | st.integers(0, 8),
    look=st.booleans(),
    reserve=st.integers(0, 12),
)
def test_every_doctrine_is_read_or_refused(
    small: Dossier, salvo: int, most: int | None, look: bool, reserve: int
) -> None:
    written = {"salvo": str(salvo), "look": str(look).lower(), "reserve": str(reserve)}
    if most is not None:
        written["most_shots"] = str(most)
    sound = 1 <= salvo <= (4 if most is None else most) and (look or most in (None, salvo)) and reserve < 10
    try:
        read = small.with_overrides({f"doctrine.nominal.{key}": value for key, value in written.items()})
    except InputError:
        assert not sound
        return
    assert sound
    made = doctrine(read, "nominal")
    # The simulation need not know of the default that a doctrine without a look does not keep to.
    assert made.most_shots == (salvo if not look else 4 if most is None else most)
    assert (made.salvo, made.look, made.reserve) == (salvo, look, reserve)
