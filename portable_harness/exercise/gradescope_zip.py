"""A zip for Gradescope that grades one exercise: setup.sh installs, run_autograder grades.

Gradescope makes an image of the zip once, as root: it unpacks it to /autograder/source and runs
setup.sh there. For each submission it starts a container of that image and calls run_autograder,
which has to write /autograder/results/results.json
(gradescope-autograders.readthedocs.io/en/latest/specs). Everything comes by apt: the controller
needs four small libraries, and their versions in Debian 12 and Ubuntu 22.04 do.

The student's program runs as another user than the grader, without any capability. The hidden seed
and the checks can be read by root only.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from shlex import join, quote

from portable_harness.base.errors import Problem
from portable_harness.base.guest_copy import files
from portable_harness.base.tree import license_text, packages
from portable_harness.exercise.catalogue import FOLDER, Exercise

PACKAGES = "python3 python3-click python3-filelock python3-platformdirs python3-psutil"
#: Debian's package of an interpreter, by the name that --interpreters has for it.
INTERPRETERS = {"cpython": "python3", "pypy": "pypy3", "jython": "jython", "2.7": "python2.7"}
OF_PORTABLE = ("__init__.py", "compat", "litmus")  # the lock watch; no server to hand in
NOT_OF_HARNESS = ("benchmarks", "docs", "exercises", "peers")
OF_STUDENTS = ("README.md", "tests.py", "exercise.json")  # no solution and no mutants
SEED = "hidden-seed"
SETUP = """\
#!/usr/bin/env bash
# Installs what the grader of exercise {name} needs, on a bare Debian or Ubuntu.
set -eu
export DEBIAN_FRONTEND=noninteractive
cd /autograder/source
apt-get update -qq
apt-get install -y -qq --no-install-recommends {packages}
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || {{
    echo "the grader needs Python 3.10 or newer: choose a newer image" >&2; exit 1; }}
chmod -R go+rX .                # the student's program runs as another user,
chmod -R go-rwx portable_harness/exercises      # which reads no checks
if [ -e {seed} ]; then chmod 600 {seed}; fi
# Nothing is handed in here, which is status 1; a grader that lacks something has another.
status=0
{ready} || status=$?
[ "$status" = 1 ] || {{ echo "the grader is not ready" >&2; exit 1; }}
echo "ready: {interpreters}"
"""
RUN = """\
#!/usr/bin/env bash
# Grades /autograder/submission. The results say what failed, so this ends well whatever they are.
cd /autograder/source
variant=()
{variant}
{grade} "${{variant[@]}}" < {input}
exit 0
"""
VARIANT = """\
variant=(--variant "$(python3 -c '
import json
print(json.load(open("/autograder/submission_metadata.json"))["users"][0]["email"])')")"""


@dataclass(frozen=True)
class Autograder:
    """What is to be graded on Gradescope, and how."""

    exercise: Exercise
    interpreters: str
    options: Sequence[str]  # more of submit-check
    packages: Sequence[str] = ()  # more of Debian's
    secret: str = ""  # of the hidden seed
    by_mail: bool = False  # the variant of a student is that of the e-mail address

    def setup(self) -> str:
        """setup.sh. :raises Problem: where an interpreter's package is not known"""
        ready = self._command("nothing.py", "/tmp/ready.json")
        return SETUP.format(
            name=self.exercise.name, packages=" ".join([PACKAGES, *self._packages()]), seed=SEED,
            ready=join(ready), interpreters=self.interpreters,
        )  # fmt: skip

    def run(self) -> str:
        """run_autograder."""
        grade = self._command("/autograder/submission", "/autograder/results/results.json")
        grade += self.options
        if self.secret:
            grade += ["--hidden", "--seed-file", "-"]
        return RUN.format(
            variant=VARIANT if self.by_mail else "", grade=join(grade),
            input=SEED if self.secret else "/dev/null",
        )  # fmt: skip

    def _command(self, submission: str, results: str) -> list[str]:
        number, names = str(self.exercise.number), self.interpreters
        program = ["python3", "-m", "portable_harness"]
        command = [*program, "exercise", "submit-check", number, submission]
        return [*command, "--interpreters", names, "--gradescope", results]

    def _packages(self) -> Iterator[str]:
        for name in self.interpreters.split(","):
            if name not in INTERPRETERS and not self.packages:
                known = ", ".join(INTERPRETERS)
                raise Problem(
                    f"no Debian package is known for {name}", f"one of {known}, or --package"
                )
            yield INTERPRETERS.get(name, "")
        yield from map(quote, self.packages)

    def zipped(self) -> bytes:
        """The zip; the same for the same tree."""
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, "setup.sh", self.setup().encode(), 0o755)
            _add(archive, "run_autograder", self.run().encode(), 0o755)
            if self.secret:
                _add(archive, SEED, self.secret.encode(), 0o600)
            _add(archive, "LICENSE", license_text().encode(), 0o644)
            for name, path in self._files():
                _add(archive, name, path.read_bytes(), 0o644)
        return buffer.getvalue()

    def _files(self) -> Iterator[tuple[str, Path]]:
        """As they are installed, and the same from a checkout."""
        for package, folder in packages().items():
            for name, path in files(folder):
                if _is_of_grader(f"{package}/{name}"):
                    yield f"{package}/{name}", path
        for name in OF_STUDENTS:
            where = f"portable_harness/exercises/{self.exercise.name}/{name}"
            yield where, FOLDER / self.exercise.name / name


def _is_of_grader(name: str) -> bool:
    package, part = name.split("/")[:2]
    is_portable = package == "portable_server"
    return part in OF_PORTABLE if is_portable else part not in NOT_OF_HARNESS


def _add(archive: zipfile.ZipFile, name: str, data: bytes, mode: int) -> None:
    entry = zipfile.ZipInfo(name)  # of 1980: a zip of today and of tomorrow are the same
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (0o100000 | mode) << 16
    archive.writestr(entry, data)
