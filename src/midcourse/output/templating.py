"""The templates' environment: escaping always on, a missing name is an error, numbers by `numbers`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from midcourse.output import numbers

if TYPE_CHECKING:
    import jinja2


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("midcourse.output"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "amount": numbers.amount,
        "as_published": numbers.as_published,
        "share": numbers.share,
        "unit_joined": numbers.with_unit,
        "link": link,
        "px": px,
        "tenfold": tenfold,
    }
    return made


def render(template: str, **values: object) -> str:
    return environment().get_template(template).render(**values)


def link(url: str | None) -> str | None:
    """An address that may become a link: only the web's own schemes, since dossiers come from anywhere."""
    if not url:
        return None
    parts = urlsplit(url.strip())
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def px(value: float) -> str:
    """A coordinate of a picture, to a tenth."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def tenfold(dash: str) -> str:
    """A dash pattern for a path whose coordinates are tenths of a px."""
    return dash if dash == "none" else " ".join(px(10.0 * float(part)) for part in dash.split())
