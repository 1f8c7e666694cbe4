"""The documents of the small commands, laid out for reading in a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from midcourse.output import findings, numbers
from midcourse.output.table import in_ascii

if TYPE_CHECKING:
    from rich.console import Console

WIDEST = 100  # columns; longer lines are hard to read
MOST_ROWS = 24  # of a flight's samples; the JSON has them all
LABELS = 26  # columns of the names before the values
GAP = "  "  # between columns
UNITS = {
    "km_s": "km/s",
    "m_s": "m/s",
    "km": "km",
    "deg": "°",
    "s": "s",
    "m2": "m²",
    "m": "m",
    "kg": "kg",
    "db": "dB",
}
WORDS = {"t": "time", "lat": "latitude", "lon": "longitude", "alt": "altitude", "rcs": "radar cross-section"}
HEADERS = {"lat": "lat °", "lon": "lon °"}  # degrees by the documents' convention, though the key has no unit
POSITION_PLACES = 2  # decimals of a degree: a kilometre
DIGITS = 3  # of a figure, at least; the JSON has the rest
MINUTE = 60.0  # s

Document = dict[str, Any]


def print_document(document: Document, command: str, console: Console) -> None:
    """Print a document as lines, none wider than the terminal; nothing in it is taken for markup."""
    print_lines(LAYOUTS.get(command, general)(document, min(console.width, WIDEST)), console)


def print_lines(lines: Iterable[str], console: Console, *, titled: bool = False) -> None:
    """Print lines as they are, nothing in them taken for markup; the first as a title."""
    for number, line in enumerate(lines):
        shown = in_ascii(line) if console.options.ascii_only else line
        style = "bold" if titled and number == 0 else None
        console.print(shown, style=style, highlight=False, markup=False, soft_wrap=True)


def general(document: Document, width: int) -> Iterable[str]:
    """Any document: values as lines, tables of values indented, records as a table."""
    for key, value in document.items():
        if isinstance(value, dict):
            yield from ("", words(key))
            yield from pairs(value, width, indent="  ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            kept = thinned(value)
            of_all = f", {len(kept)} of {len(value)}; --json has them all" if len(kept) < len(value) else ""
            yield from ("", f"{words(key)}{of_all}", "")
            yield from records(kept)
        else:
            yield from pairs({key: value}, width)


def flyout(document: Document, width: int) -> Iterable[str]:
    """An interceptor's reach as a matrix: a row for every altitude, a column for every time."""
    yield from general({key: value for key, value in document.items() if key != "reach"}, width)
    reach = document["reach"]
    times = sorted({each["time_s"] for each in reach})
    ranges = {(each["altitude_km"], each["time_s"]): each["range_km"] for each in reach}
    if not reach:
        yield from ("", "no altitude is reached in time")
        return
    yield from ("", "Longest ground range in km, by altitude in km and seconds after launch", "")
    first = ["km \\ s", *(plain(altitude) for altitude in altitudes(ranges))]
    columns = [first, *([plain(time), *column(ranges, time)] for time in times)]
    yield from aligned(columns, gap=" " if total_width(columns, GAP) > width else GAP)


def altitudes(ranges: dict[tuple[float, float], float]) -> list[float]:
    return sorted({altitude for altitude, _ in ranges}, reverse=True)


def column(ranges: dict[tuple[float, float], float], time: float) -> list[str]:
    """The ranges at one time, the highest altitude first; a dot where the interceptor does not get."""
    found = (ranges.get((altitude, time)) for altitude in altitudes(ranges))
    return ["." if value is None else f"{value:,.0f}" for value in found]


