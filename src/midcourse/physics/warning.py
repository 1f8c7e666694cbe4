"""When satellites that see a burning booster above the clouds can see it."""

import numpy as np

from .earth import Earth, height
from .flight import Array, ecef_state_at, segment
from .kernel import kernel


@kernel
def climb_times(nodes: Array, counts: Array, burnouts: Array, heights: Array, earth: Earth) -> Array:
    """When each burning booster passes each height [m]: (flights, heights) [s]; nan where it burns out
    below.
    """
    out = np.full((nodes.shape[0], len(heights)), np.nan)
    state = np.empty(6)
    for f in range(nodes.shape[0]):
        count = int(counts[f])
        last = segment(nodes[f], count, burnouts[f])
        for k in range(len(heights)):
            for i in range(last + 1):
                above = height(nodes[f, i + 1, 1], nodes[f, i + 1, 2], nodes[f, i + 1, 3], earth)
                if above >= heights[k]:
                    low, high = nodes[f, i, 0], nodes[f, i + 1, 0]
                    while high - low > 1e-3:
                        middle = 0.5 * (low + high)
                        ecef_state_at(nodes[f], count, middle, earth, state)
                        if height(state[0], state[1], state[2], earth) < heights[k]:
                            low = middle
                        else:
                            high = middle
                    if high <= burnouts[f]:
                        out[f, k] = high
                    break
    return out
