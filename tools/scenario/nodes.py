"""A YAML text as located items: every scalar stays text, every item knows its line.

Takes the text; gives Item trees and raises Fault(line, what) for what is no plain YAML.
Source: SCENARIO.md, "Reading" (base loader: no types are guessed, no binary floats).
"""

import difflib

import yaml


class Fault(Exception):
    """Something in the file is wrong: .line counts from 1, .what is one sentence."""

    def __init__(self, line, what):
        super().__init__(what)
        self.line = line
        self.what = what


class Item:
    """One value of the file: .value is a str, a list of Items or a dict name -> Item."""

    def __init__(self, line, value, key_lines=None):
        self.line = line
        self.value = value
        self.key_lines = key_lines or {}

    def text(self, what):
        """The scalar's text; Fault when it is empty or no scalar."""
        if not isinstance(self.value, str) or not self.value:
            raise Fault(self.line, f"{what} must be {a_kind(self.value)}")
        return self.value

    def entries(self, what):
        """The items of a list."""
        if not isinstance(self.value, list) or not self.value:
            raise Fault(self.line, f"{what} must be a list")
        return self.value

    def fields(self, what, known):
        """The fields of a mapping, all of them known."""
        if not isinstance(self.value, dict) or not self.value:
            raise Fault(self.line, f"{what} must be a mapping of {', '.join(known)}")
        for name, line in self.key_lines.items():
            if name not in known:
                raise Fault(line, f"{what}: unknown key {name!r}{hint(name, known)}")
        return self.value


def a_kind(value):
    """What to say where one text was expected."""
    return "one value, not nothing" if value == "" else "one value, not a list or a mapping"


def hint(name, known):
    """The nearest known name, or all of them."""
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"


def read(text):
    """The file's outermost Item."""
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Fault(line, f"the character {chr(error.character)!r} cannot be in a file") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Fault(mark.line + 1, f"this is no YAML: {error.problem}") from error
    except RecursionError as error:
        raise Fault(1, "the file is nested too deeply") from error
    if root is None:
        raise Fault(1, "the file is empty")
    return _item(root, set())


def _item(node, seen):
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise Fault(line, "anchors and aliases are not part of the scenario language")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return Item(line, node.value)
    if isinstance(node, yaml.SequenceNode):
        return Item(line, [_item(entry, seen) for entry in node.value])
    fields, key_lines = {}, {}
    for key, value in node.value:
        key_line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise Fault(key_line, "a key must be one word")
        if key.value in fields:
            raise Fault(key_line, f"{key.value} is given twice")
        fields[key.value] = _item(value, seen)
        key_lines[key.value] = key_line
    return Item(line, fields, key_lines)
