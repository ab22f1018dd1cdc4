"""Install into a guest's environment: tox's own pip installer, with our `pip` behind it.

tox's part (what changed, when to make anew, constraints) stays; the command it runs is
`bin/pip` of the environment, see `portable_harness.guest.pip`.
What tox built of the project is made into
a wheel by the guest first, so that what it requires is read there and not on the host.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from tox.config.types import Command
from tox.tox_env.errors import Fail
from tox.tox_env.python.package import EditableLegacyPackage, SdistPackage, WheelPackage
from tox.tox_env.python.pip.pip_install import Pip

from portable_harness.base import cache
from portable_harness.base.errors import Problem
from portable_harness.guest.environments import builder
from portable_harness.guest.facts import facts
from portable_harness.guest.wheels import wheel_metadata

if TYPE_CHECKING:
    from tox.config.main import Config
    from tox.tox_env.installer import InstallArguments

    from portable_harness.tox_plugin.runner import GuestRunner


@contextlib.contextmanager
def failing() -> Iterator[None]:
    """A Problem of ours, or a cache that cannot be written, fails the environment in one line."""
    try:
        with cache.demanded():
            yield
    except Problem as problem:
        raise Fail(problem.message) from None


class GuestPip(Pip):
    """The installer of `GuestRunner`."""

    _env: GuestRunner

    def default_install_command(self, conf: Config, env_name: str | None) -> Command:
        """`pip` is the environment's own program."""
        return Command(["pip", "install", "{opts}", "{packages}"])

    def freeze_cmd(self) -> list[str]:
        """What lists the packages, for --result-json."""
        return ["pip", "freeze", "--all"]

    def install(self, arguments: InstallArguments, section: str, of_type: str) -> None:
        """As tox does, with the project built by the guest."""
        if isinstance(arguments, Sequence) and not isinstance(arguments, str):
            with failing():
                arguments = [self._for_guest(argument) for argument in arguments]
        super().install(arguments, section, of_type)

    def _for_guest(self, argument: Any) -> Any:
        if isinstance(argument, SdistPackage):
            wheel = self._built(argument.path)
            return WheelPackage(wheel, self._requires(wheel))
        if isinstance(argument, EditableLegacyPackage):
            return EditableLegacyPackage(argument.path, self._requires(self._built(argument.path)))
        return argument

    def _built(self, source: Path) -> Path:
        logging.info("build %s with %s", source.name, self._env.guest().name)
        return builder(self._env.guest()).wheel(source)

    def _requires(self, wheel: Path) -> list[Requirement]:
        """What the project needs here: the markers are answered, so none is left."""
        metadata = wheel_metadata(wheel)
        facts(self._env.guest()).demand(metadata)
        extras = frozenset(self._env.conf.get("extras", set[str]))
        if missing := extras - metadata.extras:
            raise Problem(f"{metadata.name} has no extra {', '.join(sorted(missing))}")
        allows = facts(self._env.guest()).allows
        needed = [each for each in metadata.requires if allows(each.marker, extras)]
        for requirement in needed:
            requirement.marker = None
        return needed
