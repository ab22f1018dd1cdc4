"""Every file was written for this project: none stands in a standard library on this machine."""

from __future__ import annotations

import ast
import inspect
import threading
import zipfile
from itertools import chain
from pathlib import Path

import pytest

from portable_harness.guest.facts import facts
from portable_harness.interpreters import find
from tests.host.house import name, tracked
from tests.host.originality import Overlap, Own, grams, library_files, overlaps

# Files with little but what an API dictates, and why; they may share this much, and no more.
API_FACTS = {
    "compat/threads/python2/timer.py": "four short methods with the signatures of threading.Timer",
    "tests/compat/mutants/wrong_timers.py": "the signature of threading.Timer in each wrong timer",
}
SHARE_OF_API = 0.25

PIECE = '''\
def greet(self, name):
    """Say it."""
    with self.lock:  # short
        self.said.append("hello " + name)
        return b"done"
'''
SAME_PIECE = """\
def greet(
        self, name):
    with self.lock:

        self.said.append('hello '
                         + name)
        # whatever
        return 'done'
"""


@pytest.mark.slow
def test_no_file_stands_in_a_standard_library() -> None:
    library = library_files(Path(facts(each).places["stdlib"]) for each in find().all)
    first = next(library, None)
    if first is None:
        pytest.skip("absent: no interpreter of this machine has the source of its library")
    own = Own((name(path), path.read_text("utf-8")) for path in tracked("*.py", "portable"))
    found = overlaps(own, chain([first], library))
    copies = [str(each) for each in found if each.is_a_copy and not is_an_api(each)]
    assert not copies, "\n".join(["write these again, from the documentation:", *copies])


def is_an_api(overlap: Overlap) -> bool:
    return overlap.ours in API_FACTS and overlap.share <= SHARE_OF_API


@pytest.mark.parametrize(
    ("ours", "share", "excepted"),
    [(next(iter(API_FACTS)), 25, True), (next(iter(API_FACTS)), 26, False), ("x.py", 25, False)],
)
def test_an_exception_has_a_limit(ours: str, share: int, excepted: bool) -> None:
    assert is_an_api(Overlap(ours, "theirs.py", share, 100)) is excepted


def test_layout_comments_docstrings_and_quotes_do_not_count() -> None:
    assert list(grams(SAME_PIECE)) == list(grams(PIECE)) != []


def test_a_changed_name_hides_the_eight_runs_with_it_and_no_others() -> None:
    assert len({*grams(PIECE)}.difference(grams(PIECE.replace("append", "add")))) == 8


@pytest.mark.parametrize("renamed", [False, True])
def test_a_copy_in_another_layout_is_found(renamed: bool) -> None:
    source = inspect.getsource(threading.Barrier)
    copy = ast.unparse(ast.parse(source)).replace("_count", "_inside" if renamed else "_count")
    theirs = Path(inspect.getfile(threading)).read_text("utf-8")
    (found,) = overlaps(Own([("ours.py", copy)]), [("threading.py", theirs)])
    assert found.is_a_copy
    assert str(found).endswith("in threading.py")
    assert found.share < 1 if renamed else found.share > 0.9


def test_our_own_lines_about_the_same_thing_are_no_copy() -> None:
    own = Own([("ours.py", Path(__file__).read_text("utf-8"))])
    theirs = Path(inspect.getfile(threading)).read_text("utf-8")
    assert not any(found.is_a_copy for found in overlaps(own, [("threading.py", theirs)]))


@pytest.mark.parametrize(
    ("shared", "total", "is_a_copy"),
    [(41, 273, True), (41, 274, False), (40, 40, False), (900, 6001, False)],
)
def test_many_grams_and_a_large_share_make_a_copy(shared: int, total: int, is_a_copy: bool) -> None:
    assert Overlap("ours.py", "theirs.py", shared, total).is_a_copy is is_a_copy


def test_a_gram_counts_as_often_as_it_stands_in_our_file() -> None:
    (found,) = overlaps(Own([("ours.py", PIECE + PIECE)]), [("theirs.py", PIECE)])
    once = len([*grams(PIECE)])
    assert (found.shared, found.total) == (2 * once, 2 * once + 7)  # 7 go across


def test_the_file_with_most_in_common_is_named() -> None:
    own = Own([("ours.py", PIECE)])
    some, most = PIECE.replace("append", "add"), SAME_PIECE
    (found,) = overlaps(own, [("some.py", some), ("most.py", most), ("again.py", some)])
    assert (found.theirs, found.share) == ("most.py", 1)


def test_a_library_is_read_from_a_folder_and_from_an_archive(tmp_path: Path) -> None:
    (tmp_path / "lib" / "site-packages").mkdir(parents=True)
    (tmp_path / "lib" / "a.py").write_text("a = 1")
    (tmp_path / "lib" / "twice.py").write_text("a = 1")
    (tmp_path / "lib" / "site-packages" / "b.py").write_text("b = 1")
    with zipfile.ZipFile(tmp_path / "jython.jar", "w") as archive:
        archive.writestr("Lib/c.py", "c = 1")
        archive.writestr("Lib/site-packages/d.py", "d = 1")
        archive.writestr("other/e.py", "e = 1")
    folders = [tmp_path / "lib", tmp_path / "jython.jar" / "Lib", tmp_path / "none"]
    read = [(Path(path).relative_to(tmp_path), text) for path, text in library_files(folders)]
    assert read == [(Path("lib/a.py"), "a = 1"), (Path("jython.jar/Lib/c.py"), "c = 1")]
