"""The radar equation, and what a radar is made of as a row of numbers.

References
----------
.. [1] M. Skolnik, "Introduction to Radar Systems", 3rd ed., McGraw-Hill, 2001, sections 1.2 and 2.1.
.. [2] D. Barton, "Radar System Analysis and Modeling", Artech House, 2005, table 6.1 and chapter 8.
.. [3] M. Skolnik (ed.), "Radar Handbook", 3rd ed., McGraw-Hill, 2008, section 13.2 (loss off boresight).
"""

import math
from typing import Any

from .kernel import kernel

# A float, or an array of samples: numba compiles either.
Number = Any

BOLTZMANN = 1.380649e-23
LIGHT = 299792458.0

#: Slope constants of monopulse angle and of leading-edge range measurement [2]_.
ANGLE_SLOPE = 1.6
RANGE_SLOPE = 1.6

#: A radar against one kind of body, as a row of numbers. Levels are natural logarithms.
#:
#: ========== =====================================================================================
#: STRENGTH   signal-to-noise ratio of one tracking look times distance^4 over cross-section [ln m^2]
#: SEARCH     the same for the time that search gives to one beam; -inf where the radar does not search
#: NEEDED     ratio at which it holds a track [ln]
#: ALARM      probability of a false alarm in one look [ln]
#: BEAM       half-power beamwidth of the receiver [rad]
#: CELL       depth of a range cell, c / 2B [m]
#: DOPPLER    width of a Doppler cell, wavelength / 2 dwell [m/s]; 0 where it measures none
#: LOWEST     lowest elevation [rad]
#: HIGHEST    highest elevation [rad]
#: TOP        highest elevation searched [rad]
#: HALF       half the width of the sector to either side of a boresight [rad]; pi when the antenna turns
#: SCAN       loss off the face's normal goes with cos^SCAN, both ways together [3]_; 0 when it turns
#: TILT       of the face's normal above the horizon [rad]
#: INTERVAL   between looks at a body in track, what else is watched allowed for [s]
#: FRAME      time in which search comes round [s]
#: DWELL      time that one beam of a search for a cued body takes, likewise [s]
#: FLOOR      error of one look in parts of the cell, however strong the echo [1]
#: SKEW       bias of either angle [rad]
#: OFFSET     bias of range [m]
#: WANDER     time in which the biases go once round, over 2 pi [s]
#: DELAY      of the link over which the radar reports [s]
#: SLEW       rate at which the antenna turns to a cue [rad/s]; 0 where it needs no time
#: NOSE       cross-section of the body end-on [ln m^2]; SIDE side-on; BOOSTER, FLANK the burning booster's
#: SWERLING   fluctuation of the body, 0 to 4; SWERLING_BOOST of the booster
#: ========== =====================================================================================
(
    STRENGTH, SEARCH, NEEDED, ALARM, BEAM, CELL, DOPPLER, LOWEST, HIGHEST, TOP, HALF, SCAN, TILT, INTERVAL,
    FRAME, DWELL, FLOOR, SKEW, OFFSET, WANDER, DELAY, SLEW, NOSE, SIDE, BOOSTER, FLANK, SWERLING,
    SWERLING_BOOST,
) = range(28)  # fmt: skip
COLUMNS = 28


@kernel
def beam_strength(
    power: float, transmit_gain: float, receive_area: float, dwell: float, temperature: float, losses: float
) -> float:
    """Signal-to-noise ratio of one dwell, times range^4 over cross-section [m^2]. [1]_ eq. 2.52, energy form.

    S/N = P tau G A sigma / ((4 pi)^2 R^4 k T L), with mean power P [W], dwell tau [s], gain G [1], effective
    receive area A [m^2], system noise temperature T [K] and losses L [1]. Where transmitter and receiver
    stand apart, R^4 is the product of the squares of both distances.
    """
    return (
        power
        * dwell
        * transmit_gain
        * receive_area
        / ((4.0 * math.pi) ** 2 * BOLTZMANN * temperature * losses)
    )


@kernel
def aperture_gain(effective_area: float, wavelength: float) -> float:
    """Gain of an effective area [m^2] at a wavelength [m]. [1]_ eq. 1.8."""
    return 4.0 * math.pi * effective_area / wavelength**2


@kernel
def aperture_beamwidth(area: float, wavelength: float) -> float:
    """Half-power beamwidth of a round, evenly lit aperture of an area [m^2] [rad]. [2]_ table 6.1: 1.02
    lambda/D.
    """
    return 1.02 * wavelength / (4.0 * area / math.pi) ** 0.5


@kernel
def detection_range(strength: Number, needed: Number, cross_section: Number) -> Number:
    """Range at which a cross-section [m^2] just gives the ratio needed [m]."""
    return (strength * cross_section / needed) ** 0.25
