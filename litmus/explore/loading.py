"""Import the program under test with scheduling points in it (`rewriting`).

A target is `FILE.py:NAME` or `package.module:NAME`.  Its module and what that imports from the
same folder or package are compiled with points; the standard library and other packages are
imported as they are, so that a call into them is one step.  Nothing is kept in `__pycache__`.
"""
from __future__ import absolute_import, division, print_function

import importlib
import os
import sys
import types

from portable_server.litmus.explore import points, rewriting

try:
    machinery = importlib.import_module('importlib.machinery')
    util = importlib.import_module('importlib.util')
except ImportError:     # 2.7: the protocol of PEP 302
    import imp
    machinery = util = None

_NAMES = (('ATTRIBUTE', points.attribute), ('USE', points.use), ('STEP', points.step),
          ('EACH', points.each), ('ENTER', points.enter))
_OWN = ('portable_server.compat', 'portable_server.litmus')


class TargetError(Exception):
    """The target cannot be had; one line that says why and what to do."""


def _add_points(module):
    for name, function in _NAMES:
        setattr(module, getattr(rewriting, name), function)
    points.rewritten.add(module.__name__)


def _read(filename):
    with open(filename, 'rb') as source:
        return source.read()


def _execute(module, filename):
    _add_points(module)
    exec(rewriting.compile_with_points(_read(filename), filename), vars(module))


class Finder(object):
    """Finds the modules below `root` before Python's own finders do."""

    def __init__(self, root):
        self.root = os.path.join(os.path.realpath(root), '')

    def _is_ours(self, name, filename):
        return (filename is not None and filename.endswith('.py') and not name.startswith(_OWN)
                and os.path.realpath(filename).startswith(self.root)
                and 'site-packages' not in os.path.realpath(filename)[len(self.root):])

    # Python 3

    def find_spec(self, name, path=None, target=None):
        spec = machinery.PathFinder.find_spec(name, path)
        if spec is None or not self._is_ours(name, spec.origin):
            return None
        return util.spec_from_file_location(
            name, spec.origin, loader=self,
            submodule_search_locations=spec.submodule_search_locations)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        _execute(module, module.__spec__.origin)

    # Python 2

    def find_module(self, name, path=None):
        try:
            source, filename, details = imp.find_module(name.rpartition('.')[2], path)
        except ImportError:
            return None
        if source is not None:
            source.close()
        if details[2] == imp.PKG_DIRECTORY:
            filename = os.path.join(filename, '__init__.py')
        return _Loader(filename) if self._is_ours(name, filename) else None


class _Loader(object):
    """Loads one module on Python 2."""

    def __init__(self, filename):
        self._filename = filename

    def load_module(self, name):
        module = sys.modules.setdefault(name, types.ModuleType(name))
        module.__file__, module.__loader__ = self._filename, self
        is_package = os.path.basename(self._filename) == '__init__.py'
        module.__package__ = name if is_package else name.rpartition('.')[0]
        if is_package:
            module.__path__ = [os.path.dirname(self._filename)]
        try:
            _execute(module, self._filename)
        except BaseException:
            del sys.modules[name]
            raise
        return sys.modules[name]


def parse(target):
    """(folder or None, name of the module, name in it) of a target. Raises TargetError."""
    place, colon, name = target.rpartition(':')
    if not colon or not place or not name:
        raise TargetError('%s names no class or function; write FILE.py:NAME or '
                          'package.module:NAME' % target)
    if not place.endswith('.py'):
        return None, place, name
    if not os.path.isfile(place):
        raise TargetError('there is no file %s' % place)
    folder, filename = os.path.split(os.path.abspath(place))
    module = filename[:-len('.py')]
    while os.path.exists(os.path.join(folder, '__init__.py')):
        folder, package = os.path.split(folder)
        module = package + '.' + module
    return folder, module, name


def _root(folder, module):
    """The folder whose modules get points: of the package, or of the file."""
    top = module.partition('.')[0]
    for place in [folder] if folder else sys.path:
        package = os.path.join(place or '.', top)
        if os.path.isdir(package):
            return package
        if os.path.exists(package + '.py'):
            return place or '.'
    raise TargetError('there is no module %s; give a file, or set PYTHONPATH' % module)


class Loaded(object):
    """A scope in which the target is there with points: `module`, and `value`, what it names."""

    def __init__(self, target):
        self.folder, self.module_name, self.name = parse(target)
        self._finder = Finder(_root(self.folder, self.module_name))
        self.module = self.value = None

    def __enter__(self):
        self._before = dict(sys.modules)
        sys.modules.pop(self.module_name, None)
        sys.meta_path.insert(0, self._finder)
        if self.folder:
            sys.path.insert(0, self.folder)
        try:
            self._import()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _import(self):
        try:
            __import__(self.module_name)
        except Exception as error:
            raise TargetError('importing %s fails: %s: %s'
                              % (self.module_name, type(error).__name__, error))
        except SystemExit:
            raise TargetError('importing %s ends the interpreter; put that below '
                              '`if __name__ == "__main__":`' % self.module_name)
        self.module = sys.modules[self.module_name]
        self.value = self.module
        for part in self.name.split('.'):
            if not hasattr(self.value, part):
                raise TargetError('%s has no %s' % (self.module_name, self.name))
            self.value = getattr(self.value, part)

    def modules(self):
        """list: the modules that have points."""
        return [module for name, module in sorted(sys.modules.items())
                if rewriting.ATTRIBUTE in getattr(module, '__dict__', ())]

    def __exit__(self, *_):
        sys.meta_path.remove(self._finder)
        if self.folder in sys.path:
            sys.path.remove(self.folder)
        for module in self.modules():
            points.rewritten.discard(module.__name__)
            del sys.modules[module.__name__]
        if self.module_name in self._before:
            sys.modules[self.module_name] = self._before[self.module_name]
        points.forget_classes()
