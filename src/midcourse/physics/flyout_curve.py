"""The curve of earliest arrivals along one bearing at one height.

For one bearing and one height, take the points that an interceptor's flights cross at that height, from
overhead outward: first on the way up; then, past the flight that just touches the height, on the way down;
until the envelope of all flights turns back. Along this curve both the distance and the time grow, so the
curve is the earliest arrival. It is followed by continuation [1]_ over the sheets of flown trajectories.

A flight counts up to its perigee. Only an interceptor of nearly orbital speed climbs again after it, having
crossed air in which no kill vehicle would last.

References
----------
.. [1] E. Allgower and K. Georg, "Introduction to Numerical Continuation Methods", SIAM, 2003, chapter 6.
"""

import math

from .flight import Array
from .flyout_sheet import STEP, Sheets, cubic, on_sheets
from .kernel import bare

#: Points a curve can have, and numbers kept of each.
MOST_POINTS, POINT_COLUMNS = 400, 7


@bare
def _overhead(sheets: Sheets, toward: float, level: float, work: Array) -> tuple[float, float, float]:
    """Kick along and right of the bearing and time index (nan if none) of the flight that passes overhead."""
    first = sheets.places[0, 0]
    i = 0
    while i < first.shape[0] - 1 and first[i + 1, 2] < level:
        i += 1
    if i >= first.shape[0] - 1:
        return 0.0, 0.0, math.nan
    p, q, t = 1e-3, 0.0, i + (level - first[i, 2]) / (first[i + 1, 2] - first[i, 2])
    for _ in range(12):
        on_sheets(sheets, toward, p, q, t, work)
        v, fp, fq, ft = work[0], work[1], work[2], work[3]
        v2 = v[2] - level
        det = (
            fp[0] * (fq[1] * ft[2] - ft[1] * fq[2])
            - fq[0] * (fp[1] * ft[2] - ft[1] * fp[2])
            + ft[0] * (fp[1] * fq[2] - fq[1] * fp[2])
        )
        dp = (
            v[0] * (fq[1] * ft[2] - ft[1] * fq[2])
            - fq[0] * (v[1] * ft[2] - ft[1] * v2)
            + ft[0] * (v[1] * fq[2] - fq[1] * v2)
        ) / det
        dq = (
            fp[0] * (v[1] * ft[2] - ft[1] * v2)
            - v[0] * (fp[1] * ft[2] - ft[1] * fp[2])
            + ft[0] * (fp[1] * v2 - v[1] * fp[2])
        ) / det
        dt = (
            fp[0] * (fq[1] * v2 - v[1] * fq[2])
            - fq[0] * (fp[1] * v2 - v[1] * fp[2])
            + v[0] * (fp[1] * fq[2] - fq[1] * fp[2])
        ) / det
        p, q, t = p - max(-1.0, min(1.0, dp)), q - max(-1.0, min(1.0, dq)), t - max(-4.0, min(4.0, dt))
        if abs(dp) + abs(dq) + abs(dt) < 1e-8:
            break
    return p, q, t


