package org.scanbridge.imaging.atlas;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.phantom.Anatomy;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutors;

/** Phantoms of 64³ voxels and their scans: air, CSF, gray and white matter of given means, partial volume and noise. */
final class Heads {

    static final double[] T1 = {10, 40, 70, 100};

    static final double[] T2 = {10, 110, 60, 40};

    private Heads() {
    }

    static LabelVolume labels(final long seed) {
        return new BrainPhantom(64, Anatomy.ADULT).generate(seed);
    }

    /** @param slope how much brighter, in the logarithm, the left face is than the right one, halved */
    static Volume scan(final LabelVolume labels, final double[] means, final double slope, final long seed) {
        final float[] x = new float[labels.voxels().length];
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)means[labels.voxels()[v]];
        }
        final Volume sharp = new Volume(x, labels.geometry(), new VolumeInfo("MR", "", "s" + seed, "", ""));
        final float[] y = new GaussianBlur(0.5, 0.5, 0.5).apply(sharp, TaskExecutors.singleThreaded()).voxels();
        final SeededRandom random = new SeededRandom(seed);
        for (int v = 0; v < y.length; v++) {
            final double field = Math.exp(slope * (2.0 * (v % 64) / 63 - 1));
            y[v] = (float)Math.hypot(y[v] * field + 3 * random.nextGaussian(), 3 * random.nextGaussian());
        }
        return sharp.withVoxels(y);
    }

    static List<AtlasBuilder.Subject> subjects(final int count) {
        final List<AtlasBuilder.Subject> subjects = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            final LabelVolume labels = labels(100 + s);
            subjects.add(new AtlasBuilder.Subject(scan(labels, T1, 0, s), labels));
        }
        return subjects;
    }

    static double dice(final LabelVolume a, final LabelVolume b, final int label) {
        long both = 0;
        long sum = 0;
        for (int v = 0; v < a.voxels().length; v++) {
            both += a.voxels()[v] == label && b.voxels()[v] == label ? 1 : 0;
            sum += (a.voxels()[v] == label ? 1 : 0) + (b.voxels()[v] == label ? 1 : 0);
        }
        return 2.0 * both / sum;
    }
}
