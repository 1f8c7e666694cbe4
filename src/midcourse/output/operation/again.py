"""What a record says was run, ready to be run again."""

from __future__ import annotations

import tempfile
from pathlib import Path

from midcourse.dossier import Dossier, InputError
from midcourse.dossier.incident import Incident, read_raid_and_incidents
from midcourse.dossier.raid import LAUNCH, Order

from .document import Header, IncidentPart


def again(header: Header, dossier: Dossier) -> tuple[Dossier, tuple[Order, ...], tuple[Incident, ...]]:
    """The dossier with a threat for each launch of the raid's file, the orders and the incidents.

    InputError where the dossier, with what was imposed on it, is not that of the record.
    """
    grown = dossier
    if header.raid_file is not None:
        grown = _grown(header.raid_file, dossier)
    if grown.hash != header.hash:
        raise InputError(
            "the dossier is not that of the record", value=grown.hash,
            expected=f"{header.dossier} with the hash {header.hash}, all that was imposed on it included",
        )  # fmt: skip
    orders = tuple(
        Order(each.threat, each.count, each.at_s, each.spacing_s, spread_s=each.spread_s)
        for each in header.orders
    )
    return grown, orders, tuple(_incident(each) for each in header.incidents)


def _grown(text: str, dossier: Dossier) -> Dossier:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "raid.toml"
        path.write_text(text, encoding="utf-8")
        try:
            return read_raid_and_incidents(path, dossier)[0]
        except InputError as error:
            raise error.placed("raid_file of the record") from None


def _incident(part: IncidentPart) -> Incident:
    order = Order(part.what, 1, part.at_s) if part.do == LAUNCH else None
    return Incident(part.at_s, part.do, part.what, part.by_s, order=order)
