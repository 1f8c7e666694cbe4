"""How soon the globe's layers follow what is dragged. Run by ``make bench``; not a test."""

from __future__ import annotations

import statistics
import threading
import time
from concurrent.futures import wait

import pytest

from midcourse.dossier import load
from midcourse.model.memory import Memory
from midcourse.server.layer import LayerAsk
from midcourse.server.layers import Layers

pytestmark = pytest.mark.benchmark

SITES = {"radar": ("brdy", 48.0, 14.0), "base": ("redzikowo", 50.5, 17.0)}


@pytest.fixture(scope="module")
def dossier():
    return load("third-site")


@pytest.fixture(scope="module")
def layers():
    made = Layers(Memory(), 2)
    yield made
    made.close()


def europe(**more):
    """Europe against missiles of intermediate range from nine places."""
    told = {"quantity": "defended", "architecture": "third-site", "threat": "iran-europe-irbm"}
    return LayerAsk.model_validate({**told, "region": "europe", **more})


def dragged(dossier, what):
    """The dossier with a radar or a base moved on and on, a fifth of a degree to the north and east."""
    site, lat, lon = SITES[what]
    step = 0
    while True:
        step += 1
        yield dossier.with_overrides(
            {f"site.{site}.lat": f"{lat + 0.2 * step} deg", f"site.{site}.lon": f"{lon + 0.2 * step} deg"}
        )


def warmed(layers, dossier, asked, what):
    """Everything that does not hang on where the site stands, and the first place of it."""
    list(layers.steps(dossier, asked))
    wait(layers.warm(dossier, asked))
    list(layers.steps(next(dragged(dossier, what)), asked))


def followed(benchmark, layers, dossier, asked, what, steps=99):
    """Draw the first steps of a layer at one place after another; what it takes of the processors in the
    median [s].
    """
    warmed(layers, dossier, asked, what)
    places, spent = dragged(dossier, what), []
    next(places)

    def draw(there):
        begun = time.process_time()
        for _ in zip(range(steps), layers.steps(there, asked), strict=False):
            pass
        spent.append(time.process_time() - begun)

    benchmark.pedantic(draw, setup=lambda: ((next(places),), {}), rounds=8, warmup_rounds=1)
    middle, size = statistics.median(spent), f"{layers.bytes / 1e6:.0f} MB"
    print(f"{asked.quantity}, {what} moved: {1e3 * middle:.0f} ms of the processors in the median; {size}")
    return middle


@pytest.mark.parametrize("quantity", ["defended", "shots", "warning"])
@pytest.mark.parametrize("what", SITES)
def test_a_coarse_layer_follows_what_is_dragged(benchmark, layers, dossier, what, quantity):
    """4 degrees, and another grid to come: 0.15 s of one thread are allowed."""
    asked = europe(quantity=quantity, steps=(4.0, 1.0))
    assert followed(benchmark, layers, dossier, asked, what, steps=1) < 0.15


@pytest.mark.parametrize("what", SITES)
def test_a_fine_layer_follows_what_is_dropped(benchmark, layers, dossier, what):
    """1 degree, exact; a second on two threads is allowed."""
    assert followed(benchmark, layers, dossier, europe(steps=(1.0,)), what) < 2.0
    assert benchmark.stats.stats.min < 1.0


@pytest.mark.parametrize("what", SITES)
def test_a_fine_difference_follows_what_is_dropped(benchmark, layers, dossier, what):
    """1 degree, exact, of two architectures; two seconds on two threads are allowed."""
    assert followed(benchmark, layers, dossier, europe(steps=(1.0,), against="joint"), what) < 4.0
    assert benchmark.stats.stats.min < 2.0


@pytest.mark.parametrize("what", ["seen", "reach"])
def test_what_is_seen_and_reached_follows_what_is_dragged(benchmark, layers, dossier, what):
    asked = europe(quantity=what, threat=None, steps=(1.0,))
    followed(benchmark, layers, dossier, asked, "radar" if what == "seen" else "base")
    assert benchmark.stats.stats.min < 1.0


def test_layers_that_nobody_waits_for_end_soon(layers, dossier):
    """Given up at one moment or another of a layer in the making; a twentieth of a second is allowed in the
    median.
    """
    asked, late = europe(steps=(4.0, 1.0)), []
    warmed(layers, dossier, asked, "base")
    places = dragged(dossier, "base")
    for i in range(24):
        over, given_up = threading.Event(), []

        def give_up(over=over, given_up=given_up):
            given_up.append(time.perf_counter())
            over.set()

        timer = threading.Timer(0.03 * i, give_up)
        timer.start()
        drawn = len(list(layers.steps(next(places), asked, over.is_set)))
        if given_up and drawn < 2:
            late.append(1e3 * (time.perf_counter() - given_up[0]))
        timer.cancel()
    late.sort()
    middle, last = late[len(late) // 2], late[-1]
    print(f"{len(late)} given up; they ended after {middle:.0f} ms in the median, {last:.0f} ms at most")
    assert len(late) > 6
    assert middle < 50.0


def test_memory_stays_flat_over_many_places(layers, dossier):
    """A radar and a base dragged to 60 places each."""
    asked, sizes = europe(steps=(4.0,)), []
    for what in SITES:
        warmed(layers, dossier, asked, what)
        places = dragged(dossier, what)
        for _ in range(60):
            list(layers.steps(next(places), asked))
            sizes.append(layers.bytes / 1e6)
    print(f"{sizes[0]:.0f} MB at first, {max(sizes):.0f} MB at most, {sizes[-1]:.0f} MB at last")
    # Flights, and tables of moved bases up to their bound.
    assert max(sizes) < sizes[0] + 400.0
