"""Merges the scores of all pairs of sites and seeds: merge_scores.py RESULTS, the jobs on standard input, one a line as
name, source, target, and seed with tabs between them. A job that failed, or is missing, is a row with its message."""

import csv
import statistics
import sys
from collections import defaultdict
from pathlib import Path

import tables

MODELS = ["source-only", "adapted", "oracle"]


# As in the product (GapClosure): under this the oracle is no better than source-only for any practical purpose.
SMALLEST_GAP = 0.01


def by_subject(scores, site, model):
    """Of each test subject of a site the mean Dice over its classes; classes without a value do not count."""
    subjects = defaultdict(list)
    for row in scores:
        if row["site"] == site and row["role"] == "test" and row["model"] == model and row["dice"] not in ("", "NaN"):
            subjects[row["subject"]].append(float(row["dice"]))
    return {subject: statistics.fmean(values) for subject, values in subjects.items()}


def mean_dice(scores, site, models):
    """For each of the models the mean over the subjects that all of them have, or None where there are none."""
    means = [by_subject(scores, site, model) for model in models]
    subjects = sorted(set.intersection(*(set(m) for m in means)))
    return [statistics.fmean(m[s] for s in subjects) if subjects else None for m in means]


def text(value):
    return "" if value is None else f"{value:.6f}"


def closure(source_only, adapted, oracle):
    """(adapted - source-only) / (oracle - source-only), or None where there is no gap to speak of."""
    if None in (source_only, adapted, oracle) or oracle - source_only < SMALLEST_GAP:
        return None
    return (adapted - source_only) / (oracle - source_only)


def main():
    results = Path(sys.argv[1])
    statuses, scores, gaps, columns = {}, [], [], None
    by_pair = defaultdict(list)
    for line in sorted(line for line in sys.stdin.read().split("\n") if line):
        job, source, target, seed = line.split("\t")
        folder = results / "adapt" / job
        status = statuses[job] = tables.status(folder)
        table = folder / "output" / "scores.csv"
        if status["status"] == "done" and not table.is_file():
            status.update(status="empty", message="no scores were written: see log.txt in its folder")
        if status["status"] != "done":
            gaps.append([source, target, seed, status["status"], "", "", "", "", "", status["message"]])
            continue
        with open(table, newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            columns = columns or reader.fieldnames
        scores += [[source, target, seed, *(row.get(c, "") for c in columns)] for row in rows]
        values = mean_dice(rows, target, MODELS)
        gap = closure(*values)
        by_pair[source, target].append((values, gap))
        gaps.append([source, target, seed, "done", *map(text, values), text(gap), text(*mean_dice(rows, source, ["adapted"])), ""])
    tables.write_csv(results / "scores.csv", ["source", "target", "seed", *(columns or [])], scores)
    tables.write_csv(
        results / "gap-closure.csv",
        ["source", "target", "seed", "status", "source_only", "adapted", "oracle", "gap_closure", "adapted_on_source", "message"],
        gaps,
    )
    tables.costs(results / "adaptation-costs.csv", statuses)
    summary = []
    for (source, target), runs in sorted(by_pair.items()):
        closed = [gap for _, gap in runs if gap is not None]
        means = [[v[i] for v, _ in runs if v[i] is not None] for i in range(3)]
        summary.append(
            [source, target, len(runs), *(f"{statistics.fmean(m):.3f}" if m else "" for m in means),
             f"{100 * statistics.fmean(closed):.0f} %" if closed else "",
             f"{100 * statistics.stdev(closed):.0f} %" if len(closed) > 1 else ""]
        )
    parts = [
        "<h2>Mean Dice on the target's test subjects</h2>",
        tables.table(["source", "target", "seeds", *MODELS, "gap closed (mean)", "(SD over seeds)"], summary),
    ]
    tables.page(results / "adaptations.html", "Adapted pairs of sites", statuses, parts)


if __name__ == "__main__":
    main()
