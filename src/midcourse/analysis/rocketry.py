"""Quantities of interceptors alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..dossier.dossier import Dossier
from ..model import rocket
from ..model.rocket import interceptor_vehicle, reference_burnout
from .quantity import Case, Detail, quantity
from .setting import vehicle_paths
from .world import World

Array = NDArray[np.float64]


def _sampled(world: World, case: Case, compute: Callable[[Dossier], float]) -> Array:
    """A figure of the interceptor in every sample that changes it."""
    setting = world.setting
    paths = sorted(set(setting.sampled) & vehicle_paths(setting.dossier, case.interceptor))
    table = np.stack([world.value(path) for path in paths], axis=1) if paths else np.zeros((world.rows, 0))
    distinct, which = np.unique(table, axis=0, return_inverse=True)
    found = [
        compute(setting.dossier.with_values(dict(zip(paths, map(float, row), strict=True))))
        for row in distinct
    ]
    return np.array(found)[which.reshape(-1)]


def _speed_detail(world: World, case: Case) -> Detail:
    """Speeds over the range of the payload; payloads for the speed asked of, and those of the viewpoints."""
    dossier = world.setting.dossier
    payload = dossier.interceptor[case.interceptor].payload
    payloads = {payload.value, *np.linspace(payload.lowest, payload.highest, 5)}
    rows: Detail = []
    for mass in sorted(payloads):
        burnout = reference_burnout(interceptor_vehicle(dossier, case.interceptor, mass))
        rows.append((f"with {mass:,.0f} kg beyond the last motor", f"{burnout.speed_m_s / 1e3:.2f} km/s"))
    speeds = _claimed_speeds(dossier, case.interceptor)
    if case.speed_m_s is not None:
        speeds.add(case.speed_m_s)
    for speed in sorted(speeds):
        mass = rocket.payload_for_speed(dossier, case.interceptor, speed)
        rows.append((f"payload for {speed / 1e3:.1f} km/s", f"{mass:,.0f} kg"))
    return rows


def _claimed_speeds(dossier: Dossier, interceptor: str) -> set[float]:
    """Burnout speeds that the dossier's viewpoints impose on an interceptor [m/s]."""
    seen = (dossier.with_viewpoint(name).interceptor[interceptor] for name in dossier.viewpoint)
    return {each.burnout_speed.value for each in seen if each.burnout_speed is not None}


@quantity("km/s", ["interceptor"], [], ["vehicle"], _speed_detail)
def burnout_speed(world: World, case: Case) -> Array:
    """Speed over the ground when the last motor burns out, from the published motors and the payload, on a
    flight that
    then rises at 45 degrees. Steeper flights are a little slower, flatter ones a little faster."""
    if world.setting.interceptor(case.interceptor).scaled_to_m_s is not None:
        return world.value(f"interceptor.{case.interceptor}.burnout_speed")

    def speed(dossier: Dossier) -> float:
        payload = dossier.interceptor[case.interceptor].payload.value
        return reference_burnout(interceptor_vehicle(dossier, case.interceptor, payload)).speed_m_s

    return _sampled(world, case, speed)


@quantity("kg", ["interceptor", "speed"], [], ["vehicle"], _speed_detail, most_rows=64)
def payload_for_speed(world: World, case: Case) -> Array:
    """The mass that the last motor must carry, kill vehicle and structure together, for the interceptor to
    burn out at
    the stated speed."""
    speed = case.speed_m_s
    assert speed is not None
    return _sampled(world, case, lambda dossier: rocket.payload_for_speed(dossier, case.interceptor, speed))
