"""Times the segmentation of a whole volume beside MONAI's sliding_window_inference, in turns, at equal weights.

    benchmarks/peers/segment.sh [rounds [portable|fastest [width block i j k]]]

Half overlap, Gaussian weights, 4 classes. First both are compared with MONAI in double precision: our largest error of a
probability may be twice that of MONAI in single precision, or 1e-5. MONAI runs with the layout of memory and the number of blocks
per call, one or four, that are fastest in a trial. Prints times, their ratio and the largest resident memory of both processes
while they segment; values are compared in other processes. The environment variable HEAP, 3g unless set, is Java's -Xmx.
"""
import concurrent.futures
import itertools
import multiprocessing
import os
import sys
import tempfile
import time

import numpy as np
import torch
from monai.inferers import sliding_window_inference

import machine
import unet

JAVA, CLASSPATH = sys.argv[1:3]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 5
SETTING = sys.argv[4] if len(sys.argv) > 4 else 'portable'
WIDTH, BLOCK, *SIZE = [int(a) for a in sys.argv[5:]] or [8, 64, 256, 256, 160]
CLASSES = 4
HEAP = os.environ.get('HEAP', '3g')


def largest_memory():
    """Of this process so far, in kB."""
    with open('/proc/self/status', encoding='ascii') as file:
        return next(int(line.split()[1]) for line in file if line.startswith('VmHWM'))


def java_side(folder, what, heap):
    return unet.Java(JAVA, CLASSPATH, SETTING, what, folder, WIDTH, BLOCK, 'GROUP', *SIZE, heap=heap)


class Monai:
    """What MONAI does with the weights and the image in a folder."""

    def __init__(self, folder, double=False):
        self.network = unet.UNet(folder, 'GROUP').eval()
        self.image = torch.from_numpy(unet.read(folder, 'images').reshape(1, 1, *SIZE[::-1]))
        if double:
            self.network, self.image = self.network.double(), self.image.double()

    def probabilities(self, layout, batch):
        self.network.to(memory_format=getattr(torch, layout))
        with torch.no_grad():
            return sliding_window_inference(
                self.image, (BLOCK,) * 3, batch,
                lambda b: torch.softmax(self.network(b.to(memory_format=getattr(torch, layout))), 1), overlap=0.5, mode='gaussian')


def compare(folder):
    """MONAI's fastest way, our largest error of a probability and MONAI's. In a process of its own, as it takes memory."""
    exact = Monai(folder, double=True).probabilities('contiguous_format', 1)[0].numpy()
    monai = Monai(folder)
    seconds = {}
    for way in itertools.product(('contiguous_format', 'channels_last_3d'), (1, 4)):
        start = time.perf_counter()
        theirs = monai.probabilities(*way)
        seconds[way] = time.perf_counter() - start
    error = max(float(np.abs(unet.read(folder, f'probabilities.{c}') - exact[c].ravel()).max()) for c in range(CLASSES))
    return min(seconds, key=seconds.get), error, float(np.abs(theirs[0].numpy() - exact).max())


def main():
    folder = tempfile.mkdtemp()
    java_side(folder, 'segment', '3g').close()
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context('spawn')) as other:
        way, error, peer_error = other.submit(compare, folder).result()
    if not error <= max(1e-5, 2 * peer_error):
        raise SystemExit(f'a probability differs by {error:.1e} from that in double precision, one of MONAI by {peer_error:.1e}')
    java = java_side(folder, 'predict', HEAP)
    monai = Monai(folder)
    print(f'PyTorch {torch.__version__} with {torch.get_num_threads()} threads, MONAI with {way[1]} blocks a call and {way[0]}; '
          f'{machine.processor()}, {os.cpu_count()} processors; {java.settings}, heap of {HEAP} at most; {ROUNDS} rounds in turns; '
          f'largest error of a probability {error:.1e}, of MONAI {peer_error:.1e}')
    mine, peer = [], []
    for _ in range(ROUNDS):
        mine.append(java.ask('segment'))
        start = time.perf_counter()
        monai.probabilities(*way).argmax(1)
        peer.append(time.perf_counter() - start)
    print('| what | here: fastest, median | MONAI: fastest, median | here / MONAI: fastest, median |\n|---|---|---|---|')
    print(unet.row(f'width {WIDTH}, {"×".join(map(str, SIZE))}, blocks of {BLOCK}³', mine, peer))
    memory, peer_memory = java.ask('memory'), largest_memory()
    print(f'largest resident memory: here {memory / 1024:.0f} MB, MONAI {peer_memory / 1024:.0f} MB: {memory / peer_memory:.2f}')
    java.close()


if __name__ == '__main__':
    main()
