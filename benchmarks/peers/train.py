"""Times whole trainings of a 3-D U-Net beside PyTorch and MONAI, in turns, from images in memory to the trained network.

    benchmarks/peers/train.sh [rounds [portable|fastest [steps]]]

Width 8, 3 levels, group norm, batch 4, patches of 32³, 400 steps without validation, six phantoms of 64³; with the product's default
augmentation, and without any but mirroring, which shows what the augmentation costs on either side. Each round has a seed of its own,
and initial weights, which both sides share. The losses of the first five steps have to be equal to 1e-3 on the same batches, and the
mean Dice over three test phantoms, mean of the rounds, may differ by 0.02: random trainings differ, see docs/benchmarks.md.

MONAI's side is as fast as its parts allow: a CacheDataset without copies, no metadata, one resampling for all moves of a patch and none
where nothing moves, MONAI's transforms for intensities, and the fastest of its loaders in a short trial. Prints times, their ratio, the
Dice of both, and how long a batch takes to prepare.
"""
import os
import statistics
import sys
import tempfile
import time

import monai
import numpy as np
import torch
from monai import transforms as mt
from monai.data import CacheDataset, DataLoader, ThreadDataLoader
from monai.inferers import sliding_window_inference
from monai.losses import DiceCELoss
from torch.nn import functional as F
from torch.utils.data import RandomSampler

import machine
import unet

JAVA, CLASSPATH = sys.argv[1:3]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 3
SETTING = sys.argv[4] if len(sys.argv) > 4 else 'portable'
STEPS = int(sys.argv[5]) if len(sys.argv) > 5 else 400
TRAINING, TEST, SIZE, PATCH, BATCH, CLASSES = 6, 3, 64, 32, 4, 4
RATE = 2e-3
FOREGROUND = 0.33  # share of the patches whose center has a label
WIDER = PATCH // 4  # what a patch is moved within, on each side
POINTS, LOCKED, MOST = 7, 2, 5.0  # control points of the elastic field, outer ones that stay, largest displacement in voxels
TRIAL = min(STEPS, 40)  # steps of the trial of loaders and layouts
WARM_UP = 20  # steps of the Java side before its first training that counts
PREPARED = 200  # batches that are prepared to warm up, and again to be timed
TOLERANCE = 0.02  # of the mean Dice
CHECKED, CHECK = 5, 1e-3  # steps whose losses are compared, and how much these may differ
if STEPS < CHECKED:
    raise SystemExit(f'{STEPS} steps are too few to compare the losses of the first {CHECKED}: ask for more')


def volume(folder, name):
    """[1, k, j, i]"""
    return torch.from_numpy(unet.read(folder, name).reshape((1,) + (SIZE,) * 3))


def batch_of(folder, name):
    """[batch, 1, k, j, i]"""
    return torch.from_numpy(unet.read(folder, name).reshape((BATCH, 1) + (PATCH,) * 3))


class Centers(mt.Transform):
    """Voxels to center patches on: those of the patient, then those of each class; before any random transform, so cached."""

    def __call__(self, case):
        shown = [case['image'] != 0] + [case['label'] == c for c in range(1, CLASSES)]
        return {**case, 'centers': [torch.nonzero(s.flatten()).flatten().numpy() for s in shown]}


def spline(size):
    """Weights [control point, voxel] of the uniform cubic B-spline whose first and last point are the first and last voxel."""
    u = np.abs(np.arange(POINTS)[:, None] - np.arange(size) * (POINTS - 1) / (size - 1))
    w = np.where(u < 1, 2 / 3 - u**2 + u**3 / 2, np.where(u < 2, (2 - u)**3 / 6, 0))
    return torch.from_numpy(w.astype(np.float32))


