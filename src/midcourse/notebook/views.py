"""What the globe shows of each kind of result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray

from ..analysis.assessment import Assessment
from ..analysis.engagement import Engagement
from ..analysis.watching import Watching
from ..dossier import Dossier, InputError
from ..model import Flights
from ..model.memory import Memory
from ..output.globe import marks
from ..output.globe.map_layer import is_map, map_layer
from ..output.globe.marks import Mark
from ..output.globe.scene import Scene, plain
from ..study.operated import Operated

if TYPE_CHECKING:
    from ..output.globe.layer import Layer

Spot = tuple[float, float]

#: A place that is no farther from one of the dossier's bears its name [deg].
_NEAR = 0.02
_TAKES = (
    "a map (draw_map, defended_area), a flight (watch, engage, aim), a run in operation (run_raid) or an "
    "assessment (assess)"
)


@dataclass(frozen=True)
class View:
    """A result as a globe shows it; what is None says nothing of its kind.

    Attributes
    ----------
    title : what it is, for those who do not see it
    claims : with their verdicts, as plain data
    frame : places that are to be in sight [deg]
    """

    title: str
    layer: Layer | None = None
    scene: dict[str, Any] | None = None
    claims: list[dict[str, Any]] | None = None
    marks: list[Mark] = field(default_factory=list)
    frame: list[Spot] = field(default_factory=list)


def view_of(result: object, run: int = 0) -> View:
    """The view of a result; ``run`` is the number of the run, of many in operation. InputError for what is no
    result that a globe shows.
    """
    if isinstance(result, xarray.Dataset) and is_map(result):
        return _map(result)
    for kind, view in _VIEWS:
        if isinstance(result, kind):
            return view(result, run)
    dataset = isinstance(result, xarray.Dataset)
    problem = "this dataset is no map" if dataset else f"a globe shows no {type(result).__name__}"
    raise InputError(problem, where="show", expected=_TAKES)


def _map(data: xarray.Dataset) -> View:
    layer = map_layer(data)
    south, west = layer.south, layer.west
    north, east = south + layer.rows * layer.step, west + layer.cols * layer.step
    corners = [(lat, lon) for lat in (south, north) for lon in (west, east)]
    return View(layer.title, layer, marks=list(marks.of_map(data)), frame=corners)


def _flight(seen: Engagement | Watching, _: int) -> View:
    from ..analysis.play import play_again
    from ..output.globe.flight_scene import flight_scene

    engagement = seen.engagement if isinstance(seen, Watching) else seen
    setting, flights = engagement.setting, engagement.flights
    name_of = _names(setting.dossier)
    ends = [_degrees(each[0]) for each in (flights.launches, flights.targets)]
    scene = flight_scene(play_again(seen, *(name_of(*end) for end in ends)))
    defence = setting.defence(engagement.architecture)
    title = f"{flights.missile.title}, {name_of(*ends[0])} to {name_of(*ends[1])}, and {defence.title}"
    return _scene(title, scene, marks.of_defence(defence), ends)


def _flights(flights: Flights, _: int) -> View:
    from ..output.globe.aimed_scene import aimed_scene

    name_of = _names(None)
    ends = [_degrees(each) for place in (flights.launches, flights.targets) for each in place]
    return _scene(flights.missile.title, aimed_scene(flights, name_of), (), ends)


def _operated(operated: Operated, run: int) -> View:
    from ..operation import Shield
    from ..operation.luck import Luck
    from ..output.operation.recording import recorded
    from ..output.operation.run_scene import run_scene

    plan = operated.plan
    if plan is None:
        raise InputError("these runs do not tell how to make them again", where="show", expected=_TAKES)
    if not 0 <= run < operated.runs:
        raise InputError(
            "there is no run {value}", where="run", value=run, expected=f"0 to {operated.runs - 1}"
        )
    scenario = plan.scenario(Memory())
    shield = Shield(scenario, Luck(plan.seed, run), incidents=plan.incidents)
    shield.advance()
    flown = [(each.own, each.index) for each in scenario.courses]
    ends = [_degrees(place[i]) for own, i in flown for place in (own.launches, own.targets)]
    number = f", run number {run}" if operated.runs > 1 else ""
    title = f"{operated.title}, against {'; '.join(operated.threats)}{number}"
    return _scene(title, run_scene(recorded(shield), shield), marks.of_defence(scenario.defence), ends)


def _assessment(assessment: Assessment, _: int) -> View:
    from ..output.globe.assessed_scene import assessed_scene
    from .claims import claims_of

    shown = assessment.scene
    ends = [(each.lat, each.lon) for each in shown.sites if each.kind in ("launch", "aim")]
    return View(
        assessment.title, scene=plain(assessed_scene(assessment)), claims=claims_of(assessment),
        marks=list(marks.of_sites(shown.sites)), frame=ends,
    )  # fmt: skip


def _scene(title: str, scene: Scene, stand: Iterable[Mark], frame: list[Spot]) -> View:
    return View(title, scene=plain(scene), marks=list(stand), frame=list(dict.fromkeys(frame)))


def _names(dossier: Dossier | None) -> Callable[[float, float], str]:
    """What to call places [deg]: as the dossier does, or by where they are."""
    from ..output.flight_picture import spot

    places = dossier.places.values() if dossier else ()
    known = [
        (point.name, _degrees(np.array([point.lat.value, point.lon.value])))
        for each in places
        for point in each.point
    ]

    def name_of(lat: float, lon: float) -> str:
        for name, (north, east) in known:
            if abs(north - lat) < _NEAR and abs(east - lon) < _NEAR:
                return name
        return spot({"lat": lat, "lon": lon})

    return name_of


def _degrees(place: np.ndarray) -> Spot:
    return float(np.degrees(place[0])), float((np.degrees(place[1]) + 180.0) % 360.0 - 180.0)


def state_of(view: View) -> dict[str, Any]:
    """A view as what the widget shares with its other half (``web/src/notebook/model.ts``), without what it
    says nothing of.
    """
    state = {
        "_title": view.title,
        "_layer": view.layer and view.layer.model_dump(mode="json"),
        "_scene": view.scene,
        "_claims": view.claims,
        "_marks": [asdict(each) for each in view.marks],
        "_frame": [list(place) for place in view.frame],
    }
    return {name: value for name, value in state.items() if value}


_VIEWS: tuple[tuple[Any, Callable[[Any, int], View]], ...] = (
    (Assessment, _assessment),
    ((Engagement, Watching), _flight),
    (Flights, _flights),
    (Operated, _operated),
)
