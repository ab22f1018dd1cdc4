"""Command lines and requirements files, read as pip reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from portable_harness.base.errors import Problem
from portable_harness.guest.requirements import parse


def test_files_include_others_relative_to_themselves(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "top.txt").write_text("a>=1  # why\n\n-r inner/more.txt\n--pre\n")
    (tmp_path / "inner" / "more.txt").write_text(
        "b[x]==2 ; python_version < '3' \\\n  --hash=sha256:00 --hash=sha256:11\n-c limit.txt\n"
    )
    (tmp_path / "inner" / "limit.txt").write_text("c<3\n")
    request = parse(["-r", str(tmp_path / "top.txt"), "--index-url", "http://127.0.0.1/"])
    assert [str(one.requirement) for one in request.wanted] == [
        "a>=1",
        'b[x]==2; python_version < "3"',
    ]
    assert request.wanted[1].hashes == ("sha256:00", "sha256:11")
    assert [str(one) for one in request.constraints] == ["c<3"]
    assert request.pre
    assert request.index_options == ["--index-url", "http://127.0.0.1/"]


def test_variables_are_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIX_VERSION", "1.17.0")
    (tmp_path / "r.txt").write_text("six==${SIX_VERSION}\n")
    assert str(parse(["-r", str(tmp_path / "r.txt")]).wanted[0].requirement) == "six==1.17.0"


def test_folders_and_extras(tmp_path: Path) -> None:
    wanted = parse(["-e", f"{tmp_path}[a,b]"]).wanted[0]
    assert (wanted.at, wanted.extras, wanted.editable) == (
        str(tmp_path),
        frozenset("ab"),
        True,
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["-r", "absent.txt"], "cannot read the requirements file absent.txt"),
        (["six=1"], "neither a requirement nor a file: 'six=1'"),
        (["--no-such-option"], "--no-such-option"),
        (["-e", "nowhere"], "no such file or folder: nowhere"),
    ],
)
def test_what_cannot_be_read_is_one_line(words: list[str], says: str) -> None:
    with pytest.raises(Problem) as caught:
        parse(words)
    assert says in caught.value.message
    assert "\n" not in caught.value.message