@bare
def follow(sheets: Sheets, toward: float, level: float, curve: Array, work: Array) -> int:
    """Follow the points at height ``level`` along a bearing outward from overhead; returns how many there
    are.

    Rows of ``curve``: kick along and right of the bearing [mean spacings], time index, angle; rates of angle,
    of its part to the right, and of height, a time step. If the envelope was met, the last row lies beyond
    it.
    """
    last_kick, last_time = sheets.places.shape[1] - 1.0, sheets.places.shape[2] - 1.0
    p, q, t = _overhead(sheets, toward, level, work)
    if math.isnan(t):
        return 0
    # One unit of arc is one kick step or this many time steps; heights and angles count by the Earth's
    # radius.
    scale = 8.0
    forward_p, forward_q, forward_t = 1.0, 0.0, 0.0
    n, arc, closing, fell = 0, 0.25, False, False
    while n < curve.shape[0]:
        if n > 0:
            # Back onto the curve, across both constraints' gradients.
            for _ in range(5):
                on_sheets(sheets, toward, p, q, t, work)
                b, c = work[0, 1], (work[0, 2] - level) / 6.4e6
                b0, b1, b2 = work[1, 1], work[2, 1], work[3, 1] * scale
                c0, c1, c2 = work[1, 2] / 6.4e6, work[2, 2] / 6.4e6, work[3, 2] * scale / 6.4e6
                if abs(b) + abs(c) < 1e-7:
                    break
                bb = b0 * b0 + b1 * b1 + b2 * b2
                bc = b0 * c0 + b1 * c1 + b2 * c2
                cc = c0 * c0 + c1 * c1 + c2 * c2
                det = bb * cc - bc * bc
                lb, lc = (b * cc - c * bc) / det, (c * bb - b * bc) / det
                p -= lb * b0 + lc * c0
                q -= lb * b1 + lc * c1
                t -= (lb * b2 + lc * c2) * scale
        else:
            on_sheets(sheets, toward, p, q, t, work)
        if p * p + q * q > last_kick * last_kick or t > last_time:
            # Past the flattest flight or the last time: end close to the edge.
            arc *= 0.5
            if n == 0 or arc < 0.01:
                break
            closing = True
            p = curve[n - 1, 0] + arc * forward_p
            q = curve[n - 1, 1] + arc * forward_q
            t = curve[n - 1, 2] + arc * forward_t * scale
            continue
        row = curve[n]
        row[0], row[1], row[2], row[3] = p, q, t, work[0, 0]
        row[4], row[5], row[6] = work[3, 0], work[3, 1], work[3, 2]
        n += 1
        if n > 1 and (row[3] <= curve[n - 2, 3] or (fell and row[6] > 0.0)):
            break
        fell = row[6] < 0.0
        b0, b1, b2 = work[1, 1], work[2, 1], work[3, 1] * scale
        c0, c1, c2 = work[1, 2], work[2, 2], work[3, 2] * scale
        ap, aq, at = b1 * c2 - b2 * c1, b2 * c0 - b0 * c2, b0 * c1 - b1 * c0
        norm = math.sqrt(ap * ap + aq * aq + at * at)
        if ap * forward_p + aq * forward_q + at * forward_t < 0.0:
            norm = -norm
        forward_p, forward_q, forward_t = ap / norm, aq / norm, at / norm
        p += arc * forward_p
        q += arc * forward_q
        t += arc * forward_t * scale
        if not closing:
            arc = min(arc * 1.15, 0.8)
    return n


@bare
def between(curve: Array, n: int, column: int, at: float, w: Array, d: Array) -> float:
    """A column of the curve between its rows, cubic."""
    j = int(min(max(math.floor(at), 1.0), n - 3.0))
    cubic(at - j, w, d)
    return float(
        w[0] * curve[j - 1, column]
        + w[1] * curve[j, column]
        + w[2] * curve[j + 1, column]
        + w[3] * curve[j + 2, column]
    )


@bare
def edge_of(curve: Array, n: int, latest: float, w: Array, d: Array) -> float:
    """Row (fractional) of the farthest point: at the envelope, or where time or flat flights run out."""
    edge = n - 1.0
    if curve[n - 1, 3] <= curve[n - 2, 3]:
        low, high = n - 3.0, n - 1.0
        for _ in range(50):
            b, c = low + 0.382 * (high - low), high - 0.382 * (high - low)
            if between(curve, n, 3, b, w, d) > between(curve, n, 3, c, w, d):
                high = c
            else:
                low = b
        edge = 0.5 * (low + high)
    if between(curve, n, 2, edge, w, d) * STEP > latest:
        low, high = 0.0, edge
        for _ in range(50):
            middle = 0.5 * (low + high)
            if between(curve, n, 2, middle, w, d) * STEP > latest:
                high = middle
            else:
                low = middle
        edge = low
    return edge
