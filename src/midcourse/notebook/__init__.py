"""The globe in notebooks: results on a widget, through anywidget. Its other half is ``web/src/notebook``."""
