"""Least-energy flights between one place and very many.

Steering changes smoothly with the place at the other end. It is found on a lattice of places round the one
place (``aim_lattice``), read between them by polynomials of the fifth degree, and corrected on the flight
itself by derivatives that are read likewise. What comes out hits its target as closely as any flight of
``aim``; its kick is off that of least energy by what the lattice and the reading err, which energy, at its
least, does not feel.

Places for which the least-energy flight has not the propellant are tried with all of it burnt, on the higher
of the two flights that then hit, from what a table of such flights says (``aim_edge``). Where neither tells,
nothing is made up: whoever asks aims at length.
"""

import math

import numpy as np

from .aim_edge import CORRECTIONS, Edge, burn_out_to, edge_at
from .aim_lattice import STEERING, Lattice, ahead, along_flight, onward, read
from .earth import Earth
from .flight import (
    BURN,
    IGNITION,
    IMPACT,
    MOST_NODES,
    NODE_COLUMNS,
    TOLERANCE,
    Array,
    Vehicle,
    apogee,
    fly,
    full_burn,
)
from .kernel import kernel
from .reach import GOOD_MISS, HIT, LATEST, NOT_CONVERGED, OUT_OF_REACH, TOO_CLOSE, impact_miss

# Part of the central angle by which places beyond the farthest flights are out of reach for certain, besides
# what reading between them may err.
_BEYOND = 2e-3
# Part of the least central angle of a lattice under which all places are too close.
_UNDER = 0.85
# As near to the antipode as flights with all propellant burnt are looked for [rad].
_ANTIPODE = 0.96 * math.pi


@kernel
def aim_between(
    vehicle: Vehicle, center: Array, others: Array, lattice: Lattice, edge: Edge, outward: bool, earth: Earth
) -> tuple[Array, Array, Array, Array]:
    """Aim between a place and others, by a lattice and an edge round it.

    Parameters
    ----------
    others : (p, 3) latitude, longitude, altitude [rad, rad, m]
    outward : launched from ``center``; else coming down there

    Returns
    -------
    status : (p,) HIT; OUT_OF_REACH where a place lies clearly beyond; TOO_CLOSE; NOT_CONVERGED where it must
        be aimed at length
    steering, nodes, summary : as of ``aim.aim_many`` and ``aim.fly_many``
    """
    count = others.shape[0]
    status = np.full(count, float(NOT_CONVERGED))
    steering = np.full((count, 4), np.nan)
    kept = np.empty((count, MOST_NODES // 2, NODE_COLUMNS))
    summary = np.zeros((count, 5))
    nodes, row, told = np.empty((MOST_NODES, NODE_COLUMNS)), np.empty(STEERING), np.empty(4)
    work = np.empty((3, 6))
    last = vehicle.stages[-1]
    full = full_burn(vehicle)
    earliest = last[IGNITION] + 0.02 * last[BURN]
    most = 1
    for p in range(count):
        other = others[p]
        launch, target = (center, other) if outward else (other, center)
        toward, angle = ahead(center, other[0], other[1], outward, earth)
        if angle < _UNDER * lattice.nearest:
            status[p] = TOO_CLOSE
            continue
        known = edge_at(edge, toward, angle, work, told)
        if known and angle > told[0] * (1.0 + _BEYOND) + told[1]:
            status[p] = OUT_OF_REACH
            continue
        hit, beyond_propellant, n, b = False, angle > lattice.middle, 0, 0
        if read(lattice, toward, angle, work[0], work[1], row):
            beyond_propellant = False
            if row[2] < last[IGNITION] - 0.02 * last[BURN]:
                status[p] = TOO_CLOSE
                continue
            az, u, tc = onward(launch, target, toward, angle, outward, earth) + row[0], row[1], row[2]
            for _ in range(CORRECTIONS):
                ended, n, b = fly(
                    vehicle, launch[0], launch[1], launch[2], az, math.exp(u), tc, LATEST, TOLERANCE, earth,
                    nodes,
                )  # fmt: skip
                if ended != IMPACT:
                    break
                east, north = impact_miss(nodes, n, target, earth)
                off = math.sqrt(east * east + north * north)
                if off < GOOD_MISS:
                    hit = earliest < tc <= full
                    beyond_propellant = tc > full
                    if tc <= earliest:
                        status[p] = TOO_CLOSE
                    steering[p, 0], steering[p, 1] = az % (2.0 * math.pi), math.exp(u)
                    steering[p, 2], steering[p, 3] = tc, off
                    break
                right, beyond = along_flight(launch, target, east, north)
                az += (row[3] * right + row[4] * beyond) / math.sin(angle)
                tc += row[5] * right + row[6] * beyond
        if beyond_propellant and known and not math.isnan(told[3]) and angle < _ANTIPODE:
            hit, n, b = burn_out_to(vehicle, launch, target, told, earth, nodes, steering[p])
        if not hit or n > kept.shape[1]:
            continue
        status[p] = HIT
        kept[p, :n] = nodes[:n]
        kept[p, n:] = nodes[n - 1]
        most = max(most, n)
        when, top = apogee(nodes, n, earth)
        summary[p, 0], summary[p, 1], summary[p, 2] = IMPACT, n, b
        summary[p, 3], summary[p, 4] = when, top
    return status, steering, kept[:, :most].copy(), summary
