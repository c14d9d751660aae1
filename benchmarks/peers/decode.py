"""Times the decoders of compressed pixel data beside those in C and C++, in turns, at equal pixels.

    benchmarks/peers/decode.sh [rounds]

Frames are real ones of pydicom's test files, compressed anew by the peers' encoders. The peers are CharLS, libjpeg-turbo and
OpenJPEG of imagecodecs, and Thomas Richter's libjpeg of pylibjpeg-libjpeg. All work on one thread; times are processor times of
that thread. Lossless streams have to be decoded to the pixels that were encoded, lossy ones to OpenJPEG's but for rounding: at most one
gray value apart, two where colors are rounded once more. Prints the fastest and median time of both and the ratio of the peer's time to ours.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

import imagecodecs
import numpy as np
import pydicom
from libjpeg import decode as libjpeg_decode
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate

import machine

JAVA, CLASSPATH = sys.argv[1:3]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 7
LOSSLESS_JPEG, JPEG_LS, J2K_LOSSLESS, J2K = ('1.2.840.10008.1.2.4.' + n for n in ('70', '80', '90', '91'))
BAR = 0.8
# A round decodes a frame this often in a row, at least.
SECONDS = 0.15


def pixels(file, bits, offset=0):
    a = pydicom.dcmread(get_testdata_file(file, download=False)).pixel_array.astype(np.int32) + offset
    assert a.min() >= 0 and a.max() < 1 << bits, (file, a.min(), a.max())
    return np.ascontiguousarray(a.astype(np.uint8 if bits <= 8 else np.uint16))


def write(folder, name, syntax, stream, a, bits):
    """A DICOM file of one frame."""
    color = a.ndim == 3
    d = Dataset()
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = syntax
    d.file_meta.MediaStorageSOPClassUID = d.SOPClassUID = '1.2.840.10008.5.1.4.1.1.7'
    d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID = '1.2.3'
    d.Rows, d.Columns = a.shape[:2]
    d.SamplesPerPixel = 3 if color else 1
    d.PhotometricInterpretation = 'RGB' if color else 'MONOCHROME2'
    if color:
        d.PlanarConfiguration = 0
    d.BitsAllocated = 8 * a.dtype.itemsize
    d.BitsStored, d.HighBit, d.PixelRepresentation = bits, bits - 1, 0
    d.PixelData = encapsulate([bytes(stream)])
    d['PixelData'].VR = 'OB'
    path = os.path.join(folder, name.replace(' ', '-') + '.dcm')
    d.save_as(path, enforce_file_format=True)
    return path


def turbo_decode(stream):
    return imagecodecs.jpeg8_decode(stream)


def charls_decode(stream):
    return imagecodecs.jpegls_decode(stream)


def openjpeg_decode(stream):
    return imagecodecs.jpeg2k_decode(stream, numthreads=1)


def cases():
    """Name, transfer syntax, stream, pixels, bits, peers, tolerance and bar."""
    frames = {
        'CT 512×512, 12 bits': (pixels('J2K_pixelrep_mismatch.dcm', 12, 2000), 12),
        'MR 484×300, 12 bits': (pixels('examples_overlay.dcm', 12), 12),
        'ultrasound 320×240, RGB, 8 bits': (pixels('examples_rgb_color.dcm', 8), 8),
    }
    for what, (a, bits) in frames.items():
        turbo = imagecodecs.jpeg8_encode(a, lossless=True, predictor=1, bitspersample=bits, colorspace='RGB' if a.ndim == 3 else None,
                                         outcolorspace='RGB' if a.ndim == 3 else None)
        yield (f'JPEG lossless, {what}', LOSSLESS_JPEG, turbo, a, bits,
               {'libjpeg-turbo': turbo_decode, 'libjpeg': lambda s: libjpeg_decode(bytes(s))}, 0)
        yield f'JPEG-LS, {what}', JPEG_LS, imagecodecs.jpegls_encode(a), a, bits, {'CharLS': charls_decode}, 0
        yield (f'JPEG 2000 lossless, {what}', J2K_LOSSLESS,
               imagecodecs.jpeg2k_encode(a, level=0, reversible=True, codecformat='j2k', bitspersample=bits), a, bits,
               {'OpenJPEG': openjpeg_decode}, 0)
        lossy = imagecodecs.jpeg2k_encode(a, level=60 if bits > 8 else 42, reversible=False, codecformat='j2k', bitspersample=bits)
        yield f'JPEG 2000 lossy, {what}', J2K, lossy, openjpeg_decode(lossy), bits, {'OpenJPEG': openjpeg_decode}, a.ndim - 1


def peer_seconds(work, times):
    start = time.thread_time()
    for _ in range(times):
        work()
    return time.thread_time() - start


def main():
    folder = tempfile.mkdtemp()
    java = subprocess.Popen([JAVA, '-Xmx1g', '-cp', CLASSPATH, 'org.scanbridge.dicom.benchmark.DecodePeer'], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)

    def ours(path, times, out=''):
        java.stdin.write(f'{path} {times} {out}'.rstrip() + '\n')
        java.stdin.flush()
        return float(java.stdout.readline())

    print(f'{imagecodecs.jpegls_version()}, {imagecodecs.jpeg8_version()}, {imagecodecs.jpeg2k_version()}; {machine.processor()}; '
          f'one thread, processor time, {ROUNDS} rounds in turns')
    print('| frame (compressed to) | peer | here: fastest, median | peer: fastest, median | peer / here: fastest, median | bar |\n'
          '|---|---|---|---|---|---|')
    for name, syntax, stream, a, bits, peers, tolerance in cases():
        path = write(folder, name, syntax, stream, a, bits)
        out = os.path.join(folder, 'out.raw')
        ours(path, 1, out)
        planes = np.fromfile(out, f'<u{a.dtype.itemsize}')
        mine = planes.reshape(3, *a.shape[:2]).transpose(1, 2, 0) if a.ndim == 3 else planes.reshape(a.shape)
        apart = np.abs(mine.astype(int) - a.astype(int)).max()
        for peer, decode in peers.items():
            theirs = np.asarray(decode(stream)).reshape(a.shape)
            if apart > tolerance or not (theirs == a).all():
                raise SystemExit(f'{name}: pixels differ by {apart}, more than {tolerance}, or those of {peer} do')
            warm = time.monotonic() + 2
            while time.monotonic() < warm:
                each = ours(path, 5) / 5
            times = max(3, round(SECONDS / each))
            others = max(3, round(SECONDS / (peer_seconds(lambda: decode(stream), 5) / 5)))
            m, t = [], []
            for _ in range(ROUNDS):
                m.append(ours(path, times) / times)
                t.append(peer_seconds(lambda: decode(stream), others) / others)
            ratios = min(t) / min(m), statistics.median(t) / statistics.median(m)
            print(f'| {name} ({8 * len(stream) / a.size:.1f} bits per sample) | {peer} | {1e3 * min(m):.2f}, {1e3 * statistics.median(m):.2f} ms '
                  f'| {1e3 * min(t):.2f}, {1e3 * statistics.median(t):.2f} ms | {ratios[0]:.2f}, {ratios[1]:.2f} '
                  f'| {BAR} {"met" if min(ratios) >= BAR else "not met"} |', flush=True)
    java.stdin.close()
    java.wait()


main()
