"""A project of somebody else's, with top-level modules named as the parts of ours once were.

What its tests and programs print says whose modules they got.
"""

from __future__ import annotations

from pathlib import Path

NAMES = ("compat", "litmus", "harness", "benchmarks")

#: Read by Python 2.7 and Jython as well.
_NAMED = 'NAME = "{} of the project"\n'
_FILES = {
    "compat.py": _NAMED.format("compat") + 'text_type = type(u"")\n',
    "litmus.py": _NAMED.format("litmus"),
    "harness/drive.py": _NAMED.format("harness"),
    "benchmarks/bench_sort.py": _NAMED.format("benchmarks")
    + "if __name__ == '__main__':\n    print('sorted: %s' % sorted('bca'))\n",
    "test_project.py": """\
import threading, time
import compat, litmus
from benchmarks import bench_sort
from harness import drive

def test_it_has_its_own_modules():
    names = [one.NAME.split()[0] for one in (compat, litmus, drive, bench_sort)]
    assert names == ['compat', 'litmus', 'harness', 'benchmarks']
    assert compat.text_type is type(u'')

def test_it_sleeps_with_a_lock():
    with threading.Lock():
        time.sleep(0.001)
""",
    "program.py": """\
import sys, threading, time
import compat, litmus
from benchmarks import bench_sort
from harness import drive

print(', '.join(one.NAME for one in (compat, litmus, drive, bench_sort)))
print('arguments: %s' % sys.argv[1:])
with threading.Lock():
    time.sleep(0.001)
""",
}


def make(folder: Path, packages: bool = True) -> Path:
    """The project in a new folder.

    :param packages: whether `harness` and `benchmarks` have an ``__init__.py``
    """
    for name, text in _FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if packages and path.parent != folder:
            (path.parent / "__init__.py").touch()
    return folder
