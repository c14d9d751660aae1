package org.scanbridge.knime.io;

import java.util.Locale;
import java.util.Set;

import org.scanbridge.dicom.series.Problem;

/** Tells problems that cost an image or a segmentation from those that a folder of DICOM files is full of. */
public final class Losses {

    private static final Set<String> IMAGE_EXTENSIONS = Set.of("dcm", "dicom", "ima");

    private Losses() {
    }

    /** Whether something that looks like an image, a series or a segmentation had to be left out. */
    public static boolean isLoss(final Problem problem) {
        return switch (problem.kind()) {
            // Left out because the user asked for it, or of a kind that no image is expected from.
            case FILTERED, UNSUPPORTED_OBJECT, LOCALIZER -> false;
            // Of a copy that is left out, the original is read.
            case DUPLICATE_SLICE -> problem.effect() == Problem.Effect.SERIES_SKIPPED;
            case NOT_DICOM -> isNamedLikeAnImage(problem.file());
            default -> problem.effect() != Problem.Effect.KEPT;
        };
    }

    /** Image files are named *.dcm, or have no extension as on most scanners' media; a README is neither. */
    private static boolean isNamedLikeAnImage(final String file) {
        final String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        final int dot = name.lastIndexOf('.');
        return dot < 0 ? name.chars().anyMatch(Character::isDigit)
            : IMAGE_EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }
}
