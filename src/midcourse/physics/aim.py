"""Finding the flight from a launch place to a target on the rotating, oblate Earth.

A flight is steered by azimuth, kick and cutoff (see ``flight``); a target on the ground fixes two of the
three. The third is fixed by what is asked for:

- ``LEAST_ENERGY``: the specific mechanical energy at cutoff is least: the field's minimum-energy trajectory.
  Where the missile has not the propellant to reach the target so, it burns out on the flight nearest to it;
- ``APOGEE``: the flight rises to a given height (lofted above the least-energy flight, depressed below it);
- ``FULL_BURN``: all propellant is burnt, on the higher of the two flights that then hit.

All are Newton iterations on finite differences of whole flights. While iterating, the last stage may burn on
a little beyond its propellant, so that a target just out of reach is told from a failure to converge.
"""

import math

import numpy as np

from .earth import Earth, bearing, central_angle
from .flight import (
    BURN,
    FLOW,
    IGNITION,
    MASS,
    MOST_NODES,
    NODE_COLUMNS,
    TOLERANCE,
    TOO_MANY_STEPS,
    Array,
    Vehicle,
    apogee,
    fly,
    full_burn,
)
from .kernel import bare, kernel
from .reach import (
    GOOD_MISS,
    HIT,
    LATEST,
    NOT_CONVERGED,
    OUT_OF_REACH,
    ROUGH,
    TOO_CLOSE,
    Ranges,
    burn_out,
    longest_range,
    shoot,
    tabulate_ranges,
    time_aloft,
)

__all__ = [
    "APOGEE", "FULL_BURN", "GOOD_MISS", "HIT", "LEAST_ENERGY", "NOT_CONVERGED", "OUT_OF_REACH", "TOO_CLOSE",
    "Ranges", "aim", "aim_many", "burn_out", "fly_many", "longest_range", "tabulate_ranges",
]  # fmt: skip

LEAST_ENERGY, APOGEE, FULL_BURN = 0, 1, 2

#: Miss (and error of apogee) from which a frozen Jacobian does for the last corrections [m].
_NEAR = 20e3


@bare
def _guess(ranges: Ranges, distance: float, wanted: float) -> tuple[float, float]:
    """Kick and cutoff of the tabulated flight nearest to a distance and an apogee; nan if there is none."""
    best = 1e30
    log_kick, cutoff = np.nan, np.nan
    for i in range(len(ranges.log_kick)):
        for j in range(len(ranges.cutoff)):
            r, a = ranges.range[i, j], ranges.apogee[i, j]
            if not (r > 0.0):
                continue
            off = abs(r - distance) / max(distance, 0.05)
            off += 0.5 * abs(math.log(max(a, 1e4) / max(wanted, 1e4)))
            if off < best:
                best, log_kick, cutoff = off, ranges.log_kick[i], ranges.cutoff[j]
    return log_kick, cutoff


@bare
def least_energy_apogee(distance: float, earth: Earth) -> float:
    """About how high the least-energy flight over a central angle [rad] rises [m]: it leaves at a quarter of
    what the angle lacks to half a turn.
    """
    return 0.5 * earth.radius * (math.sin(0.5 * distance) + math.cos(0.5 * distance) - 1.0)


@bare
def lead_bearing(launch: Array, target: Array, apogee: float, earth: Earth) -> float:
    """Bearing to where the target will be, for the Earth turns under the flight [rad]."""
    distance = central_angle(launch[0], launch[1], target[0], target[1])
    lead = earth.rotation * time_aloft(distance, apogee, earth)
    return bearing(launch[0], launch[1], target[0], target[1] + lead)


