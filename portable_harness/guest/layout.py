"""The folder that is an environment, made in one of three ways.

- CPython 2.7: a *copy of the prefix*. The program is copied and the standard library linked,
  entry by entry, except `site-packages`. CPython finds its prefix from where its program lies, so
  `sys.prefix`, the site folder and `distutils` are right without a patched `site.py`, whatever
  options (`-E`, `-s`) it is started with; virtualenv did the same. No variable is needed, so
  none leaks to child processes.
- CPython 3.3 to 3.7: its own `venv`, without pip.
- Jython: a *launcher*, a shell script that starts it with our site folder as a property (see
  `on_guest/jython_site.py`), fast where `portable_harness.jython` can make it fast.

All get `bin/pip`, which runs `portable_harness.guest.pip` on the host, as `python -m pip` does.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

from portable_harness.base import children
from portable_harness.base.errors import Problem
from portable_harness.base.tree import TREE
from portable_harness.guest.facts import Facts
from portable_harness.guest.programs import Target
from portable_harness.interpreters.model import Interpreter
from portable_harness.jython import fast_command

ON_GUEST = Path(__file__).parent / "on_guest"
TIME_LIMIT = 180.0


def target(interpreter: Interpreter, where: Path) -> Target:
    """The folders of the environment at ``where``; nothing is made."""
    major, minor = interpreter.version[:2]
    kind = "jython" if interpreter.is_jython else "python"
    site = where / "lib" / f"{kind}{major}.{minor}" / "site-packages"
    return Target(site=site, bin=where / "bin", base=where, python=where / "bin" / "python")


def make(interpreter: Interpreter, facts: Facts, where: Path, see_system: bool = False) -> Target:
    """Make an environment without packages; what is in the folder already is overwritten.

    :param see_system: the interpreter's own site-packages are importable too
    :raises Problem: when this interpreter cannot be copied or has no venv.
    """
    where = where.absolute()
    folders = target(interpreter, where)
    for folder in (folders.bin, folders.site):
        folder.mkdir(parents=True, exist_ok=True)
    if interpreter.is_jython:
        _launcher(interpreter, folders, see_system)
    elif interpreter.version < (3, 3):
        _copied_prefix(interpreter, facts, folders, see_system)
    else:
        _venv(interpreter, folders, see_system)
    _pip(interpreter, folders)
    _verify(folders)
    return folders


def refresh_launcher(interpreter: Interpreter, where: Path) -> None:
    """Write Jython's launcher again: how to start it fast may have changed since."""
    if interpreter.is_jython:
        folders = target(interpreter, where.absolute())
        _write_program(folders.python, _jython_script(interpreter, folders))


def _launcher(interpreter: Interpreter, folders: Target, see_system: bool) -> None:
    shutil.copyfile(ON_GUEST / "jython_site.py", folders.site / "sitecustomize.py")
    (folders.site.parent / "system-site-packages").unlink(missing_ok=True)
    if see_system:
        (folders.site.parent / "system-site-packages").touch()
    refresh_launcher(interpreter, folders.base)
    _link(folders.bin / "jython", Path("python"))


def _jython_script(interpreter: Interpreter, folders: Target) -> str:
    """JYTHONPATH still counts, PYTHONPATH too where it is not set: as projects expect it of
    `setenv`. Output is UTF-8 unless asked otherwise, since Java looks at a locale tox may hide."""
    start = shlex.join(fast_command(interpreter, executable=str(folders.python)))
    site, python = shlex.quote(str(folders.site)), shlex.quote(str(folders.python))
    return (
        "#!/bin/sh\n"
        "# Starts Jython with the packages of this environment; written by portable-server.\n"
        f"path={site}\n"
        'path="$path${JYTHONPATH:+:$JYTHONPATH}"\n'
        '[ -n "${JYTHONPATH:-}" ] || path="$path${PYTHONPATH:+:$PYTHONPATH}"\n'
        'PYTHONIOENCODING="${PYTHONIOENCODING:-utf-8}"\n'
        "export PYTHONIOENCODING\n"
        f'exec {start} -Dpython.executable={python} "-Dpython.path=$path" "$@"\n'
    )


def _copied_prefix(
    interpreter: Interpreter, facts: Facts, folders: Target, see_system: bool
) -> None:
    if interpreter.implementation != "CPython":
        raise Problem(f"{interpreter.name}: only CPython and Jython have environments for 2.7")
    library = folders.site.parent
    shutil.copy2(facts.places["executable"], folders.python)
    for name in (f"python{interpreter.version[0]}", library.name):
        _link(folders.bin / name, Path("python"))
    stdlib = Path(facts.places["stdlib"])
    for folder in dict.fromkeys([stdlib, Path(facts.places["platstdlib"])]):
        for entry in folder.iterdir() if folder.is_dir() else ():
            if entry.name not in ("site-packages", "dist-packages", "sitecustomize.py"):
                _link(library / entry.name, entry)
    if Path(facts.places["include"]).is_dir():
        (folders.base / "include").mkdir(exist_ok=True)
        _link(folders.base / "include" / library.name, Path(facts.places["include"]))
    if see_system:
        pth = folders.site / "_system_site_packages.pth"
        pth.write_text(f"import site; site.addsitedir({str(stdlib / 'site-packages')!r})\n")


def _venv(interpreter: Interpreter, folders: Target, see_system: bool) -> None:
    options = ["--system-site-packages"] if see_system else []
    command = [*interpreter.command, "-m", "venv", "--without-pip", *options, str(folders.base)]
    done = children.run(command, TIME_LIMIT)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Problem(f"{interpreter.name} cannot make a venv: {reason}")


def _pip(interpreter: Interpreter, folders: Target) -> None:
    """`bin/pip` and the module `pip`; this very copy of harness serves them."""
    start = (
        f"import sys; sys.path.insert(0, {str(TREE)!r}); "
        "from portable_harness.guest.pip import main; main()"
    )
    record = folders.base / "portable-guest.json"
    command = shlex.join([sys.executable, "-I", "-c", start, str(record)])
    script = (
        "#!/bin/sh\n# pip for this environment, running on the host; written by portable-server.\n"
        f'exec {command} "$@"\n'
    )
    for name in ("pip", f"pip{interpreter.version[0]}"):
        _write_program(folders.bin / name, script)
    package = folders.site / "pip"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").write_text('"""Stands for pip, which runs on the host."""\n')
    shutil.copyfile(ON_GUEST / "pip_main.py", package / "__main__.py")


def _verify(folders: Target) -> None:
    """Start it once: a copied program that does not find its prefix must not go unnoticed."""
    program = (  # by the file, since a path that is not ASCII is bytes for one and text for another
        "import os, sys; site = os.environ['SITE']; "
        "print('HERE' if any(os.path.samefile(site, p) for p in sys.path if os.path.exists(p)) "
        "else sys.path)"
    )
    variables = {**os.environ, "SITE": str(folders.site)}
    done = children.run([str(folders.python), "-c", program], TIME_LIMIT, env=variables)
    if "HERE" not in done.stdout:
        said = (done.stderr + done.stdout).strip().splitlines() or ["nothing"]
        raise Problem(f"{folders.python} does not work as an environment: {said[-1]}")


def _write_program(path: Path, text: str) -> None:
    """Replace in one step: another run may be starting the old one."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.chmod(0o755)
    temporary.replace(path)


def _link(link: Path, to: Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(to)
