"""The globe as a widget of notebooks. It takes anywidget, and is imported where there is one."""

from __future__ import annotations

import math
from typing import Any

import anywidget
import traitlets

from ..dossier import InputError
from .module import built
from .views import state_of, view_of

# No globe is of use that is lower [px].
_LOWEST = 200


class Globe(anywidget.AnyWidget):
    """A globe in a notebook, with what it was told to show.

    Its attributes go both ways: what is set here is seen there, and what is done there is heard here with
    ``globe.observe(hear, "moved")``.

    Attributes
    ----------
    time_s : where the clock stands, after launch or after the raid begins
    playing, speed : whether it runs, and how many seconds in one
    selected : what is chosen: "claim/ID", "site/NAME", or a part of the scene such as "missile/M1"; None if
        nothing is
    moved : the site that was moved last, and where it is now [deg]; None if none was
    height : of the globe [px]
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)

    _title = traitlets.Unicode("").tag(sync=True)
    _layer: traitlets.Dict[str, Any] = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    _scene: traitlets.Dict[str, Any] = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    _claims: traitlets.List[Any] = traitlets.List(default_value=None, allow_none=True).tag(sync=True)
    _marks: traitlets.List[Any] = traitlets.List().tag(sync=True)
    _frame: traitlets.List[Any] = traitlets.List().tag(sync=True)

    height = traitlets.Int(480, min=_LOWEST).tag(sync=True)
    time_s = traitlets.Float(0.0).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    speed = traitlets.Float(20.0, min=1e-3).tag(sync=True)
    selected = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    moved = traitlets.Tuple(
        traitlets.Unicode(), traitlets.Float(), traitlets.Float(), default_value=None, allow_none=True
    ).tag(sync=True)

    def __init__(self, **attributes: Any) -> None:
        self._moves: dict[str, tuple[float, float]] = {}
        module, styles = built()
        super().__init__(_esm=module, _css=styles, **attributes)

    def show(self, result: object, *, run: int = 0) -> Globe:
        """Show another result here, in place of what it shows of the same kind: a map lies under a flight.

        Parameters
        ----------
        run : which of many runs in operation
        """
        shown = state_of(view_of(result, run))
        for mark in shown.get("_marks", ()):
            mark["moved"] = self._moves.get(mark["site"]) == (mark["lat"], mark["lon"])
        with self.hold_sync():
            for name, value in shown.items():
                self.set_trait(name, value)
        return self

    def clear(self) -> Globe:
        """Take all results away."""
        with self.hold_sync():
            for name in ("_layer", "_scene", "_claims", "selected"):
                self.set_trait(name, None)
            self._title, self._marks, self.playing = "", [], False
        return self

    @property
    def moves(self) -> dict[str, str]:
        """Where sites were moved, as figures that ``set`` takes: ``mc.draw_map(..., set=globe.moves)``."""
        return {
            path: f"{degrees:.10g} deg"
            for site, (lat, lon) in self._moves.items()
            for path, degrees in ((f"site.{site}.lat", lat), (f"site.{site}.lon", lon))
        }

    @traitlets.observe("moved")
    def _note_move(self, change: dict[str, Any]) -> None:
        if change["new"] is None:
            return
        site, lat, lon = change["new"]
        self._moves[site] = lat, lon
        self._marks = [
            {**mark, "lat": lat, "lon": lon, "moved": True} if mark["site"] == site else mark
            for mark in self._marks
        ]

    @traitlets.validate("moved")
    def _check_move(self, proposal: dict[str, Any]) -> Any:
        told = proposal["value"]
        movable = {mark["site"] for mark in self._marks if mark["movable"]}
        if told is not None and told[0] not in movable:
            raise InputError(
                "no site {value} can be moved here", where="moved", value=told[0],
                expected=", ".join(sorted(movable)) or "a result with sites",
            )  # fmt: skip
        return told

    @traitlets.validate("time_s", "speed")
    def _check_number(self, proposal: dict[str, Any]) -> Any:
        if not math.isfinite(proposal["value"]):
            raise InputError(
                "{value} cannot be used", where=proposal["trait"].name, value=proposal["value"],
                expected="a number",
            )  # fmt: skip
        return proposal["value"]

    def __repr__(self) -> str:
        return f"<Globe: {self._title or 'nothing to show'}>"
