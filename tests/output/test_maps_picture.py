"""Pictures of maps: each pixel in its cell's colour, each text in its place, each class told apart."""

from __future__ import annotations

import io
import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from midcourse.analysis.grid import make_grid
from midcourse.analysis.maps import Place, grid_of, make_map
from midcourse.dossier.errors import InputError
from midcourse.output.maps import picture
from midcourse.output.maps.classes import Class, classify
from midcourse.output.maps.picture import drawn, painted, png
from midcourse.output.maps.style import DPI, LAND, SEA, WIDTH, rgb
from midcourse.output.maps.view import fit_view

from .made_maps import EVERY, disc, probability, warning

PROJECTIONS = {
    "world": ("eqearth", "globe"),
    "europe": ("laea", "frame"),
    "us": ("laea", "frame"),
    "pacific": ("laea", "frame"),
    "russia": ("laea", "frame"),
    "arctic": ("laea", "disc"),
    "northern-hemisphere": ("laea", "disc"),
    "-90,-180,-50,180": ("laea", "disc"),
    "0,-180,20,180": ("eqearth", "globe"),
    "-60,-180,60,180": ("eqearth", "globe"),
    "-60,-120,60,120": ("eqearth", "frame"),
}


@pytest.mark.parametrize("region", PROJECTIONS)
def test_the_projection_fits_the_region(region: str) -> None:
    grid = make_grid("5 deg", region)
    view = fit_view(grid, 800)
    assert (view.projection, view.shape) == PROJECTIONS[region]
    x, y = view.project(grid.lat_deg, np.degrees(grid.lon))
    assert view.inside(x, y).all()
    cells = view.cells(grid)
    assert len(np.unique(cells[cells >= 0])) == len(grid)


@pytest.mark.parametrize("region", PROJECTIONS)
def test_pixels_keep_areas(region: str) -> None:
    """As many pixels show a cell as its area asks for: every projection used here is an equal-area one."""
    grid = make_grid("15 deg", region)
    view = fit_view(grid, 1200)
    cells = view.cells(grid)
    shown = np.bincount(cells[cells >= 0], minlength=len(grid)) * view.scale**2
    # Of a pixel row along each edge of a cell it is chance whether it is in or out.
    assert shown == pytest.approx(grid.area, abs=0.02 * grid.area.max())


@pytest.mark.parametrize("name", EVERY)
def test_each_pixel_has_its_cells_colour(name: str) -> None:
    data = EVERY[name]()
    grid, sorted_map = grid_of(data), classify(data)
    view = fit_view(grid, 500)
    shown = view.cells(grid)
    ground = painted(view, sorted_map, shown)
    # On a map of the world the rows next to the poles are thinner than a pixel.
    cells = np.flatnonzero(np.abs(grid.lat_deg) < 80.0) if view.shape == "globe" else np.arange(len(grid))
    for cell in cells[np.linspace(0, len(cells) - 1, 60).astype(int)]:
        x, y = view.project(grid.lat_deg[cell], np.degrees(grid.lon[cell]))
        column = int((x - view.left) / view.scale)
        row = int((view.top - y) / (view.top - view.bottom) * view.height)
        number = sorted_map.index[shown[row, column]]
        one = sorted_map.classes[number] if number >= 0 else None
        colour = tuple(ground[row, column].tolist())
        if one is None:
            assert colour in (rgb(SEA), rgb(LAND))
        elif one.hatched:
            assert max(colour) <= max(rgb(one.colour))
        else:
            assert colour == rgb(one.colour)


def test_what_lies_off_a_polar_disc_is_told_and_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "DPI", DPI // 2)
    grid = make_grid("5 deg", "arctic")
    # In the corner of the square round the disc.
    places = [
        Place("Boston", "aim", 42.4, -71.1),
        Place("Corner", "aim", 52.0, 45.0),
        Place("Alert", "aim", 82.5, -62.3),
    ]
    data = make_map(grid, "p", grid.lat_deg, kind="number", long_name="p", title="Arctic", places=places)
    figure = drawn(data)
    (axes,) = figure.axes
    drawn_names = {text.get_text() for text in axes.texts}
    assert "Alert" in drawn_names
    assert not {"Boston", "Corner"} & drawn_names
    assert "Off the map: aim points Boston (42° N 71° W), Corner (" in " ".join(
        text.get_text() for text in figure.texts
    )


