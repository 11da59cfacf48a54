"""Parts of pages in Docs that are recorded: between '<!-- recorded: NAME -->' and '<!-- end -->'."""
import datetime
import pathlib
import platform
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
END = "<!-- end -->\n"


def processor():
    names = re.findall(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    return f"{names[0]}, {len(names)} processors" if names else platform.machine()


def when():
    """The day and the commit."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
    return f"{datetime.date.today()} at {commit}"


def write(page, name, text):
    """Replaces a recorded part of a page."""
    begin = f"<!-- recorded: {name} -->\n"
    before, rest = page.read_text().split(begin)
    page.write_text(f"{before}{begin}{text}\n{END}{rest.split(END, 1)[1]}")
