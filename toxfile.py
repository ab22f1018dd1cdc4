"""This repository's own tox runs the plugin from the tree, whether it is installed or not.

tox imports this file before it looks for installed plugins. The installed one (perhaps of another
version, or this very tree) is told to stay away, so that no hook runs twice.
"""

from __future__ import annotations

import os

from harness.tox_plugin import tox_add_core_config, tox_register_tox_env

_OFF = "TOX_DISABLED_EXTERNAL_PLUGINS"
os.environ[_OFF] = ",".join(filter(None, [os.environ.get(_OFF), "portable_server"]))

__all__ = ["tox_add_core_config", "tox_register_tox_env"]
