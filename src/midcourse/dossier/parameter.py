"""A parameter: a quantity with its published range, its source, and the unit it was written in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .errors import InputError, listing, nearest_names
from .units import Dimension, dimension_of, format_quantity, read_quantity, to_si

Distribution = Literal["uniform", "triangular", "normal", "lognormal", "discrete"]

NOT_GIVEN = "default"
SET_BY_OPTION = "set by --set"
UNPUBLISHED_SOURCES = (NOT_GIVEN, SET_BY_OPTION)
"""What ``source`` says of values that nobody published: a field left out, a value imposed by the user."""

QUANTITIES = ("value", "low", "high")
KEYS = (*QUANTITIES, "distribution", "figures", "source", "note", "undisclosed")
FIGURE_KEYS = ("by", "value", "weight", "source")


_FIGURES = 'figures = [{ by = "...", value = "...", source = "..." }, { ... }]'


class Figure(BaseModel):
    """One party's figure for a parameter, in SI units, and the weight it is given among all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str
    value: float
    weight: float = 1.0
    source: str | None = None


class Parameter(BaseModel):
    """A number that decides something, in SI units (radians; decibels where the field is a level).

    ``low`` and ``high`` bound a uniform or triangular distribution, and are the 5 and 95 % points of a normal
    or lognormal one; of a discrete one they are the least and the greatest of the parties' ``figures``, which
    are in rising order. ``unit`` is the unit as written, for showing the value again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    low: float | None = None
    high: float | None = None
    distribution: Distribution = "uniform"
    figures: tuple[Figure, ...] = ()
    source: str | None = None
    note: str | None = None
    undisclosed: bool = False
    unit: str = ""

    @property
    def ranged(self) -> bool:
        """Whether there is anything to sample."""
        return self.low is not None and self.high is not None and self.low < self.high

    @property
    def lowest(self) -> float:
        return self.value if self.low is None else self.low

    @property
    def highest(self) -> float:
        return self.value if self.high is None else self.high

    @property
    def text(self) -> str:
        """The value in the unit it was written in."""
        return format_quantity(self.value, self.unit, digits=5)

    @property
    def figures_text(self) -> str:
        """Who holds which figure, or nothing: ``MDA 6.3 km/s, Lewis and Postol 8 km/s``."""
        return ", ".join(
            f"{each.by} {format_quantity(each.value, self.unit, digits=5)}"
            f"{'' if each.weight == 1.0 else f' (weight {each.weight:g})'}"
            for each in self.figures
        )

    @property
    def range_text(self) -> str:
        """``low to high``, or nothing."""
        if self.low is None or self.high is None:
            return ""
        low, high = (format_quantity(end, self.unit, digits=5) for end in (self.low, self.high))
        return f"{low.removesuffix(self.unit).strip()} to {high}"


@dataclass(frozen=True)
class Unit:
    """What a parameter field takes: a dimension, named by any of its units, and the bounds of sense.

    Bounds are in ``unit``: ``positive`` excludes zero, ``below`` itself is excluded, ``least`` and ``most``
    are included.
    """

    unit: str
    name: str = ""
    example: str = ""
    positive: bool = False
    least: float | None = None
    most: float | None = None
    below: float | None = None

    @property
    def si(self) -> str:
        """The unit that the value is kept in."""
        return {"1": "", "deg": "rad", "deg/s": "rad/s"}.get(self.unit, self.unit)

    @property
    def si_bounds(self) -> tuple[float, float]:
        """Least and most value in SI units."""
        scale = to_si(self.unit)
        least = 0.0 if self.positive else -math.inf if self.least is None else self.least * scale
        most = self.most if self.below is None else self.below
        return least, math.inf if most is None else most * scale

    @property
    def dimension(self) -> Dimension:
        known = dimension_of(self.unit)
        return Dimension(self.name or known.name, self.example or known.example)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def read(self, written: object) -> Parameter:
        """A parameter from text, a number or a table; InputError with the key at fault inside it."""
        if isinstance(written, Parameter):
            return written
        if not isinstance(written, dict):
            value, unit = self._quantity(written, "value", ())
            return Parameter.model_construct(value=value, unit=unit)
        _check_keys(written)
        quantities = {key: self._quantity(written[key], key, (key,)) for key in QUANTITIES if key in written}
        if "value" not in quantities:
            raise InputError("missing value", expected=f"value = {self.dimension.example}")
        value, unit = quantities["value"]
        low, high = (quantities[key][0] if key in quantities else None for key in ("low", "high"))
        figures = self._figures(written)
        if figures:
            low, high = figures[0].value, figures[-1].value
        _check_range(written, value, low, high)
        return Parameter.model_construct(
            value=value,
            low=low,
            high=high,
            distribution=written.get("distribution", "discrete" if figures else "uniform"),
            figures=figures,
            source=written.get("source"),
            note=written.get("note"),
            undisclosed=written.get("undisclosed", False),
            unit=unit,
        )

    def _figures(self, written: dict[str, Any]) -> tuple[Figure, ...]:
        """The parties' figures in rising order; none where none are given."""
        if "figures" not in written:
            if written.get("distribution") == "discrete":
                raise InputError(
                    "a discrete distribution without figures", key=("distribution",), expected=_FIGURES
                )
            return ()
        given = written["figures"]
        if not isinstance(given, list) or len(given) < 2 or not all(isinstance(each, dict) for each in given):
            raise InputError("figures are two tables or more", key=("figures",), expected=_FIGURES)
        for key in ("low", "high"):
            if key in written:
                raise InputError(f"{key} beside figures", key=(key,), expected="the one or the other")
        if written.get("distribution", "discrete") != "discrete":
            raise InputError(
                "figures are a discrete distribution", value=written["distribution"], key=("distribution",),
                expected='distribution = "discrete", or none',
            )  # fmt: skip
        found = [self._figure(each, ("figures", str(k))) for k, each in enumerate(given, start=1)]
        return tuple(sorted(found, key=lambda each: each.value))

    def _figure(self, written: dict[str, Any], at: tuple[str, ...]) -> Figure:
        for key in written:
            if key not in FIGURE_KEYS:
                raise InputError(
                    "unknown key", value=key, key=(*at, key), expected=listing(FIGURE_KEYS),
                    nearest=nearest_names(key, FIGURE_KEYS),
                )  # fmt: skip
        for key in ("by", "value"):
            if key not in written:
                raise InputError(f"a figure without {key}", key=at, expected=_FIGURES)
        for key in ("by", "source"):
            if key in written and not (isinstance(written[key], str) and written[key].strip()):
                raise InputError("{value} is not a text", value=written[key], key=(*at, key))
        weight = written.get("weight", 1.0)
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0.0 < weight < math.inf:
            raise InputError(
                "{value} is not a weight", value=weight, key=(*at, "weight"), expected="a number above zero"
            )
        value, _ = self._quantity(written["value"], "value", (*at, "value"))
        return Figure(by=written["by"], value=value, weight=float(weight), source=written.get("source"))

    def _quantity(self, written: object, key: str, at: tuple[str, ...]) -> tuple[float, str]:
        try:
            value, unit = read_quantity(written, self.unit, self.dimension)
        except InputError as error:
            error.key = at
            raise
        in_unit = value / to_si(self.unit)
        what = self.dimension.name if key == "value" else f"{key} end of {self.dimension.name}"
        if self.positive and not value > 0.0:
            raise InputError(
                f"{what} {{value}} is {'zero' if value == 0.0 else 'negative'}",
                value=written,
                expected=f"more than zero, such as {self.dimension.example}",
                key=at,
            )
        slack = 1e-12 * abs(in_unit)
        too_low = self.least is not None and in_unit < self.least - slack
        too_high = self.most is not None and in_unit > self.most + slack
        if too_low or too_high or (self.below is not None and in_unit >= self.below - slack):
            raise InputError(
                f"{what} {{value}} is out of bounds", value=written, expected=self._bounds(), key=at
            )
        return value, unit

    def _bounds(self) -> str:
        suffix = "" if self.unit == "1" else f" {self.unit}"
        if self.below is not None:
            least = "above 0" if self.positive else f"at least {self.least:g}"
            return f"{least} and below {self.below:g}{suffix}, such as {self.dimension.example}"
        if self.most is None:
            return f"at least {self.least:g}{suffix}"
        if self.least is None:
            return f"at most {self.most:g}{suffix}"
        return f"{self.least:g} to {self.most:g}{suffix}"


