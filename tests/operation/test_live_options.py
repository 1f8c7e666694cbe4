"""``midcourse run --speed``: what it prints, what it refuses, what Ctrl-C does."""

from __future__ import annotations

import io
import signal

import pytest
from rich.console import Console

from midcourse.dossier import InputError
from midcourse.live_options import event_line, read_live, run_live
from midcourse.operation import Scenario, Shield, simulate
from midcourse.operation.broadcast import listening
from midcourse.operation.luck import Luck

from .living import FAST, SEED

# The command line.


class _Interrupting(io.StringIO):
    """Standard output during which Ctrl-C is pressed, after so many lines and then with each."""

    def __init__(self, lines: int, times: int) -> None:
        super().__init__()
        self._lines, self._times = lines, times

    def write(self, text: str) -> int:
        written = super().write(text)
        self._lines -= text.count("\n")
        if self._lines <= 0 and self._times:
            self._times -= 1
            signal.raise_signal(signal.SIGINT)
        return written


def test_prints_every_event_on_a_line(scenario: Scenario, capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    ended = run_live(Shield(scenario, Luck(SEED)), FAST, None, Console(file=out, width=60))
    events = simulate(scenario, SEED).record.events
    lines = out.getvalue().splitlines()
    assert lines == [event_line(each) for each in events]
    assert lines[0].startswith("      0.0 s  M1: launch (")
    assert ended.finished
    assert ended.incidents == ()
    assert capsys.readouterr().err == ""


def test_ctrl_c_stops_and_keeps_the_record(scenario: Scenario, capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    shield = Shield(scenario, Luck(SEED))
    out = _Interrupting(5, times=1)
    ended = run_live(shield, 5000.0, None, Console(file=out))
    assert not ended.finished
    whole = simulate(scenario, SEED).record.events
    assert 5 <= len(shield.record.events) < len(whole)
    assert shield.record.events == whole[: len(shield.record.events)]
    assert "stopped at" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_twice_quits(scenario: Scenario) -> None:
    before = signal.getsignal(signal.SIGINT)
    out = _Interrupting(5, times=2)
    with pytest.raises(KeyboardInterrupt):
        run_live(Shield(scenario, Luck(SEED)), 5000.0, None, Console(file=out))
    assert signal.getsignal(signal.SIGINT) is before


def test_tells_where_it_listens(scenario: Scenario, capsys: pytest.CaptureFixture[str]) -> None:
    run_live(Shield(scenario, Luck(SEED)), FAST, 0, Console(file=io.StringIO()))
    assert capsys.readouterr().err.startswith("live: ws://127.0.0.1:")


def test_reads_speed_and_port() -> None:
    assert read_live(None, None) is None
    assert read_live("20", None) == (20.0, None)
    assert read_live("0.5", "0") == (0.5, 0)


@pytest.mark.parametrize(
    ("speed", "listen", "words"),
    [
        ("0", None, ["--speed", '"0"', "above 0"]),
        ("-3", None, ["--speed", '"-3"', "above 0"]),
        ("nan", None, ["--speed", '"nan"']),
        ("inf", None, ["--speed", '"inf"']),
        ("fast", None, ["--speed", '"fast"', "such as 20"]),
        (None, "8765", ["--listen without --speed"]),
        ("20", "high", ["--listen", '"high"']),
        ("20", "70000", ["--listen", '"70000"', "65535"]),
        ("20", "-1", ["--listen", '"-1"']),
    ],
)
def test_bad_options_are_told(speed: str | None, listen: str | None, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_live(speed, listen)
    for each in words:
        assert each in str(caught.value)


def test_a_port_in_use_is_told() -> None:
    with listening(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError) as caught:
            read_live("20", str(port))
    assert f"port {port} of 127.0.0.1 cannot be listened to: address already in use" in str(caught.value)
