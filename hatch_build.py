"""Puts the page of `midcourse serve` into the wheel and the sdist, building it first where it is not fresh.

The rest of the package does not need the page: without Node, or where npm fails, packaging says so and goes
on without it. An editable install takes the page from the clone, where `make web` builds it.
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
            self.app.display_waiting("Building the page of `midcourse serve` ...")
            try:
                build_page.build()
            except build_page.PageError as error:
                self.app.display_warning(f"NO PAGE: `midcourse serve` will have no page to show.\n{error}")
                return
        build_data["artifacts"].append(f"/{build_page.PAGE.relative_to(build_page.ROOT).as_posix()}/")
