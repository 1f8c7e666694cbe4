"""midcourse: an open evidence engine for disputes about missile defence.

>>> import midcourse as mc
>>> flights = mc.aim("notional-icbm", (35.7, 51.4), (40.7, -74.0))
>>> round(float(flights.apogee_m[0]) / 1e5)  # hundreds of kilometres
14
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .dossier import InputError, load, load_catalog
    from .face import (
        aim,
        assess,
        compare,
        defended_area,
        draw_map,
        engage,
        flyout,
        framework,
        raid,
        run_raid,
        run_study,
        site,
        timeline,
        watch,
    )
    from .model.flights import OutOfReach
    from .notebook.show import show
    from .store.reading import open_question, open_study

# Where each public name lives: what is not asked for is not imported.
_HOMES = {
    "InputError": "dossier",
    "OutOfReach": "model.flights",
    "aim": "face",
    "assess": "face",
    "compare": "face",
    "defended_area": "face",
    "draw_map": "face",
    "engage": "face",
    "flyout": "face",
    "framework": "face",
    "load": "dossier",
    "load_catalog": "dossier",
    "open_question": "store.reading",
    "open_study": "store.reading",
    "raid": "face",
    "run_raid": "face",
    "run_study": "face",
    "show": "notebook.show",
    "site": "face",
    "timeline": "face",
    "watch": "face",
}

__all__ = [
    "InputError",
    "OutOfReach",
    "__version__",
    "aim",
    "assess",
    "compare",
    "defended_area",
    "draw_map",
    "engage",
    "flyout",
    "framework",
    "load",
    "load_catalog",
    "open_question",
    "open_study",
    "raid",
    "run_raid",
    "run_study",
    "show",
    "site",
    "timeline",
    "watch",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
