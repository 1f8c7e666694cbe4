"""Layers of the globe as the page asks for them (``web/src/protocol.ts``)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

#: What layers show, of what maps can.
QUANTITIES = ("defended", "shots", "warning", "seen", "reach")


class LayerAsk(BaseModel):
    """What a layer shows. What does not bear on its quantity is left unread.

    Attributes
    ----------
    quantity : one of ``QUANTITIES``
    against : the architecture that the first is compared with
    launches : launch places, by name or as LAT,LON in degrees; all of the threat's if none
    region : a name, or SOUTH,WEST,NORTH,EAST in degrees; what the layer is about if left out
    steps : cells' sizes, one layer after another [deg]; fitting ones if left out
    altitude_km : of what is seen or reached
    battery : the only one that fires; all if left out
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    quantity: str
    architecture: str
    against: str | None = None
    threat: str | None = None
    launches: tuple[str, ...] | None = None
    region: str | None = None
    steps: tuple[float, ...] | None = None
    altitude_km: float | None = None
    battery: str | None = None
