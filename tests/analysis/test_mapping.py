"""Maps against closed forms, against single engagements, and against what no map may do."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Transformer

from midcourse.analysis.engagement import engage
from midcourse.analysis.grid import Grid, make_grid
from midcourse.analysis.mapping import Around, arrivals_above, seen_from
from midcourse.analysis.single import flyout_document
from midcourse.dossier import Dossier
from midcourse.model.flights import EARTH_RADIUS, OutOfReach, aim_one
from midcourse.model.memory import Memory
from midcourse.physics import intercept
from midcourse.physics.earth import WGS84, to_ecef
from midcourse.study import mapping as study
from midcourse.study.kept import Kept
from midcourse.study.mapping import MapQuestion, draw_map
from midcourse.study.sampling import design

from .shields import LAT, SHIELD, THREAT, Base, Radar, shield, spot, values

Array = NDArray[np.float64]

# A radar that turns, sees everything within 5,000 km and 10 degrees above the horizon, where the air bends
# a line of sight by a tenth of a degree and less.
FAR_SEEING = {
    "radar.emr.mean_power": "10 GW",
    "radar.emr.minimum_elevation": "10 deg",
}
BRDY = Radar("emr", 49.66, 13.66)
TEHRAN, NORTH_WEST = spot(35.7, 51.4), spot(38.0, 46.3)
# A seed is not made plainer by being made smaller.
FEW = settings(max_examples=8, phases=(Phase.explicit, Phase.generate))


@pytest.fixture(scope="module")
def europe() -> Grid:
    return make_grid("5 deg", "europe")


@pytest.fixture(scope="module")
def kept() -> Kept:
    """Flights, which all architectures share."""
    return Kept()


def _cells(grid: Grid) -> Array:
    return np.column_stack([grid.lat, grid.lon, np.zeros(len(grid))])


def _elevations(radar: Radar, grid: Grid, altitude_m: float) -> tuple[Array, Array, Array]:
    """Elevation and azimuth [deg] and distance [m] of what stands above cells, by pyproj's coordinates."""
    to_xyz = Transformer.from_crs(4979, 4978, always_xy=True)
    here = np.array(to_xyz.transform(radar.lon, radar.lat, 0.0))
    there = np.array(to_xyz.transform(grid.lon_deg, grid.lat_deg, np.full(len(grid), altitude_m))).T
    lat, lon = np.radians([radar.lat, radar.lon])
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    away = there - here
    distance = np.linalg.norm(away, axis=1)
    elevation = np.degrees(np.arcsin(away @ up / distance))
    return elevation, np.degrees(np.arctan2(away @ east, away @ np.cross(up, east))), distance


def _angles(radar: Radar, grid: Grid) -> Array:
    """Central angle between a radar and every cell on a sphere [deg]."""
    lat, lon = np.radians([radar.lat, radar.lon])
    cosine = np.sin(lat) * np.sin(grid.lat) + np.cos(lat) * np.cos(grid.lat) * np.cos(grid.lon - lon)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


@pytest.mark.parametrize("altitude_m", [100e3, 300e3, 1000e3])
def test_a_radar_without_limits_sees_a_disc(third_site: Dossier, altitude_m: float) -> None:
    """Its radius is that of the spherical formula, to less than a cell; its edge that of the ellipsoid, where
    the air's bending is left room.
    """
    dossier = shield(third_site, [BRDY], [], FAR_SEEING)
    grid = make_grid("1 deg", (20.0, -40.0, 80.0, 70.0))
    seen = seen_from(Around(dossier, [SHIELD]), SHIELD, _cells(grid), altitude_m, 1.0)[0] > 0.0
    low = math.radians(10.0)
    radius = math.degrees(math.acos(math.cos(low) / (1.0 + altitude_m / EARTH_RADIUS)) - low)
    angle = _angles(BRDY, grid)
    # The Earth's flattening is a third of a per cent of that; bending brings a tenth of a degree or two.
    assert seen[angle < radius - 0.5].all()
    assert not seen[angle > radius + 0.5].any()
    elevation, _, _ = _elevations(BRDY, grid, altitude_m)
    np.testing.assert_array_equal(seen[elevation > 10.0], True)
    np.testing.assert_array_equal(seen[elevation < 9.85], False)
    assert seen.sum() > 20


