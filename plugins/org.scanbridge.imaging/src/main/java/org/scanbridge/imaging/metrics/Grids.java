package org.scanbridge.imaging.metrics;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelVolume;

/** Checks that two segmentations can be compared voxel by voxel. */
final class Grids {

    private Grids() {
    }

    static void requireSame(final LabelVolume prediction, final LabelVolume truth) {
        if (!prediction.geometry().sameGrid(truth.geometry())) {
            final String subject = truth.info().subject();
            throw new ImagingException("Prediction and truth" + (subject.isEmpty() ? "" : " of subject " + subject)
                + " lie on different grids: " + prediction.geometry() + " and "
                + truth.geometry().beside(prediction.geometry()) + ". Resample one to the other's grid first.");
        }
    }
}
