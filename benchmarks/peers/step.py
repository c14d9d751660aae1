"""Times a training step and a forward pass of the 3-D U-Net beside PyTorch, in turns, at equal weights.

    benchmarks/peers/step.sh [rounds [portable|fastest [width,size,norm ...]]]

Probabilities, the loss and the gradients of all weights have to be equal first; gradients are compared with PyTorch's in double
precision. Where a ReLU's input is all but 0 or two voxels of a pool are all but equal, rounding decides which way the gradient
goes, so they may differ by as much as the gradients in double precision do when the images change by 1e-6. PyTorch runs in its faster
layout of memory, channels last or not. Prints for both the fastest and the median time, and our time divided by PyTorch's.
"""
import os
import statistics
import sys
import tempfile
import time

import numpy as np
import torch
from torch.nn import functional as F

import machine
import unet

JAVA, CLASSPATH = sys.argv[1:3]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 9
SETTING = sys.argv[4] if len(sys.argv) > 4 else 'portable'
NETWORKS = [n.split(',') for n in sys.argv[5:]] or [
    (width, size, norm) for width in (8, 16) for size in (24, 32) for norm in ('GROUP', 'BATCH')]
BATCH, CLASSES = 4, 4


def loss_of(logits, labels):
    """Soft Dice, mean over classes and pooled over the batch, and cross-entropy."""
    s = torch.softmax(logits, 1)
    y = F.one_hot(labels, CLASSES).permute(0, 4, 1, 2, 3).to(s.dtype)
    axes = (0, 2, 3, 4)
    dice = 1 - (1e-5 + 2 * (s * y).sum(axes)) / (1e-5 + (s + y).sum(axes))
    return dice.mean() + F.cross_entropy(logits, labels)


def difference(mine, theirs):
    return np.abs(mine - theirs).max() / max(1e-30, np.abs(theirs).max())


def check(what, mine, theirs, tolerance):
    error = difference(mine, theirs)
    if not error <= tolerance:
        raise SystemExit(f'{what} differ by {error:.1e} of the largest value, more than {tolerance:.0e}')
    return error


def run(width, size, norm):
    size = int(size)
    torch.manual_seed(1)
    folder = tempfile.mkdtemp()
    java = unet.Java(JAVA, CLASSPATH, SETTING, 'step', folder, width, size, norm)
    x = torch.from_numpy(unet.read(folder, 'images').reshape(BATCH, 1, size, size, size))
    labels = torch.from_numpy(unet.read(folder, 'labels').reshape(BATCH, size, size, size)).long()
    network = unet.UNet(folder, norm)
    network.eval()
    with torch.no_grad():
        p = torch.softmax(network(x), 1).permute(0, 2, 3, 4, 1).numpy()
    check('probabilities', unet.read(folder, 'probabilities').reshape(p.shape), p, 1e-4)
    network.train()
    check('losses', unet.read(folder, 'loss'), np.array([loss_of(network(x), labels).item()], np.float32), 1e-5)

    def gradients(image):
        copy = unet.UNet(folder, norm).double()
        copy.train()
        loss_of(copy(image), labels).backward()
        return {name: p.grad.numpy() for name, p in copy.p.items()}

    exact = gradients(x.double())
    changed = [gradients(x.double() + 1e-6 * torch.randn(x.shape, dtype=torch.float64)) for _ in range(8)]
    tolerance = 1e-4 + 4 * max(difference(c[name], exact[name]) for c in changed for name in exact)
    worst = 0
    for name, shape in unet.parameters(folder):
        if name.split('/')[1] not in ('mean', 'variance'):
            file = name.replace('/', '.')
            mine = unet.torch_layout(name, (unet.read(folder, 'weight.' + file).astype(float)
                                            - unet.read(folder, 'stepped.' + file)).reshape(shape))
            worst = max(worst, check('gradients of ' + name, mine, exact[name.replace('/', '_').replace('.', '-')], tolerance))
    layouts = []
    for layout in (torch.contiguous_format, torch.channels_last_3d):
        copy = unet.UNet(folder, norm).to(memory_format=layout)
        adam = torch.optim.Adam(copy.parameters(), 1e-3, eps=1e-7, fused=True)
        image = x.to(memory_format=layout)

        def step(copy=copy, adam=adam, image=image):
            copy.train()
            adam.zero_grad()
            loss_of(copy(image), labels).backward()
            adam.step()

        def forward(copy=copy, image=image):
            copy.eval()
            with torch.no_grad():
                torch.softmax(copy(image), 1)
        layouts.append((step, forward))

    def seconds(work):
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    for kind, name in enumerate(('step', 'forward')):
        trial = [min(seconds(layout[kind]) for _ in range(3)) for layout in layouts]
        peer = layouts[int(np.argmin(trial))][kind]
        java.ask(name)
        java.ask(name)
        mine, theirs = [], []
        for _ in range(ROUNDS):
            mine.append(java.ask(name))
            theirs.append(seconds(peer))
        print(unet.row(f'{name}, width {width}, {size}³, {norm.lower()} norm (gradients equal to {worst:.0e} of {tolerance:.0e})', mine, theirs),
              flush=True)
    java.close()
    return java.settings


def main():
    print(f'PyTorch {torch.__version__} with {torch.get_num_threads()} threads; {machine.processor()}, {os.cpu_count()} processors; '
          f'batch {BATCH}; {ROUNDS} rounds in turns')
    print('| what | here: fastest, median | PyTorch: fastest, median | here / PyTorch: fastest, median |\n|---|---|---|---|')
    settings = [run(*network) for network in NETWORKS]
    print(settings[0])


main()
