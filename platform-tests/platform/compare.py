"""Compares a run of the main workflow on another platform with one here.

Usage: compare.py STUDY_HERE STUDY_THERE RESULTS_HERE RESULTS_THERE

Bit for bit: the DICOM files of the study, divergence.csv (computed from the normalized images), the hashes of the study and of
the training data. Within 0.01: every Dice. Whether the weights have the same bits is told, not asked for.
"""
import csv
import filecmp
import json
import os
import sys


def files(folder):
    return sorted(os.path.relpath(os.path.join(at, f), folder) for at, _, names in os.walk(folder) for f in names)


def rows(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def values(node, key):
    if isinstance(node, dict):
        return [v for k, child in node.items() for v in ([child] if k == key else values(child, key))]
    return [v for child in node for v in values(child, key)] if isinstance(node, list) else []


study_here, study_there, here, there = sys.argv[1:]
problems = []
names = files(study_here)
if not names or names != files(study_there):
    problems.append("other files in the study: %d here, %d there" % (len(names), len(files(study_there))))
else:
    unequal = filecmp.cmpfiles(study_here, study_there, names, shallow=False)[1:]
    if any(unequal):
        problems.append("unequal files in the study: %s" % (unequal[0] + unequal[1])[:5])
if not filecmp.cmp(os.path.join(here, "divergence.csv"), os.path.join(there, "divergence.csv"), shallow=False):
    problems.append("unequal divergence.csv")
manifests = []
for folder in (here, there):
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        manifests.append(json.load(file))
for key in ("studySha256", "trainingDataSha256"):
    found = [values(m, key) for m in manifests]
    if not found[0] or found[0] != found[1]:
        problems.append("unequal %s: %s" % (key, found))
scores = [rows(here, "scores.csv"), rows(there, "scores.csv")]
keys = [[tuple(v for k, v in row.items() if k != "dice") for row in table] for table in scores]
if not keys[0] or keys[0] != keys[1]:
    problems.append("other rows in scores.csv")
    worst = float("nan")
else:
    dice = [[float(row["dice"]) if row["dice"] else -1.0 for row in table] for table in scores]
    worst = max(abs(a - b) for a, b in zip(*dice))
    if not worst <= 0.01:
        problems.append("Dice differs by %g" % worst)
weights = [values(m, "weightsSha256") for m in manifests]
print("%d files of the study, divergence.csv and the training data compared; Dice differs by %g at most; weights: %s"
      % (len(names), worst, "the same bits" if weights[0] == weights[1] else "other bits"))
for problem in problems:
    print(problem)
sys.exit(1 if problems else 0)
