"""Dossiers and the catalog: data with units, ranges and sources, read strictly and explained plainly."""

from .defence import Architecture, Battery, Doctrine, Link, Radar, Satellite, Sensor, Site
from .dispute import Claim, Header, Places, Point, Source, Threat, Viewpoint
from .dossier import Dossier
from .errors import InputError, nearest_names
from .listing import catalog_entries, entry_table
from .loading import builtin_dossiers, load, load_catalog, load_files
from .override import parse_override
from .parameter import NOT_GIVEN, SET_BY_OPTION, UNPUBLISHED_SOURCES, Parameter
from .record import ELEMENT_KINDS, Element, Party, Position
from .starting import new
from .units import format_quantity, from_si, parse_quantity
from .vehicle import Drag, Interceptor, Missile, Motor, Stage

__all__ = [
    "ELEMENT_KINDS",
    "NOT_GIVEN",
    "SET_BY_OPTION",
    "UNPUBLISHED_SOURCES",
    "Architecture",
    "Battery",
    "Claim",
    "Doctrine",
    "Dossier",
    "Drag",
    "Element",
    "Header",
    "InputError",
    "Interceptor",
    "Link",
    "Missile",
    "Motor",
    "Parameter",
    "Party",
    "Places",
    "Point",
    "Position",
    "Radar",
    "Satellite",
    "Sensor",
    "Site",
    "Source",
    "Stage",
    "Threat",
    "Viewpoint",
    "builtin_dossiers",
    "catalog_entries",
    "entry_table",
    "format_quantity",
    "from_si",
    "load",
    "load_catalog",
    "load_files",
    "nearest_names",
    "new",
    "parse_override",
    "parse_quantity",
]
