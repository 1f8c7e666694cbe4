"""A study as xarray reads it: labelled arrays whose values are read when they are used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..dossier.errors import InputError, listing, nearest_names
from .place import Place
from .store import Store, provenance

if TYPE_CHECKING:
    import xarray as xr


def open_study(url: str | Path) -> xr.DataTree:
    """All questions of a study, a group each. What has not been computed is missing, as its fill says.

    A study may be read while it is being written to. The attributes say what the results come from.
    """
    import xarray as xr

    store = _whole_store(url)
    tree: xr.DataTree = xr.open_datatree(_source(store.place), engine="zarr", chunks=None, consolidated=True)
    return tree


def open_question(url: str | Path, name: str) -> xr.Dataset:
    """One question of a study; see ``open_study``."""
    store = _whole_store(url)
    groups = store.manifest.groups
    if name not in groups:
        raise InputError(
            f"unknown question in {store.place}",
            value=name,
            expected=listing(groups),
            nearest=nearest_names(name, groups),
        )
    import xarray as xr

    data = xr.open_dataset(
        _source(store.place), engine="zarr", group=name, chunks=None, consolidated=False, zarr_format=3
    )
    return data.assign_attrs({**provenance(store.manifest), **data.attrs})


def _whole_store(url: str | Path) -> Store:
    store = Store.open(url)
    spoilt = store.spoilt()
    if spoilt:
        raise InputError(
            f"metadata or labels in {{value}} are damaged: {listing(spoilt)}",
            where="store",
            value=str(store.place),
            expected="a store as it was written; `midcourse study resume` mends it",
        )
    return store


def _source(place: Place) -> Any:
    """What Zarr reads from."""
    import zarr

    if place.local is not None:
        return zarr.storage.LocalStore(place.local, read_only=True)
    return zarr.storage.FsspecStore.from_url(place.url, read_only=True)