def radar(document: Document, width: int) -> Iterable[str]:
    """A radar's range on a target, its chance of detecting it, and its search, in words."""
    d = document
    alarm = f"one look in {1.0 / d['false_alarm']:,.0f}"
    named = {
        "radar": d["radar"],
        "target's cross-section": amount(d["rcs_m2"], "m²"),
        "range in track": f"{amount(d['range_km'], 'km')}, where S/N is {amount(d['needed_snr_db'], 'dB')}",
        "S/N at 1,000 km": amount(d["snr_db_at_1000_km"], "dB"),
        "beam width": amount(d["beamwidth_deg"], "°"),
        "range resolution": amount(d["range_resolution_m"], "m"),
        "wavelength": amount(d["wavelength_m"], "m"),
        "dwell time": amount(d["dwell_s"], "s"),
        "looks at a body in track": f"every {amount(d['track_interval_s'], 's')}",
        "false alarms": alarm,
    }
    yield from pairs(named, width)
    yield from searching(d["search"], width)
    yield from (
        "",
        f"Chance that one look detects it, echoes of Swerling case {d['detection']['swerling']}",
        "",
    )
    rows = d["detection"]["by_range"]
    yield from aligned(
        [
            ["range km", *(f"{row['range_km']:,.0f}" for row in rows)],
            ["S/N dB", *(f"{row['snr_db']:.1f}" for row in rows)],
            ["detected", *(numbers.share(row["probability"], " ") for row in rows)],
        ]
    )
    needed = d["required_snr_db"]
    chances = sorted({row["probability"] for row in needed})
    columns = [
        ["Swerling case", *(str(row["swerling"]) for row in needed if row["probability"] == chances[0])]
    ]
    for chance in chances:
        levels = [f"{row['snr_db']:.1f}" for row in needed if row["probability"] == chance]
        columns.append([f"{numbers.share(chance, ' ')} of looks", *levels])
    yield from ("", "S/N in dB at which a look detects it, at this rate of false alarms", "")
    yield from aligned(columns)


def searching(search: Document | None, width: int) -> Iterable[str]:
    """How a radar searches, in a line."""
    if search is None:
        yield from pair("search", "none: it looks only where it is told to", width)
        return
    told = (
        f"each face goes over {amount(search['solid_angle_sr'], 'sr')} in "
        f"{amount(search['frame_time_s'], 's')}, {amount(search['dwell_per_beam_s'], 's')} a beam, and gets "
        f"the same S/N to {amount(search['range_km'], 'km')}; 2,000 km would take "
        f"{amount(search['frame_time_needed_at_2000_km_s'], 's')} at best"
    )
    yield from pair("search", told, width)


def engage(document: Document, width: int) -> Iterable[str]:
    """What happens between a launch and its impact: who sees it, who may fire when, and where they meet."""
    d = document
    answer = f"can be engaged, {numbers.counted(d['shots'], 'shot')} one after another"
    yield f"{d['architecture']} against {d['missile']}: {answer if d['engageable'] else 'cannot be engaged'}"
    yield ""
    flight = {
        "threat's launch": "0 s",
        "launch declared": moment(d["declared_s"], "never: no satellite declares it"),
        "launch allowed from": moment(d["commit_s"], "never: no track is good enough"),
        "highest at": amount(d["apogee_km"], "km"),
        "impact": moment(d["impact_s"], "none"),
    }
    yield from pairs(flight, width)
    yield from ("", "Seen by")
    for each in d["sensors"]:
        yield from pair(each["sensor"], sight(each), width, indent="  ")
    for site in d["sites"]:
        yield from ("", f"{site['interceptor']} from {site['site']}")
        if not site["engageable"]:
            yield "  cannot meet this flight"
            continue
        meeting = {
            "launch": span(site["launch_s"], "s"),
            "intercept": span(site["intercept_s"], "s"),
            "at an altitude of": span(site["intercept_altitude_km"], "km"),
            "closing at": span(site["closing_speed_km_s"], "km/s"),
            "shots in turn": str(site["shots"]),
        }
        yield from pairs(meeting, width, indent="  ")


