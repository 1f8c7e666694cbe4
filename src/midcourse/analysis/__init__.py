"""Questions asked of a dossier, and their answers."""

from . import engaging, layers, rocketry, seeing, stopping
from .quantity import QUANTITIES, asked

__all__ = ["QUANTITIES", "asked", "engaging", "layers", "rocketry", "seeing", "stopping"]