@kernel
def aim(
    vehicle: Vehicle, ranges: Ranges, launch: Array, target: Array, mode: int, top: float, earth: Earth,
    steering: Array,
) -> int:  # fmt: skip
    """Find the flight from ``launch`` to ``target``.

    Parameters
    ----------
    launch, target : latitude, longitude, altitude [rad, rad, m]; the target lies on the ellipsoid
    mode : LEAST_ENERGY or APOGEE (``burn_out`` aims at full burn)
    top : the apogee asked for [m]; used with APOGEE only
    steering : (4,) is filled with azimuth [rad], kick [rad], cutoff [s] and miss distance [m]

    Returns
    -------
    HIT, OUT_OF_REACH, TOO_CLOSE or NOT_CONVERGED
    """
    nodes = np.empty((MOST_NODES, NODE_COLUMNS))
    f0, fa, fu, ft = np.empty(4), np.empty(4), np.empty(4), np.zeros(4)
    last = vehicle.stages[-1]
    full = full_burn(vehicle)
    earliest = last[IGNITION] + 0.02 * last[BURN]
    # Overburn: until a quarter of the mass at burnout is gone too.
    most = full + 0.25 * (last[MASS] - last[FLOW] * last[BURN]) / last[FLOW]
    distance = central_angle(launch[0], launch[1], target[0], target[1])
    wanted = top
    if mode == LEAST_ENERGY:
        wanted = least_energy_apogee(distance, earth)
    u, tc = _guess(ranges, distance, wanted)
    if math.isnan(u):
        steering[0] = bearing(launch[0], launch[1], target[0], target[1])
        return OUT_OF_REACH
    az = lead_bearing(launch, target, wanted, earth)
    da, dt, du = 2e-4, 2e-3 * last[BURN], 0.02
    miss = 1e30
    polish = False
    previous_slope, previous_u = np.nan, np.nan
    # Rows of the Jacobian: miss east, miss north, apogee; columns: azimuth, kick, cutoff.
    e_a = e_u = e_t = n_a = n_u = n_t = h_a = h_u = h_t = 0.0
    for iteration in range(48):
        if not shoot(vehicle, launch, target, az, u, tc, TOLERANCE if polish else ROUGH, earth, nodes, f0):
            # Fell back during boost, or flew away: climb more steeply, or burn less.
            if iteration % 2 == 1:
                tc = max(earliest, tc - 0.05 * last[BURN])
            else:
                u -= 0.15
            previous_slope = np.nan
            continue
        miss = math.sqrt(f0[0] ** 2 + f0[1] ** 2)
        if polish:
            if miss < GOOD_MISS and (mode != APOGEE or abs(top - f0[3]) < GOOD_MISS):
                break
        else:
            flew = shoot(vehicle, launch, target, az + da, u, tc, ROUGH, earth, nodes, fa)
            flew = flew and shoot(vehicle, launch, target, az, u - du, tc, ROUGH, earth, nodes, fu)
            flew = flew and shoot(vehicle, launch, target, az, u, tc - dt, ROUGH, earth, nodes, ft)
            if not flew:
                u -= 0.1
                continue
            e_a, n_a, h_a = (fa[0] - f0[0]) / da, (fa[1] - f0[1]) / da, (fa[3] - f0[3]) / da
            e_u, n_u, h_u = (f0[0] - fu[0]) / du, (f0[1] - fu[1]) / du, (f0[3] - fu[3]) / du
            e_t, n_t, h_t = (f0[0] - ft[0]) / dt, (f0[1] - ft[1]) / dt, (f0[3] - ft[3]) / dt
        det = e_a * n_t - n_a * e_t
        # Azimuth and cutoff that bring the impact to the target, and how they must follow the kick to keep it
        # there.
        a_0 = -(f0[0] * n_t - f0[1] * e_t) / det
        t_0 = -(e_a * f0[1] - n_a * f0[0]) / det
        a_u = -(e_u * n_t - n_u * e_t) / det
        t_u = -(e_a * n_u - n_a * e_u) / det
        step_u = 0.0
        if mode == APOGEE:
            step_u = (top - f0[3] - h_a * a_0 - h_t * t_0) / (h_u + h_a * a_u + h_t * t_u)
            polish = polish or (miss < _NEAR and abs(top - f0[3]) < _NEAR)
        elif not polish:
            # Slope of the energy at cutoff along the flights that hit; its zero by the secant rule.
            slope = (f0[2] - fu[2]) / du + (fa[2] - f0[2]) / da * a_u + (f0[2] - ft[2]) / dt * t_u
            bend = (slope - previous_slope) / (u - previous_u)
            step_u = -slope / bend if bend > 0.0 else -math.copysign(0.1, slope)
            previous_slope, previous_u = slope, u
            polish = abs(step_u) < 4e-3 and miss < _NEAR
        step_u = max(-0.25, min(0.25, step_u))
        step_a = a_0 + a_u * step_u
        step_t = t_0 + t_u * step_u
        u += max(-0.3, min(0.3, step_u))
        az += max(-0.2, min(0.2, step_a))
        reach = 0.3 * last[BURN]
        tc = max(earliest, min(most, tc + max(-reach, min(reach, step_t))))
    steering[0] = az % (2.0 * math.pi)
    steering[1] = math.exp(u)
    steering[2] = tc
    steering[3] = miss
    if miss > GOOD_MISS:
        if tc >= most - 1e-6:
            return OUT_OF_REACH
        return TOO_CLOSE if tc <= earliest + 1e-6 else NOT_CONVERGED
    return OUT_OF_REACH if tc > full + 1e-6 else HIT


