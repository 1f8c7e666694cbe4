"""Windows of engagement against a search by brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest

from midcourse.analysis.engagement import engage
from midcourse.dossier import Dossier
from midcourse.model import defence
from midcourse.model.memory import Memory

from .brute import Meeting, Search

TEHRAN, TABRIZ = (35.7, 51.4), (38.1, 46.3)
KOZELSK, TATISHCHEVO, UZHUR = (54.0, 35.8), (51.7, 45.6), (55.3, 89.8)
NEW_YORK, LOS_ANGELES, CHICAGO = (40.7, -74.0), (34.1, -118.2), (41.9, -87.6)
LONDON, BERLIN = (51.5, -0.1), (52.5, 13.4)
# One flight of each missile is searched in the short tests, and one that cannot be met.
SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    ("missile", "start", "target", "commit"),
    [
        pytest.param("notional-icbm", TEHRAN, NEW_YORK, 462.0, id="iran-new-york", marks=SLOW),
        pytest.param("notional-icbm", TABRIZ, LOS_ANGELES, 600.0, id="iran-los-angeles-late"),
        pytest.param("notional-icbm", TATISHCHEVO, CHICAGO, 250.0, id="russia-chicago", marks=SLOW),
        pytest.param("notional-icbm-solid", KOZELSK, NEW_YORK, 350.0, id="russia-new-york"),
        pytest.param("notional-irbm", TABRIZ, LONDON, 330.0, id="iran-london"),
        pytest.param("notional-irbm", TEHRAN, BERLIN, 700.0, id="iran-berlin-late", marks=SLOW),
        pytest.param("notional-icbm", UZHUR, LOS_ANGELES, 500.0, id="siberia-los-angeles", marks=SLOW),
        pytest.param("notional-icbm", UZHUR, LOS_ANGELES, 700.0, id="not-engageable"),
    ],
)
def test_windows(
    third_site: Dossier,
    memory: Memory,
    search: Search,
    missile: str,
    start: tuple[float, float],
    target: tuple[float, float],
    commit: float,
    request: pytest.FixtureRequest,
) -> None:
    a, b = ((math.radians(lat), math.radians(lon)) for lat, lon in (start, target))
    result = engage(third_site, "third-site", missile, a, b, commit_s=commit, memory=memory)
    site = next(each for each in result.sites if each.site == "redzikowo")
    interceptor = defence(third_site, "third-site").battery("redzikowo").interceptor
    homing = third_site.interceptor[interceptor.name].homing_time.value
    shortest = interceptor.burn_time_s + homing
    meeting = Meeting(search, result.flights, interceptor.minimum_altitude_m, shortest)
    expected = meeting.windows(commit)
    print(f"{request.node.callspec.id}: brute force {expected}, table {site.launch_s} {site.intercept_s}")
    if expected is None:
        assert not site.engageable
        assert request.node.callspec.id == "not-engageable"
        return
    assert site.launch_s is not None
    assert site.intercept_s is not None
    assert np.allclose(site.intercept_s, expected.intercept, rtol=0.0, atol=2.0)
    assert np.allclose(site.launch_s, expected.launch, rtol=0.0, atol=2.0)


def test_a_shared_memory_confuses_no_flights(third_site: Dossier, memory: Memory) -> None:
    """What is remembered about one flight and dossier is not taken for another that comes after."""
    places = [(math.radians(lat), math.radians(lon)) for lat, lon in (TEHRAN, TATISHCHEVO, KOZELSK, TABRIZ)]
    target = (math.radians(NEW_YORK[0]), math.radians(NEW_YORK[1]))
    for place in places:
        for payload in ("120 kg", "300 kg"):
            dossier = third_site.with_overrides({"interceptor.gbi-2-stage.payload": payload})
            shared = engage(
                dossier, "third-site", "notional-icbm", place, target, commit_s=400.0, memory=memory
            )
            alone = engage(dossier, "third-site", "notional-icbm", place, target, commit_s=400.0)
            assert shared.sites == alone.sites
