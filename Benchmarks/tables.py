# SPDX-License-Identifier: MIT
"""Tables in Markdown, printed and put into pages."""
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def markdown(columns, rows):
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in [columns, ["---"] * len(columns), *rows])


def number(value):
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}"


def put(page, name, table):
    """Replaces what stands between `<!-- NAME: ... -->` and the next `<!-- end -->` of a page."""
    file = ROOT / page
    pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(?=<!-- end -->)", re.DOTALL)
    text = file.read_text()
    if not pattern.search(text):
        raise SystemExit(f"{page} has no place for the table '{name}'")
    file.write_text(pattern.sub(lambda match: f"{match.group(1)}{table}\n", text))
    print(f"wrote the table '{name}' into {page}")
