"""The tables of interpreters, and a search that shows how far it is."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table

from portable_harness.base.options import command_name
from portable_harness.interpreters import search
from portable_harness.interpreters.model import Found, Interpreter


def find_with_progress(refresh: bool = False) -> Found:
    """Search, with a progress bar on stderr where that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("asking interpreters"), BarColumn(), MofNCompleteColumn())
    moving = TextColumn("{task.description}", markup=False)
    quiet = not console.is_terminal  # rich would print an empty line there
    with Bar(*columns, moving, console=console, transient=True, disable=quiet) as bar:
        task = bar.add_task("", total=None)

        def progress(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        return search.find(progress if console.is_terminal else None, refresh)


def show(found: Found, console: Console) -> None:
    """The tables of the list."""
    show_table("Interpreters", found.interpreters, console)
    if found.others:
        show_table("Also here (by version or path)", found.others, console)
    for path, reason in found.rejected:
        console.print(f"rejected: {path}: {reason}", markup=False, highlight=False, soft_wrap=True)
    if not any(one.is_jython for one in found.interpreters):
        advice = f"no Jython: {command_name()} interpreters install jython"
        console.print(advice, markup=False, highlight=False)


def show_table(title: str, rows: list[Interpreter], console: Console) -> None:
    if not console.is_terminal:
        console = Console(width=200, file=console.file)  # a pipe has no width: cut nothing
    console.print(_table(title, rows))


def _table(title: str, rows: list[Interpreter]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in (
        "name",
        "version",
        "class",
        "build",
        "GIL now",
        "JIT",
        "JVM",
        "path",
        "found by",
    ):
        table.add_column(heading, overflow="fold")
    for one in rows:
        table.add_row(*_cells(one))
    return table


def _cells(one: Interpreter) -> tuple[str, ...]:
    build = {"FT": "--disable-gil", "J": "no GIL", "U": "unknown"}.get(one.klass, "GIL")
    now = {True: "on", False: "off", None: "?"}[one.gil_enabled]
    jit = {True: "on", False: "off", None: ""}[one.jit_enabled]
    virtual_machine = f"{one.java_vm} {one.java}" if one.java else ""
    return (
        one.name,
        one.title,
        one.klass,
        build,
        now,
        jit,
        virtual_machine,
        str(one.path),
        one.source,
    )
