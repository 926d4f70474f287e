"""A process that ends with the one that started it, and ends all that it started.

Run as `python -m operations.serving.tether MODULE ARGUMENTS`, in a session of its own, with a pipe
as standard input. The pipe closes when its other end is closed, or its process ends in whatever
way.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

GRACE_SECONDS = 10


def main() -> None:
    """Run a module in a process of its own until it ends or the pipe closes."""
    child = subprocess.Popen([sys.executable, "-m", *sys.argv[1:]], stdin=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(child,), daemon=True).start()
    sys.stdin.buffer.read()
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


def _end_with(child: subprocess.Popen[bytes]) -> None:
    child.wait()
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