def _check_keys(written: dict[str, Any]) -> None:
    for key, value in written.items():
        if key not in KEYS:
            raise InputError(
                "unknown key", value=key, key=(key,), expected=listing(KEYS), nearest=nearest_names(key, KEYS)
            )
        if key in ("source", "note") and not (isinstance(value, str) and value.strip()):
            raise InputError("{value} is not a text", value=value, key=(key,), expected=f"a {key} in quotes")
    undisclosed = written.get("undisclosed", False)
    if not isinstance(undisclosed, bool):
        raise InputError("{value} is neither true nor false", value=undisclosed, key=("undisclosed",))
    distribution = written.get("distribution", "uniform")
    known = get_args(Distribution)
    if distribution not in known:
        raise InputError(
            "unknown distribution",
            value=distribution,
            key=("distribution",),
            expected=listing(known),
            nearest=nearest_names(str(distribution), known),
        )


def _check_range(written: dict[str, Any], value: float, low: float | None, high: float | None) -> None:
    if low is None and high is None:
        if "distribution" in written:
            raise InputError(
                "a distribution without a range", key=("distribution",), expected="low and high beside value"
            )
        return
    if low is None or high is None:
        given, other = ("high", "low") if low is None else ("low", "high")
        raise InputError(f"{given} without {other}", expected="both low and high, or neither", key=(given,))
    if low > high:
        raise InputError(
            f"low {_shown(written['low'])} is above high {_shown(written['high'])}",
            expected="low <= value <= high",
            key=("low",),
        )
    if not low <= value <= high:
        ends = (
            "that of its figures"
            if "figures" in written
            else f"{_shown(written['low'])} to {_shown(written['high'])}"
        )
        raise InputError(
            f"{{value}} is outside its own range, {ends}",
            value=written["value"],
            expected="low <= value <= high",
            key=("value",),
        )
    if written.get("distribution") == "lognormal" and low <= 0.0:
        raise InputError(
            "a lognormal distribution cannot reach zero",
            value=written["low"],
            expected="low above zero",
            key=("low",),
        )


