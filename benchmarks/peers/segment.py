"""Times the segmentation of a whole volume beside MONAI's sliding_window_inference, in turns, at equal weights.

    benchmarks/peers/segment.sh [rounds [portable|fastest [width block i j k]]]

Half overlap, Gaussian weights, 4 classes. First both are compared with MONAI in double precision: our largest error of a
probability may be twice that of MONAI in single precision, or 1e-5. MONAI runs four blocks per call as we do. Prints times,
their ratio and the largest resident memory of both processes while they segment.
"""
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
BATCH, CLASSES = 4, 4


def forget_largest_memory():
    """What comparing took does not count."""
    with open('/proc/self/clear_refs', 'w', encoding='ascii') as file:
        file.write('5')


def largest_memory():
    """In kB, since it was forgotten."""
    with open('/proc/self/status', encoding='ascii') as file:
        return next(int(line.split()[1]) for line in file if line.startswith('VmHWM'))


def main():
    folder = tempfile.mkdtemp()
    java = unet.Java(JAVA, CLASSPATH, SETTING, 'segment', folder, WIDTH, BLOCK, 'GROUP', *SIZE)
    network = unet.UNet(folder, 'GROUP').eval()
    x = torch.from_numpy(unet.read(folder, 'images').reshape(1, 1, *SIZE[::-1]))

    def blend(image, model, layout):
        with torch.no_grad():
            return sliding_window_inference(
                image, (BLOCK,) * 3, BATCH, lambda b: torch.softmax(model(b.to(memory_format=layout)), 1), overlap=0.5, mode='gaussian')

    def segment(layout):
        return blend(x, network, layout)

    exact = blend(x.double(), unet.UNet(folder, 'GROUP').double().eval(), torch.contiguous_format)[0].numpy()

    seconds = {}
    for layout in (torch.contiguous_format, torch.channels_last_3d):
        network.to(memory_format=layout)
        start = time.perf_counter()
        theirs = segment(layout)
        seconds[layout] = time.perf_counter() - start
    best = min(seconds, key=seconds.get)
    network.to(memory_format=best)
    error = max(float(np.abs(unet.read(folder, f'probabilities.{c}') - exact[c].ravel()).max()) for c in range(CLASSES))
    peer_error = float(np.abs(theirs[0].numpy() - exact).max())
    if not error <= max(1e-5, 2 * peer_error):
        raise SystemExit(f'a probability differs by {error:.1e} from that in double precision, one of MONAI by {peer_error:.1e}')
    del theirs, exact
    forget_largest_memory()
    print(f'PyTorch {torch.__version__} with {torch.get_num_threads()} threads; {machine.processor()}, {os.cpu_count()} processors; '
          f'{java.settings}; {ROUNDS} rounds in turns; largest error of a probability {error:.1e}, of MONAI {peer_error:.1e}')
    mine, peer = [], []
    for _ in range(ROUNDS):
        mine.append(java.ask('segment'))
        start = time.perf_counter()
        segment(best).argmax(1)
        peer.append(time.perf_counter() - start)
    print('| what | here: fastest, median | MONAI: fastest, median | here / MONAI: fastest, median |\n|---|---|---|---|')
    print(unet.row(f'width {WIDTH}, {"×".join(map(str, SIZE))}, blocks of {BLOCK}³', mine, peer))
    print(f'largest resident memory: here {java.ask("memory") / 1024:.0f} MB, MONAI '
          f'{largest_memory() / 1024:.0f} MB')
    java.close()


main()
