"""Merges the segmentations of all studies into one table: merge_segmentations.py RESULTS, the jobs on standard input,
one a line as name and, where the study is called otherwise, its own name, with a tab between. A study that failed, or whose run is missing, is a row with its message."""

import hashlib
import statistics
import sys
from pathlib import Path

import pydicom

import tables

COLUMNS = ["study", "status", "file", "series", "segment", "label", "voxels", "volume_ml", "sha256", "message", "original_name"]
BINARY = "BINARY"


def volume_of_voxel(dataset):
    """ml; PS3.3 C.7.6.16: the spacing lies in the shared functional groups."""
    shared = dataset.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    rows, columns = (float(v) for v in shared.PixelSpacing)
    thickness = float(shared.get("SpacingBetweenSlices", shared.SliceThickness))
    return rows * columns * thickness / 1000


def rows_of(file, study):
    """One row for each segment of a DICOM Segmentation (PS3.3 A.51)."""
    dataset = pydicom.dcmread(file)
    pixels = dataset.pixel_array
    if pixels.ndim == 2:
        pixels = pixels[None]
    series = dataset.ReferencedSeriesSequence[0].SeriesInstanceUID
    digest = hashlib.sha256(pixels.tobytes()).hexdigest()
    voxel = volume_of_voxel(dataset)
    if dataset.SegmentationType == BINARY:
        numbers = [
            int(f.SegmentIdentificationSequence[0].ReferencedSegmentNumber) for f in dataset.PerFrameFunctionalGroupsSequence
        ]
    for segment in dataset.SegmentSequence:
        number = int(segment.SegmentNumber)
        if dataset.SegmentationType == BINARY:
            voxels = sum(int(pixels[i].sum()) for i, n in enumerate(numbers) if n == number)
        else:
            voxels = int((pixels == number).sum())
        # The series by a hash: its UID leads to the patient.
        yield [study, "done", file.name, hashlib.sha256(series.encode()).hexdigest()[:8], number, segment.SegmentLabel, voxels,
               f"{voxels * voxel:.6f}", digest, ""]


def main():
    results = Path(sys.argv[1])
    studies = sorted(line.partition("\t")[::2] for line in sys.stdin.read().split("\n") if line)
    statuses, rows = {}, []
    for study, original in studies:
        folder = results / "segment" / study
        status = statuses[study] = tables.status(folder)
        files = sorted((folder / "output").glob("*.dcm")) if status["status"] == "done" else []
        if status["status"] == "done" and not files:
            status.update(status="empty", message="no segmentation was written: see log.txt in its folder")
        found = []
        try:
            for file in files:
                found += rows_of(file, study)
        except Exception as problem:  # one file that cannot be read must not cost the table of all studies
            status.update(status="unreadable", message=f"{file.name}: {problem}")
            found = []
        found = found or [[study, status["status"], *[""] * 7, status["message"]]]
        rows += [[*row, original] for row in found]
    tables.write_csv(results / "segmentations.csv", COLUMNS, rows)
    tables.costs(results / "segmentation-costs.csv", statuses)
    labels = sorted({row[5] for row in rows if row[1] == "done"})
    summary = []
    for label in labels:
        volumes = sorted(float(row[7]) for row in rows if row[5] == label)
        summary.append([label, len(volumes), f"{statistics.median(volumes):.2f}", f"{volumes[0]:.2f}", f"{volumes[-1]:.2f}"])
    parts = ["<h2>Volumes (ml)</h2>", tables.table(["class", "segmentations", "median", "least", "most"], summary)]
    tables.page(results / "segmentations.html", "Segmented studies", statuses, parts)


if __name__ == "__main__":
    main()
