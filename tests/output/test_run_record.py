"""The record of a run: its schema, its kinds of event, and what is read back."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from midcourse import operation
from midcourse.dossier import InputError, load, parse_override
from midcourse.dossier.incident import check_incidents, read_raid_and_incidents
from midcourse.operation import interceptor, outcome, prepare, radar, simulate
from midcourse.operation.shield import Shield
from midcourse.output.operation import kinds
from midcourse.output.operation.document import SHIPPED_SCHEMA, Recorded, schema_json
from midcourse.output.operation.recording import read_record, record_text, recorded, write_record
from midcourse.output.operation.telling import CAUSES, SENTENCES
from midcourse.output.operation.writing import ENDINGS, write_run
from midcourse.study.operating import recorded_plan

from . import operated

SCHEMA: dict[str, Any] = json.loads(SHIPPED_SCHEMA.read_text(encoding="utf-8"))
NAMED = {f"{each.teller}: {each.name}" for each in kinds.KINDS}


def check_lines(lines: list[dict[str, Any]]) -> None:
    """Every line by the schema of its kind, and one of each kind by the schema as a whole, which is slow."""
    whole = Draft202012Validator(SCHEMA)
    seen = set()
    for line in lines:
        kind = kinds.kind_of(line)
        name = f"{kind.teller}: {kind.name}" if kind else "Header" if "format" in line else "Summary"
        if name not in seen:
            seen.add(name)
            whole.validate(line)
        part = {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}
        Draft202012Validator(part).validate(line)


def lines_of(run: Recorded) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record_text(run).splitlines()]


def test_the_schema_ships_as_it_is() -> None:
    """Else: python scripts/make_schema.py"""
    Draft202012Validator.check_schema(SCHEMA)
    assert SHIPPED_SCHEMA.read_text(encoding="utf-8") == schema_json()


@pytest.mark.parametrize("made", [operated.quiet, operated.troubled])
def test_lines_keep_to_the_schema(made: Callable[[], Shield]) -> None:
    lines = lines_of(operated.run_of(made()))
    assert len(lines) > 300
    check_lines(lines)


def test_trouble_is_told() -> None:
    told = {event["kind"] for event in operated.troubled().record.events}
    assert {"fail", "restore", "withdraw", "delay", "share", "nothing heard"} <= told


@pytest.mark.parametrize(
    "spoil",
    [
        lambda e: e.pop("time_s"),
        lambda e: e.update(kind="sings"),
        lambda e: e.update(time_s="soon"),
        lambda e: e.update(mood="good"),
        lambda e: e.update(event=-1),
        lambda e: e.update(node="link emr@brdy"),
        lambda e: e.pop("missile"),
    ],
)
def test_the_schema_refuses(spoil: Callable[[dict[str, Any]], Any]) -> None:
    spoilt = dict(operated.quiet().record.events[0])
    spoil(spoilt)
    assert not Draft202012Validator(SCHEMA).is_valid(spoilt)


#: Where the code does not write a kind out: what it may be then.
WORKED_OUT = {
    "_NEWS[what]": set(radar._NEWS.values()),
    "outcome": {
        value for name, value in vars(interceptor).items() if name.isupper() and isinstance(value, str)
    },
    "incident.do": {"fail", "restore", "withdraw", "share", "delay", "launch"},
}


def told_kinds() -> set[str]:
    """Every kind that the simulation may tell, read from its source."""
    found: set[str] = set()
    for source in resources.files(operation).iterdir():
        if source.name.endswith(".py"):
            tree = ast.parse(source.read_text(encoding="utf-8"))
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef):
                    for call in ast.walk(function):
                        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "tell":
                            found |= _read(call.args[1], tree, function)
    return found


def _read(node: ast.expr, tree: ast.Module, function: ast.FunctionDef) -> set[str]:
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return _read(node.body, tree, function) | _read(node.orelse, tree, function)
    name = ast.unparse(node)
    if name in WORKED_OUT:
        return WORKED_OUT[name]
    assigned = [
        each.value
        for each in ast.walk(function)
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == name
    ]
    if assigned:
        return set().union(*(_read(each, tree, function) for each in assigned))
    # An argument of the function: what its callers in the same file hand over.
    place = [argument.arg for argument in function.args.args].index(name) - 1
    handed: set[str] = set()
    for caller in ast.walk(tree):
        if isinstance(caller, ast.FunctionDef):
            for call in ast.walk(caller):
                if isinstance(call, ast.Call):
                    for argument in [*call.args[place : place + 1], *call.args]:
                        calls = (
                            getattr(call.func, "attr", "") == function.name and argument is call.args[place]
                        )
                        passes = ast.unparse(argument) == f"self.{function.name}"
                        if calls:
                            handed |= _read(argument, tree, caller)
                        elif passes:
                            after = call.args[call.args.index(argument) + 1 + place]
                            handed |= _read(after, tree, caller)
    assert handed, f"what is told as {name} in {function.name} cannot be read from the source"
    return handed


def test_every_kind_is_in_the_table() -> None:
    names = {each.name for each in kinds.KINDS}
    told = told_kinds()
    assert {"launch", "believes", "message lost", "hit known", "saw a miss", "lost", "stage burnout"} <= told
    assert told == names


def test_ends_are_those_of_interceptors() -> None:
    assert set(kinds.ENDS) == WORKED_OUT["outcome"]
    assert set(CAUSES) == set(outcome.CAUSES)


def test_one_of_each_kind() -> None:
    assert len(NAMED) == len(kinds.KINDS)
    assert set(SENTENCES) <= NAMED
    assert {field for each in kinds.KINDS for field in each.fields} <= set(kinds.FIELDS)
    used = {*kinds.ALWAYS, *kinds.SOMETIMES, "missile"} | {f for each in kinds.KINDS for f in each.fields}
    assert set(kinds.FIELDS) == used


def test_the_docs_have_the_table() -> None:
    docs = Path(__file__).parents[2] / "docs" / "run-record.md"
    assert kinds.table() in docs.read_text(encoding="utf-8")
    assert all(f"`{ending}`" in docs.read_text(encoding="utf-8") for ending in ENDINGS)


@pytest.mark.parametrize("made", [operated.quiet, operated.troubled])
def test_what_is_read_back_is_what_was_written(made: Callable[[], Shield], tmp_path: Path) -> None:
    run = operated.run_of(made())
    path = tmp_path / "run.jsonl"
    write_record(path, made(), command=operated.COMMAND, orders=operated.orders(6))
    assert read_record(path) == run
    assert record_text(read_record(path)) == path.read_text(encoding="utf-8")


def test_the_same_run_gives_the_same_bytes() -> None:
    again = operated.shield(incidents=operated.TROUBLE)
    assert record_text(operated.run_of(again)) == record_text(operated.run_of(operated.troubled()))
    other = operated.shield(run=1)
    assert record_text(operated.run_of(other)) != record_text(operated.run_of(operated.quiet()))


def test_the_header_holds_what_a_run_follows_from() -> None:
    header = operated.run_of(operated.troubled()).header
    assert (header.dossier, header.architecture, header.seed, header.run) == (
        "third-site",
        "third-site",
        1,
        0,
    )
    assert [(each.at_s, each.do) for each in header.incidents][:2] == [(300.0, "fail"), (500.0, "fail")]
    assert (header.orders[0].threat, header.orders[0].spread_s) == ("iran-us", 5.0)
    assert [each.at_s for each in header.raid] == sorted(each.at_s for each in operated.scenario().courses)
    assert header.batteries[2].inventory == 10


@pytest.mark.parametrize("made", [operated.quiet, operated.troubled])
def test_the_summary_agrees_with_the_events(made: Callable[[], Shield]) -> None:
    run = operated.run_of(made())
    kinds_told = [event["kind"] for event in run.events]
    s = run.summary
    assert s.leaked.mean == kinds_told.count("impact") == sum(s.causes.values())
    assert s.launched == s.leaked.mean + kinds_told.count("destroyed")
    assert sum(s.spent.values()) == kinds_told.count("launched") == s.interceptors_spent.mean
    assert sum(s.ends.values()) == sum(s.spent.values())
    assert s.leaked.distribution[int(s.leaked.mean)] == 1.0
    for fate in s.fates:
        events = run.of(fate.missile)
        assert fate.shots == sum(event["kind"] == "launched" for event in events)
        assert (fate.end == "hit") == any(event["kind"] == "destroyed" for event in events)
        found = [event["time_s"] for event in events if event["kind"] == "found"]
        assert [each.at_s for each in fate.sights][:1] == found[:1]
        steps = [fate.launch_s, fate.declared_s, fate.order_s, fate.interceptor_s]
        known = [step for step in steps if step is not None]
        assert known == sorted(known)


PARTS = ("emr@brdy", "fylingdales@fylingdales", "thule@thule")
INCIDENTS = st.lists(
    st.builds(
        lambda at, do, what: f"{at} s {do} {what}" + (" 15 s" if do == "delay" else ""),
        st.integers(0, 1500),
        st.sampled_from(["fail", "restore", "withdraw", "share", "delay"]),
        st.sampled_from(PARTS),
    ),
    max_size=6,
)


FEW = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(incidents=INCIDENTS, run=st.integers(1, 10**6))
def test_whatever_happens_can_be_read(tmp_path: Path, incidents: list[str], run: int) -> None:
    _can_be_read(tmp_path, incidents, run)


@pytest.mark.slow
@settings(FEW, max_examples=20)
@given(incidents=INCIDENTS, run=st.integers(1, 10**6))
def test_much_that_happens_can_be_read(tmp_path: Path, incidents: list[str], run: int) -> None:
    _can_be_read(tmp_path, incidents, run)


def _can_be_read(tmp_path: Path, incidents: list[str], run: int) -> None:
    path = tmp_path / "run.jsonl"
    write_record(path, operated.shield(run=run, incidents=tuple(incidents)))
    read = read_record(path)
    check_lines([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
    assert len(read.header.incidents) == len(incidents)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda lines: lines[1:], ":1: not the record of a run"),
        (lambda lines: lines[:0], ":1: not the record of a run"),
        (lambda lines: lines[:-1], "the record breaks off"),
        (lambda lines: ["[1]", *lines[1:]], ":1: [1] is not an object"),
        (lambda lines: [*lines[:4], lines[4][:30], *lines[5:]], ":5:"),
        (lambda lines: [*lines[:4], *lines[5:]], ":5: event out of turn: 4; expected 3"),
        (lambda lines: [*lines[:-2], lines[-1]], "events are missing"),
        (lambda lines: _changed(lines, 0, format="midcourse-run-2"), ":1: format:"),
        (lambda lines: _changed(lines, 0, seed="one"), ":1: seed:"),
        (
            lambda lines: _changed(lines, 1, kind="lanch"),
            ':2: unknown kind of event: "lanch"; did you mean "launch"?',
        ),
        (lambda lines: _changed(lines, 1, node="command"), ':2: "command" does not tell "launch"'),
        (lambda lines: _changed(lines, 1, missile="M99"), ':2: unknown missile: "M99"'),
        (lambda lines: _changed(lines, 1, altitude_km="high"), ":2: launch: altitude_km is not number"),
        (lambda lines: _changed(lines, 1, mood=1), ":2: launch: mood does not belong there"),
        (lambda lines: _changed(lines, 1, cause=7), ":2: a cause after its effect"),
    ],
)
def test_what_is_no_record_is_told_with_its_line(
    tmp_path: Path, spoil: Callable[[list[str]], list[str]], told: str
) -> None:
    path = tmp_path / "run.jsonl"
    lines = record_text(operated.run_of(operated.quiet())).splitlines()
    path.write_text("".join(f"{line}\n" for line in spoil(lines)))
    with pytest.raises(InputError) as caught:
        read_record(path)
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def _changed(lines: list[str], number: int, **changes: Any) -> list[str]:
    changed = json.dumps(json.loads(lines[number]) | changes)
    return [*lines[:number], changed, *lines[number + 1 :]]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*no such file"):
        read_record(tmp_path / "none.jsonl")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_run_is_written_by_its_ending(ending: str, tmp_path: Path) -> None:
    path = write_run(tmp_path / f"run{ending}", operated.quiet(), command=operated.COMMAND)
    content = path.read_bytes()
    begins = {".png": b"\x89PNG", ".svg": b"<svg", ".html": b"<!DOCTYPE html>", ".czml": b"["}
    assert content.startswith(begins.get(ending, b"{"))
    if ending == ".json":
        summary = json.loads(content)
        assert summary["runs"] == 1
        assert summary["launched"] == 6
        assert summary["seed"] == operated.SEED


def test_no_other_ending(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no form of a run has the ending of .*run\.txt"):
        write_run(tmp_path / "run.txt", operated.quiet())
    assert not list(tmp_path.iterdir())


def test_events_that_were_not_kept() -> None:
    blind = operation.simulate(operated.scenario(), operated.SEED, kept=False)
    with pytest.raises(ValueError, match="not kept"):
        recorded(blind)


RAID = """
[[launch]]
missile = "notional-icbm"
from = "34.0,47.5"
to = "New York City"
at = "7 s"
count = 2
spacing = "11 s"
spread = "3 s"

