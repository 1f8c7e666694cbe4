"""The Earth: shape, gravity, rotation, and places on it.

Frames: ECEF turns with the Earth; ECI is inertial and coincides with ECEF at t = 0, the threat's
launch. Both have z along the rotation axis.

References
----------
.. [1] NIMA TR8350.2, "Department of Defense World Geodetic System 1984", 3rd ed., 2000.
.. [2] O. Montenbruck and E. Gill, "Satellite Orbits", Springer, 2000, sections 3.2 and 5.5.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .kernel import bare


class Earth(NamedTuple):
    """The constants of a planet.

    Attributes
    ----------
    mu : gravitational parameter [m^3/s^2]
    j2 : second zonal harmonic [1]
    radius : equatorial radius [m]
    flattening : of the ellipsoid [1]
    rotation : rate about +z [rad/s]
    """

    mu: float
    j2: float
    radius: float
    flattening: float
    rotation: float


WGS84 = Earth(3.986004418e14, 1.082629821e-3, 6378137.0, 1.0 / 298.257223563, 7.292115e-5)
#: A sphere at rest of the same mean radius: for comparison with closed forms only.
SPHERE_AT_REST = Earth(3.986004418e14, 0.0, 6371008.8, 0.0, 0.0)

#: Standard gravity, by which specific impulse is defined [m/s^2].
STANDARD_GRAVITY = 9.80665


@bare
def to_ecef(lat: float, lon: float, altitude: float, earth: Earth) -> tuple[float, float, float]:
    """Geodetic place [rad, rad, m above the ellipsoid] to ECEF [m]. [2]_ eq. 5.83."""
    e2 = earth.flattening * (2.0 - earth.flattening)
    n = earth.radius / math.sqrt(1.0 - e2 * math.sin(lat) ** 2)
    rho = (n + altitude) * math.cos(lat)
    return rho * math.cos(lon), rho * math.sin(lon), ((1.0 - e2) * n + altitude) * math.sin(lat)


@bare
def to_geodetic(x: float, y: float, z: float, earth: Earth) -> tuple[float, float, float]:
    """ECEF [m] to geodetic latitude, longitude [rad] and altitude [m].

    Iterates [2]_ eq. 5.85-5.87 to better than a millimetre from the surface up.
    """
    e2 = earth.flattening * (2.0 - earth.flattening)
    rho2 = x * x + y * y
    dz = e2 * z
    n = earth.radius
    for _ in range(12):
        zd = z + dz
        sine = zd / math.sqrt(rho2 + zd * zd)
        n = earth.radius / math.sqrt(1.0 - e2 * sine * sine)
        change = n * e2 * sine - dz
        dz += change
        if abs(change) < 1e-7:
            break
    zd = z + dz
    return math.atan2(zd, math.sqrt(rho2)), math.atan2(y, x), math.sqrt(rho2 + zd * zd) - n


@bare
def height(x: float, y: float, z: float, earth: Earth) -> float:
    """Height above the ellipsoid along the radius [m]; frame-independent.

    Exact on the surface; within 1e-5 of the geodetic altitude above it (1 m at 100 km).
    """
    r2 = x * x + y * y + z * z
    b = 1.0 - earth.flattening
    # Radius of the ellipsoid in this direction.
    surface = earth.radius * b * math.sqrt(r2 / (b * b * (x * x + y * y) + z * z))
    return math.sqrt(r2) - surface


@bare
def gravity(x: float, y: float, z: float, earth: Earth) -> tuple[float, float, float]:
    """Acceleration of gravity with the J2 term [m/s^2]. [2]_ eq. 3.29 for the zonal field."""
    r2 = x * x + y * y + z * z
    r = math.sqrt(r2)
    k = earth.mu / (r2 * r)
    q = 1.5 * earth.j2 * earth.radius * earth.radius / r2
    s = 5.0 * z * z / r2
    across = -k * (1.0 + q * (1.0 - s))
    return across * x, across * y, -k * (1.0 + q * (3.0 - s)) * z


@bare
def site_axes(site: NDArray[np.float64]) -> tuple[float, ...]:
    """Geocentric east, north and up at a site, in ECEF, as nine numbers."""
    r = math.sqrt(site[0] ** 2 + site[1] ** 2 + site[2] ** 2)
    ux, uy, uz = site[0] / r, site[1] / r, site[2] / r
    c = math.sqrt(ux * ux + uy * uy)
    ex, ey = -uy / c, ux / c
    return ex, ey, 0.0, -uz * ey, uz * ex, ux * ey - uy * ex, ux, uy, uz


@bare
def central_angle(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Angle between two directions given as latitude and longitude [rad], without cancellation."""
    dlon = lon2 - lon1
    a = math.cos(lat2) * math.sin(dlon)
    b = math.cos(lat1) * math.sin(lat2) - math.sin(lat1) * math.cos(lat2) * math.cos(dlon)
    c = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(dlon)
    return math.atan2(math.sqrt(a * a + b * b), c)


@bare
def bearing(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Initial great-circle bearing, clockwise from north, from place 1 to place 2 [rad, 0 to 2 pi]."""
    dlon = lon2 - lon1
    a = math.cos(lat2) * math.sin(dlon)
    b = math.cos(lat1) * math.sin(lat2) - math.sin(lat1) * math.cos(lat2) * math.cos(dlon)
    return math.atan2(a, b) % (2.0 * math.pi)


@bare
def destination(lat: float, lon: float, bearing: float, angle: float) -> tuple[float, float]:
    """Latitude and longitude [rad] of the place at a bearing and central angle [rad] from another."""
    s, c = math.sin(angle), math.cos(angle)
    north, east = s * math.cos(bearing), s * math.sin(bearing)
    z = c * math.sin(lat) + north * math.cos(lat)
    x = c * math.cos(lat) - north * math.sin(lat)
    return math.atan2(z, math.sqrt(x * x + east * east)), lon + math.atan2(east, x)
