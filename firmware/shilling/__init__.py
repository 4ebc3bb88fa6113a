"""Shilling: the core and the shell of a prepayment electricity meter."""

VERSION = "0.1.0"
