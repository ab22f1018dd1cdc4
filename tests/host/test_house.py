"""The rules of the house, each proved by the tool that knows: run by `./portable test`.

Two kinds of code (see README.md, "The tree"): portable code runs on every interpreter
and imports the standard library alone; host code runs on CPython 3.10 and later, typed.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portable_harness.interpreters import Interpreter, select
from tests.host.house import (
    PORTABLE_PACKAGES,
    TREE,
    host_files,
    mutant_files,
    name,
    portable_files,
    portable_packages,
    tracked,
)

LONGEST = 320  # lines of one file; beyond that it holds two ideas
FUTURE = ["absolute_import", "division", "print_function"]

# What Python 2, Jython and PyPy have, and this Python's own list of the standard library has not.
OLD_OR_JAVA = {
    "ConfigParser", "Queue", "SocketServer", "StringIO", "__builtin__", "dummy_thread", "thread",
    "__pypy__", "java", "javax", "org", "jarray", "_socket", "_threading",
}  # fmt: skip

# Third-party modules that load a portable package, so that it can have them.
LOADED_BY = {"portable_server/pytest_plugin": {"pytest"}}

# Newer than 2.7 or 3.6, and used in compat with another way where it is missing.
GUARDED_IN_COMPAT = (
    "time.monotonic", "time.perf_counter", "time.thread_time", "socketserver", "sys.implementation",
    "importlib.machinery.ExtensionFileLoader",
    "threading.get_ident", "os.set_inheritable", "os.register_at_fork", "os.set_blocking",
    "os.sched_getaffinity", "os.sched_setaffinity", "sys.setswitchinterval",
    "SocketServer",
)  # fmt: skip

# The modules and attributes by which a program asks what it runs on.
ASKING_MODULES = {"platform", "java", "javax", "org", "sysconfig"}
ASKING_NAMES = {
    "version_info", "implementation", "platform", "hexversion", "subversion", "_is_gil_enabled",
    "PY2", "PY3",
}  # fmt: skip

# Names that another interpreter's registry, mirror or this or that machine would have.
NOT_IN_THE_TREE = re.compile(
    r"/(?:wor" + r"k|far" + r"m)/|/tmp/pla" + r"n\b|/roo" + r"t/"
    r"|https?://[a-z0-9.-]*(?:pyp" + r"i|debia" + r"n|npmj" + r"s|mave" + r"n)[a-z.]*/"
)
# Names of XML's, which no one fetches.
NAMESPACES = ("http://mav" + "en.apache.org/",)


def tool(*command: str, folder: Path = TREE) -> None:
    """Run a tool of this Python's environment; its output is the failure's message."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-6000:]}"


def test_there_is_something_to_check() -> None:
    assert len(portable_files()) > 20
    assert len(host_files()) > 20
    assert TREE / "compat" / "platform.py" in portable_files()
    on_guest = TREE / "portable_harness" / "matrix" / "on_guest"
    assert on_guest / "portable_recorder.py" in portable_files()
    assert TREE / "portable_harness" / "cli.py" in host_files()
    assert TREE / "exercises" / "01-one-time-echo" / "solution.py" in portable_files()
    assert TREE / "exercises" / "01-one-time-echo" / "tests.py" in host_files()


def test_ruff() -> None:
    tool("-m", "ruff", "check", ".")
    tool("-m", "ruff", "format", "--check", ".")


def test_mypy_on_the_controller() -> None:
    tool("-m", "mypy")


def test_mypy_on_its_tests() -> None:
    tool("-m", "mypy", "tests/host")


def test_the_rooms_import_downwards_only(tmp_path: Path) -> None:
    """As installed, where all portable packages are inside `portable_server`."""
    for package in ("portable_harness", *PORTABLE_PACKAGES):
        inside = tmp_path / ("" if package.startswith("portable") else "portable_server") / package
        ours = shutil.ignore_patterns("__pycache__")
        shutil.copytree(TREE / package, inside, ignore=ours, dirs_exist_ok=True)
    shutil.copyfile(TREE / "setup.cfg", tmp_path / "setup.cfg")
    main = "from importlinter.cli import lint_imports_command as main; main()"
    tool("-c", main, "--no-cache", folder=tmp_path)


