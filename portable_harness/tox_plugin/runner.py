"""The tox environment for an interpreter that virtualenv no longer supports.

It is tox's own virtualenv runner with another way to make the environment: settings, variables,
substitutions, packaging, commands and results stay tox's, so that an environment of ours answers
to the same tox.ini as any other. virtualenv itself is never started, because every member that
asks for its `session` is replaced here.

The kind of package is translated. A wheel that the host builds is for Python 3, and an editable
one by PEP 660 contains Python 3 code; so the guest builds from the sdist itself, and "editable"
means `setup.py develop`.
"""

from __future__ import annotations

import logging
from functools import cached_property
from pathlib import Path
from typing import Any

from tox.tox_env.api import ToxEnvCreateArgs
from tox.tox_env.errors import Fail, Skip
from tox.tox_env.python.api import NoInterpreter, Python, PythonInfo, VersionInfo
from tox.tox_env.python.runner import PythonRun
from tox.tox_env.python.virtual_env.runner import VirtualEnvRunner
from virtualenv.discovery.py_spec import PythonSpec

from portable_harness.base.errors import Problem
from portable_harness.base.options import command_name
from portable_harness.guest import environments, layout
from portable_harness.guest.facts import facts, identity
from portable_harness.guest.programs import Target
from portable_harness.interpreters import Absent, Interpreter, names, select
from portable_harness.tox_plugin.installer import GuestPip, failing

_PACKAGE_FOR_GUEST = {"wheel": "sdist", "sdist-wheel": "sdist", "editable": "editable-legacy"}


class AbsentInterpreter(NoInterpreter):
    """No such interpreter here; the message is one line with the remedy."""

    def __init__(self, specs: list[str], absent: Absent | None) -> None:
        super().__init__(specs)
        reason = f"{absent.reason} ({absent.remedy})" if absent else "not found on this machine"
        self.message = f"absent: {', '.join(specs)}: {reason}"

    def __str__(self) -> str:
        return self.message


