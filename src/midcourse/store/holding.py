"""One writer at a time.

On a disk, the system's own lock says who writes; it frees it when the writer ends, however that may be.
Elsewhere the writer leaves an object, its lease, in which a number grows with every beat. Who finds a lease
watches it for a few beats: where the number grows, somebody is at work; where it does not, the lease is
taken over, and a writer that was only slow finds another's name in it and stops. No clock is compared with
another's.

Two that get through all the same do no harm: the bytes of a unit are the same whoever works it, and each
has a journal of its own.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..dossier.errors import InputError
from .place import Place

LOCK, LEASE = "writer.lock", "writer.lease"
#: Seconds between two beats, and beats after which a lease that stands still is nobody's.
BEAT_S, STILL = 5.0, 4
# Who only looks holds the lock for a moment; a writer is not to be refused for that.
_TRIES, _PAUSE_S = 5, 0.03
# What a file system without locks says.
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)


class HoldLost(RuntimeError):
    """Another writer has taken the store over, because this one was silent for too long."""


@dataclass(frozen=True)
class Holder:
    """Who writes."""

    host: str
    pid: int
    writer: str
    beat: int = 0

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def of(cls, data: bytes | None) -> Holder | None:
        """The holder named in these bytes, if they name one."""
        try:
            return cls(**json.loads(data or b""))
        except (ValueError, TypeError):
            return None


@dataclass
class Hold:
    """The right to write, as long as it lasts.

    Attributes
    ----------
    writer : a name that nobody else has
    """

    writer: str
    _lost: threading.Event = field(default_factory=threading.Event)

    @property
    def lost(self) -> bool:
        """Whether another writer has taken over."""
        return self._lost.is_set()

    def check(self) -> None:
        """HoldLost where another has taken over."""
        if self.lost:
            raise HoldLost("another writer has taken this store over")


@contextmanager
def holding(
    place: Place, *, beat_s: float = BEAT_S, tell: Callable[[str], None] | None = None
) -> Iterator[Hold]:
    """Hold a place; InputError, which says who does, where somebody else does.

    Parameters
    ----------
    beat_s : seconds between two beats of a lease
    tell : is told what is waited for, where that takes longer
    """
    me = Holder(socket.gethostname(), os.getpid(), uuid.uuid4().hex[:12])
    with contextlib.ExitStack() as held:
        locked = place.local is not None and held.enter_context(_locked(place, place.local, me))
        yield Hold(me.writer) if locked else held.enter_context(_leased(place, me, beat_s, tell))


def holder(place: Place) -> Holder | None:
    """Who writes to a place, as far as can be told at once: a lease may be that of a writer that has died."""
    if place.local is not None:
        try:
            descriptor = os.open(place.local / LOCK, os.O_RDWR)
        except OSError:
            return Holder.of(place.read(LEASE))
        try:
            if _tried(descriptor) is False:
                return Holder.of(_said(descriptor))
        finally:
            os.close(descriptor)
    return Holder.of(place.read(LEASE))


def _refusal(place: Place, other: Holder | None) -> InputError:
    return InputError(
        f"{{value}} is being written to by {other or 'another process'}",
        where="store",
        value=str(place),
        expected="one writer at a time; wait for it, or stop it with `midcourse study stop`",
    )


@contextmanager
def _locked(place: Place, folder: Path, me: Holder) -> Iterator[bool]:
    """Hold the lock on a folder; False where its file system has none."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise InputError(
            f"cannot write to {{value}}: {(error.strerror or str(error)).lower()}",
            where="store",
            value=str(place),
        ) from error
    try:
        locked = _tried(descriptor)
        if locked is False:
            raise _refusal(place, Holder.of(_said(descriptor)))
        if locked:
            _say(descriptor, me.as_bytes())
            _forked.add(descriptor)
        yield bool(locked)
        if locked:
            _say(descriptor, b"")
    finally:
        _forked.discard(descriptor)
        os.close(descriptor)


# Locks that a child of this process must not go on holding after its parent's end.
_forked: set[int] = set()


def _let_go() -> None:
    while _forked:
        os.close(_forked.pop())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


def _tried(descriptor: int) -> bool | None:
    """Whether a file could be locked; None where its file system has no locks."""
    try:
        for _ in range(_TRIES):
            if _lock(descriptor):
                return True
            time.sleep(_PAUSE_S)
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return None
        raise
    return False


if sys.platform == "win32":
    import msvcrt

    # Windows denies others what is locked: far beyond the bytes that say who holds it.
    _FAR = 1 << 30

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True
else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        """Lock a file; False where another process has."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _said(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, 4096)


def _say(descriptor: int, data: bytes) -> None:
    # For people alone: a disk that is full does not take the lock away.
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, data)


@contextmanager
def _leased(place: Place, me: Holder, beat_s: float, tell: Callable[[str], None] | None) -> Iterator[Hold]:
    """Hold a lease, and let it beat."""
    _take_lease(place, me, beat_s, tell)
    hold, ended = Hold(me.writer), threading.Event()

    def beat() -> None:
        count = 0
        while not ended.wait(beat_s):
            # Who cannot reach the place cannot write there either, and finds out later who has it.
            with contextlib.suppress(Exception):
                other = Holder.of(place.read(LEASE))
                if other is not None and other.writer != me.writer:
                    hold._lost.set()
                    return
                count += 1
                place.write(LEASE, Holder(me.host, me.pid, me.writer, count).as_bytes())

    beating = threading.Thread(target=beat, name="lease", daemon=True)
    beating.start()
    try:
        yield hold
    finally:
        ended.set()
        beating.join()
        # What cannot be taken back now is found standing still.
        with contextlib.suppress(Exception):
            found = Holder.of(place.read(LEASE))
            if found is not None and found.writer == me.writer:
                place.remove(LEASE)


def _take_lease(place: Place, me: Holder, beat_s: float, tell: Callable[[str], None] | None) -> None:
    found = place.read(LEASE)
    if found is not None:
        if tell is not None:
            tell(f"waiting {STILL * beat_s:.0f} s: is {Holder.of(found) or 'another process'} still writing?")
        _watch(place, found, beat_s)
    place.write(LEASE, me.as_bytes())
    # Where two write at once, one finds the other's name.
    time.sleep(min(beat_s, 1.0))
    now = Holder.of(place.read(LEASE))
    if now is None or now.writer != me.writer:
        raise _refusal(place, now)


def _watch(place: Place, found: bytes, beat_s: float) -> None:
    """Return when a lease has stood still, or is gone; InputError when it changes."""
    for _ in range(2 * STILL):
        time.sleep(beat_s / 2)
        now = place.read(LEASE)
        if now is None:
            return
        if now != found:
            raise _refusal(place, Holder.of(now))
