"""Compares the Pixel Data (7FE0,0010), the last attribute, of files of the same name in two folders."""
import os
import sys


def pixels(path):
    data = open(path, "rb").read()
    at = data.rfind(b"\xe0\x7f\x10\x00OB\x00\x00")
    assert at > 0, path
    return data[at:]


a, b, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
names = sorted(os.listdir(a))
assert names == sorted(os.listdir(b)), "the folders hold other files"
assert len(names) == count, f"{len(names)} files instead of {count}"
different = [n for n in names if pixels(os.path.join(a, n)) != pixels(os.path.join(b, n))]
assert not different, f"{len(different)} differ, the first {different[0]}"
print(f"{len(names)} segmentations have the same voxels")
