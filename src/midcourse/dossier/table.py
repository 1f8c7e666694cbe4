"""What every table of a dossier is made of: the base model and the types of its plain fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from .errors import InputError

Band = Literal["VHF", "UHF", "L", "S", "C", "X", "Ku"]
"""IEEE 521 letter bands."""


@dataclass(frozen=True)
class Ref:
    """Marks a text field (or a list of them) as the name of an entry of another kind."""

    kind: str


def _text(value: str) -> str:
    if not value.strip():
        raise InputError("an empty text", expected="some words")
    return value


def _date(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, AfterValidator(_text)]
Date = Annotated[str, BeforeValidator(_date)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Whole = Annotated[int, Field(strict=True, ge=1)]
WholeOrZero = Annotated[int, Field(strict=True, ge=0)]
Flag = Annotated[bool, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
SourceKey = Annotated[str, Ref("source")]


class Table(BaseModel):
    """A table of a dossier: no key beyond those declared, and never changed once read.

    ``gone`` says of keys that earlier versions took what has come in their place; ``later`` names the fields
    that earlier versions did not have.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    gone: ClassVar[Mapping[str, str]] = {}
    later: ClassVar[frozenset[str]] = frozenset()

    def content(self) -> dict[str, Any]:
        """What the table says, its later fields only where they say something: a dossier that does without
        them keeps its hash.
        """
        fields = type(self).model_fields
        return self.model_dump(
            exclude={name for name in self.later if getattr(self, name) == fields[name].default}
        )
