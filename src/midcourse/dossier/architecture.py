"""An architecture with those it extends folded in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from .defence import Architecture, Element
from .errors import InputError, listing, nearest_names

Part = TypeVar("Part", bound=Element)


def resolve(name: str, architectures: Mapping[str, Architecture]) -> Architecture:
    """The architecture standing alone: nothing extended, nothing left out, warning and doctrine inherited.

    A sensor or battery named like one of the parent replaces it. Raises InputError, with the key at fault,
    for an architecture that extends itself and for a ``without`` that names nothing.
    """
    return _resolve(name, architectures, ())


def _resolve(name: str, architectures: Mapping[str, Architecture], seen: tuple[str, ...]) -> Architecture:
    own = architectures[name]
    if name in seen:
        chain = " -> ".join((*seen[seen.index(name) :], name))
        raise InputError(
            f"an architecture that extends itself: {chain}", expected="a chain that ends", key=("extends",)
        )
    if own.extends is None:
        if own.without:
            raise InputError(
                "without names {value}, but nothing is extended",
                value=own.without[0],
                expected='extends = "name of an architecture"',
                key=("without",),
            )
        return own
    parent = _resolve(own.extends, architectures, (*seen, name))
    inherited = [element.name for element in (*parent.sensor, *parent.battery)]
    for position, removed in enumerate(own.without, start=1):
        if removed not in inherited:
            raise InputError(
                f"without names {{value}}, which {own.extends} does not have",
                value=removed,
                expected=listing(inherited) if inherited else None,
                nearest=nearest_names(removed, inherited),
                key=("without", str(position)),
            )
    return own.model_copy(
        update={
            "extends": None,
            "without": (),
            "satellite": own.satellite or parent.satellite,
            "doctrine": own.doctrine or parent.doctrine,
            "sensor": _merged(parent.sensor, own.sensor, own.without),
            "battery": _merged(parent.battery, own.battery, own.without),
        }
    )


def _merged(parent: Sequence[Part], own: Sequence[Part], without: Sequence[str]) -> tuple[Part, ...]:
    merged: dict[str, Part] = {}
    for element in (*(element for element in parent if element.name not in without), *own):
        merged[element.name] = element
    return tuple(merged.values())
