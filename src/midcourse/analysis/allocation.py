"""Interceptors shared out over the missiles of a raid: a pure problem of arrays, solved by HiGHS.

A *plan* says how many interceptors of each battery one missile is worth. The problem: one plan for every
missile, so that the number expected to be stopped is greatest, and no battery spends more than it has nor
launches more often than its site can.

    maximise    sum over missiles i, plans p of  z[i, p] stop[i, p]
    subject to  sum over p of z[i, p] <= 1                                for every missile
                sum over i, p of z[i, p] spend[i, p, b] <= inventory[b]   for every battery
                ... the same sum over missiles whose launches must fall into slots u to v <= v - u + 1
                z[i, p] 0 or 1

Because a plan's chance is worked out whole, nothing is linearised: interceptors of several kinds at one
missile count as they do. Missiles that are alike share an integer variable, which keeps the program small.

What is approximated: launches of a site are set on a grid of shot intervals, on which the bound above is
Hall's condition, necessary and sufficient where plans spend whole interceptors. Where ``spend`` is an
expectation (shots that are fired only if the last missed) both bounds hold on average, no more; such a
program is solved without its integers, and rounded.
"""

from __future__ import annotations

import os
import sys
import threading
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

#: How far from the best a solution may be, as a share of it, where nobody says.
GAP = 1e-6
# How far from whole a solver's whole number may be.
_WHOLE = 1e-6


@cache
def plans(batteries: int, most: int) -> Indices:
    """Every way to send up to ``most`` interceptors at one missile: (plans, batteries), none comes first,
    then those of fewer.
    """
    every = (each for each in product(range(most + 1), repeat=batteries) if sum(each) <= most)
    return np.array(sorted(every, key=lambda each: (sum(each), [-n for n in each])), dtype=np.int64).reshape(
        -1, batteries
    )


def sequences(counts: Indices, order: Indices, most: int) -> Indices:
    """The battery of each shot in turn, -1 beyond the last: (..., most).

    Parameters
    ----------
    counts : (..., batteries) shots of each battery
    order : (..., batteries) batteries as they take their turns
    """
    counts, order = np.broadcast_arrays(counts, order)
    ends = np.cumsum(np.take_along_axis(counts, order, axis=-1), axis=-1)
    turn = (ends[..., None, :] <= np.arange(most)[:, None]).sum(axis=-1)
    padded = np.concatenate([order, np.full((*order.shape[:-1], 1), -1)], axis=-1)
    return np.asarray(np.take_along_axis(padded, turn, axis=-1))


def missing(sequence: Indices, hit: Array) -> Array:
    """Probability that all shots before the first, second, ... and all of a sequence miss: (..., most + 1).

    ``hit`` is (..., batteries), of a single shot at the right object.
    """
    fired = np.take_along_axis(
        np.broadcast_to(hit, (*sequence.shape[:-1], hit.shape[-1])), np.maximum(sequence, 0), axis=-1
    )
    missed = np.where(sequence < 0, 1.0, 1.0 - fired)
    return np.concatenate([np.ones((*missed.shape[:-1], 1)), np.cumprod(missed, axis=-1)], axis=-1)


