"""The suite: the same tests on every interpreter; `tests/host` is the controller's."""
from __future__ import absolute_import, division, print_function
