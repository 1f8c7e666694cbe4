"""Sampled worlds of a setting: what is seen, committed, met and shot at in each.

Arrays run over (samples, pairs), where pairs are all launch-target pairs of a threat, launches slowest; nan,
or False, where the sample's missile does not reach the target.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..dossier import InputError
from ..model import Battery, Sensor
from ..model.radar import columns_of
from ..physics import acquisition, knowledge, launching, observation, prediction
from ..physics import radar as radar_columns
from .chances import Answers, Demand, Launching, Team, answer, arm, shooters
from .flight_set import FlightSet
from .outlook import Station
from .setting import Setting

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Chances:
    """What an architecture makes of a threat.

    Attributes
    ----------
    sights : (sensors, samples, pairs, 5) in the columns of ``physics.acquisition`` [s], where asked for
    engaged : (batteries, samples, pairs) whether there is an intercept
    shots : (samples, pairs), where asked for
    windows : (batteries, samples, pairs, 4) first and last launch, first and last intercept [s], where
        asked for
    """

    sights: Array
    engaged: NDArray[np.bool_]
    shots: Array
    windows: Array


class World:
    """A batch of sampled worlds.

    Parameters
    ----------
    setting : what they share
    values : sampled parameters by path, (samples,) each, SI
    choices : for each threat that may be one of several missiles, which one in each sample
    rows : how many samples
    figures : what follows from the figures of these samples alone, whatever flies; shared by worlds of the
        same samples
    """

    def __init__(
        self,
        setting: Setting,
        values: Mapping[str, Array],
        choices: Mapping[str, Indices],
        rows: int,
        figures: dict[Any, Any] | None = None,
    ) -> None:
        self.setting = setting
        self.rows = rows
        self._figures: dict[Any, Any] = {} if figures is None else figures
        self._values = {path: values[path] for path in setting.sampled if path in values}
        self._choices = choices
        self._results: dict[Any, Any] = {}
        self.answers = Answers()
        #: What has been asked of this world, and what is expected to be asked of it and of others that are
        #: worked through with it.
        self.demands: list[Demand] = []
        self.expected: Sequence[tuple[World, Demand]] = ()

    def _once(self, key: Any, compute: Callable[[], _T]) -> _T:
        if key not in self._results:
            self._results[key] = compute()
        found: _T = self._results[key]
        return found

    def _of_figures(self, key: Any, compute: Callable[[], _T]) -> _T:
        found: _T = self._figures[key] if key in self._figures else self._figures.setdefault(key, compute())
        return found

    def value(self, path: str) -> Array:
        """A parameter in every sample, SI."""
        if path in self._values:
            return self._values[path]
        return np.full(self.rows, self.setting.nominal[path])

    def sets(self, threat: str) -> list[tuple[FlightSet, Indices]]:
        """The flight sets of a threat with the samples that each stands for."""
        sets = self.setting.flight_sets(threat)
        choice = self._choices.get(threat, np.zeros(self.rows, dtype=np.int64))
        chosen = [(flights, np.flatnonzero(choice == i)) for i, flights in enumerate(sets)]
        return [(flights, rows) for flights, rows in chosen if len(rows)]

    def _gather(self, threat: str, compute: Callable[[FlightSet, Indices], Array]) -> Array:
        """Results of (samples, flights, ...) of every missile put in their samples and pairs."""
        out: Array | None = None
        for flights, rows in self.sets(threat):
            part = compute(flights, rows)
            if out is None:
                out = np.full((self.rows, self.setting.pairs(threat), *part.shape[2:]), np.nan)
            out[np.ix_(rows, flights.pairs)] = part
        assert out is not None
        return out

    def reachable(self, threat: str) -> NDArray[np.bool_]:
        """Which pairs the missile can fly: (samples, pairs)."""
        return self._once(
            ("reach", threat),
            lambda: ~np.isnan(self._gather(threat, lambda f, rows: np.zeros((len(rows), len(f.pairs))))),
        )

    def timing(self, threat: str, what: str) -> Array:
        """``impact_s`` or ``burnout_s`` of every pair: (samples, pairs)."""

        def compute(flights: FlightSet, rows: Indices) -> Array:
            return np.tile(getattr(flights.flights, what), (len(rows), 1))

        found: Array = self._once((what, threat), lambda: self._gather(threat, compute))
        return found

    def _doctrine(self, architecture: str, field: str) -> Array:
        return self.value(f"doctrine.{self.setting.defence(architecture).doctrine.name}.{field}")

    def declared(self, architecture: str, flights: FlightSet, rows: Indices) -> Array:
        """When the architecture learns of each launch from space; never where it has no satellites."""
        warning = self.setting.defence(architecture).warning
        if warning is None:
            return np.full((len(rows), len(flights.pairs)), np.nan)
        cloud = self.value(f"satellite.{warning.name}.cloud_altitude")[rows]
        return flights.declared(cloud, self.value(f"satellite.{warning.name}.declare_delay")[rows])

    def sight(self, threat: str, architecture: str, sensor: str, rcs_m2: float | None = None) -> Array:
        """What a sensor sees of every flight: (samples, pairs, 5), columns FIRST to RESOLVED [s].

        ``rcs_m2`` imposes the warhead's cross-section from every side.
        """
        defence = self.setting.defence(architecture)
        part = defence.sensor(sensor)
        # Without interceptors nobody adds up the looks.
        chances = self.chances(threat, architecture, (), rcs_m2=rcs_m2, sights=True)
        return np.asarray(chances.sights[[each.name for each in defence.sensors].index(part.name)])

    def chances(
        self,
        threat: str,
        architecture: str,
        batteries: tuple[Battery, ...] | None = None,
        *,
        rcs_m2: float | None = None,
        shots: bool = False,
        closely: bool = False,
        sights: bool = False,
        only: str | None = None,
    ) -> Chances:
        """What an architecture makes of a threat, with its own batteries or with others.

        ``shots`` counts shots one after another, ``closely`` asks for whole windows, ``sights`` for what each
        sensor sees; ``only`` leaves all sensors but one out.
        """
        firing = self.setting.defence(architecture).batteries if batteries is None else batteries
        team = Team(threat, architecture, only, rcs_m2)
        demand = Demand(team, tuple(firing), shots, closely, sights)
        if demand not in self.demands:
            self.demands.append(demand)
        if self.answers.lacks(demand):
            alike = [each for each in self.expected if each[1].team.threat == threat]
            answer([(self, demand), *alike])
        keys = tuple(arm(battery) for battery in firing)
        shape, known = (self.rows, self.setting.pairs(threat)), self.answers
        engaged = np.zeros((len(keys), *shape), dtype=bool)
        windows = np.full((len(keys), *shape, 4), np.nan) if closely else np.zeros((0, *shape, 4))
        for i, key in enumerate(keys):
            engaged[i] = known.engaged[team, key]
            if closely:
                windows[i] = known.windows[team, key]
        count = known.shots[team, keys] if shots else np.full(shape, np.nan)
        seen = known.sights[team] if sights else np.zeros((0, *shape, acquisition.SUMMARY))
        return Chances(seen, engaged, count, windows)

    def looking(self, team: Team, flights: FlightSet, rows: Indices) -> list[tuple[int, int, Array]]:
        """Sensors of a team that have a sight of some flights: their index in the architecture, the place of
        their station in the views, their radars in these samples as of ``physics.radar``.
        """
        _, places = self.setting.views(flights)
        return [
            (i, places[Station.of(sensor)], self.radar(sensor, flights.missile.name, rows, team.rcs_m2))
            for i, sensor in enumerate(self.setting.defence(team.architecture).sensors)
            if Station.of(sensor) in places and team.only in (None, sensor.name, sensor.site.name)
        ]

    def watching(
        self, architecture: str, flights: FlightSet, rows: Indices, only: str | None = None
    ) -> tuple[list[int], observation.Watch]:
        """What the kernels of ``physics.knowledge`` take, for one team: which of the architecture's sensors
        have a sight of these flights, in the order of the watch's radars, and the watch.

        ``only`` leaves all sensors but one out.
        """
        looking = self.looking(Team("", architecture, only), flights, rows)
        views, _ = self.setting.views(flights)
        radars = np.empty((len(looking), len(rows), radar_columns.COLUMNS))
        for k, (_, _, row) in enumerate(looking):
            radars[k] = row
        watch = observation.Watch(
            views,
            np.array([place for _, place, _ in looking], dtype=np.int64),
            radars,
            observation.Orders(*(each[None] for each in self.orders(architecture, flights, rows))),
            np.arange(len(looking), dtype=np.int64)[None],
            np.zeros(1, dtype=np.int64),
        )
        return [i for i, _, _ in looking], watch

    def impact_radius(self, threat: str, architecture: str, sensor: str | None = None) -> Array:
        """Radius that holds the place of impact with the doctrine's confidence once all looks are in, those
        of one sensor or of all: (samples, pairs) [m]; nan where there is no track.
        """

        def compute(flights: FlightSet, rows: Indices) -> Array:
            _, watch = self.watching(architecture, flights, rows, only=sensor)
            return knowledge.impact_radii(watch, self.setting.impact_planes(flights))

        found: Array = self._once(
            ("impact", threat, architecture, sensor), lambda: self._gather(threat, compute)
        )
        return found

    def radar(self, sensor: Sensor, missile: str, rows: Indices, rcs_m2: float | None) -> Array:
        """A sensor's radar against a missile: (samples, 28)."""
        key = ("radar", sensor.radar.name, sensor.link, missile, rows.tobytes(), rcs_m2)
        return self._of_figures(key, lambda: self._columns(sensor, missile, rows, rcs_m2))

    def _columns(self, sensor: Sensor, missile: str, rows: Indices, rcs_m2: float | None) -> Array:
        data = self.setting.dossier.radar[sensor.radar.name]
        prefix = f"radar.{sensor.radar.name}."
        out = columns_of(data, lambda field: self.value(prefix + field)[rows])
        body, band = f"missile.{missile}.", sensor.radar.band
        for column, side, front in (
            (radar_columns.NOSE, "rcs", "rcs"),
            (radar_columns.SIDE, "rcs_side", "rcs"),
            (radar_columns.BOOSTER, "rcs_boost", "rcs_boost"),
            (radar_columns.FLANK, "rcs_boost_side", "rcs_boost"),
        ):
            path = f"{body}{side}.{band}"
            known = path if path in self.setting.nominal else f"{body}{front}.{band}"
            out[:, column] = np.log(self._cross_section(known, rows))
        if rcs_m2 is not None:
            out[:, radar_columns.NOSE] = out[:, radar_columns.SIDE] = np.log(rcs_m2)
        figures = self.setting.dossier.missile[missile]
        out[:, radar_columns.SWERLING] = figures.swerling
        out[:, radar_columns.SWERLING_BOOST] = figures.swerling_boost
        if sensor.link is not None:
            out[:, radar_columns.DELAY] = self.value(f"link.{sensor.link}.delay")[rows]
        return out

    def _cross_section(self, path: str, rows: Indices) -> Array:
        if path not in self.setting.nominal:
            missile, band = path.split(".")[1], path.rsplit(".", 1)[1]
            raise InputError(
                f"missile {missile} has no cross-section in the {band} band",
                where=self.setting.dossier.where(f"missile.{missile}"),
                expected=f'{path.split(".", 2)[2]} = "0.05 m^2"',
            )
        return self.value(path)[rows]

    def orders(self, architecture: str, flights: FlightSet, rows: Indices) -> observation.Orders:
        """What the architecture is told of these flights and asks of a track, without the first axis."""
        return self._once(
            ("orders", architecture, flights.key, rows.tobytes()),
            lambda: self._ordered(architecture, flights, rows),
        )

    def _ordered(self, architecture: str, flights: FlightSet, rows: Indices) -> observation.Orders:
        defence = self.setting.defence(architecture)
        doctrine = f"doctrine.{defence.doctrine.name}."
        missile = f"missile.{flights.missile.name}."
        declared = self.declared(architecture, flights, rows)
        nothing = np.zeros(len(rows))
        place = heading = speed = nothing
        if defence.warning is not None:
            satellite = f"satellite.{defence.warning.name}."
            place = self.value(satellite + "position_error")[rows]
            heading = self.value(satellite + "heading_error")[rows]
            speed = self.value(satellite + "speed_error")[rows]
        lengths = self.value(missile + "warhead_length") + self.value(missile + "stage_length")
        return observation.Orders(
            np.where(np.isnan(declared), np.inf, declared),
            place,
            heading,
            speed,
            np.log(1.0 - self.value(doctrine + "detection_confidence")[rows]),
            (self.value(doctrine + "decision_delay") + self.value(doctrine + "consultation"))[rows],
            self._radii(doctrine)[rows],
            np.full(len(rows), float(defence.doctrine.uplink)),
            self.value(missile + "separation_speed")[rows],
            0.5 * lengths[rows],
            self.value(doctrine + "assessment_delay")[rows],
            self.value(doctrine + "shot_interval")[rows],
        )

    def _radii(self, doctrine: str) -> Array:
        """Radii of errors at the doctrine's confidence: (samples, ratios)."""
        return self._of_figures(
            ("radii", doctrine), lambda: prediction.radii(self.value(doctrine + "confidence"))
        )

    def launching_key(self, battery: Battery, rows: Indices) -> tuple[Any, ...]:
        """What a battery's launches depend on, in any world."""
        varied = (self._weights(battery), self._limits(battery), self._vehicles(battery))
        return self.setting.family(battery).key, *(each[rows].tobytes() for each in varied)

    def launching(self, battery: Battery, flights: FlightSet, rows: Indices) -> Launching:
        """A battery against some flights."""
        setting, family = self.setting, self.setting.family(battery)
        weights, limits = self._weights(battery)[rows], self._limits(battery)[rows]
        edges = launching.blend(family.limits, weights).reshape(len(rows), *family.limits.shape[1:])
        return Launching(
            (
                setting.approach(flights, battery),
                setting.known_arrivals(flights, battery),
                setting.planes(flights, battery),
                weights,
                edges,
                family.times,
            ),
            limits,
            launching.blend(family.tops, weights),
            battery.interceptor.burn_time_s,
            self._vehicles(battery)[rows],
        )

    def _vehicles(self, battery: Battery) -> Array:
        """Divert, homing time, tangent of half the view and longest flight, as of ``commit.Shooters``."""
        prefix = f"interceptor.{battery.interceptor.name}."

        def compute() -> Array:
            view = np.tan(0.5 * self.value(prefix + "seeker_view"))
            columns = (self.value(prefix + field) for field in ("divert", "homing_time", "longest_flight"))
            divert, homing, longest = columns
            return np.stack([divert, homing, view, longest], axis=1)

        return self._of_figures(("vehicles", prefix), compute)

    def _weights(self, battery: Battery) -> Array:
        """Weights of a battery's fly-out tables: (samples, tables)."""
        family = self.setting.family(battery)
        return self._of_figures(
            ("weights", arm(battery)),
            lambda: family.weights({path: self.value(path) for path in family.paths}, self.rows),
        )

    def commit(self, threat: str, architecture: str) -> Array:
        """Earliest launch that the track allows, of any battery: (samples, pairs) [s]; nan where there is
        none.
        """
        windows = self.chances(threat, architecture, closely=True).windows
        best = np.full((self.rows, self.setting.pairs(threat)), np.nan)
        for each in windows[..., 0]:
            best = np.fmin(best, each)
        return best

    def _limits(self, battery: Battery) -> Array:
        """Lowest intercept [m], shortest and longest flight [s] of a battery: (samples, 3)."""
        prefix = f"interceptor.{battery.interceptor.name}."

        def compute() -> Array:
            columns = (
                self.value(prefix + "minimum_altitude"),
                battery.interceptor.burn_time_s + self.value(prefix + "homing_time"),
                self.value(prefix + "longest_flight"),
            )
            return np.stack(columns, axis=1)

        return self._of_figures(("limits", prefix), compute)

    def curve(self, battery: Battery) -> Array:
        """Latest launches at the only flight of a setting: (rows, 2) as of ``launching.launches``."""
        flights = self.setting.flight_sets("")[0]
        part = self.launching(battery, flights, np.zeros(1, dtype=np.int64))
        return np.asarray(launching.launches(shooters([part], self.setting.closely), 0, 0, 0))

    def pick(self, architecture: str, resolved: NDArray[np.bool_]) -> Array:
        """Probability that what is shot at is the warhead: the doctrine's where a radar tells the objects
        apart, else one in two, warhead or spent stage; ``resolved`` is (samples, ...).
        """
        known = self._doctrine(architecture, "pick_probability")
        return np.asarray(np.where(resolved, known.reshape(-1, *[1] * (resolved.ndim - 1)), 0.5))

    def engaged(
        self,
        threat: str,
        architecture: str,
        batteries: tuple[Battery, ...] | None = None,
        launch_delay_s: float | None = None,
    ) -> NDArray[np.bool_]:
        """Which pairs each battery can engage, the architecture's own or others: (batteries, samples, pairs).

        ``launch_delay_s`` launches that long after the threat whatever the sensors say.
        """
        if launch_delay_s is None:
            return self.chances(threat, architecture, batteries).engaged
        firing = self.setting.defence(architecture).batteries if batteries is None else batteries

        def compute(battery: Battery) -> NDArray[np.bool_]:
            def launched(flights: FlightSet, rows: Indices) -> Array:
                part = self.launching(battery, flights, rows)
                commits = np.full((len(rows), len(flights.pairs)), launch_delay_s)
                firing = shooters([part], self.setting.closely)
                return np.asarray(launching.first_intercepts(firing, commits)[0])

            key = ("launched", threat, battery.name, battery.site, launch_delay_s)
            return np.asarray(~np.isnan(self._once(key, lambda: self._gather(threat, launched))))

        return np.stack([compute(battery) for battery in firing])

    def shots(self, threat: str, architecture: str) -> Array:
        """Shoot-look-shoot opportunities against every pair, all batteries together: (samples, pairs)."""
        return self.chances(threat, architecture, shots=True).shots
