"""A study's plan as it is written in TOML: read as strictly as a dossier."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from ..dossier import parameter as p
from ..dossier.parameter import default
from ..dossier.table import Flag, Table, Text, Whole, WholeOrZero, as_list

Names = Annotated[tuple[Text, ...], BeforeValidator(as_list)]


def _whole_list(value: object) -> object:
    return [value] if isinstance(value, int) else value


class Header(Table):
    """``[study]``: what all questions of a study share.

    ``architectures`` and ``threats`` are those of every question that does not name its own.
    """

    title: Text
    dossiers: Names
    architectures: Names = ()
    threats: Names = ()
    samples: WholeOrZero = 0
    sampler: Literal["sobol", "latin", "plain"] = "sobol"
    seed: WholeOrZero = 0


class Claims(Table):
    """``[claims.NAME]``: whether claims hold; all of a dossier's where none is named."""

    of: Names = ()


class Quantity(Table):
    """``[quantity.NAME]``: a quantity that a claim could be about, for every architecture and threat.

    ``cases`` holds what else the quantity needs, as a claim's cases do.
    """

    quantity: Text
    cases: dict[str, Any] = Field(default_factory=dict)
    architectures: Names = ()
    threats: Names = ()


class Map(Table):
    """``[map.NAME]``: a quantity over the cells of a grid, for every architecture and threat."""

    quantity: Literal["defended", "shots", "warning"] = "defended"
    region: Text
    grid: Text = "1 deg"
    equal_area: Flag = False
    from_: Names = Field(default=(), alias="from")
    share: p.Fraction = default(1.0, "")
    architectures: Names = ()
    threats: Names = ()


class Raid(Table):
    """``[raid.NAME]``: how many of so many missiles get through, for every architecture and threat."""

    missiles: Annotated[tuple[Whole, ...], BeforeValidator(_whole_list)]
    spacing: p.Duration = default(0.0, "s")
    doctrine: Literal["salvo", "look"] = "salvo"
    shots: Whole | None = None
    reserve: WholeOrZero = 0
    batteries: Names = ()
    architectures: Names = ()
    threats: Names = ()


#: The kinds of question, as their tables are headed.
KINDS: dict[str, type[Table]] = {"claims": Claims, "quantity": Quantity, "map": Map, "raid": Raid}


class Study(Table):
    """A plan's file."""

    study: Header
    set: dict[str, Names] = Field(default_factory=dict)
    claims: dict[str, Claims] = Field(default_factory=dict)
    quantity: dict[str, Quantity] = Field(default_factory=dict)
    map: dict[str, Map] = Field(default_factory=dict)
    raid: dict[str, Raid] = Field(default_factory=dict)
