"""Times N4 bias correction beside SimpleITK, in turns, at equal fields.

    benchmarks/peers/n4.sh [rounds]

The images are phantoms of two tissues in blocks within a shell, with noise and a smooth field; SimpleITK corrects with the same
levels and iterations and the mask of positive voxels, without shrinking on either side. The logarithms of both fields have to
correlate by 0.999 at least, and their mean ratio has to be within 0.5 % of 1. Prints wall and processor time, as SimpleITK takes
all processors where we take one.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import SimpleITK as sitk

import machine

JAVA, CLASSPATH = sys.argv[1:3]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 5
# Size along i, j, k, levels and iterations: that of the issue which set the bar, and ITK's own numbers.
CASES = (((64, 64, 64), 3, 20), ((48, 44, 40), 4, 50))
CORRELATION, RATIO, BAR = 0.999, 0.005, 5


def phantom(size):
    """[k, j, i]: 0 outside an ellipsoid, a shell of 300, blocks of 520 and 760; 6 % of noise either way and a field."""
    k, j, i = np.meshgrid(*(np.arange(n) for n in reversed(size)), indexing='ij')
    u, v, w = (2 * x / (n - 1) - 1 for x, n in zip((i, j, k), size))
    r = np.sqrt((u / 0.78) ** 2 + (v / 0.78) ** 2 + (w / 0.78) ** 2)
    tissue = np.where(r > 1, 0, np.where(r > 0.9, 300, np.where((i // 6 + j // 6 + k // 6) % 2 == 0, 520, 760)))
    noise = np.random.default_rng(1).uniform(-0.06, 0.06, tissue.shape)
    return (tissue * np.exp(0.3 * u - 0.25 * v * v + 0.2 * w + 0.2 * u * w) * (1 + noise)).astype(np.float32)


def run(size, levels, iterations):
    x = phantom(size)
    folder = tempfile.mkdtemp()
    file, out = (os.path.join(folder, name) for name in ('image.raw', 'corrected.raw'))
    x.tofile(file)
    java = subprocess.Popen([JAVA, '-Xmx2g', '-cp', CLASSPATH, 'org.scanbridge.benchmarks.BiasPeer', file, *map(str, size)],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ours(to=''):
        java.stdin.write(f'{levels} {iterations} {to}'.rstrip() + '\n')
        java.stdin.flush()
        return [float(n) for n in java.stdout.readline().split()]

    image = sitk.GetImageFromArray(x)
    mask = sitk.GetImageFromArray((x > 0).astype(np.uint8))

    def peer():
        n4 = sitk.N4BiasFieldCorrectionImageFilter()
        n4.SetMaximumNumberOfIterations([iterations] * levels)
        wall, used = time.perf_counter(), time.process_time()
        y = n4.Execute(image, mask)
        return [time.perf_counter() - wall, time.process_time() - used], sitk.GetArrayFromImage(y)

    ours(out)
    theirs = peer()[1]
    inside = x > 0
    mine = np.fromfile(out, '<f4').reshape(x.shape)
    a, b = (np.log(x[inside].astype(float) / y[inside]) for y in (mine, theirs))
    correlation, ratio = np.corrcoef(a, b)[0, 1], np.exp(a - b).mean()
    if not (correlation >= CORRELATION and abs(ratio - 1) <= RATIO):
        raise SystemExit(f'{size}: the fields correlate by {correlation:.5f}, mean ratio {ratio:.5f}')
    ours()
    m, t = [], []
    for _ in range(ROUNDS):
        m.append(ours())
        t.append(peer()[0])
    java.stdin.close()
    java.wait()
    for kind, name in enumerate(('wall', 'processor')):
        p, q = [n[kind] for n in m], [n[kind] for n in t]
        fastest, median = min(q) / min(p), statistics.median(q) / statistics.median(p)
        print(f'| {"×".join(map(str, size))}, {levels} levels of {iterations} iterations ({correlation:.5f}, {ratio:.5f}) | {name} '
              f'| {min(p):.2f}, {statistics.median(p):.2f} s | {min(q):.2f}, {statistics.median(q):.2f} s | {fastest:.1f}, {median:.1f} '
              f'| {BAR} {"met" if min(fastest, median) >= BAR else "not met"} |', flush=True)


def main():
    print(f'SimpleITK {sitk.Version.VersionString()} with {sitk.ProcessObject.GetGlobalDefaultNumberOfThreads()} threads; '
          f'{machine.processor()}, {os.cpu_count()} processors; {ROUNDS} rounds in turns')
    print('| image (correlation and mean ratio of the fields) | time | here: fastest, median | SimpleITK: fastest, median '
          '| SimpleITK / here: fastest, median | bar |\n|---|---|---|---|---|---|')
    for case in CASES:
        run(*case)


main()
