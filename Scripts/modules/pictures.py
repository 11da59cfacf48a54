"""Draws the tables of Docs/Performance.md: Docs/Pictures/arena.svg and Docs/Pictures/pipeline.svg, with gnuplot.

Usage: Scripts/benchmark pictures
"""
import re
import subprocess

from recorded import ROOT


def rows(first_cell):
    """The rows of the table whose head begins with a cell, with empty first cells filled in."""
    found, name, inside = [], "", False
    for line in (ROOT / "Docs/Performance.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if not cells:
            inside = False
        elif cells[0] == first_cell:
            inside = True
        elif inside and not set(cells[0]) <= set("-:") or inside and not cells[0]:
            name = cells[0] or name
            found.append([name] + cells[1:])
    return found


def number(text):
    match = re.match(r"[\d.]+", text)
    return match.group() if match else "?"


def bars(name, table, groups, subjects, column, label, extra=""):
    """A group of bars for each workload or corpus, a bar for each subject."""
    values = {(row[0], row[1]): number(row[column]) for row in table}
    lines = ["group " + " ".join(f'"{subject}"' for subject in subjects.values())]
    for group, title in groups.items():
        lines.append(f'"{title}" ' + " ".join(values.get((group, subject), "?") for subject in subjects))
    data = ROOT / ".build" / f"{name}.dat"
    data.parent.mkdir(exist_ok=True)
    data.write_text("\n".join(lines) + "\n")
    colors = ["#3b82d6", "#e0801c", "#159a86", "#8d8d96", "#c0c0c8"]
    plots = ", ".join(
        f"'{data}' using {index + 2}:xtic(1) title columnheader lc rgb '{colors[index]}'"
        for index in range(len(subjects)))
    script = f"""
        set terminal svg size 800,360 font 'sans-serif,13' background 'white'
        set output '{ROOT}/Docs/Pictures/{name}.svg'
        set style data histograms
        set style fill solid noborder
        set style histogram clustered gap 1
        set datafile missing '?'
        set key above
        set grid ytics lc rgb '#dddddd'
        set border 3
        set tics nomirror
        set ylabel '{label}'
        {extra}
        plot {plots}
        """
    subprocess.run(["gnuplot"], input=script, text=True, check=True)
    print(f"Docs/Pictures/{name}.svg")


def draw():
    bars(
        "arena", rows("workload"),
        {
            "allocate 8 B, fresh": "8 bytes,\\nnew", "allocate 24 B, fresh": "24 bytes,\\nnew",
            "allocate 8 B, reset and refilled": "8 bytes,\\nafter reset",
            "allocate 24 B, reset and refilled": "24 bytes,\\nafter reset",
        },
        {"arena": "this arena", "bumpalo": "bumpalo 3.12", "C++ pmr": "C++ pmr", "mimalloc": "mimalloc", "malloc": "malloc (glibc)"},
        2, "nanoseconds (logarithmic)", "set logscale y; set yrange [0.3:60]; set bmargin 4")
    bars(
        "pipeline", rows("corpus"),
        {"packages, 90 MB": "Debian's catalog", "source, 256 MB": "C sources", "tiny, 104 MB": "tiny records"},
        {
            "arena-index, 2 threads": "arena-index", "arena-index, 2 threads, 64 MB": "arena-index in 64 MB",
            "tantivy, 2 threads": "tantivy 0.27", "SQLite FTS5, no sync": "SQLite FTS5",
        },
        2, "MB/s of input, 2 threads", "set yrange [0:*]")


if __name__ == "__main__":
    draw()