def test_bases_are_named_before_the_cities_around_them() -> None:
    grid = make_grid("5 deg", "world")
    crowd = [Place(f"City {i}", "aim", 50 + i % 5 / 2, 10 + i / 5) for i in range(40)]
    places = [*crowd, Place("Brdy", "radar", 49.66, 13.66), Place("Base", "interceptor", 51.0, 14.0)]
    data = make_map(grid, "p", grid.lat_deg, kind="number", long_name="p", title="Crowd", places=places)
    (axes,) = drawn(data).axes
    names = [text.get_text() for text in axes.texts]
    assert {"Brdy", "Base"} <= set(names)
    assert sum(name.startswith("City") for name in names) < 40


def test_known_land_and_sea_are_drawn_as_such() -> None:
    for region in ("europe", "world", "pacific"):
        view = fit_view(make_grid("1 deg", region), 800)
        for lat, lon, land in (
            (52.5, 13.4, True),
            (30.0, -40.0, False),
            (64.0, 165.0, True),
            (40.0, -160.0, False),
        ):
            x, y = (float(part) for part in view.project(lat, lon))
            if view.inside(np.array(x), np.array(y)):
                row = int((view.top - y) / view.scale)
                assert bool(view.land[row, int((x - view.left) / view.scale)]) is land


