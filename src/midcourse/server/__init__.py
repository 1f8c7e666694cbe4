"""The web service and the page that it serves; the page's sources are in ``web/``."""
