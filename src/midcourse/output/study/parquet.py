"""A study's results as Parquet: a file a question, in which every case and world is a row.

Written block by block, so that a store of any size passes through little memory. Probabilities are means:
``select architecture, avg(value) from 'defended.parquet' group by architecture``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from midcourse.dossier.errors import InputError
from midcourse.output.files import Content, write_together
from midcourse.store.blocks import blocks, chunks_of

if TYPE_CHECKING:
    import pyarrow as pa
    import xarray as xr

#: Called with a question's name, its rows written and all its rows.
Tell = Callable[[str, int, int], None]

# Rows of a group: many enough to pack well, few enough to hold a dozen columns of them.
_ROWS = 1 << 20
#: What whole numbers cannot say by nan.
_UNKNOWN = {"passed": -1}


def export(
    studied: Mapping[str, xr.Dataset] | xr.DataTree,
    folder: Path,
    tell: Tell | None = None,
    *,
    about: Mapping[str, Any] | None = None,
    option: str = "--out",
) -> list[Path]:
    """Write questions as ``NAME.parquet``: all of them appear, each complete, or none does.

    Parameters
    ----------
    studied : datasets by the question's name, or the tree of a store
    about : the study's attributes, if the tree does not have them: plan_hash, version, seed ...

    Columns are the dimensions, labels along one of them, and the variables, repeated where they lack a
    dimension. Texts are dictionaries. What is not known is null. The file's metadata hold the study's and the
    question's attributes and, as JSON by column, ``units`` and ``columns``, which is all attributes.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise InputError(
            "Parquet needs pyarrow", where=option, expected='pip install "midcourse[parquet]"'
        ) from error
    import xarray as xr

    if isinstance(studied, xr.DataTree):
        about = about or {str(key): value for key, value in studied.attrs.items()}
        studied = {name: child.to_dataset() for name, child in studied.children.items()}
    contents: dict[str, Content] = {
        f"{name}.parquet": partial(
            _write,
            name=name,
            data=data,
            about={**(about or {}), **data.attrs},
            tell=tell or (lambda *_: None),
        )
        for name, data in studied.items()
    }
    write_together(folder, contents, option=option)
    return [folder / name for name in contents]


def _write(stream: Any, name: str, data: xr.Dataset, about: Mapping[str, Any], tell: Tell) -> None:
    """One question's rows, a group for every block."""
    import pyarrow as pa
    from pyarrow import parquet

    largest = max(data.data_vars.values(), key=lambda each: each.ndim)
    # Variables may have more dimensions together than any has alone.
    sizes = {
        str(dim): size
        for dim, size in {**largest.sizes, **data.sizes}.items()
        if any(dim in each.dims for each in data.data_vars.values())
    }
    labels = _labels(data, sizes)
    total, done = int(np.prod(list(sizes.values()))), 0
    writer = None
    try:
        for block in blocks(sizes, chunks_of(largest), _ROWS):
            shape = tuple(cut.stop - cut.start for cut in block.values())
            columns = {
                column: _spread(values, list(sizes).index(dim), block[dim], shape)
                for column, (dim, values) in labels.items()
            }
            columns |= {str(key): _values(each, block, shape) for key, each in data.data_vars.items()}
            if writer is None:
                schema = _schema(columns, name, data, about)
                writer = parquet.ParquetWriter(stream, schema, compression="zstd", write_statistics=True)
            writer.write_table(pa.table(list(columns.values()), schema=schema), row_group_size=_ROWS)
            done += int(np.prod(shape))
            tell(name, done, total)
    finally:
        if writer is not None:
            writer.close()


def _labels(data: xr.Dataset, sizes: Mapping[str, int]) -> dict[str, tuple[str, NDArray[Any]]]:
    """Columns that are told along one dimension: by name the dimension and its values."""
    found = {
        dim: (dim, data[dim].values if dim in data.coords else np.arange(size)) for dim, size in sizes.items()
    }
    for key, each in sorted(data.coords.items(), key=lambda item: str(item[0])):
        if each.ndim == 1 and str(key) not in found and str(each.dims[0]) in sizes:
            found[str(key)] = (str(each.dims[0]), each.values)
    return found


def _spread(values: NDArray[Any], axis: int, cut: slice, shape: tuple[int, ...]) -> pa.Array:
    """Labels along one axis of a block as a column: texts as a dictionary."""
    import pyarrow as pa

    def column(along: NDArray[Any]) -> NDArray[Any]:
        aside = along.reshape([-1 if i == axis else 1 for i in range(len(shape))])
        return np.ascontiguousarray(np.broadcast_to(aside, shape)).ravel()

    if values.dtype.kind in "OUT":
        # A dictionary names each text once, though several places may bear it.
        texts, place = np.unique(values.astype(object).astype(str), return_inverse=True)
        return pa.DictionaryArray.from_arrays(
            pa.array(column(place[cut].astype(np.int32))), pa.array(texts.tolist(), pa.string())
        )
    return pa.array(column(values[cut]), from_pandas=True)


def _values(variable: xr.DataArray, block: Mapping[str, slice], shape: tuple[int, ...]) -> pa.Array:
    """A block of a variable as a column, null where it is not known."""
    import pyarrow as pa

    own = {dim: cut for dim, cut in block.items() if dim in variable.dims}
    read = variable.isel(own).transpose(*own)
    aside = read.values.reshape([read.sizes.get(dim, 1) for dim in block])
    values = np.ascontiguousarray(np.broadcast_to(aside, shape)).ravel()
    unknown = _UNKNOWN.get(str(variable.name))
    if values.dtype.kind == "f":
        return pa.array(values, mask=np.isnan(values))
    if unknown is not None:
        return pa.array(values, mask=values == unknown)
    return pa.array(values)


def _schema(
    columns: Mapping[str, pa.Array], name: str, data: xr.Dataset, about: Mapping[str, Any]
) -> pa.Schema:
    """Columns by name and type, with what is told of them and of the study."""
    import pyarrow as pa

    told = {
        column: {str(key): _plain(value) for key, value in data[column].attrs.items()}
        for column in columns
        if column in data.variables
    }
    fields = [
        pa.field(
            column, array.type, metadata={key: _text(value) for key, value in told.get(column, {}).items()}
        )
        for column, array in columns.items()
    ]
    metadata = {str(key): _text(_plain(value)) for key, value in about.items()}
    units = {column: each["units"] for column, each in told.items() if "units" in each}
    metadata |= {"question": name, "units": json.dumps(units), "columns": json.dumps(told)}
    return pa.schema(fields, metadata=metadata)


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.generic | np.ndarray) else value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
