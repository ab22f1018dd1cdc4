"""Make Jython take this folder for its site-packages, and no other: it has no virtualenv.

Installed as `sitecustomize` in an environment's site folder, which the launcher puts on the path
by a property (so `-s`, `-E` and an inherited PYTHONPATH do not take it away). Compared with a
folder on the path, a site folder comes after the standard library and its `.pth` files count.
"""

from __future__ import absolute_import, division, print_function

import os
import site
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
KEEP_OTHERS = os.path.exists(os.path.join(HERE, os.pardir, "system-site-packages"))


def is_foreign(entry):
    """Whether a path entry is the interpreter's own, or the user's, folder of packages."""
    return os.path.basename(entry) in ("site-packages", "dist-packages") and not KEEP_OTHERS


def arrange():
    """Put this folder last, and leave out those that virtualenv would leave out."""
    sys.path[:] = [entry for entry in sys.path if entry != HERE and not is_foreign(entry)]
    site.ENABLE_USER_SITE = False
    site.addsitedir(HERE)


def make_platform_plain():
    """execnet cannot send Jython's `sys.platform`, a `str` of its own kind; give it a real one.

    Only where execnet is installed: the special string also equals "linux2", which some code uses.
    """
    if os.path.isdir(os.path.join(HERE, "execnet")):
        sys.platform = "".join(sys.platform)


arrange()
make_platform_plain()