@pytest.fixture(scope="module")
def written_mutants(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Portable code too, which the tree has as diffs."""
    return mutant_files(tmp_path_factory.mktemp("mutants"))


@pytest.mark.parametrize("room", ["compat", "elsewhere"])
def test_vermin_finds_nothing_newer_than_2_7_and_3_6(
    room: str, written_mutants: list[Path]
) -> None:
    """Syntax and library alike; only compat may ask for more, and only where it has a way back."""
    files = [path for path in portable_files() if not _is_for_one_interpreter(path)]
    chosen = [name(path) for path in files if (_room(path) == "compat") == (room == "compat")]
    chosen += map(str, written_mutants if room == "elsewhere" else [])
    excluded = [word for name in GUARDED_IN_COMPAT for word in ("--exclude", name)]
    tool(
        "-c", "from vermin import main; main()", "--quiet", "--violations", "--no-parse-comments",
        "-t=2.7-", "-t=3.6-", *(excluded if room == "compat" else []), *chosen,
    )  # fmt: skip


def _room(path: Path) -> str:
    """Questions that are sent to a guest have to guard what they ask for, as compat does."""
    parts = path.relative_to(TREE).parts
    return "compat" if parts[0] == "compat" or "on_guest" in parts else "elsewhere"


def _is_for_one_interpreter(path: Path) -> bool:
    """compat's siblings (_jython/, _cpython2.py, ...) run on one kind of interpreter alone."""
    parts = path.relative_to(TREE).parts
    kinds = ("python2", "python3", "jython")
    return parts[0] == "compat" and any(kind in part for kind in kinds for part in parts)


COMPILE = """\
import sys
bad = 0
for path in sys.stdin.read().split('\\n'):
    if path:
        stream = open(path, 'rb')
        try:
            compile(stream.read(), path, 'exec')
        except SyntaxError as error:
            bad += 1
            print('%s: %s' % (path, error))
        finally:
            stream.close()
print('%d bad' % bad)
sys.exit(bad > 0)
"""


@pytest.mark.time_limit(320)  # Jython's compiler, cold, on a busy machine
@pytest.mark.parametrize("wanted", ["2.7", "3.6", "jython"])
def test_portable_code_compiles_on_the_old_ones(wanted: str, written_mutants: list[Path]) -> None:
    """With the interpreter's own compiler, in memory: no file is left behind."""
    (found,) = select(wanted)
    if not isinstance(found, Interpreter):
        pytest.skip(f"absent: {wanted}: {found.reason}; {found.remedy}")
    done = subprocess.run(
        [*found.command, "-c", COMPILE],
        input="".join(f"{path}\n" for path in portable_files() + written_mutants),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "0 bad\n"), done.stdout + done.stderr


def test_a_portable_file_begins_with_the_future(written_mutants: list[Path]) -> None:
    files = portable_files() + written_mutants
    assert [str(path) for path in files if not _begins_with_the_future(path)] == []


def _begins_with_the_future(path: Path) -> bool:
    """Right after the docstring; a file without any statement needs none."""
    body = ast.parse(path.read_bytes()).body
    if body and isinstance(body[0], ast.Expr):
        body = body[1:]
    if not body:
        return True
    first = body[0]
    if not isinstance(first, ast.ImportFrom) or first.module != "__future__":
        return False
    return sorted(alias.name for alias in first.names) == FUTURE


def test_a_portable_package_needs_the_standard_library_only() -> None:
    known = set(sys.stdlib_module_names) | OLD_OR_JAVA | set(PORTABLE_PACKAGES)
    foreign = [
        f"{name(path)}: {imported}"
        for path in portable_packages()
        for imported in imports_of(path)
        if imported.partition(".")[0] not in known | LOADED_BY.get(name(path.parent), set())
    ]
    assert foreign == []


def test_only_compat_asks_which_interpreter_it_is_on() -> None:
    outside = [path for path in portable_packages() if TREE / "compat" not in path.parents]
    assert [
        f"{name(path)}: {question}"
        for path in outside
        for question in questions(ast.parse(path.read_bytes()))
    ] == []


def imports_of(path: Path) -> Iterator[str]:
    """Absolute names of modules; relative imports stay in the package and are left out."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def questions(tree: ast.AST) -> list[str]:
    """What in a module asks for the interpreter: imports, and attributes of ``sys`` or ``os``."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if _asks(alias.name)]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found += _asked_from(node)
        elif (
            isinstance(node, ast.Attribute)
            and node.attr in ASKING_NAMES
            and isinstance(node.value, ast.Name)
            and node.value.id in ("sys", "os")
        ):
            found.append(f"{node.value.id}.{node.attr}")
    return found


def _asks(module: str) -> bool:
    return module.partition(".")[0] in ASKING_MODULES


def _asked_from(node: ast.ImportFrom) -> list[str]:
    if _asks(node.module or ""):
        return [node.module or ""]
    if node.module in ("sys", "os"):
        return [alias.name for alias in node.names if alias.name in ASKING_NAMES]
    return []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import sys\nsys.version_info", ["sys.version_info"]),
        ("from sys import version_info as v", ["version_info"]),
        ("import platform", ["platform"]),
        ("from java.lang import System", ["java.lang"]),
        ("import java.net", ["java.net"]),
        ("import sys\nsys.stdout\nsys.exit", []),
        ("from portable_server.compat import platform", []),
        ("from portable_server.compat.platform import HAS_FORK", []),
    ],
)
def test_the_check_above_sees_what_it_should(text: str, found: list[str]) -> None:
    assert questions(ast.parse(text)) == found


def test_no_file_is_too_long() -> None:
    """Beyond the limit: could it be two ideas?"""
    files = tracked("*.py", "portable")
    lines = {name(path): len(path.read_bytes().splitlines()) for path in files}
    assert {path: number for path, number in lines.items() if number > LONGEST} == {}


def test_nothing_of_this_machine_and_no_registry_is_in_the_tree() -> None:
    found = []
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="replace")
        matches = {match.group() for match in NOT_IN_THE_TREE.finditer(text)}
        found += [f"{name(path)}: {match}" for match in matches.difference(NAMESPACES)]
    assert found == []


def test_pyproject_has_the_build_system_only() -> None:
    text = (TREE / "pyproject.toml").read_text(encoding="utf-8")
    assert re.findall(r"^\[(.*)\]", text, re.MULTILINE) == ["build-system"]


@pytest.mark.parametrize("package", ["compat", "portable_server", "litmus", "portable_harness"])
def test_every_folder_with_modules_is_a_package(package: str) -> None:
    """Else `packages = find:` leaves it out of a wheel."""
    folders = {path.parent for path in tracked(f"{package}/*.py")}
    assert {name(folder) for folder in folders if not (folder / "__init__.py").exists()} == set()
