"""The cases that a question is asked of: which are shown, what they are called, and where they come from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from midcourse.dossier.errors import InputError, listing, nearest_names
from midcourse.output.numbers import NARROW_SPACE
from midcourse.output.wording import parameter_name

if TYPE_CHECKING:
    import xarray as xr

#: Dimensions that are no figure imposed.
NAMED = ("dossier", "architecture", "threat", "claim", "missiles", "world", "lat", "lon", "cell")
#: Cases told apart by colour in one panel.
MOST_SERIES = 6


@dataclass(frozen=True)
class Shown:
    """A question to be drawn. See ``study_picture``."""

    name: str
    data: xr.Dataset
    about: Mapping[str, Any]
    done: float

    @property
    def variants(self) -> list[str]:
        """Dimensions along which dossiers differ: which it is, and every figure imposed."""
        found = (str(dim) for dim in self.data["value" if "value" in self.data else "through"].dims)
        return [dim for dim in found if dim == "dossier" or dim not in NAMED]

    @property
    def worlds(self) -> int:
        return int(self.data.sizes["world"])

    @property
    def fixed(self) -> str:
        """In words, what figures are imposed on all that is shown."""
        told = [
            f"{parameter_name(dim)} at {label(self.data, dim, 0)}"
            for dim in self.variants
            if dim != "dossier" and self.data.sizes[dim] == 1
        ]
        return f"With {listing(told).replace(' or ', ' and ')}." if told else ""

    @property
    def provenance(self) -> str:
        """What made the picture."""
        about, data = self.about, self.data
        parts = [f"study {about['title']}", f"question {self.name}"]
        dossiers = [label(data, "dossier", i) for i in range(data.sizes["dossier"])]
        parts.append(f"dossier{'s' if len(dossiers) > 1 else ''} {' and '.join(dossiers)}")
        parts += [f"plan {str(about['plan_hash'])[:12]}", f"midcourse {about['version']}"]
        parts += [f"{self.worlds:,} worlds ({about['sampler']})", f"seed {about['seed']}"]
        text = ", ".join(parts)
        return f"{text[0].upper()}{text[1:]}."

    @property
    def part(self) -> str:
        """How much of the study there is, unless it is all."""
        if self.done >= 1.0:
            return ""
        # Never rounded up to all.
        return f"Not finished: {math.floor(100.0 * self.done)}{NARROW_SPACE}% of the study."


@dataclass(frozen=True)
class Case:
    """A place along some dimensions, and what it is called."""

    at: dict[str, int]
    name: str


def choose(data: xr.Dataset, chosen: Mapping[str, str], option: str = "--show") -> xr.Dataset:
    """The data where dimensions are as chosen; they stay, with one place each."""
    for dim, wanted in chosen.items():
        names = [str(each) for each in data.dims if each not in ("world", "lat", "lon", "cell")]
        if dim not in names:
            raise InputError(
                "nothing in this question is called {value}", where=option, value=dim,
                nearest=nearest_names(dim, names), expected=listing(names),
            )  # fmt: skip
        labels = [label(data, dim, i) for i in range(data.sizes[dim])]
        if wanted not in labels:
            raise InputError(
                f"{dim} is nowhere {{value}}", where=option, value=wanted,
                nearest=nearest_names(wanted, labels), expected=listing(labels),
            )  # fmt: skip
        data = data.isel({dim: [labels.index(wanted)]})
    return data


def label(data: xr.Dataset, dim: str, place: int) -> str:
    """What a place along a dimension is called."""
    return str(data[dim].values[place])


def title(data: xr.Dataset, dim: str, place: int) -> str:
    """What a place along a dimension is, in words."""
    named = f"{dim}_title"
    return str(data[named].values[place]) if named in data.coords else label(data, dim, place)


def cases(data: xr.Dataset, dims: Sequence[str]) -> list[Case]:
    """Every case along some dimensions; those that do not vary are not named."""
    found = []
    for place in product(*(range(data.sizes[dim]) for dim in dims)):
        at = dict(zip(dims, place, strict=True))
        named = [
            title(data, dim, i) if dim in NAMED else f"{parameter_name(dim)}: {label(data, dim, i)}"
            for dim, i in at.items()
            if data.sizes[dim] > 1
        ]
        found.append(Case(at, ", ".join(named)))
    return found


def split(data: xr.Dataset, dims: Sequence[str]) -> tuple[list[Case], list[Case]]:
    """Cases shared out: panels along the first dimensions, in each no more series than can be told apart."""
    first = 0
    while math.prod(data.sizes[dim] for dim in dims[first:]) > MOST_SERIES:
        first += 1
    return cases(data, dims[:first]), cases(data, dims[first:])
