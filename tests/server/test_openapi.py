"""Whatever is sent to the service, it answers: as its own description says, and never with a failure.

Schemathesis reads the description and makes requests of it, good ones and bad. Names that no description
tells are put into some of them, else hardly one would come further than to a dossier that is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from midcourse.dossier import Dossier
from midcourse.dossier.loading import HOME
from midcourse.server.app import create_app

from .listening import listening

OPERATIONS = (
    "GET /api/health", "GET /api/dossiers", "POST /api/dossiers", "GET /api/cases/{dossier}",
    "GET /api/cases/{dossier}/baseline", "POST /api/board", "POST /api/layers", "POST /api/scenes",
    "POST /api/downloads/{kind}", "POST /api/operations/recorded",
)  # fmt: skip
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip

FILES = {path.name: path.read_text(encoding="utf-8") for path in (HOME / "starter").glob("*.toml")}
CLAIMS = FILES["claims.toml"]

#: What is there under each key of a request, and what might be meant by it.
KNOWN: dict[str, st.SearchStrategy[Any]] = {
    "dossier": st.just("my-dossier"),
    "viewpoint": st.sampled_from([None, "makers", "critics", "nobody"]),
    "set": st.dictionaries(
        st.sampled_from([
            "doctrine.my-doctrine.decision_delay", "site.my-hill.lat", "radar.my-radar.mean_power",
            "interceptor.gbi-2-stage.payload", "architecture.my-shield.battery.1.inventory", "site.my-hill",
        ]),
        st.sampled_from([
            "0", "1e400 s", "-5", "nan", "90 s", "46 deg", "90.1 deg", "1 kg", "200 kW", "∞", "[1, 2]",
        ]),
        max_size=3,
    ),
    "architecture": st.sampled_from(["my-shield", "without-radar", "my-sheild"]),
    "against": st.sampled_from([None, "without-radar", "my-shield"]),
    "threat": st.sampled_from(["my-threat", None]),
    "launch": st.sampled_from(["north-west", "nowhere"]),
    "target": st.sampled_from(["Berlin", "north-west"]),
    "missile": st.sampled_from([None, "no-missile"]),
    "quantity": st.sampled_from(["seen", "warning", "defended", "reach", "shots", "chance"]),
    "region": st.sampled_from(["50,10,56,20", "10,10,10,10", "91,0,95,1", "atlantis"]),
    "steps": st.sampled_from([[4.0], [2.0], [0.0], [-1.0], [1e-9], [1e9], []]),
    "altitude_km": st.sampled_from([None, 500.0, -1.0, 0.0, 1e12]),
    "battery": st.sampled_from([None, "redzikowo", "1"]),
    # A dossier that is cut off somewhere; or is not.
    "files": (st.just(len(CLAIMS)) | st.integers(0, len(CLAIMS))).map(
        lambda end: {**FILES, "claims.toml": CLAIMS[:end]}
    ),
    "launches": st.sampled_from([None, ["north-west"], ["36,50"], ["a,b"], []]),
}  # fmt: skip


@pytest.fixture(scope="module")
def described(small: Dossier) -> Iterator[Any]:
    with listening(create_app("my-dossier", small, page=None, workers=2)) as address:
        yield schemathesis.openapi.from_url(f"http://{address}/api/openapi.json")


def informed(draw: Callable[[Any], Any], body: Any) -> Any:
    """A body with names that are known put in here and there."""
    if not isinstance(body, dict):
        return body
    found = {}
    for key, value in body.items():
        if key in KNOWN and draw(st.integers(0, 4)):
            found[key] = draw(KNOWN[key])
        else:
            found[key] = informed(draw, value)
    return found


def hammer(described: Any, label: str, requests: int) -> None:
    """Make requests of one operation, and look at all answers."""
    method, path = label.split()
    operation = described[path][method]

    @settings(max_examples=requests, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def requests_are_answered(data: st.DataObject) -> None:
        mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        case.body = informed(data.draw, case.body)
        if "dossier" in case.path_parameters and data.draw(st.booleans()):
            case.path_parameters = {"dossier": "my-dossier"}
        case.call_and_validate(checks=CHECKS)

    requests_are_answered()


def test_all_operations_are_tried(described: Any) -> None:
    assert {each.ok().label for each in described.get_all_operations()} == set(OPERATIONS)


@pytest.mark.parametrize("label", OPERATIONS)
def test_a_few_requests_of_any_kind_are_answered(described: Any, label: str) -> None:
    hammer(described, label, 12)


@pytest.mark.slow
@pytest.mark.parametrize("label", OPERATIONS)
def test_many_requests_of_any_kind_are_answered(described: Any, label: str) -> None:
    hammer(described, label, 400)
