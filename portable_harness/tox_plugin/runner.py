"""The tox environment for an interpreter that virtualenv left.

Everything that is not about making the environment is tox's `PythonRun`: settings, substitutions,
packaging, commands, results. What `package = wheel` and `editable` mean is translated: a wheel
that the host builds is for Python 3, and an editable one by PEP 660 has Python 3 code in it; so
the guest builds the sdist itself, and editable is setup.py's kind.
"""

from __future__ import annotations

import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from python_discovery import PythonSpec
from tox.execute.api import Execute
from tox.execute.local_sub_process import LocalSubProcessExecutor
from tox.tox_env.api import ToxEnvCreateArgs
from tox.tox_env.errors import Fail, Skip
from tox.tox_env.python.api import NoInterpreter, PythonInfo, VersionInfo
from tox.tox_env.python.runner import PythonRun

from portable_harness.base.errors import Problem
from portable_harness.base.options import command_name
from portable_harness.guest import environments, layout
from portable_harness.guest.facts import facts, identity
from portable_harness.guest.programs import Target
from portable_harness.interpreters import Absent, Interpreter, names, select
from portable_harness.tox_plugin.installer import GuestPip

_PACKAGE_FOR_GUEST = {"wheel": "sdist", "sdist-wheel": "sdist", "editable": "editable-legacy"}
MARKERS = "marker_environment"  # a field of PythonInfo


class AbsentInterpreter(NoInterpreter):
    """No such interpreter here; the message is one line with the remedy."""

    def __init__(self, specs: list[str], absent: Absent | None) -> None:
        super().__init__(specs)
        reason = f"{absent.reason} ({absent.remedy})" if absent else "not found on this machine"
        self.message = f"absent: {', '.join(specs)}: {reason}"

    def __str__(self) -> str:
        return self.message


class GuestRunner(PythonRun):
    """an environment for Jython or an old CPython, by portable-server."""

    def __init__(self, create_args: ToxEnvCreateArgs) -> None:
        self._executor: Execute | None = None
        self._installer: GuestPip | None = None
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
        try:
            see_system = bool(self.conf["system_site_packages"])
            environments.environment(self.guest(), (), self.env_dir).create_empty(see_system)
        except Problem as problem:
            raise Fail(problem.message) from None

    def python_cache(self) -> dict[str, Any]:
        """What the folder was made for: another interpreter, and it is made anew."""
        known = {**super().python_cache(), "interpreter": identity(self.guest())}
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

    def env_bin_dir(self) -> Path:
        """For {env_bin_dir}; known without an interpreter."""
        return self.env_dir / "bin"

    def env_python(self) -> Path:
        """For {env_python}; known without an interpreter."""
        return self.env_dir / "bin" / "python"

    # -- what tox asks of every runner

    def register_config(self) -> None:
        """The settings of a Python environment, and those of virtualenv that mean something."""
        super().register_config()
        self.conf.add_config(
            keys=["system_site_packages", "sitepackages"],
            of_type=bool,
            default=False,
            desc="let the environment see the packages of the interpreter itself",
        )

    @property
    def executor(self) -> Execute:
        """Commands are processes here."""
        if self._executor is None:
            self._executor = LocalSubProcessExecutor(self.options.is_colored)
        return self._executor

    @property
    def installer(self) -> GuestPip:
        """Ours."""
        if self._installer is None:
            self._installer = GuestPip(self)
        return self._installer

    @property
    def runs_on_platform(self) -> str:
        """The host's: the guest runs on it."""
        return sys.platform

    def _default_pass_env(self) -> list[str]:
        java = ["JAVA_HOME", "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JYTHON_HOME", "JYTHON_OPTS"]
        return [*super()._default_pass_env(), "PIP_*", "XDG_CACHE_HOME", "LC_ALL", *java]

    def _default_set_env(self) -> dict[str, str]:
        return {**super()._default_set_env(), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}

    def _exported_set_env(self) -> dict[str, Any]:
        return {**super()._exported_set_env(), "VIRTUAL_ENV": lambda: str(self.conf["env_dir"])}

    # -- packaging

    @property
    def _package_tox_env_type(self) -> str:
        return "virtualenv-pep-517"

    @property
    def _external_pkg_tox_env_type(self) -> str:
        return "virtualenv-cmd-builder"

    @property
    def default_pkg_type(self) -> str:
        """As tox's own runner has it: nothing to package where there is no project."""
        root = self.core.get("tox_root", Path)
        project = any(
            (root / each).exists() for each in ("pyproject.toml", "setup.py", "setup.cfg")
        )
        return super().default_pkg_type if project else "skip"

    def _register_package_conf(self) -> bool:
        desc = f"package installation mode - {' | '.join(self._package_types)} "
        if not super(PythonRun, self)._register_package_conf():
            self.conf.add_constant(["package"], desc, "skip")
            return False
        if getattr(self.options, "install_pkg", None) is not None:
            self.conf.add_constant(["package"], desc, "external")
            return True
        self.conf.add_config(
            keys=["use_develop", "usedevelop"], of_type=bool, default=False, desc="use develop mode"
        )
        if self.conf["use_develop"] or getattr(self.options, "develop", False):
            self.conf.add_constant(["package"], desc, "editable-legacy")
            return True
        self.conf.add_config(
            keys="package",
            of_type=str,
            default=self.default_pkg_type,
            desc=desc,
            post_process=lambda kind: _PACKAGE_FOR_GUEST.get(kind, kind),
        )
        return self.pkg_type != "skip"


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
    info = PythonInfo(
        implementation=found.implementation,
        version_info=VersionInfo(*found.version, "final", 0),
        version=found.version_text,
        is_64=True,
        platform=found.platform,
        extra={"executable": found.path},
    )
    # Since tox 4.67.5, the markers of `deps` are read for the guest; Python 3.10 gets no such tox.
    if MARKERS not in {field.name for field in fields(PythonInfo)}:
        return info
    return replace(info, **{MARKERS: facts(found).markers})  # type: ignore[arg-type]
