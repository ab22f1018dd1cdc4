"""Run a project's setup.py with setuptools in force, even where it asks for distutils alone."""

from __future__ import absolute_import, division, print_function

import io
import os
import sys

import setuptools  # noqa: F401  (replaces distutils' commands by being imported)


def main():
    """Run `setup.py` of the current folder with this program's arguments."""
    sys.argv[0] = "setup.py"
    sys.path.insert(0, os.getcwd())
    with io.open("setup.py", "rb") as stream:
        source = stream.read().replace(b"\r\n", b"\n")
    names = {"__name__": "__main__", "__file__": os.path.abspath("setup.py")}
    exec(compile(source, "setup.py", "exec", dont_inherit=True), names)


if __name__ == "__main__":
    main()
