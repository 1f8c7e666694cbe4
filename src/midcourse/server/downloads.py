"""What can be taken away from the page: the dossier with its changes, the report, scenes and maps."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from dataclasses import replace
from typing import Literal

import tomli_w
from fastapi import FastAPI
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from ..analysis.quantity import asked
from ..analysis.scene import scene_of
from ..dossier import Dossier, InputError
from ..dossier.book import Entry, Page, path_of
from ..output.report import report_html
from ..study.assess import assess
from .case import Case
from .desk import Crew, Dropped, Order, Urgency
from .figures import State
from .layer import LayerAsk
from .scenes import SceneAsk, scene
from .talking import Office

Kind = Literal["dossier", "report", "czml", "geojson"]
#: Where entries of the catalog go that were changed.
CHANGES = "changes.toml"


class DownloadBody(BaseModel):
    """What to write: a state, and for scenes and maps which one."""

    model_config = ConfigDict(extra="forbid")

    state: State
    layer: LayerAsk | None = None
    scene: SceneAsk | None = None


def add_to(app: FastAPI, office: Office) -> None:
    """Add the downloads to an application."""

    @app.post(
        "/api/downloads/{kind}",
        response_class=Response,
        responses={200: {"content": {type_: {} for type_, _ in _TYPES.values()}, "description": "The file"}},
    )
    async def download(kind: Kind, body: DownloadBody) -> Response:
        """A file of what is shown."""
        case = await asyncio.to_thread(office.shelf.case, body.state.dossier)
        order = Order()
        try:
            found = await asyncio.get_running_loop().run_in_executor(
                office.waiting, lambda: _made(kind, body, case, office, order)
            )
        except asyncio.CancelledError:
            order.drop()
            raise
        type_, ending = _TYPES[kind]
        name = f"{body.state.dossier}{'' if body.state.untouched else '-changed'}.{ending}"
        return Response(
            found, media_type=type_, headers={"content-disposition": f'attachment; filename="{name}"'}
        )


_TYPES: dict[str, tuple[str, str]] = {
    "dossier": ("application/zip", "zip"),
    "report": ("text/html; charset=utf-8", "html"),
    "czml": ("application/json", "czml"),
    "geojson": ("application/geo+json", "geojson"),
}


def _made(kind: Kind, body: DownloadBody, case: Case, office: Office, order: Order) -> str | bytes:
    exact = case.figures(body.state).exact
    if kind == "dossier":
        return dossier_zip(exact, body.state)
    if kind == "report":
        return _report(case, body.state, exact, office, order)
    if kind == "czml":
        if body.scene is None:
            raise InputError("no scene to write", where="scene", expected="a flight")
        made = scene(exact, body.scene, case.memory, office.desk.workers)
        return json.dumps(made["czml"], ensure_ascii=False, allow_nan=False)
    if body.layer is None:
        raise InputError("no layer to write", where="layer", expected="a quantity and an architecture")
    return office.layers.geojson(exact, body.layer)


def _report(case: Case, state: State, exact: Dossier, office: Office, order: Order) -> str:
    """The report, as ``midcourse assess --out`` writes it."""
    workers = office.desk.workers
    found = case.assessment if state.untouched else None
    if found is None:
        found = assess(
            exact, mapped=False, memory=case.memory, workers=workers, command=command(state),
            engine=Crew(office.desk, Urgency.REFINED, order),
        )  # fmt: skip
    if order.dropped:
        raise Dropped
    cases = [asked(exact, name).case for name in exact.claim]
    whole = replace(found, scene=scene_of(exact, cases, case.memory, workers), command=command(state))
    return report_html(whole)


def command(state: State) -> str:
    """The command that gives a state's verdicts, as far as there is one."""
    import shlex

    words = ["midcourse", "assess", state.dossier]
    for path, value in state.set.items():
        words += ["--set", f"{path}={value}"]
    return shlex.join(words)


def dossier_zip(exact: Dossier, state: State) -> bytes:
    """A dossier's files with the figures imposed written into them, as a ZIP archive.

    A file of which nothing was changed is as it was, comments and all; one that was is written anew. Entries
    of the catalog that were changed go into a file of their own.
    """
    book = exact.book
    touched = {entry for entry in book.tables if _changed(exact, entry)}
    own: dict[Page, list[Entry]] = {}
    for entry, page in book.pages.items():
        if not page.shown.startswith("catalog/"):
            own.setdefault(page, []).append(entry)
    about = "".join(f"# {path} = {value}\n" for path, value in state.set.items())
    note = f"# Written by midcourse with these figures changed:\n{about}\n" if state.set else ""
    files: dict[str, str] = {}
    for page, entries in own.items():
        name = page.shown.rsplit("/", 1)[-1]
        files[name] = page.text if not touched & {*entries} else note + _toml(exact, entries)
    others = [entry for entry in touched if not any(entry in entries for entries in own.values())]
    if others:
        files[CHANGES] = note + _toml(exact, others)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            # No date, so that the same state gives the same file.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def _changed(exact: Dossier, entry: Entry) -> bool:
    where = path_of(entry)
    return any(path[: len(where)] == where for path in exact.book.imposed)


def _toml(exact: Dossier, entries: list[Entry]) -> str:
    """Entries as they stand, in TOML."""
    tables: dict[str, object] = {}
    for entry in entries:
        kind, name = entry
        written = exact.book.tables[entry]
        if name:
            group = tables.setdefault(kind, {})
            assert isinstance(group, dict)
            group[name] = written
        else:
            tables[kind] = written
    return tomli_w.dumps(tables)
