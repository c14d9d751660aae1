#!/usr/bin/env bash
# Library:  MONAI 1.6.1 with PyTorch 2.15.0 (CPU, Python 3.11).
# Guess:    DiceCELoss(sigmoid=True), the loss of networks of overlapping regions, adds to the Dice of the sigmoids their
#           binary cross-entropy, channel by channel.
# Behavior: with more than one channel the cross-entropy is torch's softmax cross-entropy of the same logits, with the
#           targets of a voxel taken for a distribution although several may be 1; with one channel alone it is the binary one.
#           So the mean over the channels taken one at a time is what the guess says, and all channels at once are not.
# Seen on:  2026-11-29. Output seen (cross-entropy part only):
#             all channels at once 2.2053 = softmax cross-entropy 2.2053
#             one channel at a time 0.8052 = binary cross-entropy 0.8052
# What it means here: losses of regions are compared with MONAI one channel at a time (TargetsTest).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet torch==2.15.0 monai==1.6.1
cat > check.py <<'PYTHON'
import torch
from monai.losses import DiceCELoss

generator = torch.Generator().manual_seed(1)
logits = torch.randn(2, 3, 4, 4, 4, generator=generator)
regions = (torch.rand(2, 3, 4, 4, 4, generator=generator) > 0.5).float()
loss = DiceCELoss(sigmoid=True, lambda_dice=0.0)
together = loss(logits, regions).item()
single = sum(loss(logits[:, c:c + 1], regions[:, c:c + 1]).item() for c in range(3)) / 3
binary = torch.nn.functional.binary_cross_entropy_with_logits(logits, regions).item()
softmax = torch.nn.functional.cross_entropy(logits, regions).item()
print(f"all channels at once {together:.4f} = softmax cross-entropy {softmax:.4f}")
print(f"one channel at a time {single:.4f} = binary cross-entropy {binary:.4f}")
assert abs(together - softmax) < 1e-5 and abs(single - binary) < 1e-5 and abs(together - binary) > 0.1
PYTHON
venv/bin/python check.py
