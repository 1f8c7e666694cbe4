"""The store on an object store that speaks S3: moto's server, on this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np
import pytest

from midcourse import InputError
from midcourse.store.holding import LEASE, Holder
from midcourse.store.place import place_of
from midcourse.store.reading import open_question, open_study
from midcourse.store.store import Store

from .making import INDEXES, arrays, create, done, fill, in_memory

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The address of an empty bucket."""
    pytest.importorskip("s3fs", reason="s3fs, the driver of S3, is not installed")
    command = (
        [sys.executable, "-m", "moto.server"] if find_spec("moto") else [shutil.which("moto_server") or ""]
    )
    if command == [""]:
        pytest.skip("moto, which plays S3, is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    serving = subprocess.Popen(
        [*command, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("AWS_ACCESS_KEY_ID", "someone")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("NO_PROXY", "127.0.0.1")
        try:
            _wait(address, serving)
            request = urllib.request.Request(f"{address}/studies", method="PUT")
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request):
                pass
            yield "s3://studies"
        finally:
            serving.terminate()
            serving.wait()


def _wait(address: str, serving: subprocess.Popen[bytes]) -> None:
    opener, until = urllib.request.build_opener(urllib.request.ProxyHandler({})), time.monotonic() + 60.0
    while serving.poll() is None and time.monotonic() < until:
        try:
            with opener.open(f"{address}/moto-api/"):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("moto's server is installed and does not start")


def test_a_study_on_s3_is_the_same_bytes_as_in_a_folder(bucket: str) -> None:
    url = f"{bucket}/whole/study"
    store = create(url)
    fill(store, range(len(INDEXES)))
    assert Store.open(url).whole() == set(range(len(INDEXES)))
    with in_memory() as calm:
        fill(create(calm), range(len(INDEXES)))
        assert arrays(store.place) == arrays(place_of(calm))
    assert set(open_study(url).children) == {"europe", "claims"}
    assert np.isfinite(open_question(url, "europe")["value"]).all()
    with pytest.raises(InputError, match="already"):
        create(url)


def test_what_is_spoilt_on_s3_is_found(bucket: str) -> None:
    store = create(f"{bucket}/spoilt")
    fill(store, [0, 1, 2])
    for unit, data in ((0, b"x"), (1, None)):
        (name,) = done(unit)[1]
        if data is None:
            store.place.remove(name)
        else:
            store.place.write(name, data)
    assert Store.open(f"{bucket}/spoilt").whole() == {2}


def test_one_writer_at_a_time_on_s3(bucket: str) -> None:
    store = create(f"{bucket}/held")
    # A beat takes a while over a network.
    with store.writing(beat_s=0.2) as writer:
        with pytest.raises(InputError, match=f"process {os.getpid()} on "), store.writing(beat_s=0.2):
            pass
        writer.commit([done(0)])
    store.place.write(LEASE, Holder("gone", 1, "dead", 5).as_bytes())
    with store.writing(beat_s=0.2) as writer:
        writer.commit([done(1)])
    assert store.whole() == {0, 1}
    assert store.place.read(LEASE) is None


def test_mistakes_on_s3_are_told_in_a_line_without_secrets(bucket: str) -> None:
    with pytest.raises(InputError, match="no study is stored in"):
        Store.open(f"{bucket}/none")
    with pytest.raises(InputError, match="cannot use") as caught:
        create("s3://no-such-bucket/x")
    assert "hush" not in str(caught.value)
    assert "\n" not in str(caught.value)
