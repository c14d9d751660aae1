"""Runs scanbridge-batch once and writes how it ended, as the last thing it does.

A run that fails because of its study or settings is a result: it is written down and not repeated. One that was killed, or
had too little memory, is no result: this script then fails as well, for Snakemake to repeat the job, until the last attempt,
which writes it down. One without Java never began and is never written down: it is run when Snakemake is started again.
"""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has none: the costs that it tells stay blank there
    resource = None

# Exit codes of scanbridge-batch by which the run itself failed: arguments, loading, a node.
FAILED = {2, 3, 4, 10, 20, 30, 40, 50}
MEMORY = re.compile(r"OutOfMemoryError|Java heap space|[Nn]ot enough memory|\bheap\b", re.ASCII)

# scanbridge-batch could not start: no Java, no runtime.
NO_START = 5

# The folders of a path: from a root (/, C:\, \\server), each without a blank at its ends but perhaps with some inside.
SEGMENT = r"""(?:[^\s/\\"':](?:(?:[^/\\"':\n]|(?<=\w)'(?=\w)|:(?!\s))*(?:[^\s/\\"':]))?)"""
PATH = re.compile(r"(?:file:)?(?:(?<![A-Za-z])[A-Za-z]:[/\\]+|(?<![\w.\\/])\\\\|(?<![\w./])/+)(?:" + SEGMENT + r"[/\\]+)*(?=[^\s/\\])")


def message(log):
    """What went wrong, without times and folders of this machine: the message must be the same on every one."""
    lines = [re.sub(r"^\[[^]]*\]\s*", "", line) for line in log.read_text(errors="replace").splitlines()]
    wrong = [line for line in lines if re.match(r"(ERROR|FATAL)\b", line)]
    chosen = wrong[0] if wrong else next((line for line in reversed(lines) if line.strip()), "it printed nothing")
    chosen = re.sub(r"\bafter [\d.:]+ (s|min)\b|\bexecuted in [\d.:]+ s\b", "", chosen)
    return PATH.sub("", re.sub(r"^(ERROR|FATAL)\s*", "", chosen)).strip()


def costs(platform=sys.platform):
    """What the processes of the run took: ru_maxrss is in KiB, but on macOS in bytes (getrusage(2) of either)."""
    if resource is None:
        return {}
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": used.ru_maxrss // (1024 * 1024 if platform == "darwin" else 1024),
    }


def quoted(option):
    """For JDK_JAVA_OPTIONS, which, unlike the start script's own variable, knows quotes: a folder may have a blank."""
    return '"' + option + '"' if re.search(r"\s", option) else option


def write(path, status):
    """Whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    with open(temporary, "w", encoding="utf-8") as out:
        json.dump(status, out, indent=1, sort_keys=True)
        out.write("\n")
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--status", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--heap", type=int, required=True, help="MB")
    parser.add_argument("--attempt", type=int, required=True)
    parser.add_argument("--attempts", type=int, required=True)
    parser.add_argument("--link", nargs=2, action="append", default=[], metavar=("FOLDER", "LINK"))
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    folder = given.status.parent
    folder.mkdir(parents=True, exist_ok=True)
    given.status.unlink(missing_ok=True)
    # What an earlier attempt left is of a run that did not end.
    shutil.rmtree(folder / "output", ignore_errors=True)
    for target, link in given.link:
        link = Path(link)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(target, target_is_directory=True)

    log = folder / "log.txt"
    executor = Path(given.command[0])
    environment = dict(os.environ, SCANBRIDGE_HEAP=f"{given.heap}m")
    start = time.monotonic()
    # Equinox keeps what it read of its bundles in a folder; one for each run, so that runs on one installation do not meet.
    with tempfile.TemporaryDirectory(prefix="scanbridge-job-") as private:
        shared = next(
            (p for p in (executor.parent / "runtime", executor.parent / "plugins/standin/runtime/target/runtime") if p.is_dir()),
            None,
        )
        if shared is not None:
            # Equinox takes what follows file: as it stands, without the escapes of a URI.
            options = [
                f"-Dosgi.configuration.area={private}/configuration",
                "-Dosgi.configuration.cascaded=true",
                f"-Dosgi.sharedConfiguration.area=file:{(shared / 'configuration').resolve().as_posix()}",
            ]
            environment["JDK_JAVA_OPTIONS"] = " ".join([environment.get("JDK_JAVA_OPTIONS", ""), *map(quoted, options)]).strip()
        with open(log, "w") as out:
            code = subprocess.run(given.command, stdout=out, stderr=subprocess.STDOUT, env=environment).returncode
    status = {
        "name": given.name,
        "status": "done" if code == 0 else "failed",
        "exit": code,
        "message": "" if code == 0 else message(log),
        "attempt": given.attempt,
        "host": socket.gethostname(),
        "seconds": round(time.monotonic() - start, 1),
        **costs(),
    }
    if code == NO_START:
        print(f"{given.name}: {status['message']}", file=sys.stderr)
        sys.exit(1)
    is_result = code == 0 or code in FAILED and not MEMORY.search(status["message"])
    if not is_result and given.attempt < given.attempts:
        print(f"{given.name}: exit code {code}: {status['message']}; attempt {given.attempt} of {given.attempts}", file=sys.stderr)
        sys.exit(1)
    write(given.status, status)


if __name__ == "__main__":
    main()
