"""US Standard Atmosphere 1976.

References
----------
.. [1] NOAA, NASA, USAF, "U.S. Standard Atmosphere, 1976", NOAA-S/T 76-1562.
"""

import math

import numpy as np

from .kernel import bare

#: Above this height [m] the air is left out: a body of 1000 kg/m^2 at 7 km/s feels under 1e-4 m/s^2.
TOP = 150e3

_GEOPOTENTIAL_RADIUS = 6356766.0
_GAS_CONSTANT = 287.05287  # R*/M0 [J/(kg K)]
_HYDROSTATIC = 9.80665 / _GAS_CONSTANT  # g0 M0 / R* [K/m]
_GAMMA = 1.4
_HIGHEST_LAYER = 86e3

# Table 4 of [1]: base geopotential height [m], temperature [K], lapse [K/m]; pressures follow from eq. 33.
_BASE = np.array([0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3])
_TEMPERATURE = np.array([288.15, 216.65, 216.65, 228.65, 270.65, 270.65, 214.65])
_LAPSE = np.array([-6.5e-3, 0.0, 1.0e-3, 2.8e-3, 0.0, -2.8e-3, -2.0e-3])


def _base_pressures() -> np.ndarray:
    pressures = [101325.0]
    for i in range(len(_BASE) - 1):
        rise = _BASE[i + 1] - _BASE[i]
        if _LAPSE[i] == 0.0:
            factor = math.exp(-_HYDROSTATIC * rise / _TEMPERATURE[i])
        else:
            factor = (_TEMPERATURE[i] / _TEMPERATURE[i + 1]) ** (_HYDROSTATIC / _LAPSE[i])
        pressures.append(pressures[-1] * factor)
    return np.array(pressures)


_PRESSURE = _base_pressures()

# Table VIII of [1]: geometric height [m], density [kg/m^3], pressure [Pa]; read log-linearly between rows.
_UPPER_HEIGHT = np.array(
    [86e3, 90e3, 95e3, 100e3, 105e3, 110e3, 115e3, 120e3, 125e3, 130e3, 135e3, 140e3, 145e3, 150e3]
)
_UPPER_LOG_DENSITY = np.log(
    [
        6.958e-6,
        3.416e-6,
        1.393e-6,
        5.604e-7,
        2.325e-7,
        9.708e-8,
        4.289e-8,
        2.222e-8,
        1.291e-8,
        8.152e-9,
        5.465e-9,
        3.831e-9,
        2.781e-9,
        2.076e-9,
    ]
)
_UPPER_LOG_PRESSURE = np.log(
    [
        0.37338,
        0.18359,
        0.075966,
        0.032011,
        0.014477,
        7.1042e-3,
        4.0096e-3,
        2.5382e-3,
        1.7354e-3,
        1.2505e-3,
        9.3568e-4,
        7.2028e-4,
        5.6691e-4,
        4.5422e-4,
    ]
)
# The table takes sound speed to be undefined above the last layer; the value of 86 km is kept.
_SOUND_SPEED_86_KM = 274.10


@bare
def air(height: float) -> tuple[float, float, float]:
    """Density [kg/m^3], pressure [Pa] and speed of sound [m/s] at a geometric height [m].

    Closed form of [1]_ to 86 km (within 0.1 % of its tables), its table VIII from there to 150 km, vacuum
    above. Below sea level the lowest layer goes on.
    """
    if height > TOP:
        return 0.0, 0.0, _SOUND_SPEED_86_KM
    if height > _HIGHEST_LAYER:
        i = 0
        while i < len(_UPPER_HEIGHT) - 2 and height > _UPPER_HEIGHT[i + 1]:
            i += 1
        f = (height - _UPPER_HEIGHT[i]) / (_UPPER_HEIGHT[i + 1] - _UPPER_HEIGHT[i])
        density = math.exp(_UPPER_LOG_DENSITY[i] + f * (_UPPER_LOG_DENSITY[i + 1] - _UPPER_LOG_DENSITY[i]))
        pressure = math.exp(
            _UPPER_LOG_PRESSURE[i] + f * (_UPPER_LOG_PRESSURE[i + 1] - _UPPER_LOG_PRESSURE[i])
        )
        return density, pressure, _SOUND_SPEED_86_KM
    geopotential = _GEOPOTENTIAL_RADIUS * height / (_GEOPOTENTIAL_RADIUS + height)
    i = 0
    while i < len(_BASE) - 1 and geopotential > _BASE[i + 1]:
        i += 1
    rise = geopotential - _BASE[i]
    temperature = _TEMPERATURE[i] + _LAPSE[i] * rise
    if _LAPSE[i] == 0.0:
        pressure = _PRESSURE[i] * math.exp(-_HYDROSTATIC * rise / temperature)
    else:
        pressure = _PRESSURE[i] * (_TEMPERATURE[i] / temperature) ** (_HYDROSTATIC / _LAPSE[i])
    return pressure / (_GAS_CONSTANT * temperature), pressure, math.sqrt(_GAMMA * _GAS_CONSTANT * temperature)
