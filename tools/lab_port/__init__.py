"""The lab port from the bench's side: LabPort for programs, and the virtual board behind a pty."""

from tools.lab_port.port import LabError, LabPort

__all__ = ["LabError", "LabPort"]
