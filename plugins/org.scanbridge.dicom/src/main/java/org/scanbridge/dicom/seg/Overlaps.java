package org.scanbridge.dicom.seg;

import java.util.function.Consumer;

import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.imaging.labels.CombinedLabels;
import org.scanbridge.imaging.volume.VolumeInfo;

/** What users are told about structures that overlap. */
public final class Overlaps {

    /** The DICOM Reader's name of the setting. */
    public static final String SEGMENTS = "Where segments overlap";

    /** The NIfTI Reader's name of the setting. */
    public static final String CLASSES = "Where classes overlap";

    private Overlaps() {
    }

    /** What to do where one class won. */
    public static String change(final String setting) {
        return "Change \"" + setting + "\" if another one is meant, or choose \"Keep all\" there to lose nothing.";
    }

    /** What to do where combinations are too many. */
    public static String tooMany(final String setting) {
        return "Choose which class wins in \"" + setting + "\" instead of \"Keep all\", or read fewer structures.";
    }

    /**
     * Says which combinations became classes; nothing if none did.
     *
     * @param what overlaps, such as {@code Segments}
     * @param setting the reader's name of the setting
     * @param path the file
     */
    public static void report(final CombinedLabels.Result combined, final String what, final String setting,
        final String path, final VolumeInfo info, final Consumer<Problem> problems) {
        if (!combined.combinations().isEmpty()) {
            problems.accept(new Problem(Kind.SEGMENTATION_OVERLAP, Effect.KEPT, path, info.series(), what + " overlap; voxels"
                + " of several got a class of their own: " + combined.words() + ".",
                "Where a whole structure is meant, name it as a region, which includes its combinations; or choose which class"
                    + " wins in \"" + setting + "\"."));
        }
    }
}
