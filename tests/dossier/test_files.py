"""Finding and reading files: what is no dossier is refused in one line; what is may be split in any way."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from midcourse.dossier import Dossier, InputError, load, load_catalog

HEADER = '[dossier]\nname = "x"\ntitle = "X"\n'


def message_of(path: str | Path) -> str:
    with pytest.raises(InputError) as caught:
        load(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.fixture
def builtin(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("dossiers")
    (folder / "third-site").mkdir()
    (folder / "third-site" / "dossier.toml").write_text(HEADER, encoding="utf-8")
    monkeypatch.setattr("midcourse.dossier.loading.DOSSIERS", folder)
    return folder


def test_built_in_by_name(builtin: Path) -> None:
    assert load("third-site").dossier is not None


def test_nothing_there_offers_the_nearest_built_in(builtin: Path, tmp_path: Path) -> None:
    assert 'did you mean "third-site"?' in message_of("thrid-site")
    assert "no such dossier" in message_of(tmp_path / "absent" / "deeper")
    assert "no such dossier" in message_of("a\0b") or "is not a path" in message_of("a\0b")


def test_folder_without_a_dossier(tmp_path: Path) -> None:
    message = message_of(tmp_path)
    assert message.startswith(f"{tmp_path}: a folder without dossier.toml")
    assert "midcourse new" in message


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "the file is empty"),
        (b" \n\t\n", "the file is empty"),
        (b"\x7fELF\0\0\x01", "a binary file"),
        (HEADER.encode() + b'summary = "caf\xe9"\n', "byte 0xe9 is not UTF-8 text"),
        (b"x = [" * 5000, "TOML"),
        (b"x = " + b"9" * 5000, "TOML syntax error"),
        (b"# nothing but a comment\n", "no [dossier] table"),
        (b"dossier = 3\n", "dossier = 3 is not a table"),
        (b"radar = 3\n", "radar = 3 is not a table"),
        (b"[radar]\nemr = 3\n", "3 is not a table"),
    ],
)
def test_content_that_is_no_dossier(tmp_path: Path, content: bytes, part: str) -> None:
    path = tmp_path / "dossier.toml"
    path.write_bytes(content)
    for given_path in (tmp_path, path):
        message = message_of(given_path)
        assert message.startswith(str(path))
        assert part in message


def test_line_of_the_byte_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "dossier.toml").write_bytes(HEADER.encode() + b'summary = "caf\xe9"\n')
    assert f"{tmp_path / 'dossier.toml'}:4: byte 0xe9" in message_of(tmp_path)


def test_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    (tmp_path / "dossier.toml").write_bytes(b"\xef\xbb\xbf" + HEADER.replace("\n", "\r\n").encode())
    assert load(tmp_path).dossier is not None


def test_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dossier.toml").write_text(HEADER, encoding="utf-8")

    def denied(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", denied)
    assert f"{tmp_path / 'dossier.toml'}: cannot be read: permission denied" in message_of(tmp_path)


def test_folder_that_cannot_be_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", denied)
    assert f"{tmp_path}: cannot be read: permission denied" in message_of(tmp_path)


def test_what_is_not_a_regular_file(tmp_path: Path) -> None:
    (tmp_path / "dossier.toml").mkdir()
    assert "not a regular file" in message_of(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in message_of(tmp_path / "pipe")


def test_hidden_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "dossier.toml").write_text(HEADER, encoding="utf-8")
    (tmp_path / ".#dossier.toml").symlink_to("nobody@nowhere")
    assert load(tmp_path).dossier is not None


def test_defined_twice_in_two_files(tmp_path: Path, small_folder: Path) -> None:
    text = (small_folder / "dossier.toml").read_text(encoding="utf-8")
    (tmp_path / "dossier.toml").write_text(text, encoding="utf-8")
    (tmp_path / "more.toml").write_text('\n[source.slides]\ntitle = "Again"\n', encoding="utf-8")
    message = message_of(tmp_path)
    assert message.startswith(f"{tmp_path / 'more.toml'}:2: source.slides is defined twice")
    assert f"the other is at {tmp_path / 'dossier.toml'}:10" in message


def test_error_in_a_second_file_names_it(tmp_path: Path) -> None:
    (tmp_path / "dossier.toml").write_text(HEADER, encoding="utf-8")
    (tmp_path / "more.toml").write_text('[source.s]\ntitel = "S"\n', encoding="utf-8")
    message = message_of(tmp_path)
    assert message.startswith(f"{tmp_path / 'more.toml'}:2 (source.s.titel): unknown key")
    assert 'did you mean "title"?' in message


def test_dossier_overrides_the_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = tmp_path / "catalog"
    catalog.mkdir()
    (catalog / "sources.toml").write_text(
        '[source.a]\ntitle = "Catalog A"\nnote = "n"\n[source.b]\ntitle = "Catalog B"\n', encoding="utf-8"
    )
    monkeypatch.setattr("midcourse.dossier.loading.CATALOG", catalog)
    own = tmp_path / "own"
    own.mkdir()
    (own / "dossier.toml").write_text(HEADER + '[source.a]\ntitle = "Own A"\n', encoding="utf-8")
    read = load(own)
    assert (read.source["a"].title, read.source["a"].note) == ("Own A", None)
    assert read.source["b"].title == "Catalog B"
    assert read.where("source.b.title") == "catalog/sources.toml:5"
    assert read.where("source.a.title") == f"{own / 'dossier.toml'}:5"
    assert load_catalog().dossier is None


def test_dossier_can_be_sent_to_another_process(small: Dossier) -> None:
    sent = pickle.loads(pickle.dumps(small))
    assert sent.hash == small.hash
    assert sent.parameters() == small.parameters()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_hash_does_not_depend_on_order_layout_or_files(
    tmp_path_factory: pytest.TempPathFactory, small_folder: Path, random: object, count: int
) -> None:
    text = (small_folder / "dossier.toml").read_text(encoding="utf-8")
    blocks = text.replace("\n  [[", "\n[[").split("\n\n[")
    blocks = [blocks[0], *("[" + block for block in blocks[1:])]
    grouped: list[str] = []
    for block in blocks:
        if block.startswith("[["):
            grouped[-1] += "\n" + block
        else:
            grouped.append(block)
    shuffle = getattr(random, "shuffle")  # noqa: B009
    shuffle(grouped)
    folder = tmp_path_factory.mktemp("split")
    for number in range(count):
        content = "\n# a comment\n\n".join(_keys_shuffled(block, shuffle) for block in grouped[number::count])
        name = "dossier.toml" if number == 0 else f"part-{number}.toml"
        (folder / name).write_text(content + "\n", encoding="utf-8")
    assert load(folder).hash == load(small_folder).hash


def _keys_shuffled(block: str, shuffle: object) -> str:
    """A table with its one-line keys in another order; left alone when it holds more than such keys."""
    head, *keys = block.strip().splitlines()
    if any("=" not in line or line.startswith(("[", " ")) or line.endswith("[") for line in keys):
        return block
    shuffle(keys)  # type: ignore[operator]
    return "\n".join([head, *(key.replace(" = ", "   =  ", 1) for key in keys)])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('divert = "600 m/s"', 'divert = "601 m/s"'),
        ('low = "64 kg"', 'low = "65 kg"'),
        ("steerable = true", "steerable = false"),
        ('reason = "half"', 'reason = "a half"'),
        ('threshold = "50 %"', 'threshold = "51 %"'),
        ('note = "not published"', 'note = "unpublished"'),
        ('title = "A small dispute"', 'title = "A dispute"'),
    ],
)
def test_hash_changes_with_any_value(tmp_path: Path, small_folder: Path, old: str, new: str) -> None:
    text = (small_folder / "dossier.toml").read_text(encoding="utf-8")
    (tmp_path / "dossier.toml").write_text(text.replace(old, new), encoding="utf-8")
    assert load(tmp_path).hash != load(small_folder).hash
