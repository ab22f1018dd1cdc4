"""This repository's own tox runs the plugin from the tree, whether it is installed or not.

tox imports this file before it looks for installed plugins. The installed one (perhaps of another
version, or this very tree) is told to stay away, so that no hook runs twice.

A tox that has nothing but itself cannot run the plugin yet. Then this file offers no hooks, and
tox makes an environment with what `requires` in tox.ini names and starts itself again in there.
"""

from __future__ import annotations

import os

_OFF = "TOX_DISABLED_EXTERNAL_PLUGINS"
os.environ[_OFF] = ",".join(filter(None, [os.environ.get(_OFF), "portable_server"]))

try:
    from portable_harness.tox_plugin import tox_add_core_config, tox_register_tox_env
except ModuleNotFoundError as missing:
    if str(missing.name).partition(".")[0] not in ("click", "installer", "rich"):
        raise
else:
    __all__ = ["tox_add_core_config", "tox_register_tox_env"]
