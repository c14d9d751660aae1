"""Which runs there are and which arguments of scanbridge-batch each has."""

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

SEGMENT = "Segment new DICOM with a trained network"
ADAPT = "Adapt a model to a new site"


class Wrong(Exception):
    """A configuration by which nothing can be run, in words for who wrote it."""


def executor(config, here):
    """The start script: the one in the configuration, else the one beside the folder of the Snakefile."""
    given = config.get("executor")
    script = Path(given).resolve() if given else here.resolve().parent / "scanbridge-batch"
    if not script.is_file():
        raise Wrong(f"There is no {script}. Set executor in the configuration to scanbridge-batch of the release or checkout.")
    return script


def number(settings, key, where, least, whole=True):
    value = settings.get(key)
    kinds = (int,) if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not value >= least:
        kind = "a whole number" if whole else "a number"
        raise Wrong(f"{where}{key} in the configuration must be {kind} of at least {least}, but is {value!r}.")
    return value


def text(settings, key, where):
    value = settings.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Wrong(f"{where}{key} in the configuration must be a path, but is {value!r}. Put a name of digits in quotes.")
    return value


def check(config):
    """What both targets need."""
    text(config, "results", "")
    for key, least in (("memory_mb", 1), ("overhead_mb", 0), ("threads", 1), ("retries", 0), ("minutes", 1)):
        number(config, key, "", least)


def section(config, name):
    settings = config.get(name)
    if not isinstance(settings, dict):
        raise Wrong(f"The configuration has no section {name}. Take it from cluster/config.yaml.")
    options = settings.get("options", [])
    if not isinstance(options, list) or not all(isinstance(o, str) for o in options):
        raise Wrong(f'{name}: options in the configuration must be a list such as ["5,method,Z_SCORE,String"], but is {options!r}.')
    return settings


def name_of(text):
    """A name that can be a folder and a part of a job's name on every system."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", text)


def unique(named):
    """The pairs of wanted name and value as a dictionary. Of several that want one name, or names that differ in case only,
    the later ones get a number; a name that another has for its own is never given to them."""
    named = list(named)
    wanted = {name.casefold() for name, _ in named}
    found, taken = {}, set()
    for name, value in named:
        chosen, count = name, 1
        while chosen.casefold() in taken or count > 1 and chosen.casefold() in wanted:
            count += 1
            chosen = f"{name}_{count}"
        taken.add(chosen.casefold())
        found[chosen] = value
    return found


def folders(path):
    return sorted(p for p in Path(path).iterdir() if p.is_dir() and not p.name.startswith("."))


def listed(source):
    """Folder and text of each line of a list; relative to the folder of the list, so that both can be moved together."""
    found, missing = {}, []
    for line in source.read_text(encoding="utf-8-sig").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        path = (source.resolve().parent / line).resolve()
        if not path.exists():
            missing.append(line)
        elif path in found:
            raise Wrong(f"{source} names {line} twice. Remove one of the lines.")
        found[path] = line
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise Wrong(
            f"{source} names what is not there: {', '.join(missing[:5])}{more}. Relative paths start in the folder of the list, "
            f"{source.resolve().parent}."
        )
    return list(found.items())


def studies(config):
    """The folder or zip file of each study, and the name it had where the job's is another, by the job's name."""
    settings = section(config, "segment")
    number(settings, "spacing", "segment: ", 1e-3, whole=False)
    network = Path(text(settings, "network", "segment: "))
    if not network.exists():
        raise Wrong(f"There is no network {network.resolve()}. Set network in the configuration to what a Network Writer wrote.")
    source = Path(text(settings, "studies", "segment: "))
    if source.is_dir():
        zips = (p for p in source.iterdir() if p.is_file() and p.suffix.lower() == ".zip" and not p.name.startswith("."))
        found = [(p.resolve(), p.name, p.name) for p in sorted([*folders(source), *zips])]
    elif source.is_file() and source.suffix.lower() == ".zip":
        found = [(source.resolve(), source.name, source.name)]
    elif source.is_file():
        found = [(path, path.name, line) for path, line in listed(source)]
    else:
        raise Wrong(f"There is no {source.resolve()}. Set studies in the configuration to the folder of the studies or a list of them.")
    if not found:
        raise Wrong(f"There are no studies in {source.resolve()}: no folder and no zip file. Set studies in the configuration.")
    # Those that keep their names come first, so that none of them gets a number for the sake of one that is changed anyway.
    found.sort(key=lambda f: name_of(f[1]) != f[1])
    jobs = unique((name_of(name), (path, name, line)) for path, name, line in found)
    return {job: (path, "" if job == name else line) for job, (path, name, line) in jobs.items()}


def named(found):
    """The studies for the script that merges: the job's name and the study's where it is another, with a tab between."""
    return [f"{job}\t{' '.join(original.split())}" for job, (_, original) in found.items()]


def site(value):
    """YAML reads 1 as a number; the folder is called so all the same. What it reads otherwise (no, 1.0, 01) is another text."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Wrong(f'adapt: pairs in the configuration has {value!r} where the name of a site must be. Put it in quotes: "…".')


