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
from ..physics import acquisition, commit, intercept, observation, prediction
from ..physics import radar as radar_columns
from .setting import FlightSet, Setting, Station

Array = NDArray[np.float64]
_T = TypeVar("_T")

#: Shoot-look-shoot is not counted beyond this.
MOST_SHOTS = 12


@dataclass(frozen=True)
class Chances:
    """What an architecture makes of a threat.

    Attributes
    ----------
    sights : (sensors, samples, pairs, 5) in the columns of ``physics.acquisition`` [s]
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
    """

    def __init__(
        self,
        setting: Setting,
        values: Mapping[str, Array],
        choices: Mapping[str, NDArray[np.int64]],
        rows: int,
    ) -> None:
        self.setting = setting
        self.rows = rows
        self._values = {path: values[path] for path in setting.sampled if path in values}
        self._choices = choices
        self._results: dict[Any, Any] = {}

    def _once(self, key: Any, compute: Callable[[], _T]) -> _T:
        if key not in self._results:
            self._results[key] = compute()
        found: _T = self._results[key]
        return found

    def value(self, path: str) -> Array:
        """A parameter in every sample, SI."""
        if path in self._values:
            return self._values[path]
        return np.full(self.rows, self.setting.nominal[path])

    def _sets(self, threat: str) -> list[tuple[FlightSet, NDArray[np.int64]]]:
        """The flight sets of a threat with the samples that each stands for."""
        sets = self.setting.flight_sets(threat)
        choice = self._choices.get(threat, np.zeros(self.rows, dtype=np.int64))
        chosen = [(flights, np.flatnonzero(choice == i)) for i, flights in enumerate(sets)]
        return [(flights, rows) for flights, rows in chosen if len(rows)]

    def _gather(self, threat: str, compute: Callable[[FlightSet, NDArray[np.int64]], Array]) -> Array:
        """Results of (samples, flights, ...) of every missile put in their samples and pairs."""
        out: Array | None = None
        for flights, rows in self._sets(threat):
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

        def compute(flights: FlightSet, rows: NDArray[np.int64]) -> Array:
            return np.tile(getattr(flights.flights, what), (len(rows), 1))

        found: Array = self._once((what, threat), lambda: self._gather(threat, compute))
        return found

    def _doctrine(self, architecture: str, field: str) -> Array:
        return self.value(f"doctrine.{self.setting.defence(architecture).doctrine.name}.{field}")

    def declared(self, architecture: str, flights: FlightSet, rows: NDArray[np.int64]) -> Array:
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
        # Without interceptors nobody adds up the looks, which is most of the work; if somebody has, so much
        # the better.
        chances = next(
            (
                found
                for key, found in self._results.items()
                if key[:3] == ("chances", threat, architecture) and key[4:6] == (rcs_m2, None)
            ),
            None,
        ) or self.chances(threat, architecture, (), rcs_m2=rcs_m2)
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
        only: str | None = None,
    ) -> Chances:
        """What an architecture makes of a threat, with its own batteries or with others.

        ``shots`` counts shots one after another, ``closely`` asks for whole windows, ``only`` leaves all
        sensors but one out.
        """
        defence = self.setting.defence(architecture)
        firing = defence.batteries if batteries is None else batteries
        key = ("chances", threat, architecture, tuple((b.name, b.site) for b in firing), rcs_m2, only)
        for fuller in ((True, True), (True, closely), (shots, True)):
            if (*key, *fuller) in self._results:
                shots, closely = fuller
                break

        def compute() -> Chances:
            shape = (self.rows, self.setting.pairs(threat))
            sights = np.full((len(defence.sensors), *shape, acquisition.SUMMARY), np.nan)
            sights[..., acquisition.TOTAL] = 0.0
            engaged = np.zeros((len(firing), *shape), dtype=bool)
            windows = np.full((len(firing), *shape, 4), np.nan)
            count = np.full(shape, np.nan)
            for flights, rows in self._sets(threat):
                cells = np.ix_(rows, flights.pairs)
                seen, meets, fired, spans = self._watched(
                    architecture, firing, flights, rows, rcs_m2, shots, closely, only
                )
                for i, part in seen.items():
                    sights[i][cells] = part
                for i, met in meets.items():
                    engaged[i][cells] = met
                for i, part in spans.items():
                    windows[i][cells] = part
                count[cells] = fired
            return Chances(sights, engaged, count, windows)

        return self._once((*key, shots, closely), compute)

    def _watched(
        self,
        architecture: str,
        firing: tuple[Battery, ...],
        flights: FlightSet,
        rows: NDArray[np.int64],
        rcs_m2: float | None,
        shots: bool,
        closely: bool,
        only: str | None,
    ) -> tuple[dict[int, Array], dict[int, NDArray[np.bool_]], Array, dict[int, Array]]:
        """``chances`` of one missile's flights: by sensor, by battery, and shots."""
        seeing, views, which, radars, orders = self.watching(architecture, flights, rows, rcs_m2, only)
        reaching = [i for i, battery in enumerate(firing) if self.setting.reaches(flights, battery)]
        shooters = self._shooters([firing[i] for i in reaching], flights, rows)
        seen, engaged, fired, windows = commit.sampled_chances(
            views, which, radars, orders, shooters, MOST_SHOTS if shots else 0, closely
        )
        return (
            {i: seen[k] for k, i in enumerate(seeing)},
            {i: engaged[k] for k, i in enumerate(reaching)},
            fired,
            {i: windows[k] for k, i in enumerate(reaching)} if closely else {},
        )

    def watching(
        self,
        architecture: str,
        flights: FlightSet,
        rows: NDArray[np.int64],
        rcs_m2: float | None = None,
        only: str | None = None,
    ) -> tuple[list[int], observation.Views, NDArray[np.int64], Array, observation.Orders]:
        """What the kernels of ``physics.observation`` take: which sensors have a sight of these flights,
        the views, the place of each sensor there, their radars in these samples, and the orders.

        ``only`` leaves all sensors but one out.
        """
        sensors = self.setting.defence(architecture).sensors
        views, places = self.setting.views(flights)
        seeing = [
            i
            for i, sensor in enumerate(sensors)
            if Station.of(sensor) in places and only in (None, sensor.name, sensor.site.name)
        ]
        which = np.array([places[Station.of(sensors[i])] for i in seeing], dtype=np.int64)
        radars = np.empty((len(seeing), len(rows), radar_columns.COLUMNS))
        for k, i in enumerate(seeing):
            radars[k] = self._radar(sensors[i], flights.missile.name, rows, rcs_m2)
        return seeing, views, which, radars, self._orders(architecture, flights, rows)

    def impact_radius(self, threat: str, architecture: str, sensor: str | None = None) -> Array:
        """Radius that holds the place of impact with the doctrine's confidence once all looks are in, those
        of one sensor or of all: (samples, pairs) [m]; nan where there is no track.
        """

        def compute(flights: FlightSet, rows: NDArray[np.int64]) -> Array:
            _, views, which, radars, orders = self.watching(architecture, flights, rows, only=sensor)
            return observation.impact_radii(views, which, radars, orders, self.setting.impact_planes(flights))

        found: Array = self._once(
            ("impact", threat, architecture, sensor), lambda: self._gather(threat, compute)
        )
        return found

    def _radar(self, sensor: Sensor, missile: str, rows: NDArray[np.int64], rcs_m2: float | None) -> Array:
        """A sensor's radar against a missile: (samples, 28)."""
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

    def _cross_section(self, path: str, rows: NDArray[np.int64]) -> Array:
        if path not in self.setting.nominal:
            missile, band = path.split(".")[1], path.rsplit(".", 1)[1]
            raise InputError(
                f"missile {missile} has no cross-section in the {band} band",
                where=self.setting.dossier.where(f"missile.{missile}"),
                expected=f'{path.split(".", 2)[2]} = "0.05 m^2"',
            )
        return self.value(path)[rows]

    def _orders(self, architecture: str, flights: FlightSet, rows: NDArray[np.int64]) -> observation.Orders:
        """What the architecture is told of these flights and asks of a track."""
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
            self.value(doctrine + "decision_delay")[rows],
            self._radii(doctrine)[rows],
            np.full(len(rows), float(defence.doctrine.uplink)),
            self.value(missile + "separation_speed")[rows],
            0.5 * lengths[rows],
            self.value(doctrine + "assessment_delay")[rows],
            self.value(doctrine + "shot_interval")[rows],
        )

    def _radii(self, doctrine: str) -> Array:
        """Radii of errors at the doctrine's confidence: (samples, ratios)."""
        return self._once(("radii", doctrine), lambda: prediction.radii(self.value(doctrine + "confidence")))

    def _shooters(
        self, firing: Sequence[Battery], flights: FlightSet, rows: NDArray[np.int64]
    ) -> commit.Shooters:
        if not firing:
            nodes = self.setting.nodes
            return commit.Shooters(
                np.zeros((0, 1, 1, 2 * nodes - 1, 2)),
                np.zeros((0, len(rows)), dtype=np.int64),
                np.zeros((0, 1, nodes, prediction.PLANE)),
                np.zeros(0),
                np.zeros((0, len(rows), 4)),
            )
        key = (flights.key, tuple((each.interceptor.key, each.site) for each in firing), rows.tobytes())
        return self._once(("shooters", *key), lambda: self._armed(firing, flights, rows))

    def _armed(
        self, firing: Sequence[Battery], flights: FlightSet, rows: NDArray[np.int64]
    ) -> commit.Shooters:
        parts = [self._curves(battery, flights, rows) for battery in firing]
        if len(parts) == 1:
            curves = parts[0][0][None]
        else:
            distinct = max(len(part) for part, _ in parts)
            curves = np.empty((len(parts), distinct, *parts[0][0].shape[1:]))
            for i, (part, _) in enumerate(parts):
                curves[i, : len(part)] = part
        vehicles = np.empty((len(firing), len(rows), 4))
        for i, battery in enumerate(firing):
            prefix = f"interceptor.{battery.interceptor.name}."
            vehicles[i, :, 0] = self.value(prefix + "divert")[rows]
            vehicles[i, :, 1] = self.value(prefix + "homing_time")[rows]
            vehicles[i, :, 3] = self.value(prefix + "longest_flight")[rows]
            vehicles[i, :, 2] = np.tan(0.5 * self.value(prefix + "seeker_view")[rows])
        return commit.Shooters(
            curves,
            np.stack([which for _, which in parts]),
            self.setting.stacked_planes(flights, tuple(firing)),
            np.array([battery.interceptor.burn_time_s for battery in firing]),
            vehicles,
        )

    def commit(self, threat: str, architecture: str) -> Array:
        """Earliest launch that the track allows, of any battery: (samples, pairs) [s]; nan where there is
        none.
        """
        windows = self.chances(threat, architecture, closely=True).windows[..., 0]
        best = np.full((self.rows, self.setting.pairs(threat)), np.nan)
        for each in windows:
            best = np.fmin(best, each)
        return best

    def _curves(
        self, battery: Battery, flights: FlightSet, rows: NDArray[np.int64]
    ) -> tuple[Array, NDArray[np.int64]]:
        """Latest launches of each distinct interceptor among the samples, and which of them a sample uses."""

        def compute() -> tuple[Array, NDArray[np.int64]]:
            family = self.setting.family(battery)
            if self.setting.closely:
                approach, limits = self.setting.approach(flights, battery), self._limits(battery)[rows[0]]
                close = intercept.latest_launches(family.base, approach, limits)
                return close[None], np.zeros(len(rows), dtype=np.int64)
            columns = [
                *family.weights({path: self.value(path) for path in family.paths}, self.rows).T,
                *self._limits(battery).T,
            ]
            table, which = np.unique(np.stack(columns, axis=1)[rows], axis=0, return_inverse=True)
            curves = intercept.sampled_launches(
                family.tops,
                family.limits,
                family.times,
                family.base,
                self.setting.known_arrivals(flights, battery),
                np.ascontiguousarray(table[:, :-3]),
                np.ascontiguousarray(table[:, -3:]),
                self.setting.approach(flights, battery),
            )
            return curves, which.reshape(-1)

        return self._once(
            ("curves", flights.key, battery.interceptor.key, battery.site, rows.tobytes()), compute
        )

    def _limits(self, battery: Battery) -> Array:
        """Lowest intercept [m], shortest and longest flight [s] of a battery: (samples, 3)."""
        prefix = f"interceptor.{battery.interceptor.name}."
        columns = (
            self.value(prefix + "minimum_altitude"),
            battery.interceptor.burn_time_s + self.value(prefix + "homing_time"),
            self.value(prefix + "longest_flight"),
        )
        return np.stack(columns, axis=1)

    def curve(self, battery: Battery) -> Array:
        """Latest launches at the only flight of a setting: (rows, 2) as of ``intercept.latest_launch``."""
        flights = self.setting.flight_sets("")[0]
        curves, _ = self._curves(battery, flights, np.zeros(1, dtype=np.int64))
        return np.asarray(curves[0, 0])

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
            def launched(flights: FlightSet, rows: NDArray[np.int64]) -> Array:
                curves, which = self._curves(battery, flights, rows)
                commits = np.full((len(rows), len(flights.pairs)), launch_delay_s)
                return intercept.sampled_intercepts(curves, which, commits)

            key = ("launched", threat, battery.name, battery.site, launch_delay_s)
            return np.asarray(~np.isnan(self._once(key, lambda: self._gather(threat, launched))))

        return np.stack([compute(battery) for battery in firing])

    def shots(self, threat: str, architecture: str) -> Array:
        """Shoot-look-shoot opportunities against every pair, all batteries together: (samples, pairs)."""
        return self.chances(threat, architecture, shots=True).shots
