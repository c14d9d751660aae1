package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.Blur;
import org.scanbridge.imaging.augment.Gamma;
import org.scanbridge.imaging.augment.GaussianNoise;
import org.scanbridge.imaging.augment.LabeledVolume;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.data.ChannelImages;

/**
 * The changes of an image that a segmentation should survive, always the same ones: darker and brighter middle tones, noise
 * of a tenth of the foreground's standard deviation, a blur of half a voxel.
 */
final class Views {

    private static final long SEED = 20261129L;

    private Views() {
    }

    /** Number of views of an image. */
    static final int COUNT = 4;

    /** A view of all channels. */
    static ChannelImages of(final ChannelImages images, final int view) {
        final List<Volume> changed = new ArrayList<>();
        for (int c = 0; c < images.count(); c++) {
            final Volume image = images.volumes().get(c);
            changed.add(change(image, view).draw(SeededRandom.of(SEED, view, c)).apply(LabeledVolume.of(image)).image());
        }
        return new ChannelImages(images.names(), changed, images.owner());
    }

    private static Augmentation change(final Volume image, final int view) {
        return switch (view) {
            case 0 -> new Gamma(new Range(0.75, 0.75));
            case 1 -> new Gamma(new Range(1.33, 1.33));
            case 2 -> new GaussianNoise(new Range(0.1, 0.1));
            default -> {
                final double half = Math.cbrt(image.geometry().voxelVolume()) / 2;
                yield new Blur(new Range(half, half));
            }
        };
    }
}
