"""Copies one MR series of a folder into studies of their own, each in another transfer syntax, and says where they are.

    compress.py STUDY_FOLDER OUTPUT_FOLDER

All voxels stay as they are: JPEG 2000 and JPEG-LS without loss, RLE. The studies get dates in 1950, and the original, copied
without compression, too.
"""
import os
import sys

import pydicom
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless, JPEGLSLossless, RLELossless, generate_uid

source, target = sys.argv[1:3]
series = {}
for at, _, files in os.walk(source):
    for name in files:
        dataset = pydicom.dcmread(os.path.join(at, name))
        if dataset.get("Modality") == "MR":
            series.setdefault(dataset.SeriesInstanceUID, []).append(dataset)
slices = series[min(series)]
kinds = {"native": ExplicitVRLittleEndian, "j2k": JPEG2000Lossless, "jls": JPEGLSLossless, "rle": RLELossless}
for day, (kind, syntax) in enumerate(kinds.items(), 1):
    folder = os.path.join(target, kind)
    os.makedirs(folder)
    study, one, frame = generate_uid(), generate_uid(), generate_uid()
    for n, dataset in enumerate(slices):
        copy = pydicom.dcmread(dataset.filename)
        before = copy.pixel_array.copy()
        copy.StudyInstanceUID, copy.SeriesInstanceUID, copy.SOPInstanceUID = study, one, generate_uid()
        copy.FrameOfReferenceUID = frame
        copy.file_meta.MediaStorageSOPInstanceUID = copy.SOPInstanceUID
        copy.StudyDate = copy.SeriesDate = f"195001{day:02d}"
        copy.StudyID = copy.AccessionNumber = kind
        if syntax != ExplicitVRLittleEndian:
            copy.compress(syntax, generate_instance_uid=False)
            assert (copy.pixel_array == before).all(), f"{kind} lost something"
        copy.save_as(os.path.join(folder, f"{n}.dcm"), enforce_file_format=True)
    print(f"{kind}: {len(slices)} images in {syntax.name}")
