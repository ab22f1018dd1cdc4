"""Run a project's setup.py with setuptools in force, even where it asks for distutils alone.

With `--needs` it prints what the project's `setup_requires` has, a line each, and builds nothing:
setuptools asks its distribution to fetch them before it runs a command.
"""

from __future__ import absolute_import, division, print_function

import io
import os
import sys

import setuptools  # replaces distutils' commands by being imported


NEEDS = "NEEDS "


def tell_needs(distribution, requires):
    """In place of `fetch_build_eggs`: tell what there is to fetch, and end."""
    for requirement in [requires] if hasattr(requires, "strip") else requires:
        for line in str(requirement).splitlines():
            if line.strip():
                print(NEEDS + line.strip())
    sys.stdout.flush()
    sys.exit(0)


def main():
    """Run `setup.py` of the current folder with this program's arguments."""
    if sys.argv[1:] == ["--needs"]:
        setuptools.Distribution.fetch_build_eggs = tell_needs
        sys.argv[1:] = ["--name"]
    sys.argv[0] = "setup.py"
    sys.path.insert(0, os.getcwd())
    with io.open("setup.py", "rb") as stream:
        source = stream.read().replace(b"\r\n", b"\n")
    names = {"__name__": "__main__", "__file__": os.path.abspath("setup.py")}
    exec(compile(source, "setup.py", "exec", dont_inherit=True), names)


if __name__ == "__main__":
    main()