def sight(sensor: Document) -> str:
    """When a sensor sees a flight, in a line."""
    if sensor["first_seen_s"] is None:
        return "never"
    window = span([sensor["first_seen_s"], sensor["last_seen_s"]], "s")
    seen = f"{window}, in view {amount(sensor['in_view_s'], 's')}"
    warhead, apart = sensor["first_warhead_s"], sensor["resolved_s"]
    if warhead is None:
        return f"{seen}; no track of the warhead"
    told = "not told from the spent stage" if apart is None else f"told apart from {amount(apart, 's')}"
    return f"{seen}; warhead in track from {amount(warhead, 's')}, {told}"


def watch(document: Document, width: int) -> Iterable[str]:
    """Who sees the flight when, a table of how well each knows it, and who can meet it."""
    d = document
    yield f"{d['missile']} watched by {d['architecture']}"
    yield from wrapped(findings.flight_finding(d).replace(numbers.NARROW_SPACE, " "), width, "")
    yield ""
    yield from pairs(
        {
            "declared from space": moment(d["declared_s"], "never"),
            "burnout": moment(d["burnout_s"], "never"),
            "launch allowed from": moment(d["commit_s"], "never: no track is good enough"),
            "below 100 km": moment(d["reentry_s"], "never"),
            "impact": moment(d["impact_s"], "never"),
        },
        width,
    )
    yield ""
    for each in d["sensors"]:
        yield from pair(each["sensor"], looks(each), width)
    yield from errors_table(d)
    yield from ("", "Who can meet it")
    for site in d["sites"]:
        yield from pair(f"{site['interceptor']}, {site['site']}", meets(site), width, indent="  ")


def meets(site: Document) -> str:
    """When a battery can meet a flight, in a line."""
    if site["launch_s"] is None:
        return "cannot"
    shots = numbers.counted(site["shots"], "shot")
    return f"launch {span(site['launch_s'], 's')}, intercept {span(site['intercept_s'], 's')}, {shots}"


def looks(sensor: Document) -> str:
    """When a sensor looks at a flight, in a line."""
    if sensor["first_seen_s"] is None:
        return "never sees it"
    first = f"sees it at {amount(round(sensor['first_seen_s']), 's')}"
    if not sensor["intervals_s"]:
        return f"{first}, never in track"
    spans = ", ".join(f"{a:,.0f} to {b:,.0f} s" for a, b in sensor["intervals_s"])
    apart = sensor["resolved_s"]
    told = "not told from the spent stage" if apart is None else f"told apart from {apart:,.0f} s"
    best = sensor["best_snr_db"]
    return f"{first}, in track {spans}, S/N up to {best:.0f} dB; {told}"


def errors_table(document: Document) -> Iterable[str]:
    """The error of every track over time, one sigma, side by side."""
    tracks = {each["sensor"]: each["track"] for each in document["sensors"] if each["track"]}
    if not tracks:
        return
    if len(tracks) > 1:
        tracks["all"] = document["fused"]
    known = {name: {point["t_s"]: point for point in track} for name, track in tracks.items()}
    times = thinned([{"t": t} for t in sorted({t for track in known.values() for t in track})])
    columns = [["time s", *(f"{row['t']:,.0f}" for row in times)]]
    for name, track in known.items():
        found = (track.get(row["t"]) for row in times)
        header = name.partition("@")[2] or name
        columns.append(
            [header, *("." if each is None else error_text(each["position_error_km"]) for each in found)]
        )
    yield from ("", "Error of each track in position, km, one sigma", "")
    yield from aligned(columns)


def error_text(kilometres: float) -> str:
    """An error in two digits."""
    return numbers.significant(float(f"{kilometres:.2g}"))


