"""Results on a globe, in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..dossier import InputError

if TYPE_CHECKING:
    from .widget import Globe

_EXTRA = 'pip install "midcourse[notebook]"'


def show(result: object, *, run: int = 0, height: int = 480) -> Globe:
    """Show a result on a globe in a notebook, such as Jupyter's or marimo's.

    Parameters
    ----------
    result : a map, a flight that was watched, engaged or aimed, a run in operation, or an assessment
    run : which of many runs in operation
    height : of the globe [px]

    Returns
    -------
    The globe, which shows further results with its own ``show``, and tells what is done with it: ``time_s``,
    ``playing``, ``selected``, ``moved``. InputError where it cannot be shown.
    """
    try:
        import anywidget  # noqa: F401
    except ImportError as error:
        if error.name != "anywidget":
            raise
        raise InputError(f"the globe in notebooks takes anywidget, which is missing: {_EXTRA}") from None
    from .module import check_built
    from .views import state_of, view_of

    check_built()
    shown = state_of(view_of(result, run))
    from .widget import Globe

    return Globe(height=height, **shown)
