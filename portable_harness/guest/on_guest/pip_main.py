"""`python -m pip` in an environment whose pip runs on the host: hands everything to it."""

from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys


def main():
    """Run the environment's `pip` program with the same arguments; its status is ours."""
    program = os.path.join(os.path.dirname(os.path.abspath(sys.executable)), "pip")
    return subprocess.call([program] + sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
