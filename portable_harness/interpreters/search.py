"""Find the interpreters of this machine: every candidate is asked, doubles become one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from portable_harness.interpreters import java, places, screening
from portable_harness.interpreters.answers import Answers, key
from portable_harness.interpreters.model import Found, Interpreter, Rejected, Version, sort_key
from portable_harness.interpreters.names import tox_name
from portable_harness.interpreters.places import Candidate
from portable_harness.interpreters.probe import (
    JYTHON_SECONDS,
    PYTHON_SECONDS,
    Facts,
    RefusedError,
    Running,
    ask,
)

Progress = Callable[[int, int, str], None]  # done, of how many, what was done last
Outcome = Interpreter | Rejected


def find(progress: Progress | None = None, refresh: bool = False) -> Found:
    """Every interpreter of this machine, each real one once, in a fixed order.

    :param progress: called after each probe
    :param refresh: ask again even what is remembered from an earlier search
    """
    chosen, rejected = screening.screen(places.candidates())
    outcomes = probe_all(chosen, progress, refresh)
    found = Found(rejected=rejected + [one for one in outcomes if isinstance(one, Rejected)])
    answered = [one for one in outcomes if isinstance(one, Interpreter)]
    _name_once(_real_once(answered), found)
    return found


def probe_all(
    chosen: list[Candidate], progress: Progress | None = None, refresh: bool = False
) -> list[Outcome]:
    """Ask all candidates, several at a time; the outcomes in the candidates' order.

    Ctrl-C ends every probe that is under way before it goes on up.
    """
    answers, running = Answers(), Running()
    workers = max(2, min(8, os.cpu_count() or 2))
    with ThreadPoolExecutor(workers, thread_name_prefix="probe") as pool:
        try:
            futures = [pool.submit(_outcome, one, answers, running, refresh) for one in chosen]
            _wait(futures, chosen, progress)
        except BaseException:
            running.stop()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    answers.save()
    return [future.result() for future in futures]


def _wait(
    futures: list[Future[Outcome]], chosen: list[Candidate], progress: Progress | None
) -> None:
    paths = {future: str(one.path) for future, one in zip(futures, chosen, strict=True)}
    for done, future in enumerate(as_completed(futures), start=1):
        if progress is not None:
            progress(done, len(futures), paths[future])


def _outcome(candidate: Candidate, answers: Answers, running: Running, refresh: bool) -> Outcome:
    try:
        return _interpreter(candidate, _facts(candidate, answers, running, refresh))
    except RefusedError as refused:
        return Rejected(str(candidate.path), str(refused))
    except (KeyError, ValueError, TypeError) as error:
        return Rejected(str(candidate.path), f"broken: its answer makes no sense ({error})")


def _facts(candidate: Candidate, answers: Answers, running: Running, refresh: bool) -> Facts:
    if candidate.is_jython and java.executable() is None:
        raise RefusedError(java.ABSENT)
    identity = key(candidate)
    known = None if refresh else answers.get(identity)
    if known is None:
        known = _asked(candidate, running)
        answers.put(identity, known)
    if "refused" in known:
        raise RefusedError(str(known["refused"]))
    return known


def _asked(candidate: Candidate, running: Running) -> Facts:
    """The facts, or a lasting refusal in their place.

    :raises RefusedError: one that may be gone the next time
    """
    seconds = JYTHON_SECONDS if candidate.is_jython else PYTHON_SECONDS
    try:
        return ask(command(candidate), seconds, running)
    except RefusedError as refused:
        if refused.lasting:
            return {"refused": str(refused)}
        raise


def command(candidate: Candidate) -> tuple[str, ...]:
    """What starts a candidate: the file itself, or Java with the jar."""
    if candidate.is_jar:
        return (java.executable() or "java", "-jar", str(candidate.path))
    return (str(candidate.path),)


def _interpreter(candidate: Candidate, facts: Facts) -> Interpreter:
    version: Version = tuple(int(part) for part in facts["version"][:3])  # type: ignore[assignment]
    free_threaded = bool(facts["free_threaded_build"])
    return Interpreter(
        name=tox_name(facts["implementation"], version, free_threaded),
        command=command(candidate),
        path=candidate.path,
        implementation=facts["implementation"],
        version=version,
        klass=facts["class"],
        free_threaded_build=free_threaded,
        gil_enabled=facts["gil_enabled"],
        jit_enabled=facts.get("jit_enabled"),
        java=facts.get("java"),
        source=candidate.source,
        executable=str(facts.get("executable") or candidate.path),
        platform=str(facts.get("platform") or ""),
        java_vm=facts.get("java_vm"),
        release=tuple(facts.get("release") or ()),
        prerelease=str(facts.get("prerelease") or ""),
    )


def _real_once(interpreters: Iterable[Interpreter]) -> list[Interpreter]:
    """One per real interpreter, the first (preferred) way to it: `python3` and a hard link
    `python3.13` of one installation are the same file and have the same facts."""
    seen: dict[tuple[object, ...], Interpreter] = {}
    for one in interpreters:
        seen.setdefault(_identity(one), one)
    return list(seen.values())


def _identity(one: Interpreter) -> tuple[object, ...]:
    file = Path(one.path if one.path.suffix == ".jar" else one.executable)
    try:
        status = file.stat()
    except OSError:
        return one.name, one.version, str(file)
    return one.name, one.version, status.st_dev, status.st_ino


def _name_once(interpreters: list[Interpreter], found: Found) -> None:
    """The first of a name gets it; the rest are reachable by version or path."""
    names: set[str] = set()
    for one in interpreters:
        (found.others if one.name in names else found.interpreters).append(one)
        names.add(one.name)
    found.interpreters.sort(key=sort_key)
    found.others.sort(key=sort_key)
