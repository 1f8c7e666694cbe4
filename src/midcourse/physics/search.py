"""How a radar spends its time: searching a volume, looking where it is cued, renewing its tracks.

Beam positions are squares as wide as the half-power beam, so a beam fills the square of its width. With a
gain of 4 pi over that, the tracking form of the radar equation (``radar.beam_strength``) with the dwell of
a search is the search form. A round, evenly lit aperture has a gain of 4 pi over 1.22 such squares: its
beams overlap, and its echoes are 0.9 dB weaker than the search form says, and weaker by its efficiency.

References
----------
.. [1] M. Skolnik, "Introduction to Radar Systems", 3rd ed., McGraw-Hill, 2001, chapter 2: the
   surveillance-radar range equation.
"""

import math

import numpy as np

from .flight import Array
from .kernel import bare, kernel
from .radar import BOLTZMANN


@bare
def solid_angle(width: float, bottom: float, top: float) -> float:
    """Solid angle of a sector of azimuth between two elevations [rad] [sr]."""
    return width * (math.sin(top) - math.sin(bottom))


@bare
def beams_in(solid_angle: float, beamwidth: float) -> float:
    """Beam positions in a solid angle [sr], for a half-power beamwidth [rad]; at least one."""
    return max(1.0, solid_angle / beamwidth**2)


@bare
def search_dwell(frame_time: float, search_share: float, solid_angle: float, beamwidth: float) -> float:
    """Time that each beam position gets in one frame [s].

    The radar goes once over the solid angle [sr] in a frame time [s], in which it spends a share on search.
    """
    return frame_time * search_share / beams_in(solid_angle, beamwidth)


@kernel
def search_dwells(
    frames: Array, shares: Array, widths: Array, bottoms: Array, tops: Array, beamwidths: Array
) -> Array:
    """``search_dwell`` over the sector of azimuth between two elevations, in every sample: (samples,) [s]."""
    out = np.empty(len(frames))
    for s in range(len(frames)):
        volume = solid_angle(widths[s], bottoms[s], tops[s])
        out[s] = search_dwell(frames[s], shares[s], volume, beamwidths[s])
    return out


@bare
def frame_time_needed(
    power: float, aperture: float, temperature: float, losses: float,
    solid_angle: float, cross_section: float, distance: float, snr: float,
) -> float:  # fmt: skip
    """Time to go once over a solid angle and get a signal-to-noise ratio from a body in it [s]. [1]_

    t = 4 pi Omega k T L R^4 (S/N) / (P A sigma), with the mean power P spent on search [W], effective receive
    area A [m^2], system noise temperature T [K], losses L [1], solid angle Omega [sr], cross-section sigma
    [m^2] and distance R [m]. Neither wavelength nor transmit gain counts.
    """
    noise = BOLTZMANN * temperature * losses
    return 4.0 * math.pi * solid_angle * noise * distance**4 * snr / (power * aperture * cross_section)


@bare
def track_interval_possible(
    track_interval: float, dwell: float, other_tracks: float, search_share: float
) -> float:
    """Time between looks at one body that a radar keeps up while it watches others at the same rate [s].

    The interval wanted, or longer when the dwells on all bodies fill what search leaves of the time. Infinite
    where it leaves none.
    """
    if search_share >= 1.0:
        return math.inf
    return max(track_interval, (1.0 + other_tracks) * dwell / (1.0 - search_share))


@bare
def acquisition_beams(error: float, distance: float, beamwidth: float) -> float:
    """Beam positions that cover a cue's error, three sigma to every side; a whole number, at least one.

    The error is one sigma of position across the line of sight [m], the beamwidth at half power [rad].
    """
    side = math.ceil(2.0 * math.atan(3.0 * error / distance) / beamwidth - 1e-9)
    return max(1.0, float(side)) ** 2
