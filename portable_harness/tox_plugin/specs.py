"""Which interpreter an environment asks for, and whether virtualenv still serves it."""

from __future__ import annotations

import re

from tox.config.main import Config
from tox.config.sets import EnvConfigSet
from tox.tox_env.python.api import Python

from portable_harness.base.errors import Problem
from portable_harness.guest.environments import OLDEST_ORDINARY, is_ours
from portable_harness.interpreters import Interpreter, names, select

# tox knows py27 and 2.7 as factors, not this spelling.
_PYTHON_FACTOR = re.compile(r"python[23]\.?\d+")


def of_name(name: str) -> list[str]:
    """What the factors of an environment's name ask for: ["py27"], or [] for no interpreter."""
    factors = [factor for factor in name.split("-") if _PYTHON_FACTOR.fullmatch(factor)]
    try:
        spec = Python.extract_base_python(name)
    except ValueError:  # two interpreters in one name: tox will refuse it
        return []
    return ([spec] if spec else []) + factors


def of_environment(name: str, settings: EnvConfigSet, conf: Config) -> list[str]:
    """What an environment asks for: by `base_python` where it is set, else by its name."""
    # Read from a copy: once tox has built the environment, it declares this key itself.
    copy = EnvConfigSet(conf, settings._section, name)  # noqa: SLF001
    copy.loaders.extend(settings.loaders)
    keys = ["base_python", "basepython"]
    copy.add_config(keys=keys, of_type=list[str] | str, default=[], desc="base python")
    value = copy["base_python"]
    explicit = [value] if isinstance(value, str) else list(value)
    by_name = of_name(name)
    # A base python for all environments does not outvote a name (tox: "conflicting").
    return by_name if by_name and is_left_by_virtualenv(by_name[0]) else (explicit or by_name)


def is_left_by_virtualenv(spec: str) -> bool:
    """Whether a spec ("py27", "jython", a path) names what virtualenv no longer makes."""
    try:
        if "/" in spec:
            (found,) = select(spec)
            return isinstance(found, Interpreter) and is_ours(found)
        wanted = names.parse(spec)
    except Problem:  # no program, or an implementation we do not know
        return False
    if wanted.implementation != "CPython":  # of a PyPy for Python 2 nobody makes environments
        return wanted.implementation == "Jython"
    enough = len(wanted.version) >= 2 or wanted.version == (2,)
    return enough and wanted.version[:2] < OLDEST_ORDINARY
