"""Print the environment markers (PEP 508) of the interpreter that runs this, as JSON."""

from __future__ import absolute_import, division, print_function

import json
import os
import platform
import sys
import sysconfig


def implementation_version():
    """The version as PEP 508 spells it; "0" where there is no `sys.implementation`."""
    try:
        info = sys.implementation.version
    except AttributeError:
        return "0"
    version = "%d.%d.%d" % info[:3]
    return version if info[3] == "final" else version + info[3][0] + str(info[4])


def abi():
    """The ABI tag of CPython (PEP 425), or "none" where no compiled wheel can be used."""
    if platform.python_implementation() != "CPython":
        return "none"
    if sys.version_info[0] == 2:
        return "cp27m" + ("u" if sys.maxunicode == 0x10FFFF else "")
    return "cp%d%d%s" % (sys.version_info[0], sys.version_info[1], getattr(sys, "abiflags", ""))


def markers():
    """Marker names and values; plain `str` throughout (Jython's own subclass is no JSON)."""
    version = ".".join(platform.python_version_tuple()[:2])
    return {
        "implementation_name": str(getattr(getattr(sys, "implementation", None), "name", "")),
        "implementation_version": implementation_version(),
        "os_name": "".join(os.name),
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "python_version": version,
        "sys_platform": "".join(sys.platform),
    }


def places():
    """Where the interpreter keeps itself: what a copy of its prefix must link to."""
    return {
        "executable": str(sys.executable or ""),
        "stdlib": os.path.dirname(os.path.abspath(os.__file__)),
        "platstdlib": str(sysconfig.get_path("platstdlib") or ""),
        "include": str(sysconfig.get_path("include") or ""),
    }


if __name__ == "__main__":
    print("FACTS " + json.dumps({"markers": markers(), "abi": abi(), "places": places()}))
