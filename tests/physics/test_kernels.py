"""How compiled functions may call one another."""

from __future__ import annotations

import ast
from pathlib import Path

import midcourse.physics


def test_what_allocates_nothing_calls_no_kernel() -> None:
    """A kernel first compiled from within such a function would be refused its own arrays."""
    functions: dict[str, tuple[str, ast.FunctionDef]] = {}
    for file in Path(midcourse.physics.__file__).parent.glob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for decorator in node.decorator_list:
                    if isinstance(decorator, ast.Name):
                        functions[node.name] = decorator.id, node
    assert {kind for kind, _ in functions.values()} >= {"bare", "kernel"}
    wrong = [
        f"{name} calls {call.func.id}"
        for name, (kind, node) in functions.items()
        if kind == "bare"
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if functions.get(call.func.id, ("", None))[0] == "kernel"
    ]
    assert not wrong
