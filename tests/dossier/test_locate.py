"""Line numbers of keys, for every way TOML has of writing them."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from midcourse.dossier.locate import line_of, lines_of

TEXT = '''\
# a comment with [brackets] and "quotes"
top = 1

[missile.x]                # 4
payload = { value = "1 kg", low = "1 kg" }
rcs.X = "1 m^2"
"quoted key" = 1
'single' = """
several
= lines ] """
after = \'\'\'
x = 1
\'\'\'
list = [ # 14
  "a", # [
  ["b"],
  { c = 1, d.e = 2 },
]

[[missile.x.stage]]        # 20
thrust = "1 N"

  [[missile.x.stage]]
  "thrust" = "2 N"         # 24
  [missile.x.stage.inner]
  deep = 1979-05-27T07:32:00Z
[ missile . "y.z" ]        # 27
payload = "a \\" b" # not ] this
end = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("missile",), 4),
        (("missile", "x"), 4),
        (("missile", "x", "payload"), 5),
        (("missile", "x", "payload", "low"), 5),
        (("missile", "x", "rcs", "X"), 6),
        (("missile", "x", "rcs"), 6),
        (("missile", "x", "quoted key"), 7),
        (("missile", "x", "single"), 8),
        (("missile", "x", "after"), 11),
        (("missile", "x", "list"), 14),
        (("missile", "x", "list", "1"), 15),
        (("missile", "x", "list", "2"), 16),
        (("missile", "x", "list", "3", "d", "e"), 17),
        (("missile", "x", "stage", "1"), 20),
        (("missile", "x", "stage", "1", "thrust"), 21),
        (("missile", "x", "stage", "2"), 23),
        (("missile", "x", "stage", "2", "thrust"), 24),
        (("missile", "x", "stage", "2", "inner", "deep"), 26),
        (("missile", "y.z"), 27),
        (("missile", "y.z", "end"), 29),
        (("missile", "x", "absent"), 4),
        (("missile", "x", "stage", "2", "absent", "deeper"), 23),
        (("absent",), None),
    ],
)
def test_line_of(path: tuple[str, ...], line: int | None) -> None:
    tomllib.loads(TEXT)
    assert line_of(TEXT, path) == line


def test_windows_line_ends() -> None:
    assert line_of(TEXT.replace("\n", "\r\n"), ("missile", "y.z", "end")) == 29


def paths(value: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Every path of a parsed document, list items counted from "1"."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value, start=1)
    return {path} - {()} | {deeper for key, item in items for deeper in paths(item, (*path, str(key)))}


values = st.recursive(
    st.sampled_from(
        ["1", "-2.5e3", "true", "1979-05-27", '"te # ]xt"', "'}'", '"""\na\n\n"b"\n"""', "'''\n'\n'''"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[\n" + ", # x ]\n".join(items) + "\n]")
        | st.dictionaries(st.sampled_from(["a", "b-1", '"q # . "']), inner, max_size=3).map(
            lambda table: "{ " + ", ".join(f"{key} = {item}" for key, item in table.items()) + " }"
        )
    ),
    max_leaves=8,
)


@given(st.lists(values, min_size=1, max_size=6))
def test_finds_every_key_of_any_document(written: list[str]) -> None:
    text = "\n".join(f"[[t.u]]\n\nk = {value}\n[v.w{i}] # c\nm.n = 1" for i, value in enumerate(written))
    expected = paths(tomllib.loads(text))
    assert expected <= lines_of(text).keys()
    starts = [number for number, line in enumerate(text.splitlines(), start=1) if line.startswith("k = ")]
    found = [line_of(text, ("t", "u", str(i), "k")) for i in range(1, len(written) + 1)]
    assert set(found) <= set(starts)
    assert found == sorted(found)  # type: ignore[type-var]
