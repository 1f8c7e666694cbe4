"""Puts the page of `midcourse serve` and the globe of notebooks into the wheel and the sdist, building them
first where they are not fresh.

The rest of the package does not need them: without Node, or where npm fails, packaging says so and goes on
without them. An editable install takes them from the clone, where `make web` builds them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "scripts"))

import build_page


class PageHook(BuildHookInterface[Any]):
    """Hatch's custom hook."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        if not build_page.is_fresh():
            self.app.display_waiting("Building the page of `midcourse serve` and the globe of notebooks ...")
            try:
                build_page.build()
            except build_page.PageError as error:
                self.app.display_warning(
                    f"NO PAGE: `midcourse serve` will have no page to show, nor notebooks a globe.\n{error}"
                )
                return
        for folder in build_page.BUILT:
            build_data["artifacts"].append(f"/{folder.relative_to(build_page.ROOT).as_posix()}/")
