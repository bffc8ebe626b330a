#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Types into an interactive shell on a terminal of its own and prints all that it shows: press_tab.py TEXT COMMAND...

A `|` in the text stands for the end of a line, a `>` for the tabulator.
"""

import os
import pty
import select
import sys
import time


def shown(terminal: int) -> bytes:
    """What comes until nothing more does for two seconds; the first of it may take twenty."""
    end, text = time.monotonic() + 20, b""
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            end = time.monotonic() + 2
            try:
                text += os.read(terminal, 65536)
            except OSError:
                break
    return text


def main() -> None:
    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "dumb"
        os.execvp(sys.argv[2], sys.argv[2:])
    text = shown(terminal)
    for key in sys.argv[1].replace("|", "\n").replace(">", "\t").splitlines(keepends=True):
        os.write(terminal, key.encode())
        text += shown(terminal)
    os.close(terminal)
    sys.stdout.write(text.decode(errors="replace"))


main()
