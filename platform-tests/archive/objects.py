"""Fetches what was stored by DICOMweb, and reads it as others do.

    objects.py ARCHIVE CREDENTIALS_FILE FOLDER...

Every file of the folders must be found by QIDO-RS and come back by WADO-RS with the same voxels or contours, read by pydicom
and, where it is a segmentation, by highdicom. All instances that it refers to must be in the archive. Prints what was checked.
"""
import base64
import email.parser
import io
import json
import os
import sys
import urllib.request

import highdicom
import numpy
import pydicom

archive, credentials, *folders = sys.argv[1:]
secret = dict(line.strip().split("=", 1) for line in open(credentials) if "=" in line)
basic = base64.b64encode(f"{secret['user']}:{secret['password']}".encode()).decode()


def ask(path, accept):
    request = urllib.request.Request(archive + path, headers={"Authorization": "Basic " + basic, "Accept": accept})
    with urllib.request.urlopen(request) as answer:
        return answer.headers["Content-Type"], answer.read()


def qido(path):
    return json.loads(ask(path, "application/dicom+json")[1] or "[]")


def wado(dataset):
    kind, body = ask(f"/studies/{dataset.StudyInstanceUID}/series/{dataset.SeriesInstanceUID}/instances/{dataset.SOPInstanceUID}",
                     'multipart/related; type="application/dicom"; transfer-syntax=*')
    message = email.parser.BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    part, = message.get_payload()
    # not from the message, which may change line ends
    boundary = b"--" + message.get_boundary().encode()
    content = body.split(boundary)[1].split(b"\r\n\r\n", 1)[1]
    content = body[body.index(content):body.rindex(b"\r\n" + boundary)]
    return pydicom.dcmread(io.BytesIO(content))


def referred(dataset):
    """The instances that are referred to. A structure set names its study in the same way (PS3.3 C.8.8.5: the RT Referenced
    Study Sequence), by the study's own UID, which is checked here: it is no instance."""
    studies = [study for frame in dataset.get("ReferencedFrameOfReferenceSequence", [])
               for study in frame.get("RTReferencedStudySequence", [])]
    assert all(study.ReferencedSOPInstanceUID == dataset.StudyInstanceUID for study in studies), "another study is referred to"
    return {str(e.value) for e in dataset.iterall() if e.tag == 0x00081155} - {study.ReferencedSOPInstanceUID for study in studies}


present = {}
checked = {}
for folder in folders:
    names = sorted(n for n in os.listdir(folder) if n.endswith(".dcm"))
    assert names, f"{folder} is empty"
    for name in names:
        ours = pydicom.dcmread(os.path.join(folder, name))
        study = ours.StudyInstanceUID
        if study not in present:
            present[study] = {i["00080018"]["Value"][0] for i in qido(f"/studies/{study}/instances")}
        assert ours.SOPInstanceUID in present[study], f"{name}: not found by QIDO-RS"
        theirs = wado(ours)
        lost = referred(theirs) - present[study]
        assert not lost, f"{name}: {len(lost)} references lead nowhere"
        assert referred(theirs) == referred(ours) and referred(ours), f"{name}: other references"
        what = ours.file_meta.MediaStorageSOPClassUID.name
        if ours.Modality == "RTSTRUCT":
            contours = [[[float(x) for x in c.ContourData] for c in r.get("ContourSequence", [])] for r in ours.ROIContourSequence]
            again = [[[float(x) for x in c.ContourData] for c in r.get("ContourSequence", [])] for r in theirs.ROIContourSequence]
            assert contours == again, f"{name}: other contours"
        else:
            assert numpy.array_equal(ours.pixel_array, theirs.pixel_array), f"{name}: other voxels"
        if ours.Modality == "SEG":
            seg = highdicom.seg.Segmentation.from_dataset(theirs)
            volume = seg.get_volume(combine_segments=True).array
            frames = theirs.pixel_array
            if "LABELMAP" in str(theirs.SegmentationType):
                expected = {int(v): int((frames == v).sum()) for v in numpy.unique(frames) if v}
            else:
                expected = {}
                for frame, group in zip(frames.reshape(-1, theirs.Rows, theirs.Columns), theirs.PerFrameFunctionalGroupsSequence):
                    number = int(group.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
                    expected[number] = expected.get(number, 0) + int(frame.sum())
            found = {int(v): int((volume == v).sum()) for v in numpy.unique(volume) if v}
            assert found == {v: n for v, n in expected.items() if n}, f"{name}: highdicom sees {found}, pydicom {expected}"
        checked[what] = checked.get(what, 0) + 1
for what, count in sorted(checked.items()):
    print(f"{count} x {what}: found again, same content, all references resolve")