# Words keep their size on the page however fine its pixels, which is what takes time.
@pytest.mark.parametrize("dpi", [DPI // 2, pytest.param(DPI, marks=pytest.mark.slow)])
# How the cells were cut is nothing to the words around them.
@pytest.mark.parametrize("name", [name for name in EVERY if "equal areas" not in name])
def test_no_text_is_cut_off_or_covers_another(monkeypatch: pytest.MonkeyPatch, name: str, dpi: int) -> None:
    monkeypatch.setattr(picture, "DPI", dpi)
    figure = drawn(EVERY[name]())
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    (axes,) = figure.axes
    labels = [text for text in axes.texts if text.get_text() in {"Redzikowo", "Brdy", "Tabriz", "Tehran"}]
    boxes = [text.get_window_extent(renderer) for text in (*figure.texts, *axes.texts) if text.get_text()]
    whole = figure.bbox
    for box in boxes:
        assert box.x0 >= 0
        assert box.x1 <= whole.x1
        assert box.y0 >= 0
        assert box.y1 <= whole.y1
    for texts in (figure.texts, labels):
        # A text's box holds room above and below its letters, which the next line may use.
        letters = [text.get_window_extent(renderer).expanded(1.0, 0.7) for text in texts]
        assert not any(one.overlaps(other) for one, other in itertools.combinations(letters, 2))


def test_a_picture_is_made_for_print_and_says_where_it_is_from() -> None:
    figure = drawn(warning())
    words = " ".join(text.get_text() for text in figure.texts)
    for part in (
        "Warning of a missile from Tabriz",
        "Warning time [s]",
        "200 to 400",
        "out of the threat's reach",
        "Lambert azimuthal equal-area projection",
        "Natural Earth",
        "GeoNames",
        "third-site (0123456789abcdef)",
        "seed 7",
        "Off the map: launch point Tehran",
    ):
        assert part in words
    # What stands off the map is not in its legend.
    assert "launch point Tabriz" not in words
    drawn_by = drawn(warning().assign_attrs(command="midcourse map third-site", title="What. Whose: his"))
    texts = [text.get_text() for text in drawn_by.texts]
    assert texts[:2] == ["What", "Whose: his"]
    assert "Drawn by: midcourse map third-site" in " ".join(texts)
    image = Image.open(io.BytesIO(png(warning())))
    assert image.width == round(WIDTH * DPI)
    assert image.info["Title"] == "Warning of a missile from Tabriz"


def test_long_words_stay_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "DPI", DPI // 2)
    grid = make_grid("2 deg", "europe")
    data = make_map(
        grid,
        "p",
        grid.lat_deg,
        kind="number",
        units="s",
        long_name="a quantity whose name is long, " * 6,
        title="A title that goes on and on, as titles of maps about two architectures do. " * 3,
    )
    figure = drawn(data)
    renderer = FigureCanvasAgg(figure).get_renderer()
    for text in figure.texts:
        assert text.get_window_extent(renderer).x1 <= figure.bbox.x1


def lightness(one: Class) -> float:
    """Relative luminance, to which the eye's lightness is monotonic (sRGB, IEC 61966-2-1)."""
    channels = np.array(rgb(one.colour)) / 255.0
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("name", ["probability", "warning"])
def test_more_is_darker_in_grey_print(name: str) -> None:
    sorted_map = classify(EVERY[name]())
    shades = [lightness(one) for number, one in enumerate(sorted_map.classes) if number != sorted_map.missing]
    assert len(shades) >= 5
    assert all(before > 1.1 * after for before, after in itertools.pairwise(shades))


@pytest.mark.parametrize("name", ["gain", "change"])
def test_losses_are_hatched_and_gains_are_not(name: str) -> None:
    for one in classify(EVERY[name]()).classes:
        fall = "lost" in one.name or (name == "change" and one.high is not None and one.low < 0)
        assert one.hatched == (fall or one.low is None)


def test_classes_of_a_change_lie_even_about_zero() -> None:
    limits = {(one.low, one.high) for one in classify(EVERY["change"]()).classes if one.low is not None}
    assert {(-high, -low) for low, high in limits} == limits


def test_few_whole_numbers_get_a_class_each() -> None:
    grid = make_grid("2 deg", "europe")
    shots = np.arange(len(grid)) % 4
    data = make_map(grid, "shots", shots, kind="number", long_name="shots", title="Shots")
    sorted_map = classify(data)
    assert [one.name for one in sorted_map.classes] == ["0", "1", "2", "3"]
    assert np.array_equal(sorted_map.index, shots)


@pytest.mark.parametrize("levels", [[], [2.0, 1.0], [1.0, 1.0], [float("nan")], [0.0, float("inf")]])
def test_limits_that_do_not_rise_are_refused(levels: list[float]) -> None:
    with pytest.raises(InputError, match="--levels"):
        classify(warning(), levels)


def test_an_area_has_no_levels() -> None:
    with pytest.raises(InputError, match="--levels"):
        classify(disc(), [1.0])


@pytest.mark.parametrize("levels", [[500.0], [400.0, 800.0], [0.0, 1e4]])
def test_given_limits_hold_every_value(levels: list[float]) -> None:
    data = warning()
    sorted_map = classify(data, levels)
    values = data["warning"].values.ravel()
    for number, one in enumerate(sorted_map.classes):
        inside = values[sorted_map.index == number]
        if number == sorted_map.missing:
            assert np.isnan(inside).all()
        else:
            assert np.all((inside >= one.low) & (inside < one.high))
    assert (sorted_map.index >= 0).all()


def test_a_map_without_any_value_can_be_drawn() -> None:
    grid = make_grid("2 deg", "europe")
    data = make_map(
        grid, "w", np.full(len(grid), np.nan), kind="number", long_name="w", title="None", missing="unseen"
    )
    assert [one.name for one in classify(data).classes] == ["unseen"]
    assert Image.open(io.BytesIO(png(data))).width == round(WIDTH * DPI)


def test_a_probability_reads_in_per_cent() -> None:
    assert [one.name for one in classify(probability()).classes][:2] == ["under 5\u202f%", "5 to 25\u202f%"]