[[incident]]
at = "600 s"
do = "fail"
what = "emr@brdy"
"""


def test_a_run_can_be_run_again(tmp_path: Path) -> None:
    (tmp_path / "raid.toml").write_text(RAID, encoding="utf-8")
    dossier, orders, incidents = read_raid_and_incidents(tmp_path / "raid.toml", load(operated.NAME))
    found = check_incidents(dossier, operated.NAME, incidents)
    first = simulate(prepare(dossier, operated.NAME, orders, 5), 5, 3, incidents=found)
    path = write_record(tmp_path / "run.jsonl", first, orders=orders, raid_file=RAID)

    header = read_record(path).header
    plan = recorded_plan(load(header.dossier), header, str(path))
    second = simulate(plan.scenario(), plan.seed, plan.run, incidents=plan.incidents)
    write_record(tmp_path / "again.jsonl", second, orders=orders, raid_file=header.raid_file)
    assert (tmp_path / "again.jsonl").read_bytes() == path.read_bytes()


def test_another_dossier_is_told() -> None:
    header = operated.run_of(operated.quiet()).header
    changed = load(operated.NAME, [parse_override("radar.emr.losses=9 dB")])
    with pytest.raises(InputError, match="the run was made with other figures than these"):
        recorded_plan(changed, header, "run.jsonl")
    assert recorded_plan(load(operated.NAME), header, "run.jsonl").orders[0].count == 6
