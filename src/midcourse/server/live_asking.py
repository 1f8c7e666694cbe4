"""A live run as it is asked for: every mistake in that is told in one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..dossier import Dossier, InputError, nearest_names
from ..dossier.errors import listing
from ..dossier.override import flatten
from ..operation.steering import FASTEST, read_number

#: What a page's argument stands at: dossier, viewpoint, and what is set.
State = dict[str, Any]
OpenState = Callable[[State], Dossier]

#: Missiles in a live run, those injected among them.
MOST_MISSILES = 50
_MOST_INCIDENTS = 100
_LONGEST_SPACING = 3600.0  # s
_START = {
    "do": None, "state": None, "architecture": None, "threat": None, "missiles": 5, "spacing_s": 0.0,
    "speed": 20.0, "seed": 0, "incidents": (), "paused": False,
}  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """A live run as it is asked for."""

    state: State
    architecture: str
    threat: str | None
    missiles: int
    spacing_s: float
    speed: float
    seed: int
    incidents: tuple[str, ...]
    paused: bool


def read_ask(command: Mapping[str, Any]) -> Ask:
    """What a client asks to be started; InputError for what cannot be."""
    for key in command:
        if key not in _START:
            raise InputError(
                "unknown key beside do = start", value=key, expected=listing(_START),
                nearest=nearest_names(key, _START),
            )  # fmt: skip
    given = {**_START, **{key: value for key, value in command.items() if value is not None}}
    state = _state(given["state"])
    incidents = _of(given["incidents"], list | tuple, "incidents", '["300 s fail emr@brdy"]')
    if len(incidents) > _MOST_INCIDENTS:
        raise InputError(
            f"{len(incidents)} incidents", where="incidents", expected=f"at most {_MOST_INCIDENTS}"
        )
    threat = given["threat"]
    return Ask(
        state,
        _of(given["architecture"], str, "architecture", '"third-site"'),
        None if threat is None else _of(threat, str, "threat", '"iran-us"'),
        _whole(given["missiles"], "missiles", 1, MOST_MISSILES),
        _spacing(given["spacing_s"]),
        read_number(given["speed"], "speed", FASTEST, "20"),
        _whole(given["seed"], "seed", 0, 2**31 - 1),
        tuple(_of(each, str, "incidents", '"300 s fail emr@brdy"') for each in incidents),
        _of(given["paused"], bool, "paused", "true or false"),
    )


def _state(value: Any) -> State:
    state = _of(value, dict, "state", '{"dossier": "third-site", "viewpoint": null, "set": {}}')
    viewpoint, figures = state.get("viewpoint"), state.get("set") or {}
    _of(figures, dict, "state.set", '{"doctrine.nominal.decision_delay": "200 s"}')
    return {
        "dossier": _of(state.get("dossier"), str, "state.dossier", '"third-site"'),
        "viewpoint": None if viewpoint is None else _of(viewpoint, str, "state.viewpoint", '"mda"'),
        "set": {path: _of(each, str, f"state.set.{path}", '"200 s"') for path, each in figures.items()},
    }


def _of(value: Any, kind: Any, where: str, example: str) -> Any:
    if value is None:
        raise InputError("missing key", value=where, expected=example)
    if not isinstance(value, kind):
        raise InputError("{value} cannot be used", where=where, value=value, expected=example)
    return value


def _whole(value: Any, where: str, least: int, most: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    raise InputError(
        "{value} cannot be used",
        where=where,
        value=value,
        expected=f"a whole number from {least} to {most:,}",
    )


def _spacing(value: Any) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if good and 0.0 <= value <= _LONGEST_SPACING:
        return float(value)
    raise InputError(
        "{value} cannot be used", where="spacing_s", value=value,
        expected=f"a number from 0 to {_LONGEST_SPACING:,.0f}, such as 30",
    )  # fmt: skip


def opened(state: State, open_state: OpenState) -> tuple[Dossier, dict[str, str]]:
    """The dossier at which a state stands, and all that is imposed on it: so the command line gives the same,
    which takes no viewpoint.
    """
    dossier = open_state(state)
    figures = dict(state["set"])
    if state["viewpoint"] is None:
        return dossier, figures
    taken = dict(_written(flatten(dossier.get("viewpoint", state["viewpoint"]).set)))
    figures = {**{path: value for path, value in taken.items() if path not in figures}, **figures}
    return open_state({**state, "viewpoint": None, "set": figures}), figures


def _written(figures: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Figures as ``--set`` takes them."""
    for path, value in figures.items():
        if isinstance(value, dict):
            keys = {f"{path}.{key}": each for key, each in value.items() if key != "value"}
            yield from _written({path: value["value"], **keys} if "value" in value else keys)
        else:
            yield path, value if isinstance(value, str) else json.dumps(value)
