"""Times gamma, Gaussian noise, blur and motion beside TorchIO 1.2, in turns, and compares the values.

    benchmarks/peers/augment.sh [rounds]

installs TorchIO into a temporary environment, compiles this product and calls this file. No part of the build.
Prints for each operation the fastest and the median run of both, and TorchIO's time divided by ours.
"""
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import scipy.ndimage as ndi
import torch
import torchio as tio

import machine

SIZE = (181, 217, 181)
JAVA = sys.argv[1]
CLASSPATH = sys.argv[2]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 7
GAMMA, NOISE, BLUR, SEED, DEGREES, MM = 1.4, 0.1, 1.1, 7, 8.0, 4.0


def uniform(seed, n):
    """The n-th number in [0, 1) of SplitMix64."""
    mask = 2**64 - 1
    z = (seed + (n + 1) * 0x9E3779B97F4A7C15) & mask
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & mask
    return ((z ^ z >> 31) >> 11) * 2.0**-53


def image():
    """A noisy wave with values from 300 to 800, [i, j, k]."""
    random = np.random.default_rng(1)
    i = np.arange(SIZE[0])[:, None, None]
    return (500 + 200 * np.sin(i / 20) + 100 * random.random(SIZE)).astype(np.float32)


def motion(x, times):
    """Two moves by the same turn and shift: all lines along k but those of the middle stretch are of the moved image."""
    a, b, c = (math.radians(DEGREES),) * 3
    turn = (np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])
            @ np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
            @ np.array([[math.cos(c), -math.sin(c), 0], [math.sin(c), math.cos(c), 0], [0, 0, 1]]))
    back = np.linalg.inv(turn)
    center = (np.array(SIZE) - 1) / 2
    offset = center - back @ (center + MM)
    moved = ndi.affine_transform(x.astype(np.float64), back, offset, order=1, mode='nearest')
    for a in range(3):  # what comes from beyond half a voxel outside has no signal
        place = offset[a] + sum(back[a, b] * np.arange(SIZE[b]).reshape([-1 if b == d else 1 for d in range(3)]) for b in range(3))
        moved[(place < -0.5) | (place > SIZE[a] - 0.5)] = 0
    n = SIZE[2]
    edges = [0.0, *sorted(times), 1.0]
    k = np.fft.fft(x.astype(np.float64), axis=2)
    m = np.fft.fft(moved, axis=2)
    for start, end in zip(edges[:-1], edges[1:]):
        first, last = math.ceil(start * n - 0.5), math.ceil(end * n - 0.5)
        if not (start <= 0.5 < end) and not first <= n // 2 < last:
            lines = (np.arange(first, last) - n // 2) % n
            k[:, :, lines] = m[:, :, lines]
    return np.abs(np.fft.ifft(k, axis=2))


def main():
    x = image()
    folder = tempfile.mkdtemp()
    file = os.path.join(folder, 'image.raw')
    x.transpose(2, 1, 0).tofile(file)
    java = subprocess.Popen([JAVA, '-Xmx2500m', '-cp', CLASSPATH, 'org.scanbridge.benchmarks.AugmentationPeer', file,
                             *map(str, SIZE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ours(line, out=None):
        java.stdin.write(line + (' ' + out if out else '') + '\n')
        java.stdin.flush()
        seconds = float(java.stdout.readline())
        if out:
            java.stdout.readline()
        return seconds

    def result(line):
        out = os.path.join(folder, 'out.raw')
        ours(line, out)
        return np.fromfile(out, '<f4').reshape(SIZE[::-1]).transpose(2, 1, 0)

    subject = tio.Subject(image=tio.ScalarImage(tensor=torch.from_numpy(x)[None]))
    low, high = float(x.min()), float(x.max())
    unit = tio.Subject(image=tio.ScalarImage(tensor=torch.from_numpy((x - low) / (high - low))[None]))
    times = [uniform(SEED, 1), uniform(SEED, 2)]
    degrees = np.full((2, 3), DEGREES)
    shift = np.full((2, 3), MM)
    sd = float(x.std())
    operations = {
        'gamma': (f'gamma {GAMMA}', lambda: tio.Gamma(GAMMA)(unit)),
        'Gaussian noise': (f'noise {NOISE}', lambda: tio.Noise(mean=0, std=NOISE * sd, seed=1)(subject)),
        'blur': (f'blur {BLUR}', lambda: tio.Blur((BLUR,) * 3)(subject)),
        'motion, 2 moves': (f'motion {SEED}', lambda: tio.Motion(degrees, shift, np.array(sorted(times)), 'linear')(subject)),
    }
    print(f'TorchIO {tio.__version__}, torch {torch.__version__} with {torch.get_num_threads()} threads, '
          f'{os.cpu_count()} processors, {SIZE} voxels; {ROUNDS} rounds in turns after 4 to warm up')
    print(machine.processor())
    print('| operation | here: fastest, median | TorchIO: fastest, median | ratio of fastest, of medians |\n|---|---|---|---|')
    for name, (line, peer) in operations.items():
        a, b = [], []
        for round_ in range(-4, ROUNDS):
            mine = min(ours(line) for _ in range(3)) if round_ < 0 else ours(line)
            if round_ < -2:
                continue
            start = time.perf_counter()
            peer()
            theirs = time.perf_counter() - start
            if round_ >= 0:
                a.append(mine)
                b.append(theirs)
        print(f'| {name} | {min(a):.3f} s, {statistics.median(a):.3f} s | {min(b):.3f} s, {statistics.median(b):.3f} s '
              f'| {min(b) / min(a):.1f}, {statistics.median(b) / statistics.median(a):.1f} |')

    # The values: a speed without them does not count.
    bent = tio.Gamma(GAMMA)(unit).image.data[0].numpy().astype(np.float64)
    bent = x.mean(dtype=np.float64) + (bent - bent.mean()) * x.std(dtype=np.float64) / bent.std()
    check('gamma, mean and deviation restored, largest difference / sd', np.abs(result(f'gamma {GAMMA}') - bent).max() / sd, 2e-6)
    check('blur, largest difference / sd', np.abs(result(f'blur {BLUR}')
                                                  - tio.Blur((BLUR,) * 3)(subject).image.data[0].numpy()).max() / sd, 2e-6)
    noise = (result(f'noise {NOISE}') - x).astype(np.float64) / (NOISE * sd)
    theirs = (tio.Noise(mean=0, std=NOISE * sd, seed=1)(subject).image.data[0].numpy() - x).astype(np.float64) / (NOISE * sd)
    for q in (0.001, 0.025, 0.5, 0.975, 0.999):
        check(f'noise, {q} quantile', abs(np.quantile(noise, q) - np.quantile(theirs, q)), 0.02)
    moved = motion(x, times)
    mine = result(f'motion {SEED}')
    inner = (slice(40, -40),) * 3
    check('motion, magnitude of the spliced k-space by numpy, largest difference / sd', np.abs(mine - moved)[inner].max() / sd, 1e-3)
    check('motion, it changes the image', -np.abs(moved - x)[inner].max() / sd, -0.1)
    java.stdin.close()
    java.wait()


def check(what, value, bound):
    print(f'{what}: {value:.3g}, at most {bound:g}: {"equal" if value <= bound else "NOT EQUAL"}')
    if not value <= bound:
        sys.exit(1)


main()
