#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the manual page from what the command says of itself: scripts/manual.py SINEW > sinew.1"""

import json
import subprocess
import sys


def told(*arguments: str) -> str:
    return subprocess.run([sys.argv[1], *arguments], check=True, capture_output=True, text=True).stdout


def escape(text: str) -> str:
    """The text as roff takes it: hyphens that can be copied, and no line that looks like a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def paragraphs(text: str) -> list[str]:
    """Running text, broken where it wants to be; indented lines stay as they are, for they are what one types."""
    lines = []
    for block in text.split("\n\n"):
        isTyped = all(line.startswith("  ") for line in block.split("\n"))
        lines += [".PP"] + ([".nf", ".RS 4"] if isTyped else [])
        lines += [escape("\n".join(line.strip() for line in block.split("\n")))] + ([".RE", ".fi"] if isTyped else [])
    return lines


def flag(argument: dict) -> str:
    names = [("--" if name["kind"] == "long" else "-") + name["name"] for name in argument.get("names", [])]
    value = argument["valueName"].upper() if argument["kind"] == "positional" else f"<{argument['valueName']}>"
    if argument["kind"] == "positional":
        return f"\\fI{escape(value)}\\fR"
    text = ", ".join(f"\\fB{escape(name)}\\fR" for name in names)
    return text if argument["kind"] == "flag" else f"{text} \\fI{escape(value)}\\fR"


def synopsis(command: dict) -> str:
    words = []
    for argument in shown(command):
        if argument["kind"] == "positional":
            word = flag(argument) + (" ..." if argument["isRepeating"] else "")
            words.append(f"[{word}]" if argument["isOptional"] else word)
    return " ".join([f"\\fBsinew {command['commandName']}\\fR", *words, "[\\fIoptions\\fR]"])


def shown(command: dict) -> list[dict]:
    return [argument for argument in command.get("arguments", []) if argument["shouldDisplay"]]


def section(command: dict) -> list[str]:
    lines = [f".SS {command['commandName']}", synopsis(command), ".PP", escape(command["abstract"])]
    lines += paragraphs(command["discussion"]) if command.get("discussion") else []
    for argument in shown(command):
        if argument.get("valueName") not in ("help", "version"):
            lines += [".TP", flag(argument), escape(argument.get("abstract", ""))]
    return lines


def main() -> None:
    command = json.loads(told("--experimental-dump-help"))["command"]
    verbs = [verb for verb in command["subcommands"] if verb["shouldDisplay"] and verb["commandName"] != "help"]
    lines = [f'.TH SINEW 1 "" "Sinew {told("--version").strip()}" "User Commands"', ".nh", ".ad l", ".SH NAME"]
    lines += ["sinew \\- " + escape(command["abstract"].rstrip(".").lower()), ".SH SYNOPSIS"]
    lines += [line for verb in verbs for line in (synopsis(verb), ".br")]
    lines += [".SH DESCRIPTION"] + paragraphs(command["discussion"])
    lines += [".SH COMMANDS"] + [line for verb in verbs for line in section(verb)]
    lines += [".SH EXIT STATUS", "0 where it is done. The other codes, files and environment variables are listed in"]
    lines += [".IR command.md", "of the documentation that is installed with it, in", ".IR share/doc/sinew ."]
    print("\n".join(lines))


main()
