"""`python -m portable_server`: see cli.py."""
from __future__ import absolute_import, division, print_function

import sys

from portable_server.cli import main

if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
