"""From a dossier, or two versions of one, to the document of its joint record."""

from __future__ import annotations

from collections.abc import Callable

from ...dossier import Dossier, InputError
from ...model.memory import Memory
from ...study.assess import assess
from ...study.moved import moved
from ...study.record import record
from ...study.running import Progress
from .composing import compose
from .document import Document


def framework(
    dossier: Dossier,
    against: Dossier | None = None,
    *,
    against_name: str = "",
    samples: int | None = None,
    seed: int = 0,
    command: str = "",
    progress: Callable[[Progress], None] | None = None,
    memory: Memory | None = None,
) -> Document:
    """Assess a dossier and compose its joint record.

    Parameters
    ----------
    against : an earlier version to compare with, assessed over as many samples with the same seed
    against_name : how it is named in the record
    samples, seed, progress, memory : as for ``assess``
    command : what makes the record again
    """
    if not dossier.element:
        raise InputError(
            "the dossier records no elements",
            expected="[element.NAME], [party.NAME] and [position.NAME] tables: see docs/framework.md",
        )
    memory = memory or Memory()
    assessment = assess(
        dossier, samples=samples, seed=seed, command=command, progress=progress, memory=memory
    )
    found = record(dossier, assessment)
    if against is None:
        return compose(found, command)
    if against.hash == dossier.hash:
        earlier = assessment
    else:
        try:
            earlier = assess(against, samples=assessment.samples, seed=seed, progress=progress, memory=memory)
        except InputError as error:
            raise error if error.where else error.placed("--against", more=error.more) from error
    return compose(found, command, moved(found, record(against, earlier)), (against_name, against))
