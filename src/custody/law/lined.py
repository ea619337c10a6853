"""YAML whose mappings remember their lines, and whose keys may not come twice (spec/law.md §4)."""

from typing import Any, Final

import yaml

from custody.law.faults import Faults

_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Lined(dict[str, Any]):
    """A mapping with the line it begins on and the line of each key."""

    line: int = 0
    lines: dict[str, int]

    def at(self, key: str) -> int:
        """The line of a key, or of the mapping."""
        return self.lines.get(key, self.line)


def documents(text: str, faults: Faults) -> list[Any]:
    """Every document of a file; what is not YAML becomes a fault."""
    loader = _Loader(text)
    found = []
    try:
        while loader.check_node():
            found.append(_build(loader, loader.get_node(), faults))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        faults.add(mark.line + 1 if mark else 1, "this is not YAML")
    finally:
        loader.dispose()
    return found


def _build(loader: Any, node: Any, faults: Faults) -> Any:  # noqa: ANN401 - a YAML value has any type
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, one, faults) for one in node.value]
    if not isinstance(node, yaml.MappingNode):
        try:
            return loader.construct_object(node)
        except ValueError:  # a day that no calendar has
            return node.value
    made = Lined()
    made.line, made.lines = node.start_mark.line + 1, {}
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in made:
            faults.add(line, f"{name} stands twice")
        made[name] = _build(loader, value, faults)
        made.lines[name] = line
    return made