class Moved(mt.RandomizableTransform):
    """Rotation, scale and shift in half of the patches, a B-spline in a fifth, in one resampling of the middle of a region only."""

    WIDTH = PATCH + 2 * WIDER

    def __init__(self):
        super().__init__(1)
        self.weights = spline(self.WIDTH)[:, WIDER:-WIDER]
        x = torch.arange(PATCH, dtype=torch.float32) - (PATCH - 1) / 2
        self.places = torch.stack([*torch.meshgrid(x, x, x, indexing='ij')][::-1], -1)  # (i, j, k) from the center
        self.middle = mt.CenterSpatialCropd(('image', 'label'), PATCH)

    def matrix(self):
        """Back from a place in the patch to one in the image, and the shift, both in voxels along i, j, k."""
        a, b, c = np.radians(self.R.uniform(-15, 15, 3))
        turn = (np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
                @ np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
                @ np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]]))
        back = np.linalg.inv(turn * self.R.uniform(0.85, 1.2))
        return torch.from_numpy(back.astype(np.float32)), torch.from_numpy(
            (back @ self.R.uniform(-0.05 * self.WIDTH, 0.05 * self.WIDTH, 3)).astype(np.float32))

    def __call__(self, case):
        affine, elastic = self.R.rand(2) < (0.5, 0.2)
        if not (affine or elastic):
            return self.middle(case)
        places = self.places
        if affine:
            back, shift = self.matrix()
            places = places @ back.T - shift
        if elastic:
            points = torch.zeros(3, *(POINTS,) * 3)
            inner = slice(LOCKED, -LOCKED)
            points[:, inner, inner, inner] = torch.from_numpy(
                self.R.uniform(-MOST, MOST, (3,) + (POINTS - 2 * LOCKED,) * 3).astype(np.float32))
            w = self.weights
            places = places + (((points @ w).transpose(2, 3) @ w).transpose(1, 3) @ w).permute(3, 2, 1, 0)
        grid = (places * (2 / self.WIDTH))[None]
        return {**case, 'image': F.grid_sample(case['image'][None], grid, 'bilinear', align_corners=False)[0],
                'label': F.grid_sample(case['label'][None], grid, 'nearest', align_corners=False)[0]}


class Rician(mt.RandomizableTransform):
    """MONAI's Rician noise takes the magnitude of z-scored values; here the darkest voxel is no signal. In a tenth."""

    def __init__(self):
        super().__init__(0.1)

    def __call__(self, case):
        self.randomize(None)
        if not self._do_transform:
            return case
        x = case['image']
        dark = x.min()
        noise = torch.from_numpy(self.R.normal(0, 1, (2, *x.shape)).astype(np.float32))
        noise *= (x.max() - dark) / self.R.uniform(15, 60)
        return {**case, 'image': dark + torch.hypot(x - dark + noise[0], noise[1])}


def transform(augmented):
    crop = mt.RandCropByLabelClassesd(
        ('image', 'label'), 'label', PATCH + 2 * WIDER if augmented else PATCH, num_classes=CLASSES, indices_key='centers',
        ratios=[1 - FOREGROUND] + [FOREGROUND / (CLASSES - 1)] * (CLASSES - 1))
    shown = mt.SelectItemsd(('image', 'label'))
    flip = mt.RandFlipd(('image', 'label'), 0.5, spatial_axis=2)
    if not augmented:
        return mt.Compose([Centers(), crop, shown, flip])
    # patches reach to the rim of the image, and beyond it there is background
    return mt.Compose([
        mt.BorderPadd(('image', 'label'), WIDER), Centers(), crop, shown, Moved(),
        mt.RandScaleIntensityd('image', 0.25, prob=0.15),
        mt.RandScaleIntensityFixedMeand('image', 0.25, preserve_range=True, prob=0.15),
        mt.RandAdjustContrastd('image', 0.3, (0.7, 1.5), retain_stats=True),
        mt.RandBiasFieldd('image', 3, (-0.3, 0.3), prob=0.1),
        mt.RandGaussianSmoothd('image', (0.5, 1.2), (0.5, 1.2), (0.5, 1.2), prob=0.2),
        mt.RandSimulateLowResolutiond('image', prob=0.25, zoom_range=(0.5, 1)),
        mt.RandGaussianNoised('image', 0.1, std=0.1), Rician(), flip])