def test_the_disc_of_a_radar_of_given_range(third_site: Dossier) -> None:
    """The radar equation by hand: P tau G A s / ((4 pi)^2 R^4 k T L), G = 4 pi A / wl^2."""
    figures = {
        "radar.emr.mean_power": "1 kW",
        "radar.emr.dwell": "0.1 s",
        "radar.emr.efficiency": "0.5",
        "radar.emr.transmit_area": "100 m^2",
        "radar.emr.receive_area": "80 m^2",
        "radar.emr.frequency": "9.5 GHz",
        "radar.emr.noise_temperature": "500 K",
        "radar.emr.losses": "5 dB",
        "radar.emr.required_snr": "13 dB",
        "radar.emr.minimum_elevation": "0 deg",
    }
    dossier = shield(third_site, [BRDY], [], figures)
    wavelength = 299792458.0 / 9.5e9
    gain = 4.0 * math.pi * 0.5 * 100.0 / wavelength**2
    for rcs in (0.01, 0.1):
        ratio = 1e3 * 0.1 * gain * 0.5 * 80.0 * rcs / ((4.0 * math.pi) ** 2 * 1.380649e-23 * 500.0)
        reach = (ratio / 10.0**0.5 / 10.0**1.3) ** 0.25
        grid = make_grid("0.5 deg", (35.0, -10.0, 65.0, 40.0))
        seen = seen_from(Around(dossier, [SHIELD]), SHIELD, _cells(grid), 300e3, rcs)[0] > 0.0
        elevation, _, distance = _elevations(BRDY, grid, 300e3)
        assert (elevation[distance < reach] > 1.0).all(), "its range and not its horizon bounds it"
        np.testing.assert_array_equal(
            seen[np.abs(distance - reach) > 1.0], distance[np.abs(distance - reach) > 1.0] < reach
        )
        assert 50 < seen.sum() < len(grid)


def test_a_sector_is_all_that_a_fixed_radar_sees(third_site: Dossier) -> None:
    radar = Radar("tpy-2", 38.35, 37.80, (105.0,))
    figures = {
        "radar.tpy-2.mean_power": "100 MW", "radar.tpy-2.minimum_elevation": "5 deg",
        "radar.tpy-2.maximum_elevation": "60 deg", "radar.tpy-2.sector_half_width": "40 deg",
    }  # fmt: skip
    dossier = shield(third_site, [radar], [], figures)
    grid = make_grid("1 deg", (15.0, 10.0, 60.0, 80.0))
    seen = seen_from(Around(dossier, [SHIELD]), SHIELD, _cells(grid), 300e3, 10.0)[0] > 0.0
    elevation, azimuth, _ = _elevations(radar, grid, 300e3)
    within = (elevation > 5.0) & (elevation < 60.0) & (np.abs(azimuth - 105.0) < 40.0)
    clear = (np.abs(elevation - 5.0) > 0.25) & (np.abs(elevation - 60.0) > 0.25)
    np.testing.assert_array_equal(seen[clear], within[clear])
    assert within.sum() > 50


def test_maps_of_what_is_seen_say_from_where_up(third_site: Dossier) -> None:
    """Lowest of several altitudes, by any radar and by each; what is seen at one is seen at the next."""
    radars = [BRDY, Radar("tpy-2", 38.35, 37.80, (105.0,))]
    dossier = shield(third_site, radars, [])
    grid = make_grid("2 deg", (20.0, 0.0, 60.0, 70.0))
    setting = Around(dossier, [SHIELD])
    each = [seen_from(setting, SHIELD, _cells(grid), h, 0.1) for h in (100e3, 300e3, 1000e3)]
    question = MapQuestion("seen", SHIELD, grid, altitudes_m=(1000e3, 100e3, 300e3))
    data = draw_map(dossier, question, workers=1)
    assert data is not None
    low, middle, high = (np.stack(one).any(axis=0) for one in each)
    expected = np.select([low, middle, high], [100.0, 300.0, 1000.0], np.nan)
    np.testing.assert_array_equal(data["seen"].values.ravel(), expected)
    assert len(np.unique(expected[~np.isnan(expected)])) == 3
    for i, name in enumerate(("emr@brdy", "tpy-2@gabala")):
        own = np.select([one[i] > 0 for one in each], [100.0, 300.0, 1000.0], np.nan)
        np.testing.assert_array_equal(data[f"seen_{name}"].values.ravel(), own)


