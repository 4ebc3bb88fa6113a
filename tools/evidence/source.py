"""Which source this is: the commit, and whether the files differ from it."""

import subprocess

from tools.interpreters import ROOT


def git(*args):
    """What git prints, or None without git or outside a repository."""
    try:
        done = subprocess.run(["git", *args], cwd=ROOT, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def commit():
    """The commit's hash, with `+ changes` if anything differs from it; `unknown` without git."""
    found = git("rev-parse", "HEAD")
    if not found:
        return "unknown"
    return f"{found} + changes" if git("status", "--porcelain") else found