def _shown(written: object) -> str:
    return str(written)


def default(value: float, unit: str = "") -> Parameter:
    """The value of an optional field that was left out, in SI; ``unit`` is the one to show it in."""
    return Parameter(value=value, unit=unit, source=NOT_GIVEN)


Mass = Annotated[Parameter, Unit("kg", positive=True)]
ExtraMass = Annotated[Parameter, Unit("kg", example='"80 kg"')]
Thrust = Annotated[Parameter, Unit("N", "thrust", '"627 kN"', positive=True)]
BurnTime = Annotated[Parameter, Unit("s", "burn time", '"68.4 s"', positive=True)]
Duration = Annotated[Parameter, Unit("s", least=0.0)]
PositiveDuration = Annotated[Parameter, Unit("s", positive=True)]
Length = Annotated[Parameter, Unit("m", example='"1.27 m"', positive=True)]
Distance = Annotated[Parameter, Unit("m", positive=True)]
Altitude = Annotated[Parameter, Unit("m", "altitude", '"120 m"', least=-450.0, most=9000.0)]
Height = Annotated[Parameter, Unit("m", "altitude", '"100 km"', least=0.0)]
DistanceError = Annotated[Parameter, Unit("m", example='"3 km"', least=0.0)]
Speed = Annotated[Parameter, Unit("m/s", positive=True)]
SpeedError = Annotated[Parameter, Unit("m/s", example='"300 m/s"', least=0.0)]
Area = Annotated[Parameter, Unit("m^2", positive=True)]
Aperture = Annotated[Parameter, Unit("m^2", "aperture area", positive=True)]
BallisticCoefficient = Annotated[
    Parameter, Unit("kg/m^2", "ballistic coefficient", '"5000 kg/m^2"', positive=True)
]
Frequency = Annotated[Parameter, Unit("Hz", positive=True)]
Rate = Annotated[Parameter, Unit("Hz", "rate", '"20 Hz"', positive=True)]
Power = Annotated[Parameter, Unit("W", positive=True)]
Temperature = Annotated[Parameter, Unit("K", positive=True)]
Level = Annotated[Parameter, Unit("dB")]
Loss = Annotated[Parameter, Unit("dB", "loss in decibels", '"5 dB"', least=0.0)]
Fraction = Annotated[Parameter, Unit("1", "fraction", '0.8 or "80 %"', least=0.0, most=1.0)]
Probability = Annotated[Parameter, Unit("1", "probability", '0.9 or "90 %"', positive=True, below=1.0)]
Share = Annotated[Parameter, Unit("1", "share", '0.3 or "30 %"', least=0.0, below=1.0)]
Count = Annotated[Parameter, Unit("1", "number", "20", least=0.0)]
Exponent = Annotated[Parameter, Unit("1", "exponent", "2.5", least=0.0)]
Efficiency = Annotated[Parameter, Unit("1", "efficiency", '0.8 or "80 %"', positive=True, most=1.0)]
Latitude = Annotated[Parameter, Unit("deg", "latitude", '"54.48 deg"', least=-90.0, most=90.0)]
Longitude = Annotated[Parameter, Unit("deg", "longitude", '"17.10 deg"', least=-180.0, most=360.0)]
Azimuth = Annotated[Parameter, Unit("deg", "azimuth", '"162 deg"', least=-180.0, most=360.0)]
Elevation = Annotated[Parameter, Unit("deg", "elevation", '"2 deg"', least=-5.0, most=90.0)]
HalfWidth = Annotated[Parameter, Unit("deg", "sector half-width", '"60 deg"', positive=True, most=180.0)]
Width = Annotated[Parameter, Unit("deg", "angle", '"2 deg"', positive=True, most=180.0)]
AngleError = Annotated[Parameter, Unit("deg", "angle", '"0.02 deg"', least=0.0, most=180.0)]
AngularSpeed = Annotated[Parameter, Unit("deg/s", positive=True)]
Cost = Annotated[Parameter, Unit("dollar", "cost", '"12 billion dollars"', positive=True)]
