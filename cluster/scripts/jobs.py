"""Which runs there are and which arguments of scanbridge-batch each has."""

import itertools
import re
import subprocess
import sys
from pathlib import Path

SEGMENT = "Segment new DICOM with a trained network"
ADAPT = "Adapt a model to a new site"


def executor(config, here):
    """The start script: the one in the configuration, else the one beside the folder of the Snakefile."""
    given = config.get("executor")
    script = Path(given).resolve() if given else here.resolve().parent / "scanbridge-batch"
    if not script.is_file():
        raise SystemExit(f"There is no {script}. Set executor in the configuration to scanbridge-batch of the release or checkout.")
    return script


def name_of(text):
    """A name that can be a folder and a part of a job's name on every system."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", text)


def unique(named):
    """The pairs of name and value as a dictionary; two that have the same name are an error, not one."""
    found = {}
    for name, value in named:
        if name in found:
            raise SystemExit(f"Two jobs would be called {name}: {found[name]} and {value}. Rename one of the folders.")
        found[name] = value
    return found


def folders(path):
    return sorted(p for p in Path(path).iterdir() if p.is_dir() and not p.name.startswith("."))


def studies(config):
    """The folder of each study by its name."""
    source = Path(config["segment"]["studies"])
    if source.is_file():
        found = [Path(line.strip()) for line in source.read_text().splitlines() if line.strip() and not line.startswith("#")]
    elif source.is_dir():
        found = folders(source)
    else:
        found = []
    return unique((name_of(p.name), p.resolve()) for p in found)


def pairs(config):
    """Source, target and seed of each job by its name."""
    study = Path(config["adapt"]["study"])
    if not study.is_dir():
        return {}
    sites = [p.name for p in folders(study)]
    chosen = config["adapt"]["pairs"]
    if chosen == "all":
        chosen = list(itertools.permutations(sites, 2))
    for site in {s for pair in chosen for s in pair}:
        if site not in sites:
            raise SystemExit(f"There is no site {site} in {study}; its folders are: {', '.join(sites)}")
    return unique(
        (f"{name_of(source)}-to-{name_of(target)}-seed{seed}", (source, target, int(seed)))
        for source, target in chosen
        for seed in config["adapt"]["seeds"]
    )


def described(found):
    return [f"{job}\t{source}\t{target}\t{seed}" for job, (source, target, seed) in found.items()]


def variable(name, value, kind="String"):
    """A workflow variable; in quotes, so that commas in a path do not end it."""
    if kind != "String":
        return f"-workflow.variable={name},{value},{kind}"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'-workflow.variable={name},"{escaped}",String'


def arguments(workflows, workflow, options):
    return ["-reset", "-nosave", "-failonloaderror", f"-workflowDir={workflows / workflow}"] + [f"-option={o}" for o in options]


def segment_arguments(config, workflows, study, folder):
    settings = config["segment"]
    return arguments(workflows, SEGMENT, settings.get("options", [])) + [
        variable("studyDir", study),
        variable("networkFile", Path(settings["network"]).resolve()),
        variable("spacing", float(settings["spacing"]), "double"),
        variable("outputDir", (folder / "output").resolve()),
    ]


def adapt_arguments(config, workflows, job, folder):
    source, _, seed = job
    return arguments(workflows, ADAPT, config["adapt"].get("options", [])) + [
        variable("studyDir", (folder / "study").resolve()),
        variable("sourceSite", source),
        variable("seed", seed, "int"),
        variable("outputDir", (folder / "output").resolve()),
    ]


def links(config, job, folder):
    """What makes a study of the two sites of a job: links to their folders."""
    study = Path(config["adapt"]["study"]).resolve()
    return [part for site in job[:2] for part in ("--link", str(study / site), str(folder / "study" / site))]


def run_script(script, results, names):
    """Runs a script that merges; the names go in by a pipe, because 10 000 of them are no command line."""
    subprocess.run(
        [sys.executable, str(Path(__file__).parent / script), str(results)], input="\n".join(names), text=True, check=True
    )
