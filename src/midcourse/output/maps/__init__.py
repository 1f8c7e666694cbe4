"""Maps as files: NetCDF, GeoTIFF, GeoJSON, PNG and HTML."""