@pytest.mark.parametrize("altitude_m", [300e3, 1000e3])
def test_contours_are_those_of_the_fly_out(third_site: Dossier, memory: Memory, altitude_m: float) -> None:
    """``flyout`` steps through distances by 0.0025 rad, 16 km; it tells the farthest of all bearings."""
    dossier = shield(third_site, [], [Base(17.1)])
    setting = Around(dossier, [SHIELD], memory=memory)
    battery = setting.defence(SHIELD).batteries[0]
    grid = make_grid("0.5 deg", (10.0, -80.0, 90.0, 120.0))
    times = arrivals_above(setting, battery, _cells(grid), altitude_m)
    away = np.radians(_angles(Radar("", LAT, 17.1), grid)) * EARTH_RADIUS / 1e3
    told = {
        row["time_s"]: row["range_km"]
        for row in flyout_document(dossier, "gbi-2-stage", "redzikowo")["reach"]
        if row["altitude_km"] == altitude_m / 1e3
    }
    assert len(told) >= 3
    for time, range_km in told.items():
        if range_km < 4500.0:
            # Geodetic against geocentric latitude is up to 20 km, half a cell's diagonal 40 km.
            assert abs(away[times <= time].max() - range_km) < 50.0
    assert np.nanmax(times) <= battery.interceptor.longest_flight_s


def test_nothing_flies_below_its_lowest_intercept(third_site: Dossier, memory: Memory) -> None:
    dossier = shield(third_site, [], [Base(17.1)])
    setting = Around(dossier, [SHIELD], memory=memory)
    battery = setting.defence(SHIELD).batteries[0]
    cells = _cells(make_grid("5 deg", "europe"))
    assert np.isnan(arrivals_above(setting, battery, cells, 119e3)).all()
    assert not np.isnan(arrivals_above(setting, battery, cells, 121e3)).all()


# A commit as soon as the launch is declared: the radar sees all, and nobody hesitates.
AT_ONCE = {
    **FAR_SEEING,
    "radar.emr.minimum_elevation": "0 deg",
    "radar.emr.slew_rate": "1000 deg/s",
    "radar.emr.angle_bias": "0.00001 deg",
    "radar.emr.range_bias": "0.01 m",
    "satellite.dsp.declare_delay": "0 s",
    "satellite.dsp.position_error": "1 m",
    "satellite.dsp.heading_error": "0.001 deg",
    "satellite.dsp.speed_error": "0.01 m/s",
    "doctrine.nominal.decision_delay": "0 s",
    "link.national.delay": "0 s",
    "interceptor.gbi-2-stage.divert": "10 km/s",
}


def test_a_footprint_is_what_time_and_fly_out_allow(third_site: Dossier, memory: Memory, kept: Kept) -> None:
    """With a commit soon after burnout a cell is defended where somewhere on the way to it, high enough, an
    interceptor launched at once arrives before the warhead.
    """
    radar = Radar("emr", 40.0, 42.0)
    dossier = shield(third_site, [radar], [Base(17.1)], AT_ONCE)
    grid = make_grid("4 deg", "europe")
    shown = values(dossier, "defended", grid, [TEHRAN], memory=memory, kept=kept)
    setting = Around(dossier, [SHIELD], memory=memory)
    battery = setting.defence(SHIELD).batteries[0]
    here = np.array(to_ecef(battery.site.lat, battery.site.lon, 0.0, WGS84))
    missile = setting.missile("notional-irbm")
    slack = np.full(len(grid), np.nan)
    for cell in range(len(grid)):
        try:
            flight = aim_one(missile, (TEHRAN.lat, TEHRAN.lon), (grid.lat[cell], grid.lon[cell]))
        except OutOfReach:
            continue
        approach = intercept.approaches(flight.nodes, flight.counts, flight.burnout_s, here, 400, WGS84)
        soonest = intercept.arrivals(setting.family(battery).base, approach)[0]
        high = approach[0, :, intercept.HEIGHT] >= battery.interceptor.minimum_altitude_m
        launch = np.where(high, approach[0, :, intercept.TIME] - soonest, np.nan)
        slack[cell] = (np.nanmax(launch) if (~np.isnan(launch)).any() else -np.inf) - flight.burnout_s[0]
    np.testing.assert_array_equal(np.isnan(slack), np.isnan(shown))
    # No launch before burnout; and one within a minute of it.
    assert not (shown[slack < -2.0] > 0.0).any()
    assert (shown[slack > 60.0] > 0.0).all()
    assert (slack < -2.0).sum() > 3
    assert (slack > 60.0).sum() > 20