LOADERS = {
    'DataLoader, no worker': lambda data, sampler: DataLoader(data, batch_size=BATCH, sampler=sampler, num_workers=0),
    'DataLoader, 1 worker': lambda data, sampler: DataLoader(
        data, batch_size=BATCH, sampler=sampler, num_workers=1, persistent_workers=True),
    'DataLoader, 2 workers': lambda data, sampler: DataLoader(
        data, batch_size=BATCH, sampler=sampler, num_workers=2, persistent_workers=True),
    'ThreadDataLoader': lambda data, sampler: ThreadDataLoader(data, batch_size=BATCH, sampler=sampler, num_workers=0),
}
LAYOUTS = {'contiguous': torch.contiguous_format, 'channels last': torch.channels_last_3d}
LOSS = DiceCELoss(include_background=False, to_onehot_y=True, softmax=True, batch=True)


def train(folder, cases, augmented, loader, layout, steps, seed):
    """The trained network; the rate stays for half of the steps, then falls in a straight line."""
    monai.utils.set_determinism(seed)
    composed = transform(augmented)
    composed.set_random_state(seed)
    data = CacheDataset(cases, composed, num_workers=None, progress=False, copy_cache=False)
    batches = LOADERS[loader](data, RandomSampler(data, replacement=True, num_samples=steps * BATCH))
    network = unet.UNet(folder, 'GROUP').to(memory_format=LAYOUTS[layout])
    network.train()
    adam = torch.optim.Adam(network.parameters(), RATE, eps=1e-7, fused=True)
    falling = torch.optim.lr_scheduler.LambdaLR(adam, lambda step: min(1, 2 * (1 - step / steps) + 0.02))
    for batch in batches:
        adam.zero_grad()
        LOSS(network(batch['image'].to(memory_format=LAYOUTS[layout])), batch['label']).backward()
        adam.step()
        falling.step()
    return network


def check(folder, losses):
    """The same steps on the same batches have to give the same losses."""
    network = unet.UNet(folder, 'GROUP')
    adam = torch.optim.Adam(network.parameters(), RATE, eps=1e-7)
    for step, mine in enumerate(losses, 1):
        adam.zero_grad()
        loss = LOSS(network(batch_of(folder, f'images.{step}')), batch_of(folder, f'labels.{step}'))
        loss.backward()
        adam.step()
        error = abs(loss.item() - mine)
        if not error <= CHECK:
            raise SystemExit(f'the losses of step {step} differ by {error:.1e}, more than {CHECK:.0e}')


