"""What a store is the result of, said once and never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ..dossier.errors import InputError
from .journal import checksum
from .place import Place

NAME = "manifest.json"
#: Of stores as this version writes them. Others are refused.
FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """Everything on which the values of a store depend, and what it is made of.

    Attributes
    ----------
    title : of the study
    plan : its text, as it was read
    plan_hash : of all that the plan means, with the data behind it
    version : of midcourse
    kernels : digest of the physics' sources
    seed : of all draws
    units : how many there are
    groups : names of the questions
    created : when, by the clock of the machine that made it; for people alone
    questions : of each question its kind, its steps with their labels, and what its units hold whole: what a
        summary needs to tell units apart
    fixed : sha256 of every object that is written once and for all: metadata and labels; the store fills it
    format : of the store
    """

    title: str
    plan: str
    plan_hash: str
    version: str
    kernels: str
    seed: int
    units: int
    groups: tuple[str, ...]
    created: str
    questions: Sequence[Mapping[str, Any]] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def as_bytes(self) -> bytes:
        """The manifest as it is written, with its own checksum."""
        told = asdict(self)
        return json.dumps({**told, "sum": _sum(told)}, indent=1, ensure_ascii=False).encode() + b"\n"

    @classmethod
    def of(cls, data: bytes) -> Manifest | None:
        """The manifest in these bytes; None where they were torn or altered."""
        try:
            told: dict[str, Any] = json.loads(data)
            said = told.pop("sum")
            if said != _sum(told) or set(told) != {each.name for each in fields(cls)}:
                return None
            return cls(**{**told, "groups": tuple(told["groups"]), "questions": tuple(told["questions"])})
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def same_study(self, other: Manifest) -> bool:
        """Whether both say the same, but for when."""
        return self._said() == other._said()

    def _said(self) -> dict[str, Any]:
        return asdict(self) | {"created": ""}


def read_manifest(place: Place) -> Manifest:
    """The manifest of a place; InputError where it has none that is whole, or one of another format."""
    data = place.read(NAME)
    if data is None:
        raise InputError("no study is stored in {value}", where="store", value=str(place))
    manifest = Manifest.of(data)
    if manifest is None:
        newer = _format(data)
        if newer not in (None, FORMAT):
            raise InputError(
                f"{{value}} is of format {newer}, which this version of midcourse does not read",
                where="store",
                value=str(place),
                expected=f"format {FORMAT}",
            )
        raise InputError(
            f"the {NAME} of {{value}} is damaged: nothing there can be trusted",
            where="store",
            value=str(place),
            expected="a store as it was written; else another place to begin in",
        )
    return manifest


def _format(data: bytes) -> Any:
    try:
        return json.loads(data)["format"]
    except (ValueError, KeyError, TypeError):
        return None


def _sum(told: Mapping[str, Any]) -> str:
    return checksum(json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
