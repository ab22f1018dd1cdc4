"""The Java virtual machine that Jython runs on: JAVA_HOME first, then PATH, as Jython has it."""

from __future__ import annotations

import os
import shutil

ABSENT = (
    "Java is absent: Jython needs a Java virtual machine; install one "
    "(`apt-get install default-jre-headless`) or set JAVA_HOME"
)


def executable() -> str | None:
    """The `java` program, or None when this machine has none."""
    home = os.environ.get("JAVA_HOME")
    return (shutil.which("java", path=os.path.join(home, "bin")) if home else None) or shutil.which(
        "java"
    )
