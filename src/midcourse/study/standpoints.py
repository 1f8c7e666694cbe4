"""Whose figures make it true: which viewpoints of a dossier a claim has to be judged under."""

from __future__ import annotations

from dataclasses import dataclass

from ..analysis.quantity import Quantity
from ..dossier import Dossier
from .asking import Question
from .relevance import touches

#: Samples that standpoints are judged over: the first of the run's, one in so many, within bounds. There are
#: about as many viewpoints as claims have parties, and each costs what the run itself does.
_PART, _FEWEST, _MOST = 16, 64, 256


def samples_for(samples: int, quantity: Quantity) -> int:
    """Samples that standpoints are judged over in a run of so many; half of those that a quantity of which
    one costs much is worth.
    """
    if quantity.most_rows is not None:
        samples = min(samples, quantity.most_rows // 2)
    return min(samples, max(_FEWEST, min(samples // _PART, _MOST)))


@dataclass(frozen=True)
class View:
    """A claim under a viewpoint, "" for none.

    Attributes
    ----------
    touches : whether any of the viewpoint's figures is one that the claim depends on
    question : the one whose answer this is, which for a viewpoint that touches nothing is the claim as it
        stands
    """

    viewpoint: str
    touches: bool
    question: Question


def views(dossier: Dossier, claim: str) -> list[View]:
    """A claim as it stands, over the catalog's own figures, and under every viewpoint."""
    moving = {name: touches(dossier, claim, name) for name in dossier.viewpoint}
    return [
        View("", False, Question(claim)),
        *(View(name, moves, Question(claim, name if moves else None)) for name, moves in moving.items()),
    ]
