"""What a dossier may say: the kinds of entry, and the model of each."""

from __future__ import annotations

import re

from .defence import Architecture, Doctrine, Link, Radar, Satellite, Site
from .dispute import Claim, Comparison, Correlation, Places, Source, Threat, Viewpoint
from .record import Element, Party, Position
from .table import Table
from .vehicle import Drag, Interceptor, Missile, Motor

ENTITIES: dict[str, type[Table]] = {
    "source": Source,
    "site": Site,
    "motor": Motor,
    "drag": Drag,
    "missile": Missile,
    "interceptor": Interceptor,
    "radar": Radar,
    "satellite": Satellite,
    "link": Link,
    "doctrine": Doctrine,
    "places": Places,
    "architecture": Architecture,
    "threat": Threat,
    "viewpoint": Viewpoint,
    "claim": Claim,
    "party": Party,
    "element": Element,
    "position": Position,
    "correlation": Correlation,
    "comparison": Comparison,
}
HEADER = "dossier"
KINDS = (*ENTITIES, HEADER)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