# Where shots are counted, it is also said whether there is one.
@pytest.mark.parametrize(
    ("quantity", "architecture"),
    [pytest.param("defended", SHIELD, marks=pytest.mark.slow), ("shots", "joint")],
)
def test_a_cell_is_as_a_single_engagement(
    third_site: Dossier, memory: Memory, quantity: str, architecture: str
) -> None:
    """Forty cells one by one, each flight aimed and looked at by itself, 400 times instead of 20. Only on an
    edge may they differ: two cells at most, and by one shot.
    """
    grid = make_grid("2 deg", "europe")
    chosen = np.random.default_rng(4).choice(len(grid), 40, replace=False)
    edges, found_all = 0, []
    for launch in (TEHRAN, NORTH_WEST):
        shown = values(third_site, quantity, grid, [launch], architecture=architecture, memory=memory)[chosen]
        single = np.full(len(chosen), np.nan)
        for i, cell in enumerate(chosen):
            try:
                found = engage(
                    third_site, architecture, "notional-irbm", (launch.lat, launch.lon),
                    (float(grid.lat[cell]), float(grid.lon[cell])), memory=memory,
                )  # fmt: skip
            except OutOfReach:
                continue
            single[i] = found.shots if quantity == "shots" else found.engageable
        np.testing.assert_array_equal(np.isnan(shown), np.isnan(single))
        known = ~np.isnan(shown)
        apart = np.abs(shown - single)[known]
        assert apart.max() <= 1.0
        edges += int((apart > 0.0).sum())
        found_all += single[known].tolist()
    assert edges <= 2
    assert len(found_all) > 30
    assert len(np.unique(found_all)) > 1


