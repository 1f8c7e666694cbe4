"""Compiled kernels on bare floats and arrays, in SI units and radians.

``earth`` and ``atmosphere`` hold the planet, ``flight`` a vehicle's powered and ballistic flight,
``aim`` the search for the flight that hits a place, ``flyout`` an interceptor's earliest arrival
anywhere in space, ``intercept`` the windows in which a flight can be met.

Seeing is ``warning`` (satellites), ``sight`` and ``refraction`` (where a body stands as seen from a radar),
``radar`` and ``search`` (the radar equation), ``detection`` (what a signal-to-noise ratio is worth),
``acquisition`` (finding and following), ``tracking`` (how well the flight is then known) and ``commit``
(whether that is good enough to launch). Nothing here knows of dossiers, units or names.
"""
