"""midcourse: an open evidence engine for disputes about missile defence."""

__version__ = "0.1.0"
