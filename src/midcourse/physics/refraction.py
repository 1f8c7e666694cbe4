"""How far the air bends the line of sight from a radar to a body above the air.

The air's refractive index falls with height, so rays bend towards the ground, and a radar sees a body higher
than it stands. The index is that of the reference atmosphere [2]_; over the climates N at the ground goes
from some 250 to 400, and the bending with it.

References
----------
.. [1] Recommendation ITU-R P.834-9, "Effects of tropospheric refraction on radiowave propagation", 2017,
   Annex 1, section 1 (ray bending).
.. [2] Recommendation ITU-R P.453-14, "The radio refractive index", 2019: N = 315 exp(-h / 7.35 km).
.. [3] W. Smart, "Textbook on Spherical Astronomy", 6th ed., Cambridge, 1977, chapter 3 (refraction).
"""

import math

from .kernel import bare

_RADIUS = 6370e3  # of [1]_
_INDEX = 315e-6
_SCALE = 7.35e3
# The fit [1]_ holds for stations up to this height and for elevations up to 10 degrees.
_HIGHEST = 3000.0
_BLEND_FROM, _BLEND_TO = math.radians(5.0), math.radians(10.0)


@bare
def _excess_index(altitude: float) -> float:
    """Refractive index less one at an altitude [m]. [2]_"""
    return _INDEX * math.exp(-altitude / _SCALE)


@bare
def horizon(altitude: float) -> float:
    """Geometric elevation far off of the lowest ray that clears a ground at sea level [rad]. [1]_"""
    h = min(max(altitude, 0.0), _HIGHEST)
    cosine = _RADIUS / (_RADIUS + h) * (1.0 + _INDEX) / (1.0 + _excess_index(h))
    lowest = -math.acos(min(1.0, cosine))
    km, deg = 1e-3 * h, math.degrees(lowest)
    bending = 1.0 / (
        1.314
        + 0.6437 * deg
        + 0.02869 * deg**2
        + (0.2305 + 0.09428 * deg + 0.01096 * deg**2) * km
        + 0.008583 * km**2
    )
    return lowest - math.radians(bending)


@bare
def refraction(true_elevation: float, altitude: float) -> float:
    """What to add to the geometric elevation of a far body to get the apparent one [rad].

    Up to 5 degrees the fit of [1]_; from 10 degrees, where the fit ends, the first two terms of the series
    [3]_ in the ratio of the air's height to the Earth's radius; a mean of both between. Within 0.012 deg of
    rays traced through the same air, from horizon to zenith; above 10 degrees within 0.001.

    Parameters
    ----------
    true_elevation : below the ``horizon``, where there is no ray, the bending at the horizon is given [rad]
    altitude : of the radar; taken as 0 below sea level and as 3 km above 3 km [m]
    """
    h = min(max(altitude, 0.0), _HIGHEST)
    if true_elevation < 0.0:
        true_elevation = max(true_elevation, horizon(h))
    near = far = 0.0
    if true_elevation < _BLEND_TO:
        km, deg = 1e-3 * h, math.degrees(true_elevation)
        near = math.radians(
            1.0
            / (
                1.728
                + 0.5411 * deg
                + 0.03723 * deg**2
                + (0.1815 + 0.06272 * deg + 0.01380 * deg**2) * km
                + (0.01727 + 0.008288 * deg) * km**2
            )
        )
    if true_elevation > _BLEND_FROM:
        sine = math.sin(true_elevation)
        far = _excess_index(h) * math.cos(true_elevation) / sine * (1.0 - _SCALE / (_RADIUS * sine * sine))
    share = min(1.0, max(0.0, (true_elevation - _BLEND_FROM) / (_BLEND_TO - _BLEND_FROM)))
    return (1.0 - share) * near + share * far


@bare
def refraction_at(true_elevation: float, altitude: float, distance: float) -> float:
    """``refraction`` towards a body above the air at a finite distance [m]: it is less than towards a star.

    The ray leaves the air along a line that passes the radar at a distance d: by Snell's law on spheres,
    n r cos(elevation) stays as it is, so d = r (n cos(apparent) - cos(direction of the line)). At the horizon
    d = 2.5 km, 0.15 deg at 1000 km. Within 0.015 deg of rays traced to bodies 80 km high and more. To a
    body in the air only part of the bending counts: it gets too little, but never less than zero.
    """
    radius = _RADIUS + altitude
    index = 1.0 + _excess_index(min(max(altitude, 0.0), _HIGHEST))
    line = true_elevation
    bending = shift = 0.0
    for _ in range(4):
        bending = refraction(line, altitude)
        aside = radius * (index * math.cos(line + bending) - math.cos(line))
        shift = math.asin(max(-1.0, min(1.0, aside / distance)))
        line = true_elevation - shift
    return max(0.0, bending - shift)