def pairs(config):
    """Source, target and seed of each job by its name."""
    settings = section(config, "adapt")
    study = Path(text(settings, "study", "adapt: "))
    if not study.is_dir():
        raise Wrong(f"There is no folder {study.resolve()}. Set study in the configuration to the folder with the folders of the sites.")
    sites = [p.name for p in folders(study)]
    if len(sites) < 2:
        raise Wrong(
            f"Adapting needs two sites, but {study.resolve()} has {len(sites)}: {', '.join(sites) or 'no folder'}. "
            "Each first-level folder in it is a site."
        )
    seeds = settings.get("seeds")
    if not isinstance(seeds, list) or not seeds or not all(isinstance(s, int) and not isinstance(s, bool) for s in seeds):
        raise Wrong(f"adapt: seeds in the configuration must be a list of whole numbers such as [1, 2, 3], but is {seeds!r}.")
    if len(set(seeds)) < len(seeds):
        raise Wrong(f"adapt: seeds in the configuration names one twice: {seeds}.")
    chosen = settings.get("pairs")
    if chosen == "all":
        chosen = list(itertools.permutations(sites, 2))
    elif not isinstance(chosen, list) or not chosen:
        raise Wrong(f"adapt: pairs in the configuration must be all or a list such as [[A, B], [B, A]], but is {chosen!r}.")
    checked = []
    for pair in chosen:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise Wrong(f"adapt: each of pairs in the configuration must be two sites as [source, target], but one is {pair!r}.")
        source, target = (site(s) for s in pair)
        for name in (source, target):
            if name not in sites:
                raise Wrong(f"There is no site {name} in {study.resolve()}; its folders are: {', '.join(sites)}")
        if source == target:
            raise Wrong(f"adapt: pairs in the configuration has {source} to itself. Source and target must be two sites.")
        if (source, target) in checked:
            raise Wrong(f"adapt: pairs in the configuration has {source} to {target} twice.")
        checked.append((source, target))
    return unique(
        (f"{name_of(source)}-to-{name_of(target)}-seed{seed}", (source, target, seed))
        for source, target in checked
        for seed in seeds
    )


def described(found):
    return [f"{job}\t{source}\t{target}\t{seed}" for job, (source, target, seed) in found.items()]


def newest(path):
    """The file or folder changed last of all in a folder, itself among them: what stands for the folder as the input of a run.
    A new file, one written over and one removed make it newer; naming all files would cost Snakemake minutes for 10 000 studies.
    """
    path = Path(path)
    found = (path.stat().st_mtime_ns, str(path))
    for folder, inner, files in os.walk(path):
        for name in (*inner, *files):
            entry = os.path.join(folder, name)
            if os.path.exists(entry):
                found = max(found, (os.stat(entry).st_mtime_ns, entry))
    return found[1]


def segment_inputs(config, study):
    return [newest(Path(config["segment"]["network"]).resolve()), newest(study)]


def adapt_inputs(config, job):
    study = Path(config["adapt"]["study"]).resolve()
    return [newest(study / s) for s in job[:2]]


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
    return [part for site in job[:2] for part in ("--link", str(study / site), str(folder.resolve() / "study" / site))]


def run_script(script, results, names):
    """Runs a script that merges; the names go in by a pipe, because 10 000 of them are no command line."""
    subprocess.run(
        [sys.executable, str(Path(__file__).parent / script), str(results)],
        input="\n".join(names), text=True, encoding="utf-8", env=dict(os.environ, PYTHONUTF8="1"), check=True,
    )