def timeline(document: Document, width: int) -> Iterable[str]:
    """All flights of a threat: for every step a row for each architecture."""
    rows = document["architectures"]
    flights = numbers.counted(max(row["flights"] for row in rows), "flight")
    yield f"{document['title']}: {flights} of {document['missile']}"
    yield from wrapped(findings.timeline_finding(document).replace(numbers.NARROW_SPACE, " "), width, "")
    yield ""
    names = [f"  {row['architecture']}" for row in rows]
    columns: list[list[str]] = [["seconds after launch"], ["5 %"], ["median"], ["95 %"], ["of flights"]]
    for step, title in findings.STEPS.items():
        columns[0] += [title, *names]
        for column in columns[1:]:
            column.append("")
        for row in rows:
            of = row[step]
            for column, key in zip(columns[1:], ("low_s", "median_s", "high_s"), strict=False):
                column.append("." if of[key] is None else f"{of[key]:,.0f}")
            columns[4].append(numbers.share(of["share"], " "))
    room = max(map(len, columns[0]))
    columns[0] = [cell.ljust(room) for cell in columns[0]]
    yield from (line.rstrip() for line in aligned(columns))


def check(document: Document, width: int) -> Iterable[str]:
    """What a dossier holds; its lists as names, a few to the line."""
    for key, value in document.items():
        if key == "warnings":
            for warning in value:
                yield from pair("warning", warning, width)
            continue
        shown = ", ".join(value) or "none" if isinstance(value, list) else value
        label = f"{words(key)} ({len(value)})" if isinstance(value, list) else words(key)
        yield from pairs({label: shown}, width)


def catalog(document: Document, width: int) -> Iterable[str]:
    """The catalog's entries by kind, or entries with each figure, its range, its note and its source."""
    kind = None
    for entry in document.get("entries", ()):
        if entry["kind"] != kind:
            yield from (["", entry["kind"]] if kind else [entry["kind"]])
            kind = entry["kind"]
        yield from pair(entry["name"], entry["title"], width, indent="  ")
    for number, entry in enumerate(document.get("shown", ())):
        yield from ([""] if number else [])
        yield f"{entry['kind']} {entry['name']}"
        cited: list[str] = []
        for each in entry["fields"]:
            if each["source"] and each["source"] not in cited:
                cited.append(each["source"])
            mark = f" [{cited.index(each['source']) + 1}]" if each["source"] else ""
            spread = f" ({each['range']})" if each["range"] else ""
            yield from pair(each["path"], f"{each['value']}{spread}{mark}", width, indent="  ")
            yield from wrapped(each["note"], width, "      ")
        for place, source in enumerate(cited, 1):
            yield from wrapped(f"[{place}] {source}", width, "  ", hanging="      ")


def pairs(values: Document, width: int, indent: str = "") -> Iterable[str]:
    """Names with their values, one to the line; what has no value is left out."""
    for key, value in values.items():
        if value is None:
            continue
        name, unit = words_and_unit(key)
        shown = f"{value:.{POSITION_PLACES}f}" if key in HEADERS else plain(value)
        yield from pair(name, numbers.with_unit(shown, unit, " "), width, indent)


def pair(name: str, value: str, width: int, indent: str = "") -> Iterable[str]:
    """A name and its value, broken at spaces; a name too long for its column has a line of its own."""
    label = f"{indent}{name:<{LABELS - len(indent)}}{GAP}"
    beneath = " " * (LABELS + len(GAP))
    if len(label) > len(beneath):
        yield f"{indent}{name}"
        label = beneath
    yield from wrapped(value, width, label, hanging=beneath) or [label.rstrip()]


