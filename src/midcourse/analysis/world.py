"""Sampled worlds of a setting: what is seen, committed, met and shot at in each.

Arrays run over (samples, pairs), where pairs are all launch-target pairs of a threat, launches slowest; nan,
or False, where the sample's missile does not reach the target.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..dossier import InputError
from ..model import Battery, Sensor
from ..model.radar import beams_of
from ..physics import intercept, sensing
from .setting import FlightSet, Setting

Array = NDArray[np.float64]
_T = TypeVar("_T")

#: Shoot-look-shoot is not counted beyond this.
MOST_SHOTS = 12

# Columns of what ``sight`` gives.
FIRST, FIRST_BODY, LAST, TOTAL, TRACKED = range(5)


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
        return self._once(
            (what, threat),
            lambda: self._gather(threat, lambda f, rows: np.tile(getattr(f.flights, what), (len(rows), 1))),
        )

    def _doctrine(self, architecture: str, field: str) -> Array:
        return self.value(f"doctrine.{self.setting.defence(architecture).doctrine.name}.{field}")

    def declared(self, architecture: str, flights: FlightSet, rows: NDArray[np.int64]) -> Array:
        """When the architecture learns of each launch; at once where it has no satellites and its radars
        search.
        """
        warning = self.setting.defence(architecture).warning
        if warning is None:
            return np.zeros((len(rows), len(flights.pairs)))
        cloud = self.value(f"satellite.{warning.name}.cloud_altitude")[rows]
        return flights.declared(cloud, self.value(f"satellite.{warning.name}.declare_delay")[rows])

    def sight(self, threat: str, architecture: str, sensor: str, rcs_m2: float | None = None) -> Array:
        """What a sensor sees of every flight: (samples, pairs, 5), columns FIRST to TRACKED [s]."""
        part = self.setting.defence(architecture).sensor(sensor)
        return self._once(
            ("sight", threat, architecture, part.name, rcs_m2),
            lambda: self._gather(threat, lambda f, rows: self._look(architecture, part, f, rows, rcs_m2)),
        )

    def _look(
        self,
        architecture: str,
        sensor: Sensor,
        flights: FlightSet,
        rows: NDArray[np.int64],
        rcs_m2: float | None,
    ) -> Array:
        data = self.setting.dossier.radar[sensor.radar.name]
        prefix = f"radar.{sensor.radar.name}."
        beams = beams_of(data, lambda field: self.value(prefix + field)[rows])
        missile = f"missile.{flights.missile.name}."
        band = sensor.radar.band
        body = (
            self._cross_section(f"{missile}rcs.{band}", rows)
            if rcs_m2 is None
            else np.full(len(rows), rcs_m2)
        )
        cues = self.declared(architecture, flights, rows)
        return sensing.track_samples(
            flights.times,
            self.setting.view(flights, sensor),
            flights.flights.burnout_s,
            beams,
            body,
            self._cross_section(f"{missile}rcs_boost.{band}", rows),
            np.where(np.isnan(cues), np.inf, cues),
            self._doctrine(architecture, "track_time")[rows],
            self._doctrine(architecture, "handover_error")[rows],
        )

    def _cross_section(self, path: str, rows: NDArray[np.int64]) -> Array:
        if path not in self.setting.nominal:
            missile, band = path.split(".")[1], path.rsplit(".", 1)[1]
            raise InputError(
                f"missile {missile} has no cross-section in the {band} band",
                where=self.setting.dossier.where(f"missile.{missile}"),
                expected=f'{path.split(".", 2)[2]} = "0.05 m^2"',
            )
        return self.value(path)[rows]

    def commit(self, threat: str, architecture: str) -> Array:
        """When interceptors may be launched: the first track good enough, and the decision: (samples, pairs)
        [s].
        """

        def compute() -> Array:
            best = np.full((self.rows, self.setting.pairs(threat)), np.inf)
            for sensor in self.setting.defence(architecture).sensors:
                tracked = self.sight(threat, architecture, sensor.name)[:, :, TRACKED]
                best = np.fmin(best, tracked)
            best[np.isinf(best)] = np.nan
            return np.asarray(best + self._doctrine(architecture, "decision_delay")[:, None])

        return self._once(("commit", threat, architecture), compute)

    def _curves(
        self, architecture: str, battery: Battery, flights: FlightSet, rows: NDArray[np.int64]
    ) -> tuple[Array, NDArray[np.int64]]:
        """Latest launches of each distinct interceptor among the samples, and which of them a sample uses."""

        def compute() -> tuple[Array, NDArray[np.int64]]:
            family = self.setting.family(battery)
            columns = [
                *family.weights({path: self.value(path) for path in family.paths}, self.rows).T,
                *self._limits(architecture, battery).T,
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

        doctrine = self.setting.defence(architecture).doctrine.name
        return self._once(
            ("curves", flights.key, battery.interceptor.key, battery.site, doctrine, rows.tobytes()), compute
        )

    def _limits(self, architecture: str, battery: Battery) -> Array:
        """Lowest intercept [m], shortest and longest flight [s] of a battery: (samples, 3)."""
        prefix = f"interceptor.{battery.interceptor.name}."
        # After burnout, the kill vehicle needs time to make good what the track is off by.
        correcting = self._doctrine(architecture, "handover_error") / self.value(prefix + "divert")
        columns = (
            self.value(prefix + "minimum_altitude"),
            battery.interceptor.burn_time_s + correcting,
            self.value(prefix + "longest_flight"),
        )
        return np.stack(columns, axis=1)

    def curves(self, threat: str, architecture: str, battery: Battery) -> Array:
        """Latest launches of the nominal world, edges found closely: (flights, rows, 2)."""
        flights = self._sets(threat)[0][0]
        return intercept.latest_launches(
            self.setting.family(battery).base,
            self.setting.approach(flights, battery),
            self._limits(architecture, battery)[0],
        )

    def intercepts(
        self, threat: str, architecture: str, battery: Battery, launch_delay_s: float | None = None
    ) -> Array:
        """Earliest intercept by a battery: (samples, pairs) [s]; nan where there is none.

        ``launch_delay_s`` launches that long after the threat whatever the sensors say.
        """

        def compute(flights: FlightSet, rows: NDArray[np.int64]) -> Array:
            curves, which = self._curves(architecture, battery, flights, rows)
            if launch_delay_s is None:
                commits = self.commit(threat, architecture)[np.ix_(rows, flights.pairs)]
            else:
                commits = np.full((len(rows), len(flights.pairs)), launch_delay_s)
            return intercept.sampled_intercepts(curves, which, commits)

        return self._once(
            ("intercepts", threat, architecture, battery.name, battery.site, launch_delay_s),
            lambda: self._gather(threat, compute),
        )

    def engaged(
        self, threat: str, architecture: str, battery: str | None = None, launch_delay_s: float | None = None
    ) -> NDArray[np.bool_]:
        """Which pairs can be engaged, by one battery or by any: (samples, pairs)."""
        defence = self.setting.defence(architecture)
        batteries = defence.batteries if battery is None else (defence.battery(battery),)
        out = np.zeros((self.rows, self.setting.pairs(threat)), dtype=bool)
        for each in batteries:
            out |= ~np.isnan(self.intercepts(threat, architecture, each, launch_delay_s))
        return out

    def shots(self, threat: str, architecture: str) -> Array:
        """Shoot-look-shoot opportunities against every pair, all batteries together: (samples, pairs)."""

        def compute(flights: FlightSet, rows: NDArray[np.int64]) -> Array:
            parts = [
                self._curves(architecture, each, flights, rows)
                for each in self.setting.defence(architecture).batteries
            ]
            distinct = max(len(curves) for curves, _ in parts)
            curves = np.stack(
                [np.pad(c, ((0, distinct - len(c)), (0, 0), (0, 0), (0, 0)), mode="edge") for c, _ in parts]
            )
            return intercept.sampled_shots(
                curves,
                np.stack([which for _, which in parts]),
                self.commit(threat, architecture)[np.ix_(rows, flights.pairs)],
                self._doctrine(architecture, "assessment_delay")[rows],
                self._doctrine(architecture, "shot_interval")[rows],
                MOST_SHOTS,
            )

        return self._once(("shots", threat, architecture), lambda: self._gather(threat, compute))
