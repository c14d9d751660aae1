"""What both merging scripts share: reading how runs ended, and writing tables and pages whole or not at all."""

import csv
import html
import io
import json
import os
import statistics
from pathlib import Path

STYLE = (
    "body{font:15px sans-serif;margin:2em;max-width:70em}table{border-collapse:collapse}"
    "td,th{padding:.2em .8em;border-bottom:1px solid #ccc;text-align:left}.failed{color:#b00020}"
)
COST = ["seconds", "processor_seconds", "peak_mb", "attempt", "host"]


def status(folder):
    """How a run ended; one without its last file did not."""
    file = folder / "status.json"
    if not file.is_file():
        return {"status": "missing", "message": "the run did not end: start Snakemake again"}
    return json.loads(file.read_text(encoding="utf-8"))


def write(path, text):
    temporary = Path(str(path) + ".tmp")
    temporary.write_text(text, encoding="utf-8", newline="")
    os.replace(temporary, path)


def write_csv(path, columns, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    write(path, out.getvalue())


def costs(path, statuses):
    """What each run took: apart from the results, which are the same on all machines."""
    write_csv(path, ["name", *COST], [[name, *(s.get(c, "") for c in COST)] for name, s in statuses.items()])


def cost_lines(statuses):
    done = [s for s in statuses.values() if "seconds" in s]
    if not done:
        return []
    lines = []
    for key, unit in (("seconds", "s"), ("processor_seconds", "s of processor time"), ("peak_mb", "MB at the peak")):
        values = sorted(s[key] for s in done if key in s)
        if not values:
            continue
        lines.append(f"{statistics.median(values):g} {unit} in the median, {values[-1]:g} at most")
    return lines


def table(columns, rows):
    cell = lambda tag, value: f"<{tag}>{html.escape(str(value))}</{tag}>"
    body = "".join("<tr>" + "".join(cell("td", v) for v in row) + "</tr>\n" for row in rows)
    return "<table><tr>" + "".join(cell("th", c) for c in columns) + f"</tr>\n{body}</table>\n"


def page(path, title, statuses, parts):
    ended = sum(s["status"] == "done" for s in statuses.values())
    bad = [(name, s["status"], s["message"]) for name, s in statuses.items() if s["status"] != "done"]
    text = [
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title><style>{STYLE}</style></head>',
        f"<body><h1>{html.escape(title)}</h1><p>{ended} of {len(statuses)} runs ended well.</p>\n",
    ]
    if bad:
        text += [f'<h2 class="failed">{len(bad)} did not</h2>', table(["run", "how it ended", "message"], bad)]
    text += parts
    lines = cost_lines(statuses)
    if lines:
        text += ["<h2>What a run took</h2><ul>", *(f"<li>{html.escape(line)}</li>" for line in lines), "</ul>"]
    write(path, "".join(text) + "</body></html>\n")
