"""Scenario files: YAML in, the compiled JSON of board/virtual/player.py out (SCENARIO.md)."""

from tools.scenario.compiler import ScenarioError, compile_file, compile_text

__all__ = ["ScenarioError", "compile_file", "compile_text"]
