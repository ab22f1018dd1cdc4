"""What Python 2 does with the variable of a list comprehension, portable code must not rely on."""

from __future__ import annotations

import ast

from tests.host.house import name, portable_files


def shadowed(tree: ast.AST) -> list[str]:
    """Parameters that a list comprehension of their function takes for a variable of its own.

    Python 2 keeps that variable: afterwards the parameter is the list's last element.
    """
    return [
        f"{target.id} in {function.name}"
        for function in ast.walk(tree) if isinstance(function, ast.FunctionDef)
        for part in function.body
        for comprehension in ast.walk(part) if isinstance(comprehension, ast.ListComp)
        for generator in comprehension.generators
        for target in ast.walk(generator.target) if isinstance(target, ast.Name)
        if target.id in {parameter.arg for parameter in function.args.args}
    ]  # fmt: skip


def test_no_list_comprehension_takes_the_name_of_a_parameter() -> None:
    found = {
        name(path): names
        for path in portable_files()
        if (names := shadowed(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == {}
    assert shadowed(ast.parse("def f(a, b):\n    return [a for a in b], a")) == ["a in f"]
