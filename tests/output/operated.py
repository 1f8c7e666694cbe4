"""Runs of the shield, as real as any: the third site against a few missiles, with and without incidents."""

from __future__ import annotations

from functools import cache

from midcourse.dossier import load
from midcourse.dossier.incident import check_incidents, parse_incident
from midcourse.dossier.raid import Order
from midcourse.model.memory import Memory
from midcourse.operation import Scenario, Shield, prepare, simulate
from midcourse.output.operation.document import Recorded
from midcourse.output.operation.recording import recorded

NAME = "third-site"
SEED = 1
COMMAND = "midcourse run third-site --architecture third-site --missiles 6 --seed 1"
TROUBLE = (
    "300 s fail satellite",
    "500 s fail emr@brdy",
    "560 s delay fylingdales@fylingdales 20 s",
    "600 s withdraw thule@thule",
    "700 s fail gbi-2-stage@redzikowo",
    "800 s restore emr@brdy",
    "820 s fail command",
    "900 s restore command",
    "1000 s share thule@thule",
)


def orders(missiles: int) -> tuple[Order, ...]:
    return (Order("iran-us", missiles, 0.0, 20.0, spread_s=5.0),)


@cache
def scenario(missiles: int = 6) -> Scenario:
    return prepare(load(NAME), NAME, orders(missiles), SEED, memory=Memory())


def shield(missiles: int = 6, run: int = 0, incidents: tuple[str, ...] = ()) -> Shield:
    ours = scenario(missiles)
    read = [parse_incident(text, ours.dossier) for text in incidents]
    return simulate(ours, SEED, run, incidents=check_incidents(ours.dossier, NAME, read))


@cache
def quiet() -> Shield:
    return shield()


@cache
def troubled() -> Shield:
    return shield(incidents=TROUBLE)


def run_of(of: Shield) -> Recorded:
    return recorded(of, command=COMMAND, orders=orders(len(of.scenario.courses)))