def wrapped(text: str, width: int, first: str, hanging: str | None = None) -> list[str]:
    """A text in lines after a beginning; nothing for no text."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=first if hanging is None else hanging,
        break_on_hyphens=False,
    )


def records(rows: list[Document]) -> Iterable[str]:
    """Records of one shape as a table with their units in the header, numbers flush right."""
    columns = []
    for key in rows[0]:
        name, unit = words_and_unit(key)
        places = POSITION_PLACES if key in HEADERS else common_places([row[key] for row in rows])
        header = HEADERS.get(key, f"{name} {numbers.unit_name(unit)}".rstrip())
        columns.append([header, *(fixed(row[key], places) for row in rows)])
    return aligned(columns)


def aligned(columns: list[list[str]], gap: str = GAP) -> Iterable[str]:
    """Columns side by side, flush right, with a rule beneath the header."""
    widths = [max(map(len, cells)) for cells in columns]
    for number, cells in enumerate(zip(*columns, strict=True)):
        yield gap.join(cell.rjust(room) for cell, room in zip(cells, widths, strict=True))
        if number == 0:
            yield "-" * total_width(columns, gap)


def total_width(columns: list[list[str]], gap: str) -> int:
    return sum(max(map(len, cells)) for cells in columns) + len(gap) * (len(columns) - 1)


def thinned(rows: list[Document]) -> list[Document]:
    """At most MOST_ROWS of them, evenly chosen, the first and the last among them."""
    if len(rows) <= MOST_ROWS:
        return rows
    last = len(rows) - 1
    return [rows[round(i * last / (MOST_ROWS - 1))] for i in range(MOST_ROWS)]


def words(key: str) -> str:
    name, unit = words_and_unit(key)
    return f"{name} [{numbers.unit_name(unit)}]" if unit else name


def words_and_unit(key: str) -> tuple[str, str]:
    """A key as words, and the unit at its end: alt_km is altitude, km."""
    for ending in sorted(UNITS, key=len, reverse=True):
        if key.endswith(f"_{ending}"):
            name = key[: -len(ending) - 1]
            return WORDS.get(name, name.replace("_", " ")), UNITS[ending]
    return WORDS.get(key, key.replace("_", " ")), "deg" if key in HEADERS else ""


def plain(value: Any) -> str:
    """A value in words: a pair as a span, a list as its entries."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{words(key)} {plain(each)}" for key, each in value.items())
    if isinstance(value, list):
        if len(value) == 2 and all(isinstance(each, int | float) for each in value):
            places = common_places(value)
            return f"{fixed(value[0], places)} to {fixed(value[1], places)}"
        return ", ".join(plain(each) for each in value)
    return fixed(value, decimals(value))


def decimals(value: Any) -> int:
    """The decimal places worth reading: enough for three digits, and no more than the document gives."""
    if not isinstance(value, float) or value == 0.0:
        return 0
    given = len(f"{value!r}".partition(".")[2].rstrip("0"))
    return min(given, max(0, DIGITS - 1 - numbers.magnitude(abs(value))))


def common_places(values: list[Any]) -> int:
    """The decimal places for figures beside each other: those of the largest."""
    figures = [value for value in values if isinstance(value, float)]
    largest = max(figures, key=abs, default=0.0)
    worth_reading = max(0, DIGITS - 1 - numbers.magnitude(abs(largest) or 1.0))
    return min(max(map(decimals, figures), default=0), worth_reading)


def fixed(value: Any, places: int) -> str:
    """A number with so many decimal places and its thousands separated; anything else as it is."""
    if isinstance(value, bool | None | list | dict):
        return plain(value)
    if not isinstance(value, int | float):
        return str(value)
    return f"{round(value, places) + 0.0 if places else round(value):,.{places}f}"


def amount(value: float | None, unit: str) -> str:
    return "none" if value is None else numbers.with_unit(plain(value), unit, " ")


def moment(seconds: float | None, never: str) -> str:
    """A time after the threat's launch, in seconds and in minutes."""
    if seconds is None:
        return never
    return f"{seconds:,.0f} s ({seconds / MINUTE:.1f} min)"


def span(ends: list[float] | None, unit: str) -> str:
    """The two ends of a window with their unit."""
    return "none" if ends is None else f"{plain(ends)} {unit}"


LAYOUTS: dict[str, Callable[[Document, int], Iterable[str]]] = {
    "flyout": flyout,
    "radar": radar,
    "engage": engage,
    "watch": watch,
    "timeline": timeline,
    "check": check,
    "catalog": catalog,
}
