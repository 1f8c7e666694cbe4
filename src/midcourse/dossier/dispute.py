"""What the dispute is about: places, threats, the parties' viewpoints and claims, and where they said it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from . import parameter as p
from .errors import InputError
from .parameter import default
from .table import Country, Date, Number, Ref, SourceKey, Table, Text, Whole, as_list
from .units import DIMENSIONLESS, read_quantity, written_unit


class Source(Table):
    title: Text
    author: Text | None = None
    publisher: Text | None = None
    date: Date | None = None
    url: Text | None = None
    note: Text | None = None


class Header(Table):
    """What the dossier is about, and how its claims are judged."""

    name: Text
    title: Text
    summary: Text = "No summary."
    date: Date = "undated"
    version: Text = "1"
    samples: Whole = 512
    supported: p.Fraction = default(0.9)
    refuted: p.Fraction = default(0.1)
    source: SourceKey | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Header:
        if self.refuted.value >= self.supported.value:
            raise InputError(
                f"refuted at {self.refuted.text} is not below supported at {self.supported.text}",
                expected="refuted < supported, such as 0.1 and 0.9",
                key=("refuted",),
            )
        return self


class Point(Table):
    name: Text
    lat: p.Latitude
    lon: p.Longitude
    country: Country | None = None
    population: Annotated[int, Field(strict=True, ge=0)] | None = None
    source: SourceKey | None = None


class Places(Table):
    name: Text
    point: tuple[Point, ...]
    source: SourceKey | None = None


class Threat(Table):
    """Flights of one missile, or of any of several, between two sets of places; ``apogee`` in m."""

    name: Text
    missile: Annotated[tuple[str, ...], BeforeValidator(as_list), Ref("missile")]
    from_: Annotated[str, Ref("places")] = Field(alias="from")
    to: Annotated[str, Ref("places")]
    trajectory: Literal["minimum-energy", "full-burnout"] = "minimum-energy"
    apogee: p.Height | None = None
    deployed: Whole | None = None
    source: SourceKey

    @model_validator(mode="after")
    def _flies_something(self) -> Threat:
        if not self.missile:
            raise InputError("a threat without a missile", expected='missile = "name"', key=("missile",))
        return self


class Viewpoint(Table):
    """One party's figures: paths and values, as in ``--set``."""

    name: Text
    set: dict[str, Any]
    source: SourceKey

    @model_validator(mode="after")
    def _sets_something(self) -> Viewpoint:
        if not self.set:
            raise InputError(
                "a viewpoint without figures",
                expected='"path" = "value", with a path as in --set',
                key=("set",),
            )
        return self


class Correlation(Table):
    """Parameters that physics ties to one another: where one is high in its range, so are the others.

    ``rank`` is Spearman's correlation of each two of them.
    """

    parameters: tuple[Text, ...]
    rank: Number
    reason: Text
    source: SourceKey

    @model_validator(mode="after")
    def _ties_some(self) -> Correlation:
        if len(set(self.parameters)) < 2 or len(set(self.parameters)) < len(self.parameters):
            raise InputError(
                "a correlation is of two parameters or more, each named once",
                expected='parameters = ["path", "other path"]',
                key=("parameters",),
            )
        if not -1.0 <= self.rank <= 1.0:
            raise InputError(
                "{value} is no correlation", value=self.rank, expected="a rank of -1 to 1", key=("rank",)
            )
        return self


def _threshold(value: object) -> object:
    if isinstance(value, str):
        written_unit(value)
        return value
    try:
        return read_quantity(value, DIMENSIONLESS)[0]
    except InputError as error:
        raise InputError(error.problem, value=value, expected='0.5, "63 %" or "7.7 km/s"') from error


class Comparison(Table):
    """What proposals are set side by side on: ``quantity`` over ``cases``, with each architecture in turn.

    ``better`` says whether more of it is, for whoever would be defended; it may be neither.
    """

    name: Text
    quantity: Text
    cases: dict[str, Any] = Field(default_factory=dict)
    better: Literal["more", "less", "neither"] = "neither"
    note: Text | None = None

    @model_validator(mode="after")
    def _leaves_the_architecture_open(self) -> Comparison:
        if "architecture" in self.cases:
            raise InputError(
                "architecture {value} in the cases of a comparison",
                value=self.cases["architecture"],
                expected="cases without one: every architecture compared takes its turn",
                key=("cases", "architecture"),
            )
        return self


class Claim(Table):
    """Who says what, where; and its test: ``quantity`` over ``cases`` against ``threshold``, as written."""

    party: Text
    statement: Text
    source: SourceKey
    quantity: Text
    cases: dict[str, Any]
    holds: Literal[">=", ">", "<=", "<"]
    threshold: Annotated[float | str, BeforeValidator(_threshold)]
    reason: Text
    viewpoint: Annotated[str, Ref("viewpoint")] | None = None
    set: dict[str, Any] = Field(default_factory=dict)
    decides: tuple[Text, ...] = ()
    method: Text | None = None

    @model_validator(mode="after")
    def _has_cases(self) -> Claim:
        empty = [key for key, value in self.cases.items() if value in ([], {}, "")]
        if not self.cases or empty:
            raise InputError(
                "a claim over no cases" + (f": {empty[0]} is empty" if empty else ""),
                expected='cases such as { architecture = "third-site", threat = "iran-us" }',
                key=("cases", *empty[:1]),
            )
        return self