# Radars that turn and radars with faces, anywhere between the threat and the cities; bases along a parallel.
AZIMUTHS = st.floats(60.0, 180.0).map(lambda a: round(a, 1))
RADARS = st.one_of(
    st.builds(Radar, st.just("emr"), st.floats(36.0, 55.0), st.floats(5.0, 48.0)),
    st.builds(
        Radar, st.sampled_from(["tpy-2", "fylingdales"]), st.floats(36.0, 55.0), st.floats(5.0, 48.0),
        st.tuples(AZIMUTHS),
    ),
)  # fmt: skip
BASES = st.builds(Base, st.floats(0.0, 45.0))
SHIELDS = st.tuples(st.lists(RADARS, min_size=1, max_size=2), st.lists(BASES, min_size=1, max_size=2))
BETTER = {
    "earlier commit": (
        {"doctrine.nominal.decision_delay": "120 s"}, {"doctrine.nominal.decision_delay": "20 s"},
    ),
    "lower elevation": (
        {f"radar.{name}.minimum_elevation": "4 deg" for name in ("emr", "tpy-2", "fylingdales")},
        {f"radar.{name}.minimum_elevation": "0.5 deg" for name in ("emr", "tpy-2", "fylingdales")},
    ),
    "faster interceptor": (
        {"interceptor.gbi-2-stage.payload": "340 kg"}, {"interceptor.gbi-2-stage.payload": "120 kg"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BETTER)
@FEW
@given(made=SHIELDS)
def test_what_is_better_shrinks_no_footprint(
    third_site: Dossier,
    memory: Memory,
    kept: Kept,
    europe: Grid,
    what: str,
    made: tuple[list[Radar], list[Base]],
) -> None:
    worse, better = (
        values(shield(third_site, *made, figures), "shots", europe, [TEHRAN], memory=memory, kept=kept)
        for figures in BETTER[what]
    )
    np.testing.assert_array_equal(np.isnan(worse), np.isnan(better))
    assert not (worse > better).any()


@FEW
@given(made=SHIELDS, more=RADARS)
def test_one_more_radar_shrinks_no_footprint(
    third_site: Dossier,
    memory: Memory,
    kept: Kept,
    europe: Grid,
    made: tuple[list[Radar], list[Base]],
    more: Radar,
) -> None:
    radars, bases = made
    for quantity in ("defended", "warning"):
        fewer, all_ = (
            values(shield(third_site, each, bases), quantity, europe, [TEHRAN], memory=memory, kept=kept)
            for each in (radars, [*radars, more])
        )
        known = ~np.isnan(fewer)
        np.testing.assert_array_equal(known, ~np.isnan(all_))
        assert (all_[known] >= fewer[known] - 1e-6).all()


def test_what_is_better_enlarges_some_footprint(
    third_site: Dossier, memory: Memory, kept: Kept, europe: Grid
) -> None:
    """That nothing shrinks would hold of maps that never change."""
    made = ([Radar("emr", 44.0, 26.0)], [Base(30.0)])
    for worse, better in BETTER.values():
        less, more = (
            np.nansum(
                values(
                    shield(third_site, *made, figures), "shots", europe, [TEHRAN], memory=memory, kept=kept
                )
            )
            for figures in (worse, better)
        )
        assert more > less > 0.0


@pytest.mark.parametrize("radars", [[], [Radar("emr", -40.0, -130.0)]], ids=["none", "beyond the horizon"])
def test_who_sees_nothing_defends_nothing(
    third_site: Dossier, memory: Memory, kept: Kept, europe: Grid, radars: list[Radar]
) -> None:
    for quantity in ("defended", "shots", "warning"):
        shown = values(
            shield(third_site, radars, [Base(20.0)]), quantity, europe, [TEHRAN], memory=memory, kept=kept
        )
        assert (shown[~np.isnan(shown)] == 0.0).all()
        assert not np.isnan(shown).all()


@pytest.mark.parametrize("quantity", ["shots", "warning", "denied"])
# The second turns it across the antimeridian.
@pytest.mark.parametrize("turn", [pytest.param(103.7, marks=pytest.mark.slow), -161.9])
def test_a_scene_turned_about_the_pole_is_the_same(
    third_site: Dossier, memory: Memory, quantity: str, turn: float
) -> None:
    """Launches, cells, radars and bases by any longitude: across the antimeridian, too."""
    radars, base = [Radar("emr", 44.0, 26.0), Radar("tpy-2", 39.0, 37.0, (120.0,))], Base(30.0)
    grid = make_grid("5 deg", "europe")
    spots = [TEHRAN, NORTH_WEST]
    if quantity == "denied":
        grid, spots = make_grid("4 deg", (16.0, 10.0, 64.0, 90.0)), [spot(48.9, 2.4)]
    west = (grid.west + turn + 180.0) % 360.0 - 180.0
    turned = replace(grid, west=west, east=west + grid.east - grid.west)
    moved = [replace(each, lon=each.lon + math.radians(turn)) for each in spots]
    before = values(shield(third_site, radars, [base]), quantity, grid, spots, memory=memory)
    after = values(
        shield(
            third_site,
            [replace(each, lon=each.lon + turn) for each in radars],
            [replace(base, lon=base.lon + turn)],
        ),
        quantity, turned, moved, memory=memory,
    )  # fmt: skip
    assert len(np.unique(before[~np.isnan(before)])) > 1
    assert np.isnan(before).any()
    np.testing.assert_array_equal(np.isnan(after), np.isnan(before))
    apart = np.sort(np.abs(after - before)[~np.isnan(before)])
    # Rounding decides about steps of the search for a kick: by some 1e-5 of it, a tenth of a second of the
    # flight; and so about when a radar sees what it hardly sees.
    if quantity == "warning":
        assert np.median(apart) < 0.1
        assert apart[-2] < 1.0
        assert apart[-1] < 10.0
    else:
        assert apart[-1] == 0.0


def test_all_launch_places_are_the_least_of_each(
    third_site: Dossier, memory: Memory, kept: Kept, europe: Grid
) -> None:
    """A cell defended from all is defended from each that reaches it; shots and warning are the fewest."""
    dossier = shield(third_site, [Radar("emr", 44.0, 26.0)], [Base(10.0)])
    spots = [TEHRAN, NORTH_WEST, spot(28.0, 60.0)]
    for quantity in ("defended", "shots", "warning"):
        each = np.stack([values(dossier, quantity, europe, [one], memory=memory, kept=kept) for one in spots])
        together = values(dossier, quantity, europe, spots, memory=memory, kept=kept)
        least = np.where(np.isnan(each), np.inf, each).min(axis=0)
        np.testing.assert_array_equal(together, np.where(np.isinf(least), np.nan, least))
        apart = [len(np.unique(one[~np.isnan(one)])) for one in each]
        assert max(apart) > 1
    # None reaches all cells that another does.
    assert len({int(np.isnan(one).sum()) for one in each}) == 3


def test_a_smaller_share_never_defends_less(
    third_site: Dossier, memory: Memory, kept: Kept, europe: Grid
) -> None:
    dossier = shield(third_site, [Radar("emr", 44.0, 26.0)], [Base(10.0)])
    spots = [TEHRAN, NORTH_WEST, spot(28.0, 60.0), spot(33.0, 47.0)]
    each = np.stack([values(dossier, "defended", europe, [one], memory=memory, kept=kept) for one in spots])
    reached, met = (~np.isnan(each)).sum(axis=0), np.nansum(each, axis=0)
    counts = []
    for share in (1.0, 0.75, 0.5, 0.25):
        shown = values(dossier, "defended", europe, spots, share=share, memory=memory, kept=kept)
        expected = np.where(reached > 0, met >= share * reached, np.nan)
        np.testing.assert_array_equal(shown, expected)
        counts.append(np.nansum(shown))
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_a_map_of_chances_is_the_mean_of_its_worlds(third_site: Dossier, memory: Memory) -> None:
    """Each world by itself, as a dossier of its own with those figures. The interceptor's motors are the same
    in all: between fly-out tables a sample is read by interpolation, which errs.
    """
    fixed = {
        path: parameter.value
        for path, parameter in third_site.parameters().items()
        if path.startswith(("interceptor.gbi-2-stage.", "motor.")) and parameter.ranged
    }
    radars = [Radar("emr", 44.0, 26.0), Radar("tpy-2", 39.0, 37.0, (120.0,))]
    dossier = shield(third_site, radars, [Base(20.0)]).with_values(fixed)
    grid = make_grid("10 deg", "europe")
    asked = MapQuestion("defended", SHIELD, grid, THREAT, (TEHRAN,), samples=6, seed=3)
    data = draw_map(dossier, asked, memory=memory, workers=1)
    assert data is not None
    share = data["defended"].values.ravel()
    drawn = _worlds(dossier, asked)
    assert len(drawn) == 6
    worlds = np.stack(
        [values(dossier.with_values(each), "defended", grid, [TEHRAN], memory=memory) for each in drawn]
    )
    np.testing.assert_allclose(share, worlds.mean(axis=0), atol=1e-12)
    np.testing.assert_array_equal(
        data["defended_nominal"].values.ravel(), values(dossier, "defended", grid, [TEHRAN], memory=memory)
    )
    known = ~np.isnan(share)
    assert ((share[known] >= 0.0) & (share[known] <= 1.0)).all()
    assert ((share > 0.0) & (share < 1.0)).any()


def _worlds(dossier: Dossier, asked: MapQuestion) -> list[dict[str, float]]:
    """The figures of every sample of a map, by its design."""
    work = study.MapWork(dossier, asked, Memory(None), 1, lambda _: None, None)
    own = design(dossier, work.setting.sampled, asked.samples, asked.seed, asked.sampler)
    return [{path: float(each[row]) for path, each in own.values.items()} for row in range(1, own.rows)]


@pytest.mark.parametrize(
    "quantity",
    [
        pytest.param("defended", marks=pytest.mark.slow),
        "shots",
        pytest.param("warning", marks=pytest.mark.slow),
    ],
)
def test_neither_workers_nor_chunks_matter(
    third_site: Dossier, memory: Memory, monkeypatch: pytest.MonkeyPatch, quantity: str
) -> None:
    dossier = shield(third_site, [Radar("emr", 44.0, 26.0)], [Base(20.0)])
    grid = make_grid("5 deg", "europe")

    def drawn(samples: int, workers: int, chunk: int, seed: int = 1) -> dict[str, Array]:
        monkeypatch.setattr(study, "CHUNK", chunk)
        asked = MapQuestion(quantity, SHIELD, grid, THREAT, (TEHRAN, NORTH_WEST), samples=samples, seed=seed)
        data = draw_map(dossier, asked, memory=memory, workers=workers)
        assert data is not None
        return {str(name): data[name].values for name in data.data_vars if str(name).startswith(quantity)}

    for samples in (0, 3):
        first = drawn(samples, 1, 256)
        assert len(first) == (1 if not samples else 2 if quantity == "defended" else 4)
        for workers, chunk in ((2, 256), (1, 37)):
            other = drawn(samples, workers, chunk)
            assert other.keys() == first.keys()
            for name, each in first.items():
                np.testing.assert_array_equal(other[name], each)
    again = drawn(3, 1, 256, seed=2)
    assert (again[quantity] != first[quantity]).any()
    np.testing.assert_array_equal(again[f"{quantity}_nominal"], first[f"{quantity}_nominal"])
