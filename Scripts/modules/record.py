"""Runs benchmarks and writes what they print into Docs/Performance.md, with the day, the commit and the machine; then draws
the pictures anew. Nothing else should run meanwhile.

Usage: Scripts/benchmark record [arena] [pipeline] [growth]      (all of them by default)
"""
import subprocess
import sys

import recorded
import pictures

COMMANDS = {
    "arena": [".build/release/arena-bench", "arena"],
    "pipeline": [".build/release/arena-bench", "pipeline"],
    "growth": [".build/release/arena-workload", "growth"],
}

page = recorded.ROOT / "Docs/Performance.md"
for name in sys.argv[1:] or COMMANDS:
    text = subprocess.run(COMMANDS[name], cwd=recorded.ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
    recorded.write(page, name, f"Recorded on {recorded.when()}: {recorded.processor()}.\n\n{text}")
    print(f"{page.relative_to(recorded.ROOT)}: {name}")
pictures.draw()
