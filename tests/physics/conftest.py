"""Vehicles of the catalog, and room for a flight."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from midcourse.dossier import Dossier, load_catalog
from midcourse.model import missile
from midcourse.model.rocket import interceptor_vehicle
from midcourse.physics.flight import MOST_NODES, NODE_COLUMNS, Vehicle

MISSILES = ("notional-mrbm", "notional-irbm", "notional-icbm", "notional-icbm-solid")


@pytest.fixture(scope="session")
def catalog() -> Dossier:
    return load_catalog()


@pytest.fixture(scope="session")
def vehicles(catalog: Dossier) -> dict[str, Vehicle]:
    """The notional missiles, and the two-stage interceptor with its nominal payload."""
    found = {name: missile(catalog, name).vehicle for name in MISSILES}
    found["gbi-2-stage"] = interceptor_vehicle(catalog, "gbi-2-stage", 120.0)
    return found


@pytest.fixture(scope="session")
def in_the_void(vehicles: dict[str, Vehicle]) -> Vehicle:
    """A body that the air does not slow."""
    return vehicles["notional-icbm"]._replace(ballistic_coefficient=np.inf)


@pytest.fixture
def nodes() -> NDArray[np.float64]:
    return np.zeros((MOST_NODES, NODE_COLUMNS))
