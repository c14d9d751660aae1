"""Compares the voxels of the one segmentation of each folder with those of the first: frame by frame, whatever its UIDs."""
import os
import sys

import numpy
import pydicom

first = None
for folder in sys.argv[1:]:
    name, = [n for n in os.listdir(folder) if n.endswith(".dcm")]
    frames = pydicom.dcmread(os.path.join(folder, name)).pixel_array
    assert frames.any(), f"{folder}: nothing is segmented, which proves nothing"
    assert first is None or numpy.array_equal(first, frames), f"{folder}: other voxels"
    first = frames if first is None else first
print(f"{len(sys.argv) - 1} segmentations of {first.shape} have the same voxels")
