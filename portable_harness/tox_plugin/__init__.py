"""A tox plugin: environments for interpreters that tox and virtualenv left, and finding the rest.

With `requires = portable-server` in a project's tox.ini, `[testenv:jython]`, `[testenv:py27]`,
`[testenv:py36]` work as they used to, with nothing else to set: an environment gets our runner
when its name, or its `base_python`, asks for Jython or for a CPython before 3.8. An explicit
`runner` setting wins. All other environments keep tox's runner; we only tell its discovery of
interpreters that it would not find by itself (in pyenv's folders, or in our cache).

A plugin is loaded by the tox that is there, whatever its version. One that is too old is left as it
is, with a warning.

Hooks: https://tox.wiki/en/latest/plugins.html
"""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from packaging.version import Version
from python_discovery import get_interpreter
from tox.config.loader.memory import MemoryLoader
from tox.config.sets import ConfigSet
from tox.config.types import EnvList
from tox.plugin import impl
from tox.tox_env.register import REGISTER

from portable_harness.base.errors import Problem
from portable_harness.interpreters import Absent, Found, Interpreter, find, select
from portable_harness.tox_plugin import specs
from portable_harness.tox_plugin.runner import GuestRunner

if TYPE_CHECKING:
    from tox.config.main import Config
    from tox.session.state import State
    from tox.tox_env.register import ToxEnvRegister

OLDEST = "4.65"  # as setup.cfg has it for the extra [tox]
_TOX = version("tox")
_IS_NEW_ENOUGH = Version(_TOX) >= Version(OLDEST)
_TOO_OLD = "portable-server needs tox >= %s and leaves this one, %s, alone (pip install -U tox)"


@impl
def tox_register_tox_env(register: ToxEnvRegister) -> None:
    """Make our runner known by its name; which environments use it is decided below."""
    if _IS_NEW_ENOUGH:
        register.add_run_env(GuestRunner)


@impl
def tox_add_core_config(core_conf: ConfigSet, state: State) -> None:
    """Choose the runner of each environment, before tox builds them."""
    if not _IS_NEW_ENOUGH:
        logging.warning(_TOO_OLD, OLDEST, _TOX)
        return
    selected, search = _selected(core_conf, state), functools.cache(find)
    for name in _names(core_conf, state):
        settings = state.conf.get_env(name)
        wanted = specs.of_environment(name, settings, state.conf)
        if wanted and all(specs.is_left_by_virtualenv(spec) for spec in wanted):
            _give_to_us(name, wanted, state)
            continue
        state.conf.clear_env(name)  # perhaps a packaging environment: tox reads those otherwise
        if name in selected:
            _help_discovery(name, wanted, state, search)


def _names(core: ConfigSet, state: State) -> list[str]:
    """Every environment that tox may build: asked for, listed, or with a section."""
    labels = getattr(state.conf.options, "labels", None) or []
    listed = [*_selected(core, state), *core["env_list"], *state.conf, *labels]
    return list(dict.fromkeys(str(name) for name in listed))


def _selected(core: ConfigSet, state: State) -> list[str]:
    asked = getattr(state.conf.options, "env", None)
    return list(asked) if asked else list(core["env_list"] or EnvList([]))


def _give_to_us(name: str, wanted: list[str], state: State) -> None:
    """Set our runner, behind everything that the project says."""
    chosen: dict[str, Any] = {"runner": GuestRunner.id(), "base_python": wanted}
    if REGISTER.default_env_runner != "virtualenv":
        chosen["package_env"] = ".pkg_guest"  # `.pkg` is of another kind, that plugin's
    loaders = state.conf.get_env(name).loaders
    loaders.insert(0, _SeedsToCome(state.conf.memory_seed_loaders[name]))
    loaders.append(MemoryLoader(**chosen))


class _SeedsToCome(MemoryLoader):
    """What a command of tox seeds an environment with after we have looked at it (`devenv`)."""

    def __init__(self, seeds: list[MemoryLoader]) -> None:
        super().__init__()
        self._seeds = seeds

    def load_raw(self, key: str, conf: Config | None, env_name: str | None) -> Any:
        """The first seed's value. Raises KeyError where none has one."""
        for seed in self._seeds:
            if key in seed.raw:
                return seed.load_raw(key, conf, env_name)
        raise KeyError(key)


def _help_discovery(
    name: str, wanted: list[str], state: State, search: Callable[[], Found]
) -> None:
    """Tell tox's discovery where the interpreters are that an environment wants.

    Where none of them is found it goes to our runner too, which reports it as absent, with the
    remedy: tox's own would call it "skipped" where the project uses `{env_python}`, and exit 0.
    """
    discover = getattr(state.conf.options, "discover", None)
    if discover is None or not wanted or any("/" in spec for spec in wanted):
        return
    ours = [chosen for spec in wanted for chosen in _chosen(spec, search())]
    here = [chosen.command[0] for chosen in ours if isinstance(chosen, Interpreter)]
    discover += [program for program in here if program not in discover]
    known = (get_interpreter(spec, try_first_with=discover, env=os.environ) for spec in wanted)
    if ours and not here and not any(known):
        _give_to_us(name, wanted, state)


def _chosen(spec: str, found: Found) -> Iterator[Absent | Interpreter]:
    try:
        yield from select(spec, found)
    except Problem:  # no name of ours (a path, ...): tox knows what to say
        return
