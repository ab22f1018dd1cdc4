"""Where a result goes: one option for each format, the same in every command.

``--json [FILE]`` and ``--markdown [FILE]`` write to standard output when no file is named; the
terminal's table then goes to standard error, or is left out. ``--html FILE`` writes a page. Whether
a file can be written is known when the command line has been read, not after a run of minutes.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from portable_harness.base.errors import Problem
from portable_harness.base.extras import needs
from portable_harness.base.options import Command
from portable_harness.base.reading import decoded

STDOUT = "-"


def json_option(what: str = "all detail") -> Callable[[Command], Command]:
    """The option ``--json [FILE]``; its value is a path, "-" or None.

    :param what: completes "Write ... as JSON"
    """
    return click.option(
        "--json", "json_file", is_flag=False, flag_value=STDOUT, metavar="[FILE]",
        callback=_only_over_json,
        help=f"Write {what} as JSON, to standard output if no FILE is given.",
    )  # fmt: skip


def markdown_option(what: str = "the table") -> Callable[[Command], Command]:
    """The option ``--markdown [FILE]``; its value is a path, "-" or None."""
    return click.option(
        "--markdown", "markdown_file", is_flag=False, flag_value=STDOUT, metavar="[FILE]",
        callback=_writable,
        help=f"Write {what} as Markdown, to standard output if no FILE is given.",
    )  # fmt: skip


def html_option() -> Callable[[Command], Command]:
    """The option ``--html FILE``; its value is a path or None."""
    return click.option(
        "--html", type=click.Path(path_type=Path), callback=_page, metavar="FILE",
        help="Write a self-contained page.",
    )  # fmt: skip


def write(where: str, text: str) -> None:
    """A whole text to a file, or to standard output for "-".

    :raises Problem: when the file cannot be written
    """
    if where == STDOUT:
        click.echo(text)
        return
    write_file(Path(where), text + "\n")


def write_file(path: Path, text: str) -> None:
    """A text to a file, as it is.

    :raises Problem: when it cannot be written
    """
    with writing(path):
        path.write_text(text, encoding="utf-8")


def write_json(where: str | None, document: object) -> None:
    """What ``--json`` asked for, if it did.

    :raises Problem: when the file cannot be written
    """
    if where is not None:
        write(where, json.dumps(document, indent=1))


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """The body writes a file.

    :raises Problem: when that fails
    """
    try:
        yield
    except OSError as error:
        what = f"cannot write {error.filename or path}: {error.strerror}"
        raise Problem(what, "name another file") from None


def demand_writable(path: Path) -> None:
    """The file is opened for writing, and left as it was.

    :raises Problem: when it cannot be written
    """
    with writing(path):
        if not path.absolute().parent.is_dir():
            raise Problem(f"cannot write {path}: no such folder", f"mkdir -p {path.parent}")
        if path.is_dir():
            raise Problem(f"{path} is a folder", "name a file")
        was_there = path.exists()
        with path.open("ab"):
            pass
        if not was_there:
            path.unlink()


def writable_file(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    """A callback for the file of a report; None stays None.

    :raises Problem: when it cannot be written
    """
    if path is not None:
        demand_writable(path)
    return path


def _page(ctx: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    needs("jinja2")(ctx, option, path)
    return writable_file(ctx, option, path)


def _writable(_: click.Context, __: click.Parameter, where: str | None) -> str | None:
    if where not in (None, STDOUT):
        demand_writable(Path(where))
    return where


def _only_over_json(ctx: click.Context, option: click.Parameter, where: str | None) -> str | None:
    """As an argument may follow the option: `--json server.py` must not cost anybody their file."""
    if _writable(ctx, option, where) in (None, STDOUT):
        return where
    path = Path(str(where))
    if where == path.name and not path.suffix:
        raise Problem(f"--json {path}: is that its FILE?", "put --json last, or give it a suffix")
    if path.is_file() and path.stat().st_size and not _is_json(path):
        raise Problem(
            f"{path} is not JSON, and would be overwritten by --json", "put --json last, or name "
            "another file",
        )  # fmt: skip
    return where


def _is_json(path: Path) -> bool:
    try:
        decoded(path.read_bytes())
    except (OSError, ValueError):
        return False
    return True
