"""Put scheduling points into a program: between two accesses to shared state, within a line too.

`self.n += 1` loads, adds and stores.  No interpreter but CPython can stop a thread between
these (opcode events), and a schedule that names opcodes fits one version only.  So the syntax
tree is changed before it is compiled, on every interpreter in the same way:

    self.n += 1        attribute(1, self).n += step(2, 1)
    self.items.pop()   use(3, self.items).pop()
    d[self.key] = v    d[step(5, attribute(4, self).key)] = v
    if k in cache:     if k in use(6, cache):
    for k in cache:    for k in each(7, cache):

Only expressions are wrapped, in the order in which Python evaluates them, and no statement is
added: what the program does stays the same, and its lines keep their numbers.  The number is
that of a `Site`: where the point is and what is accessed there.

A load of an attribute that nobody stores outside of `__init__` needs no point: wherever its
order matters, a point before the store gives that order.
"""
from __future__ import absolute_import, division, print_function

import ast
import collections

#: file: str; line: int; kind: 'load', 'store', 'delete', 'use', 'item', 'next', 'update', 'name';
#: name: of the attribute or global name, '' where there is none
Site = collections.namedtuple('Site', 'file line kind name')

#: every Site of this process, by its number
sites = []
#: name of a class -> the whole numbers in its code: what its limits are about
numbers = collections.defaultdict(set)

#: functions that look at a whole container, which is their first argument
_LOOKS = frozenset(('all', 'any', 'bool', 'dict', 'enumerate', 'filter', 'frozenset', 'iter', 'len',
                    'list', 'map', 'max', 'min', 'next', 'repr', 'reversed', 'set', 'sorted', 'str',
                    'sum', 'tuple', 'zip'))
_BY_NAME = {'getattr': 'load', 'hasattr': 'load', 'setattr': 'store', 'delattr': 'delete'}
_CONSTRUCTORS = ('__init__', '__new__', '__post_init__', '__init_subclass__', '__set_name__')
_FUNCTIONS = (ast.FunctionDef, getattr(ast, 'AsyncFunctionDef', ast.FunctionDef))
_PLAIN = tuple(getattr(ast, name) for name in ('Name', 'Num', 'Str', 'Constant')
               if name in vars(ast))
_REFERENCES = (ast.Name, ast.Attribute, ast.Subscript)
_LOOKED_AT = _REFERENCES + (ast.Call,)

ATTRIBUTE, USE, STEP, EACH, ENTER = ('__explore_%s__' % name
                              for name in ('attribute', 'use', 'step', 'each', 'enter'))


class _Stored(ast.NodeVisitor):
    """The names of attributes and of outer variables that functions store."""

    def __init__(self):
        self.attributes = set()
        self.outer = set()
        self._functions = []
        self._class = ''

    def visit_ClassDef(self, node):
        outer, self._class = self._class, node.name
        self.generic_visit(node)
        self._class = outer

    def visit_Num(self, node):
        if type(node.n) is int and self._class:
            numbers[self._class].add(node.n)

    def visit_Constant(self, node):
        if type(node.value) is int and self._class:
            numbers[self._class].add(node.value)

    def visit_FunctionDef(self, node):
        self._functions.append(node.name)
        self.generic_visit(node)
        self._functions.pop()

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Attribute(self, node):
        self.generic_visit(node)
        inside = self._functions and self._functions[-1] not in _CONSTRUCTORS
        if inside and not isinstance(node.ctx, ast.Load):
            self.attributes.add(node.attr)

    def visit_Global(self, node):
        self.outer.update(node.names)

    visit_Nonlocal = visit_Global


