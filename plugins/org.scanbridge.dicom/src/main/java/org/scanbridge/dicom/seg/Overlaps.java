package org.scanbridge.dicom.seg;

import java.util.function.Consumer;

import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.imaging.labels.CombinedLabels;
import org.scanbridge.imaging.volume.VolumeInfo;

/** What users are told about structures that overlap. */
public final class Overlaps {

    /** Where one class won. */
    public static final String CHANGE = "Change \"Where segments overlap\" if another one is meant, or choose \"Keep all\" there"
        + " to lose nothing.";

    /** Where combinations are too many. */
    public static final String TOO_MANY = "Choose which class wins in \"Where segments overlap\" instead of \"Keep all\", or name"
        + " fewer structures.";

    private Overlaps() {
    }

    /**
     * Says which combinations became classes; nothing if none did.
     *
     * @param what overlaps, such as {@code Segments}
     * @param path the file
     */
    public static void report(final CombinedLabels.Result combined, final String what, final String path,
        final VolumeInfo info, final Consumer<Problem> problems) {
        if (!combined.combinations().isEmpty()) {
            problems.accept(new Problem(Kind.SEGMENTATION_OVERLAP, Effect.KEPT, path, info.series(), what + " overlap; voxels"
                + " of several got a class of their own: " + combined.words() + ".",
                "Where a whole structure is meant, name it as a region, which includes its combinations; or choose which class"
                    + " wins in \"Where segments overlap\"."));
        }
    }
}