@kernel
def aim_many(
    vehicle: Vehicle, ranges: Ranges, launches: Array, targets: Array, mode: int, top: float, earth: Earth
) -> tuple[Array, Array, Array]:
    """Aim from every launch place to the target of the same row.

    Parameters
    ----------
    launches, targets : (p, 3) latitude, longitude, altitude [rad, rad, m]

    Returns
    -------
    status : (p,) as of ``aim``, as floats
    steering : (p, 4) azimuth [rad], kick [rad], cutoff [s], miss [m]
    reach : (p,) the longest range toward the target as a central angle [rad], where it had to be found; else
        nan
    """
    count = launches.shape[0]
    status = np.empty(count)
    steering = np.full((count, 4), np.nan)
    reach = np.full(count, np.nan)
    farthest = 0.0
    for i in range(len(ranges.log_kick)):
        if ranges.range[i, -1] > farthest:
            farthest = ranges.range[i, -1]
    for p in range(count):
        launch, target = launches[p], targets[p]
        distance = central_angle(launch[0], launch[1], target[0], target[1])
        outcome = NOT_CONVERGED
        # The Earth's rotation adds less than a third to any range.
        if mode != FULL_BURN and distance < farthest * 1.35:
            outcome = aim(vehicle, ranges, launch, target, mode, top, earth, steering[p])
        short = outcome in (OUT_OF_REACH, NOT_CONVERGED)
        if mode == LEAST_ENERGY and short and distance < 0.1 * farthest:
            # Burning everything would still get there, by way of the far sky: not what was asked.
            outcome, short = TOO_CLOSE, False
        if mode == FULL_BURN or (mode == LEAST_ENERGY and short):
            outcome, reach[p] = burn_out(vehicle, ranges, launch, target, earth, steering[p])
        elif short:
            toward = bearing(launch[0], launch[1], target[0], target[1])
            reach[p] = longest_range(vehicle, ranges, launch, toward, earth)[0]
            if reach[p] < distance:
                outcome = OUT_OF_REACH
        status[p] = outcome
    return status, steering, reach


@kernel
def fly_many(vehicle: Vehicle, launches: Array, steering: Array, earth: Earth) -> tuple[Array, Array]:
    """Fly every steered launch to the ground at full accuracy.

    Parameters
    ----------
    launches : (p, 3) latitude, longitude, altitude [rad, rad, m]
    steering : (p, 4) as of ``aim_many``

    Returns
    -------
    nodes : (p, n, 10) step ends as of ``fly``, ECI; rows shorter than the longest repeat their last node
    summary : (p, 5) status, nodes, first node after thrust, time [s] and height [m] of the apogee
    """
    count = launches.shape[0]
    scratch = np.empty((MOST_NODES, NODE_COLUMNS))
    kept = np.empty((count, MOST_NODES // 2, NODE_COLUMNS))
    summary = np.empty((count, 5))
    longest = 1
    for p in range(count):
        status, n, b = fly(
            vehicle, launches[p, 0], launches[p, 1], launches[p, 2], steering[p, 0], steering[p, 1],
            steering[p, 2], LATEST, TOLERANCE, earth, scratch,
        )  # fmt: skip
        if n > kept.shape[1]:
            status, n = TOO_MANY_STEPS, kept.shape[1]
        kept[p, :n] = scratch[:n]
        kept[p, n:] = scratch[n - 1]
        longest = max(longest, n)
        when, top = apogee(scratch, n, earth)
        summary[p, 0], summary[p, 1], summary[p, 2] = status, n, b
        summary[p, 3], summary[p, 4] = when, top
    return kept[:, :longest].copy(), summary