class _Rewriter(ast.NodeTransformer):
    """Wraps the expressions in the bodies of functions."""

    def __init__(self, filename, stored):
        self._filename = filename
        self._stored = stored
        self._depth = 0

    # What is left as it is: code that runs at import, coroutines, types, patterns.

    def visit_FunctionDef(self, node):
        self._depth += 1
        node.body = [self.visit(statement) for statement in node.body]
        self._depth -= 1
        return node

    def visit_Lambda(self, node):
        self._depth += 1
        node.body = self.visit(node.body)
        self._depth -= 1
        return node

    def visit_AsyncFunctionDef(self, node):
        return node

    def visit_AnnAssign(self, node):
        node.target = self.visit(node.target)
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_match_case(self, node):
        if node.guard is not None:
            node.guard = self.visit(node.guard)
        node.body = [self.visit(statement) for statement in node.body]
        return node

    # Accesses.

    def _wrap(self, function, value, kind, name=''):
        """The expression `function(site, value)`, at the place of `value`."""
        if not self._depth:
            return value
        sites.append(Site(self._filename, value.lineno, kind, name))
        call = ast.parse('%s(%d, 0)' % (function, len(sites) - 1), mode='eval').body
        for new in (call, call.func) + tuple(call.args):
            ast.copy_location(new, value)
        call.args = [call.args[0], value]
        return call

    def visit_Attribute(self, node):
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            # `+=` has a kind of its own on Jython, neither a load nor a store
            kind = 'delete' if isinstance(node.ctx, ast.Del) else 'store'
            node.value = self._wrap(ATTRIBUTE, node.value, kind, node.attr)
        elif node.attr in self._stored.attributes:
            node.value = self._wrap(ATTRIBUTE, node.value, 'load', node.attr)
        return node

    def visit_Name(self, node):
        if node.id not in self._stored.outer or not isinstance(node.ctx, ast.Load):
            return node
        return self._either(self._wrap(STEP, self._nothing(node), 'name', node.id), node)

    def _nothing(self, node):
        return ast.copy_location(ast.parse('()', mode='eval').body, node)

    def _either(self, point, node):
        """`point or node`: the point gives nothing, so that it is the node."""
        if not self._depth:
            return node
        both = ast.copy_location(ast.parse('0 or 0', mode='eval').body, node)
        both.values = [point, node]
        return both

    def visit_Subscript(self, node):
        self.generic_visit(node)
        index = node.slice
        inner = getattr(index, 'value', index) if type(index).__name__ == 'Index' else index
        if type(inner).__name__ in ('Slice', 'ExtSlice', 'Ellipsis') or isinstance(inner, _PLAIN):
            node.value = self._wrap(USE, node.value, 'item')
        elif inner is index:
            node.slice = self._wrap(STEP, inner, 'item')
        else:
            index.value = self._wrap(STEP, inner, 'item')
        return node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name) or node.target.id in self._stored.outer:
            node.value = self._wrap(STEP, node.value, 'update')
        return node

    def visit_Assign(self, node):
        self.generic_visit(node)
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        if self._stored.outer.intersection(names):
            node.value = self._wrap(STEP, node.value, 'store', names[0])
        return node

    def visit_Call(self, node):
        function = node.func
        called = function.id if isinstance(function, ast.Name) else None
        method = isinstance(function, ast.Attribute)
        busy = not all(isinstance(argument, _PLAIN) for argument in node.args)
        self.generic_visit(node)
        arguments = list(node.args)     # a plain list: Jython's own cannot be cut and joined
        if called in _BY_NAME and arguments:
            arguments[0] = self._wrap(ATTRIBUTE, arguments[0], _BY_NAME[called])
        elif called in _LOOKS and arguments and isinstance(arguments[0], _LOOKED_AT):
            arguments[0] = self._wrap(USE, arguments[0], 'use')
        elif method:
            self._method_call(function, arguments, busy)
        node.args = arguments
        return node

    def _method_call(self, function, arguments, busy):
        if isinstance(function.value, ast.Name) and function.value.id in ('self', 'cls'):
            if function.attr not in self._stored.attributes:
                function.value = self._wrap(USE, function.value, 'use', function.attr)
            return
        if function.attr not in self._stored.attributes:
            function.value = self._wrap(USE, function.value, 'use', function.attr)
        if busy and arguments and type(arguments[-1]).__name__ != 'Starred':
            arguments[-1] = self._wrap(STEP, arguments[-1], 'use', function.attr)

    def visit_Compare(self, node):
        self.generic_visit(node)
        node.comparators = [
            self._wrap(USE, value, 'use') if isinstance(operator, (ast.In, ast.NotIn)) else value
            for operator, value in zip(node.ops, node.comparators)]
        return node

    # Truth: `while self.items:` looks at a container.

    def _truth(self, node):
        return self._wrap(USE, node, 'use') if isinstance(node, _REFERENCES) else node

    def visit_If(self, node):
        self.generic_visit(node)
        node.test = self._truth(node.test)
        return node

    visit_While = visit_IfExp = visit_If

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Not):
            node.operand = self._truth(node.operand)
        return node

    def visit_BoolOp(self, node):
        self.generic_visit(node)
        node.values = [self._truth(value) for value in node.values]
        return node

    # Where a `with` statement is, which Jython's frames do not say.

    def visit_With(self, node):
        self.generic_visit(node)
        for item in getattr(node, 'items', [node]):
            item.context_expr = self._wrap(ENTER, item.context_expr, 'enter')
        return node

    # Iteration.

    def _iterated(self, node):
        if isinstance(node, ast.Call) and getattr(node.func, 'id', '') in ('range', 'xrange'):
            return node
        return self._wrap(EACH, node, 'next')

    def visit_For(self, node):
        self.generic_visit(node)
        node.iter = self._iterated(node.iter)
        return node

    def visit_comprehension(self, node):
        self.generic_visit(node)
        if not getattr(node, 'is_async', 0):
            node.iter = self._iterated(node.iter)
        return node


def compile_with_points(source, filename):
    """The code object of a module's `source` (bytes or text). Raises SyntaxError."""
    # 0, True: the program's own `from __future__`, not this module's
    tree = compile(source, filename, 'exec', ast.PyCF_ONLY_AST, True)
    stored = _Stored()
    stored.visit(tree)
    tree = _Rewriter(filename, stored).visit(tree)
    return compile(tree, filename, 'exec', 0, True)