def allocate(
    stop: Array, spend: Array, inventory: Array, slots: Indices | None = None, *, whole: bool = True,
    gap: float = GAP,
) -> Indices:  # fmt: skip
    """The plan of every missile with which most are expected to be stopped: (missiles,). The program is that
    of the module's description.

    Parameters
    ----------
    stop : (missiles, plans) probability that the missile is stopped; nan where a plan cannot be carried out,
        0 for the first plan, that of no shot
    spend : (missiles, plans, batteries) interceptors, or how many are expected, spent by it
    inventory : (batteries,)
    slots : (missiles, batteries, 2) first and last slot in which the battery can launch at the missile, a
        launch a slot; what it says of batteries that cannot is not read. None where launches take no time
    whole : whether bounds are kept by whole plans; else, for expectations, the program without its integers
        is solved, and rounded
    gap : how far from the best a solution may be, as a share of it
    """
    best = np.asarray(np.argmax(np.nan_to_num(stop, nan=-1.0), axis=1), dtype=np.int64)
    if fits(spend[np.arange(len(best)), best], inventory, slots):
        return best
    from scipy.optimize import Bounds, LinearConstraint
    from scipy.sparse import csr_array

    wanted = np.where(np.isnan(stop)[:, :, None], 0.0, spend).max(axis=1)
    bounds = _crowded(wanted, inventory, slots)
    parts = [np.nan_to_num(stop, nan=-1.0), spend.reshape(len(spend), -1)]
    parts += [within.astype(np.float64)[:, None] for _, within, _ in bounds]
    _, first, kind, count = np.unique(
        np.round(np.concatenate(parts, axis=1), 12), axis=0, return_index=True, return_inverse=True,
        return_counts=True,
    )  # fmt: skip
    kind = kind.ravel()
    which, plan = np.nonzero(np.nan_to_num(stop[first]) > 0.0)
    missile = first[which]
    rows = [(which == k).astype(np.float64) for k in range(len(first))]
    bound_to = list(count.astype(np.float64))
    for battery in range(len(inventory)):
        rows.append(spend[missile, plan, battery])
        bound_to.append(inventory[battery])
    for battery, within, room in bounds:
        rows.append(spend[missile, plan, battery] * within[missile])
        bound_to.append(room)
    worth, using, most = stop[missile, plan], np.stack(rows), np.array(bound_to)
    program = {
        "c": -worth,
        "constraints": LinearConstraint(csr_array(using), -np.inf, most),
        "options": {"mip_rel_gap": gap},
    }
    upper, free, integers = count[which].astype(np.float64), np.zeros(len(plan)), np.ones(len(plan))
    # Most of these programs are solved whole without asking for it, others once what is whole is kept.
    times = _solved(program, Bounds(free, upper), free)
    if whole and np.abs(times - np.round(times)).max(initial=0.0) > _WHOLE:
        bound = worth @ times
        times = _solved(program, Bounds(np.floor(times + _WHOLE), upper), integers)
        if worth @ times < (1.0 - gap) * bound:
            times = _solved(program, Bounds(free, upper), integers)
    out = np.zeros(len(stop), dtype=np.int64)
    for k in range(len(first)):
        mine = which == k
        chosen = np.repeat(plan[mine], _rounded(times[mine]))
        # Those that leave first are shot at most.
        out[np.flatnonzero(kind == k)[: len(chosen)]] = chosen[::-1]
    return out


def _solved(program: dict[str, Any], bounds: Any, integrality: Array) -> Array:
    from scipy.optimize import milp

    with _silence:
        found = milp(**program, bounds=bounds, integrality=integrality)
    if found.x is None:
        raise RuntimeError(f"HiGHS found no allocation: {found.message}")
    return np.asarray(found.x, dtype=np.float64)


def _rounded(times: Array) -> Indices:
    """How often each plan is taken by missiles that are alike: whole numbers of the same sum, to the
    nearest.
    """
    out = np.floor(times + _WHOLE)
    short = int(np.round((times - out).sum()))
    out[np.argsort(out - times, kind="stable")[:short]] += 1
    return np.asarray(out, dtype=np.int64)


def fits(spent: Array, inventory: Array, slots: Indices | None) -> bool:
    """Whether batteries have, and can launch in time, what is spent on each missile (missiles, batteries)."""
    if (spent.sum(axis=0) > inventory + 1e-9).any():
        return False
    return not _crowded(spent, np.full(len(inventory), np.inf), slots)


def _crowded(
    launches: Array, inventory: Array, slots: Indices | None
) -> list[tuple[int, NDArray[np.bool_], float]]:
    """Spans of slots that hold fewer launches than are wanted (missiles, batteries) in them: the battery,
    which missiles it must launch at within the span, and how many launches that holds.
    """
    if slots is None:
        return []
    found = []
    for battery, wanted in enumerate(launches.T):
        mine = wanted > 0.0
        first, last = slots[:, battery, 0], slots[:, battery, 1]
        if not mine.any() or inventory[battery] <= (last - first)[mine].min() + 1:
            continue
        begin, end = np.unique(first[mine]), np.unique(last[mine])
        within = mine & (first >= begin[:, None, None]) & (last <= end[:, None])
        room = (end - begin[:, None] + 1).astype(np.float64)
        asked = np.minimum(within @ wanted, inventory[battery])
        found += [
            (battery, within[i, j], float(room[i, j]))
            for i, j in np.argwhere(asked > np.maximum(room, 0.0) + 1e-9)
        ]
    return found


class _Silence:
    """Nothing on standard output: HiGHS at times prints there, past its own settings.

    Descriptors are the process's: of solvers in several threads the first in turns it away, and the last out
    back.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._inside = 0
        self._kept: int | None = None

    def __enter__(self) -> None:
        with self._guard:
            self._inside += 1
            if self._inside > 1:
                return
            sys.stdout.flush()
            try:
                self._kept = os.dup(1)
            except OSError:
                return
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.close(nowhere)

    def __exit__(self, *_: object) -> None:
        with self._guard:
            self._inside -= 1
            if self._inside or self._kept is None:
                return
            os.dup2(self._kept, 1)
            os.close(self._kept)
            self._kept = None


_silence = _Silence()
