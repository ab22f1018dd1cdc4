"""What the registry says: names, reasons why a peer is not here, its files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portable_harness.base.errors import Problem
from portable_harness.interpreters import Interpreter, select
from portable_harness.peers import environment, registry
from portable_harness.peers.registry import Missing, Peer

PEERS = Path(registry.__file__).parent
LIBRARIES = sorted({peer.library for peer in registry.PEERS if peer.library})


def this(
    version: tuple[int, int, int] = (3, 13, 0), implementation: str = "CPython"
) -> Interpreter:
    return Interpreter(
        name="this", command=("python",), path=Path("python"), implementation=implementation,
        version=version, klass="G10", free_threaded_build=False, gil_enabled=True, java=None,
        source="PATH",
    )  # fmt: skip


def one(name: str, service: str = "echo") -> Peer:
    return registry.choose(service, [name])[0]


def reason(peer: Peer, interpreter: Interpreter | None) -> str:
    found = registry.resolve(peer, interpreter)
    assert isinstance(found, Missing)
    assert len(found.reason.splitlines()) == 1
    return found.reason


def test_every_program_belongs_to_one_peer_and_is_there() -> None:
    programs = [peer.program for peer in registry.PEERS]
    found = [str(path.relative_to(PEERS)) for path in PEERS.rglob("*.*")]
    servers = [name for name in found if re.search(r"(_echo|_chat|Echo)\.(py|c|java)$", name)]
    assert sorted(programs) == sorted(servers)


def test_a_name_means_one_peer_of_a_service() -> None:
    keys = [(peer.service, peer.name) for peer in registry.PEERS]
    assert len(keys) == len(set(keys))


def test_no_name_means_all_and_a_wrong_one_is_a_problem() -> None:
    assert registry.choose("echo") == registry.peers("echo")
    assert [peer.name for peer in registry.choose("chat", ["trio", "gevent", "trio"])] == [
        "trio",
        "gevent",
    ]
    with pytest.raises(Problem, match="no chat peer is called 'threads-c'"):
        registry.choose("chat", ["threads-c"])
    with pytest.raises(Problem, match="the service daytime has no peers"):
        registry.choose("daytime")


def test_why_a_peer_is_not_here() -> None:
    assert reason(one("uvloop-protocol"), this((3, 11, 0), "PyPy")) == "not made for PyPy"
    assert reason(one("trio"), this((3, 9, 1))) == "needs Python 3.10 or later"
    assert reason(one("asyncio-streams"), this((2, 7, 18))) == "needs Python 3.8 or later"
    assert reason(one("asyncio-streams"), None).startswith("needs a Python")


@pytest.mark.parametrize("name", ["epoll-c", "threads-java"])
def test_without_a_compiler(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert re.match(r"no (C|Java) compiler \(install ", reason(one(name), None))


def test_the_interpreter_of_a_python_peer_is_in_its_command() -> None:
    found = registry.resolve(one("socketserver"), this((2, 7, 18)))
    assert not isinstance(found, Missing)
    assert found.command[0] == "python"
    assert Path(found.command[1]).name == "socketserver_echo.py"


@pytest.mark.parametrize("library", LIBRARIES)
def test_requirements_are_exact(library: str) -> None:
    """A version and a hash for each."""
    text = environment.requirements(library).read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[\w.-]+==[\w.]+ ", line)
        assert "--hash=sha256:" in line
    assert environment.version(library)


def test_without_an_index_it_is_missing_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (here,) = select("cpython")
    if not isinstance(here, Interpreter):
        pytest.skip("absent: CPython")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    said: list[str] = []
    found = registry.resolve(one("trio"), here, said.append)
    assert isinstance(found, Missing)
    assert re.match(r"trio [\d.]+: .* \(is there a package index\?", found.reason)
    assert len(said) == 1
    assert "only this once" in said[0]
