"""The distribution portable-server-core: the portable half, installable wherever it runs.

In a checkout the packages are at the top of the tree, two folders up; a wheel has `compat` and
`litmus` inside `portable_server`. A source distribution brings its own copy of the three folders
next to this file, so that it needs nothing else: the command `sdist` adds them.
Old interpreters run this file too.
"""
from __future__ import absolute_import, division, print_function

import os
import shutil

from setuptools import find_packages, setup
from setuptools.command.sdist import sdist

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDERS = ('portable_server', 'compat', 'litmus')
UNPACKED = os.path.isdir(os.path.join(HERE, 'portable_server'))
TREE = HERE if UNPACKED else os.path.dirname(os.path.dirname(HERE))
WITHIN = 'portable_server.'


def found(folder):
    return find_packages(TREE, include=[folder, folder + '.*'])


class SourceDistribution(sdist):
    """Adds the folders that are outside of this one."""

    def make_release_tree(self, base_dir, files):
        # setuptools has found them too, by paths that lead out of the release tree
        inside = [name for name in files if not name.startswith(os.pardir)]
        sdist.make_release_tree(self, base_dir, inside)
        for folder in () if UNPACKED else FOLDERS:
            shutil.copytree(os.path.join(TREE, folder), os.path.join(base_dir, folder),
                            ignore=shutil.ignore_patterns('__pycache__', '*.py[cod]', '*$py.class'))


os.chdir(HERE)
setup(
    packages=(found('portable_server')
              + [WITHIN + name for folder in ('compat', 'litmus') for name in found(folder)]),
    package_dir=dict((folder if folder == 'portable_server' else WITHIN + folder,
                      os.path.relpath(os.path.join(TREE, folder), HERE)) for folder in FOLDERS),
    package_data={'': ['*.txt']},
    cmdclass={'sdist': SourceDistribution},
)
