"""Makes the scans and references that RealImageTable segments, of files in public packages.

    benchmarks/peers/real-images.sh <folder of ch2.nii.gz and ch2bet.nii.gz> <folder for the scans>

Colin27 (ch2, ch2bet) is in Debian's mricron-data, ICBM 152 in nilearn. Writes int32 files name.nii.gz, scaled to 10000, or to a
standard deviation of 1000 where the name begins with z (z-scored with what is around the brain, within the brain, and inverted), and name_ref.nii.gz
with 1 CSF, 2 gray matter, 3 white matter: k-means of ANTs' Atropos for Colin27, the most probable of the maps for ICBM 152.
"""
import os
import sys

import ants
import nibabel as nib
import nilearn
import numpy as np
from scipy import ndimage

TEMPLATES, OUT = sys.argv[1:3]
ICBM = os.path.join(os.path.dirname(nilearn.__file__), "datasets", "data", "mni_icbm152_%s_tal_nlin_sym_09a_converted.nii.gz")


def load(path):
    image = nib.load(path)
    return np.asarray(image.dataobj, dtype=np.float32), image.affine


def save(name, values, affine):
    nib.save(nib.Nifti1Image(np.rint(values).astype(np.int32), affine), os.path.join(OUT, name + ".nii.gz"))


def field(shape, seed, deviation):
    random = np.random.default_rng(seed)
    x = np.meshgrid(*[np.linspace(-1, 1, n) for n in shape], indexing="ij")
    f = sum(random.normal() / d * x[0] ** a * x[1] ** b * x[2] ** (d - a - b)
            for d in (1, 2, 3) for a in range(d + 1) for b in range(d - a + 1))
    return np.exp(deviation * f / f.std())


def turned(affine, degrees, axis):
    c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    i, j = [(1, 2), (0, 2), (0, 1)][axis]
    r = np.eye(4)
    r[i, i] = r[j, j] = c
    r[i, j], r[j, i] = -s, s
    return r @ affine


def variants(name, x, affine, reference, head):
    shown = ndimage.binary_fill_holes(ndimage.binary_closing(x > 12, iterations=2)) if head else x > 0
    parts, n = ndimage.label(shown)
    shown = parts == 1 + np.argmax(ndimage.sum(shown, parts, range(1, n + 1)))
    high = np.percentile(x[shown], 99.8)
    random = np.random.default_rng(1)

    def put(variant, values, at=affine, ref=reference):
        low, top = values.min(), values.max()
        save("%s_%s" % (name, variant), (values - low) * (10000 / (top - low)), at)
        save("%s_%s_ref" % (name, variant), ref, at)

    put("given", x)
    put("inverted", np.where(shown, np.clip(high - x, 0, None) + 5, x if head else 0))
    put("gamma", x.max() * (x / x.max()) ** 1.8)
    put("gamma06", x.max() * (x / x.max()) ** 0.6)
    put("field", x * field(x.shape, 3, 0.25))
    slices = x.shape[2] // 5
    thick = affine.copy()
    thick[:3, 3] += 2 * affine[:3, 2]
    thick[:3, 2] *= 5
    put("thick", x[:, :, :5 * slices].reshape(*x.shape[:2], slices, 5).mean(3), thick, reference[:, :, 2:5 * slices:5])
    put("turned15", x, turned(affine, 15, 0))
    put("turned12and10", x, turned(turned(affine, -10, 1), 12, 2))
    low = x.shape[2] // 4
    shift = np.eye(4)
    shift[:3, 3] = 15, 0, low
    put("cropped", x[15:, :, low:], affine @ shift, reference[15:, :, low:])
    put("noise", np.hypot(x + random.normal(0, 6, x.shape), random.normal(0, 6, x.shape)))

    def put_scored(variant, values):
        save("%s_%s" % (name, variant), 1000 * values, affine)
        save("%s_%s_ref" % (name, variant), reference, affine)

    put_scored("zscored", (x - x.mean()) / x.std())
    if not head:
        put_scored("zbrain", np.where(shown, (x - x[shown].mean()) / x[shown].std(), 0))
        put_scored("zwhite", (x.mean() - x) / x.std())


os.makedirs(OUT, exist_ok=True)
head, affine = load(os.path.join(TEMPLATES, "ch2.nii.gz"))
brain, _ = load(os.path.join(TEMPLATES, "ch2bet.nii.gz"))
classes = ants.atropos(a=ants.from_numpy(brain), x=ants.from_numpy((brain > 0).astype(np.float32)), i="KMeans[3]",
                       m="[0.1,1x1x1]", c="[10,0]")["segmentation"].numpy()
variants("colin", head, affine, classes, True)
variants("brain", brain, affine, classes, False)
t1, affine = load(ICBM % "t1")
gray, white = load(ICBM % "gm")[0] / 255, load(ICBM % "wm")[0] / 255
maps = np.stack([np.clip(1 - gray - white, 0, 1), gray, white])
variants("icbm", t1, affine, np.where(t1 > 0, 1 + np.argmax(maps, 0), 0), False)
