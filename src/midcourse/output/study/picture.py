"""The picture of a study's question, in the format that the file's ending asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from midcourse.dossier.errors import InputError, listing

from .cases import Shown, choose

if TYPE_CHECKING:
    import xarray as xr

ENDINGS = {
    "map": (".png",),
    "claims": (".svg", ".png"),
    "quantity": (".svg", ".png"),
    "raid": (".svg", ".png"),
}


def study_picture(
    data: xr.Dataset,
    kind: str,
    *,
    name: str,
    about: Mapping[str, Any],
    chosen: Mapping[str, str] | None = None,
    done: float = 1.0,
    ending: str = ".png",
    option: str = "--out",
) -> bytes:
    """The file's content; the same bytes for the same data.

    Parameters
    ----------
    data : the question's group; nan where nothing has been computed yet
    kind : map, claims, quantity or raid
    name : of the question
    about : of the study: title, plan_hash, version, seed, sampler
    chosen : of dimensions that would make the picture larger, the one label to show
    done : share of the study that has been computed
    """
    if ending not in ENDINGS[kind]:
        raise InputError(
            "no picture of this question has the ending of {value}",
            where=option,
            value=ending,
            expected=f"a name that ends in {listing(ENDINGS[kind])}",
        )
    shown = Shown(name, choose(data, chosen or {}), about, done)
    if kind == "map":
        from .maps import png

        return png(shown)
    if kind == "claims":
        from .claims import svg
    elif kind == "quantity":
        from .quantities import svg
    else:
        from .raids import svg
    if ending == ".svg":
        return svg(shown).encode()
    from ..typesetting import png_of

    return png_of(svg(shown))
