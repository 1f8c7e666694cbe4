"""A map as NetCDF by the CF conventions, version 1.11 (cfconventions.org)."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from midcourse.analysis.maps import GAINS, UNKNOWN, country_names, kind_of, quantity_of
from midcourse.physics.earth import WGS84

if TYPE_CHECKING:
    import xarray as xr

CONVENTIONS = "CF-1.11"
NO_COUNTRY = "no_country"

#: How each variable stands for its cell, and its CF standard name where there is one.
METHODS = {"cell_area": "area: sum", "land": "area: mean", "population": "area: sum"}
STANDARD_NAMES = {
    "lat": "latitude",
    "lon": "longitude",
    "cell_area": "cell_area",
    "land": "land_area_fraction",
}


def netcdf(data: xr.Dataset) -> bytes:
    """The file's content, NetCDF-4 and compressed; every value as it is."""
    described = with_conventions(data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.nc"
        described.to_netcdf(path, engine="netcdf4", encoding=encodings(described))
        return path.read_bytes()


def with_conventions(data: xr.Dataset) -> xr.Dataset:
    """The dataset with what CF asks for beside the values."""
    import pyproj

    described = data.copy()
    main, dims = quantity_of(data).name, quantity_of(data).dims
    for name, standard in STANDARD_NAMES.items():
        described[name].attrs["standard_name"] = standard
    for axis, direction in (("lat", "north"), ("lon", "east")):
        described[axis].attrs |= {
            "long_name": STANDARD_NAMES[axis],
            "units": f"degrees_{direction}",
            "bounds": f"{axis}_bounds",
        }
    if dims == ("lat", "lon"):
        described["lat"].attrs["axis"], described["lon"].attrs["axis"] = "Y", "X"
    for each, variable in described.data_vars.items():
        if variable.dims == dims:
            variable.attrs |= {"grid_mapping": "crs", "cell_methods": METHODS.get(str(each), "area: point")}
            if each != "cell_area":
                variable.attrs["cell_measures"] = "area: cell_area"
    flags = {"area": ("outside", "inside"), "gain": GAINS}.get(kind_of(data))
    if flags:
        described[main].attrs |= flag_attributes(dict(enumerate(flags)), np.int8)
    described["country"].attrs |= flag_attributes(countries_of(data), np.int16)
    ellipsoid = pyproj.CRS.from_epsg(4326)
    described["crs"] = (
        (),
        np.int32(0),
        {
            "grid_mapping_name": "latitude_longitude",
            "long_name": "WGS 84",
            "longitude_of_prime_meridian": 0.0,
            "semi_major_axis": WGS84.radius,
            "inverse_flattening": 1.0 / WGS84.flattening,
            "crs_wkt": ellipsoid.to_wkt("WKT2_2019"),
        },
    )
    command = data.attrs.get("command", "written from Python")
    described.attrs |= {
        "Conventions": CONVENTIONS,
        "history": f"midcourse {data.attrs['version']}: {command}",
        "source": f"midcourse {data.attrs['version']}, point-mass kinematics from published figures",
        "references": data.attrs["sources"],
    }
    return described


def encodings(described: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Compression, and a fill value only where values may be missing."""
    chosen: dict[str, dict[str, Any]] = {}
    for name, variable in {**described.data_vars, **described.coords}.items():
        numeric = variable.dtype.kind in "iuf"
        missing = numeric and variable.dtype.kind == "f" and bool(np.isnan(variable.values).any())
        one: dict[str, Any] = {"_FillValue": np.nan if missing else None}
        if variable.ndim and numeric:
            one |= {"zlib": True, "complevel": 4}
        chosen[str(name)] = one
    main = str(quantity_of(described).name)
    if kind_of(described) in ("area", "gain"):
        chosen[main]["_FillValue"] = np.int8(UNKNOWN)
    return chosen


def countries_of(data: xr.Dataset) -> dict[int, str]:
    """The countries on a map by code, and the sea."""
    names = country_names()
    return {int(code): names.get(int(code), NO_COUNTRY) for code in np.unique(data["country"].values)}


def flag_attributes(meanings: dict[int, str], dtype: type[np.signedinteger[Any]]) -> dict[str, Any]:
    """CF's flags: each value and, as one word, what it means."""
    return {
        "flag_values": np.array(list(meanings), dtype=dtype),
        "flag_meanings": " ".join(word(name) for name in meanings.values()),
    }


def word(name: str) -> str:
    """A name as one word of the letters that CF allows: Côte d'Ivoire is Cote_d_Ivoire."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")
