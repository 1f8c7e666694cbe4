"""Stone Soup's extended filter for a body in free flight and radars on the turning Earth."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from stonesoup.models.base import GaussianModel, TimeVariantModel
from stonesoup.models.measurement.nonlinear import CartesianToElevationBearingRangeRate
from stonesoup.models.transition.base import TransitionModel
from stonesoup.predictor.kalman import ExtendedKalmanPredictor
from stonesoup.types.array import StateVector
from stonesoup.types.detection import Detection
from stonesoup.types.hypothesis import SingleHypothesis
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import ExtendedKalmanUpdater

from .station import axes, fall, measure, station_state, transition

_EPOCH = datetime(2000, 1, 1)


class Falling(TransitionModel, GaussianModel, TimeVariantModel):
    """Free flight without process noise, as Stone Soup takes it."""

    ndim_state = 6

    def function(self, state, time_interval=None, **_):
        ahead = fall(np.asarray(state.state_vector, dtype=float), time_interval.total_seconds())
        return ahead.view(type(state.state_vector))

    def jacobian(self, state, time_interval=None, **_):
        return transition(np.asarray(state.state_vector, dtype=float)[:, 0], time_interval.total_seconds())

    def covar(self, **_):
        return np.zeros((6, 6))


class Looking(CartesianToElevationBearingRangeRate):
    """Stone Soup's radar, its axes given as a matrix and not as three turns."""

    def __init__(self, *args, frame=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.frame = frame

    @property
    def rotation_matrix(self):
        return self.frame


class Looks(NamedTuple):
    """Looks of one radar.

    Attributes
    ----------
    site : where it stands
    times, states : when it looks, and the state then
    sigmas : (n, 3) error of range [m], of an angle across [rad], of range rate [m/s]
    phis : how errors have grown since burnout
    """

    site: np.ndarray
    times: np.ndarray
    states: np.ndarray
    sigmas: np.ndarray
    phis: np.ndarray


def model_of(looks, i):
    """Stone Soup's model of a look; the angle across is azimuth times the cosine of the elevation."""
    t, state = looks.times[i], looks.states[i]
    along, across, rate = looks.sigmas[i]
    elevation = measure(t, state, looks.site)[2]
    here, moving = station_state(looks.site, t)
    return Looking(
        ndim_state=6,
        mapping=(0, 1, 2),
        velocity_mapping=(3, 4, 5),
        noise_covar=np.diag([across, across / np.cos(elevation), along, rate]) ** 2,
        translation_offset=StateVector(here),
        velocity=StateVector(moving),
        # Bearings turn from the first axis to the second: from north to east.
        frame=axes(looks.site, t)[[1, 0, 2]],
    )


def seen(looks, i, state):
    """What a look would measure without noise, in the order of Stone Soup's radar."""
    return measure(looks.times[i], state, looks.site)[[2, 1, 0, 3]]


class Filter:
    """Stone Soup's extended Kalman filter, from an estimate at a time."""

    def __init__(self, t, mean, covariance):
        self._predictor = ExtendedKalmanPredictor(Falling())
        self._updater = ExtendedKalmanUpdater(None)
        self._known = GaussianState(StateVector(mean), covariance, _stamp(t))

    def look(self, t, model, values):
        """Take in what a radar has measured."""
        prediction = self._predictor.predict(self._known, timestamp=_stamp(t))
        detection = Detection(StateVector(values), timestamp=_stamp(t), measurement_model=model)
        self._known = self._updater.update(SingleHypothesis(prediction, detection))

    @property
    def mean(self):
        return np.asarray(self._known.state_vector, dtype=float)[:, 0]

    @property
    def covariance(self):
        return np.asarray(self._known.covar, dtype=float)


def _stamp(t):
    return _EPOCH + timedelta(seconds=float(t))
