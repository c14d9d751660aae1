"""The U-Net of UNetPlan in PyTorch, with weights that the Java side wrote, and what the scripts that use it have in common."""
import os
import statistics
import subprocess

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

LEVELS = 3


def read(folder, name):
    return np.fromfile(os.path.join(folder, name), '<f4')


def parameters(folder):
    with open(os.path.join(folder, 'parameters.txt'), encoding='ascii') as lines:
        for line in lines:
            name, shape = line.split()
            yield name, [int(s) for s in shape.split(',')]


def torch_layout(name, values):
    """A kernel [depth, height, width, in, out] as PyTorch has it."""
    return np.ascontiguousarray(values.transpose(4, 3, 0, 1, 2)) if name.endswith('kernel') else values


class UNet(nn.Module):
    """Blocks of convolution, norm and ReLU; the decoder sees the repeated deeper level, then the encoder's features."""

    def __init__(self, folder, norm):
        super().__init__()
        self.norm = norm
        self.p = nn.ParameterDict()
        for name, shape in parameters(folder):
            values = torch.from_numpy(torch_layout(name, read(folder, 'weight.' + name.replace('/', '.')).reshape(shape)).copy())
            if name.split('/')[1] in ('mean', 'variance'):
                self.register_buffer(name.replace('/', '_').replace('.', '-'), values)
            else:
                self.p[name.replace('/', '_').replace('.', '-')] = nn.Parameter(values)

    def value(self, block, what):
        name = f'{block}_{what}'.replace('.', '-')
        return self.p[name] if name in self.p else getattr(self, name)

    def block(self, x, name):
        x = F.conv3d(x, self.value(name, 'kernel'), padding=1)
        gamma, beta = self.value(name, 'gamma'), self.value(name, 'beta')
        if self.norm == 'BATCH':
            x = F.batch_norm(x, self.value(name, 'mean'), self.value(name, 'variance'), gamma, beta, self.training, 0.1, 1e-5)
        else:
            x = F.group_norm(x, 4 if self.norm == 'GROUP' else x.shape[1], gamma, beta, 1e-5)
        return F.relu(x)

    def forward(self, x):
        skips = []
        for level in range(LEVELS):
            x = self.block(x if level == 0 else F.max_pool3d(x, 2), f'enc{level}.a')
            x = self.block(x, f'enc{level}.b')
            skips.append(x)
        for level in reversed(range(LEVELS - 1)):
            x = torch.cat([F.interpolate(x, scale_factor=2, mode='nearest'), skips[level]], 1)
            x = self.block(self.block(x, f'dec{level}.a'), f'dec{level}.b')
        return F.conv3d(x, self.value('head', 'kernel'), self.value('head', 'bias'))


class Java:
    """The Java side, which answers a line with the seconds that its work took."""

    def __init__(self, java, classpath, settings, *arguments, side='NetworkPeer', heap='3g'):
        # both sides get the same instruction sets
        environment = dict(os.environ)
        self.process = subprocess.Popen(
            [java, '-Xmx' + heap, '-Dorg.scanbridge.tensorflow.reproducibility=' + settings, '-cp', classpath,
             'org.scanbridge.learning.experiment.' + side, *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        line = ''
        while not line.startswith('ready'):
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit('the Java side ended before it was ready')
        self.settings = line[6:].strip()

    def ask(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def row(name, mine, theirs):
    return (f'| {name} | {min(mine):.3f} s, {statistics.median(mine):.3f} s | {min(theirs):.3f} s, {statistics.median(theirs):.3f} s '
            f'| {min(mine) / min(theirs):.2f}, {statistics.median(mine) / statistics.median(theirs):.2f} |')
