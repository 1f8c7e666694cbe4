"""How a study is asked to stop by somebody who does not run it."""

from __future__ import annotations

from .place import Place

_NAME = "stop"


def ask_stop(place: Place) -> None:
    """Ask whoever writes to stop; one who begins later is not meant."""
    place.write(_NAME, b"")


def stop_asked(place: Place) -> bool:
    """Whether somebody asked."""
    return place.size(_NAME) is not None


def clear_stop(place: Place) -> None:
    """Begin as if nobody had asked."""
    place.remove(_NAME)
