"""Compiled kernels on bare floats and arrays, in SI units and radians.

``earth`` and ``atmosphere`` hold the planet, ``flight`` a vehicle's powered and ballistic flight,
``aim`` the search for the flight that hits a place, ``flyout`` an interceptor's earliest arrival
anywhere in space, ``sensing`` what radars and satellites see, ``intercept`` the windows in which
a flight can be met. Nothing here knows of dossiers, units or names.
"""
