"""The globe in notebooks: results on a widget, through anywidget. Its other half is ``web/src/notebook``."""

from pathlib import Path

#: Where the build puts the widget's other half, in a clone as in an installed package.
BUILT = Path(__file__).parent / "built"
MODULE, STYLES = "globe.js", "globe.css"