class GuestRunner(VirtualEnvRunner):
    """an environment for Jython or an old CPython, by portable-server."""

    def __init__(self, create_args: ToxEnvCreateArgs) -> None:
        self._guest: Interpreter | None = None
        self._absent: Absent | None = None
        super().__init__(create_args)

    @staticmethod
    def id() -> str:
        """The name for `runner =`."""
        return "portable-server"

    # -- what interpreter

    @property
    def base_python(self) -> PythonInfo:
        """The interpreter found.

        :raises Skip: none found, and missing ones are to be skipped
        :raises AbsentInterpreter: none found
        """
        specs = self.conf.get("base_python", list[str])
        try:
            return super().base_python
        except NoInterpreter:
            raise AbsentInterpreter(specs, self._absent) from None
        except Skip:
            raise Skip(str(AbsentInterpreter(specs, self._absent))) from None

    def _get_python(self, base_python: list[str]) -> PythonInfo | None:
        with failing():
            for spec in base_python:
                found = _select(spec, list(self.options.discover))
                if isinstance(found, Interpreter):
                    self._guest = found
                    return _as_tox_says(found)
                self._absent = self._absent or found
        return None

    def guest(self) -> Interpreter:
        """The interpreter, as the harness knows it; raises as `base_python` does."""
        found = self.base_python
        if self._guest is None:  # pragma: no cover
            raise Fail(f"no interpreter for {found}")
        return self._guest

    @classmethod
    def python_spec_for_path(cls, path: Path) -> PythonSpec:
        """The spec of an interpreter given by its path in `base_python`."""
        found = _select(str(path), [])
        if isinstance(found, Absent):
            raise Fail(f"{path}: {found.reason}")
        name = names.tox_name(found.implementation, found.version, found.free_threaded_build)
        return PythonSpec.from_string_spec(name)

    # -- the folder

    def create_python_env(self) -> None:
        """Make the folder."""
        with failing():
            see_system = bool(self.conf["system_site_packages"])
            made = environments.environment(self.guest(), (), self.env_dir)
            made.create_empty(see_system)
        try:
            made.install(_seeds(self.guest()))
        except Problem as problem:  # without an index: most projects do without them
            logging.warning("no %s: %s", " ".join(_seeds(self.guest())), problem.message)

    def python_cache(self) -> dict[str, Any]:
        """What the folder was made for; any change makes tox create it again.

        VirtualEnv's addition, the version of virtualenv, is left out: it has no part in it.
        """
        known = {**Python.python_cache(self), "interpreter": identity(self.guest())}
        known["system_site_packages"] = bool(self.conf["system_site_packages"])
        return known

    def ensure_python_env(self) -> None:
        """Make it, or bring the launcher of one that is there up to date."""
        super().ensure_python_env()
        layout.refresh_launcher(self.guest(), self.env_dir)

    @property
    def folders(self) -> Target:
        """Where things are in it."""
        return layout.target(self.guest(), self.env_dir)

    def prepend_env_var_path(self) -> list[Path]:
        """For PATH."""
        return [self.folders.bin]

    def env_site_package_dir(self) -> Path:
        """For {env_site_packages_dir}."""
        return self.folders.site

    def env_site_package_dir_plat(self) -> Path:
        """For {env_site_packages_dir_plat}; a guest has one folder for both kinds."""
        return self.folders.site

    def env_bin_dir(self) -> Path:
        """For {env_bin_dir}; known without an interpreter."""
        return self.env_dir / "bin"

    def env_python(self) -> Path:
        """For {env_python}; known without an interpreter."""
        return self.env_dir / "bin" / "python"

    # -- what differs from tox's own runner

    @cached_property
    def installer(self) -> GuestPip:
        """tox's pip installer, with the guest's pip as its program."""
        return GuestPip(self)

    def _default_pass_env(self) -> list[str]:
        java = ["JAVA_HOME", "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JYTHON_HOME", "JYTHON_OPTS"]
        return [*super()._default_pass_env(), "XDG_CACHE_HOME", "LC_ALL", *java]

    def _register_package_conf(self) -> bool:
        """One setting, `package`, whose value answers for every option that has a say in it."""
        self._is_packaged = super(PythonRun, self)._register_package_conf()
        self.conf.add_config(
            ["use_develop", "usedevelop"], bool, False, "run the project's sources, uninstalled"
        )
        self.conf.add_config(
            "package",
            str,
            self.default_pkg_type,
            f"what of the project is installed: {', '.join(self._package_types)}",
            post_process=self._package_for_guest,
        )
        return self.pkg_type != "skip"

    def _package_for_guest(self, asked: str) -> str:
        if not self._is_packaged:
            return "skip"
        if getattr(self.options, "install_pkg", None) is not None:
            return "external"
        if self.conf["use_develop"] or getattr(self.options, "develop", False):
            asked = "editable"
        return _PACKAGE_FOR_GUEST.get(asked, asked)


def _seeds(guest: Interpreter) -> tuple[str, ...]:
    """What virtualenv put into an environment for these: projects import pkg_resources."""
    return ("setuptools",) if guest.is_jython else ("setuptools", "wheel")


def _select(spec: str, discover: list[str]) -> Interpreter | Absent:
    """The interpreter that a spec names; those of `--discover` are looked at first."""
    try:
        if "/" not in spec:
            wanted = names.parse(spec)
            for path in discover:
                named = select(path if "/" in path else f"./{path}")[0]
                if isinstance(named, Interpreter) and wanted.matches(named):
                    return named
        found = select(spec)[0]
    except Problem as problem:
        return Absent(spec, problem.message, f"see `{command_name()} interpreters`")
    return found


def _as_tox_says(found: Interpreter) -> PythonInfo:
    more: dict[str, Any] = {}
    if "marker_environment" in PythonInfo.__annotations__:  # since tox 4.67.5
        more["marker_environment"] = facts(found).markers
    return PythonInfo(
        implementation=found.implementation,
        version_info=VersionInfo(*found.version, "final", 0),
        version=found.version_text,
        is_64=True,
        platform=found.platform,
        extra={"executable": found.path},
        **more,
    )