def seconds(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def dice(found, truth):
    """Mean over the classes but the background, all of which occur."""
    return statistics.mean(2 * np.sum((found == c) & (truth == c)) / (np.sum(found == c) + np.sum(truth == c))
                           for c in range(1, CLASSES))


def segmented(network, image):
    network.eval()
    with torch.no_grad():
        return sliding_window_inference(image[None], (PATCH,) * 3, BATCH, lambda x: torch.softmax(network(x), 1), overlap=0.5,
                                        mode='gaussian').argmax(1)[0].numpy()


def preparing(cases, augmented):
    """Median processor time of a batch, in this process and one thread."""
    data = CacheDataset(cases, transform(augmented), num_workers=None, progress=False, copy_cache=False)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    times = []
    start = time.process_time()
    for _ in LOADERS['DataLoader, no worker'](data, RandomSampler(data, replacement=True, num_samples=2 * PREPARED * BATCH)):
        now = time.process_time()
        times.append(now - start)
        start = now
    torch.set_num_threads(threads)
    return statistics.median(times[PREPARED:])


def fastest(folder, cases, augmented):
    """Layout and loader of the fastest of some short trainings: first the layouts, then the other loaders with the faster one."""
    trials = {}

    def attempt(layout, loader):
        trials[layout, loader] = seconds(lambda: train(folder, cases, augmented, loader, layout, TRIAL, 1))[0]

    for layout in LAYOUTS:
        attempt(layout, 'ThreadDataLoader')
    faster = min(trials, key=trials.get)[0]
    for loader in LOADERS:
        if (faster, loader) not in trials:
            attempt(faster, loader)
    print(f'{kind(augmented)}: {TRIAL} steps of MONAI take '
          + ', '.join(f'{took:.2f} s ({", ".join(names)})' for names, took in trials.items()), flush=True)
    return min(trials, key=trials.get)


def kind(augmented):
    return 'augmented' if augmented else 'plain'


def scores(folder, network, tests):
    """Mean Dice over the test images, of the Java side and of a network."""
    network.to(memory_format=torch.contiguous_format)
    return [statistics.mean(each) for each in zip(*(
        (dice(unet.read(folder, f'classes.{n}').reshape((SIZE,) * 3), truth), dice(segmented(network, image), truth))
        for n, (image, truth) in enumerate(tests)))]


def main():
    monai.data.set_track_meta(False)
    folder = tempfile.mkdtemp()
    java = unet.Java(JAVA, CLASSPATH, SETTING, folder, ROUNDS, side='TrainingPeer')
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    cases = [{'image': volume(folder, f'training.image.{n}'), 'label': volume(folder, f'training.labels.{n}')} for n in range(TRAINING)]
    tests = [(volume(folder, f'test.image.{n}'), volume(folder, f'test.labels.{n}')[0].numpy()) for n in range(TEST)]
    print(f'PyTorch {torch.__version__}, MONAI {monai.__version__} with {torch.get_num_threads()} threads; {machine.processor()}, '
          f'{os.cpu_count()} processors; {java.settings}; {ROUNDS} rounds in turns', flush=True)
    best, mine, theirs, dices = {}, {}, {}, {}
    for augmented in (True, False):
        best[augmented] = fastest(os.path.join(folder, '1'), cases, augmented)
        print(f'{kind(augmented)}: preparing a batch takes {1000 * java.ask("batch " + kind(augmented)):.2f} ms of a processor here, '
              f'{1000 * preparing(cases, augmented):.2f} ms there', flush=True)
        java.ask(f'train 1 {WARM_UP} {kind(augmented)}')
        mine[augmented], theirs[augmented], dices[augmented] = [], [], []
    for seed in range(1, ROUNDS + 1):
        start = os.path.join(folder, str(seed))
        for augmented in (True, False):
            mine[augmented].append(java.ask(f'train {seed} {STEPS} {kind(augmented)}'))
            if not augmented:
                check(start, unet.read(folder, 'losses'))
            java.ask('segment')
            layout, loader = best[augmented]
            took, network = seconds(lambda: train(start, cases, augmented, loader, layout, STEPS, seed))
            theirs[augmented].append(took)
            dices[augmented].append(scores(folder, network, tests))
            print(f'{kind(augmented)}, seed {seed}: {mine[augmented][-1]:.1f} s here, {took:.1f} s there; '
                  'Dice {:.4f} here, {:.4f} there'.format(*dices[augmented][-1]), flush=True)
    java.close()
    print('| what | here: fastest, median | MONAI: fastest, median | here / MONAI: fastest, median |\n|---|---|---|---|')
    failed = []
    for augmented in (True, False):
        ours, peer = np.mean(dices[augmented], 0)
        print(unet.row(f'{kind(augmented)}, {STEPS} steps; Dice {ours:.3f} here, {peer:.3f} there', mine[augmented], theirs[augmented]))
        if not abs(ours - peer) <= TOLERANCE:
            failed.append(f'{kind(augmented)}: the mean Dice is {ours:.4f} here and {peer:.4f} there, more than {TOLERANCE} apart')
    if failed:
        raise SystemExit('\n'.join(failed))


main()
