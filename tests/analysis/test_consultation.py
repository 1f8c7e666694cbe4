"""Consultation between capitals counts as the decision does, and only where there is any."""

from __future__ import annotations

import numpy as np

from midcourse.analysis import engagement
from midcourse.dossier import Dossier
from midcourse.model.memory import Memory
from midcourse.study.relevance import relevant

IRAN, NEW_YORK = tuple(np.radians([35.7, 51.4])), tuple(np.radians([40.7, -74.0]))


def _engaged(dossier: Dossier, memory: Memory) -> engagement.Engagement:
    return engagement.engage(dossier, "third-site", "notional-icbm", IRAN, NEW_YORK, memory=memory)


def test_consultation_is_time_before_a_launch(third_site: Dossier, memory: Memory) -> None:
    doctrine = "doctrine.nominal."
    asked = third_site.with_overrides(
        {doctrine + "decision_delay": "30 s", doctrine + "consultation": "90 s"}
    )
    decided = third_site.with_overrides({doctrine + "decision_delay": "120 s"})
    assert _engaged(asked, memory).sites == _engaged(decided, memory).sites
    assert _engaged(asked, memory).sites != _engaged(third_site, memory).sites


def test_a_range_of_consultation_is_sampled(third_site: Dossier) -> None:
    path = "doctrine.nominal.consultation"
    assert path not in relevant(third_site, "washington-us-shots")
    ranged = third_site.with_overrides({path: "60 s", f"{path}.low": "0 s", f"{path}.high": "300 s"})
    assert path in relevant(ranged, "washington-us-shots")
