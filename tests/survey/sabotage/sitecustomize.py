"""Mischief in processes of the command line: with this folder on PYTHONPATH, Python runs this file at its
start. The variable SABOTAGE says what is to go wrong, as JSON:

work, check, write : seconds longer that a unit, the check of one, and the write of an object take
fail : units that raise; fail_once : those that raise the first time
kill : units that end their process, by a signal; leave : those that end it by an exit
clock : the clock jumps back and forth by hours, as this seed says
clock_set : the clock is wrong by so many seconds
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import os
import signal
import sys
import time
from dataclasses import replace

TOLD = json.loads(os.environ.get("SABOTAGE", "{}"))


def spoil_working(module):
    ordinary, failed = module.Works.work, set()

    def work(self, number):
        time.sleep(TOLD.get("work", 0.0))
        if number in TOLD.get("fail", ()):
            raise ArithmeticError("poisoned")
        if number in TOLD.get("fail_once", ()) and number not in failed:
            failed.add(number)
            raise ArithmeticError("poisoned once")
        if number in TOLD.get("kill", ()):
            os.kill(os.getpid(), signal.SIGSEGV)
        if number in TOLD.get("leave", ()):
            os._exit(3)
        found = ordinary(self, number)
        # What it took longer is part of what it took.
        record = found.record._replace(seconds=found.record.seconds + TOLD.get("work", 0.0))
        return replace(found, record=record)

    module.Works.work = work


def spoil_place(module):
    ordinary = module.Folder.write

    def write(self, name, data):
        time.sleep(TOLD.get("write", 0.0))
        ordinary(self, name, data)

    module.Folder.write = write


def spoil_store(module):
    ordinary = module.Store._is_whole

    def is_whole(self, records):
        time.sleep(TOLD.get("check", 0.0))
        return ordinary(self, records)

    module.Store._is_whole = is_whole


SPOIL = {
    "midcourse.survey.working": spoil_working,
    "midcourse.store.place": spoil_place,
    "midcourse.store.store": spoil_store,
}


class Finder(importlib.abc.MetaPathFinder):
    """Spoils modules as they are imported."""

    def find_spec(self, name, path, target=None):  # noqa: ARG002 - as Python calls it
        if name not in SPOIL:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        ordinary = spec.loader.exec_module

        def execute(module):
            ordinary(module)
            SPOIL[name](module)

        spec.loader.exec_module = execute
        return spec


def jumping(seed):
    """Another shift every fifth of a second [s]."""
    import random

    steady = time.monotonic
    return lambda: random.Random(f"{seed} {int(5 * steady())}").uniform(-10_000.0, 10_000.0)


def spoil_clock(shift):
    import datetime

    true, ordinary = time.time_ns, datetime.datetime

    def now_ns():
        return true() + int(1e9 * shift())

    class Moved(ordinary):
        @classmethod
        def now(cls, tz=None):
            return ordinary.fromtimestamp(now_ns() / 1e9, tz)

        @classmethod
        def utcnow(cls):
            return ordinary.fromtimestamp(now_ns() / 1e9, datetime.UTC).replace(tzinfo=None)

    time.time_ns, time.time = now_ns, lambda: now_ns() / 1e9
    datetime.datetime = Moved


if TOLD:
    sys.meta_path.insert(0, Finder())
    if "clock" in TOLD:
        spoil_clock(jumping(TOLD["clock"]))
    if "clock_set" in TOLD:
        spoil_clock(lambda: TOLD["clock_set"])
