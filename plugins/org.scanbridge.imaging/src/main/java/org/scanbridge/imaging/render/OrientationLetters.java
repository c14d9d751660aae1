package org.scanbridge.imaging.render;

/**
 * Names of directions in the patient, as DICOM's Patient Orientation (PS3.3 C.7.6.1.1.1) abbreviates them: A anterior, P
 * posterior, R right, L left, H head, F foot.
 */
public final class OrientationLetters {

    /** The sine of 10°: a further letter for less would stand beside every stack that is not quite straight. */
    private static final double NOTEWORTHY = 0.174;

    private static final char[] POSITIVE = {'L', 'P', 'H'};

    private static final char[] NEGATIVE = {'R', 'A', 'F'};

    private OrientationLetters() {
    }

    /**
     * @param direction a direction in the patient frame (LPS); of any length but 0
     * @return one to three letters, the axis that the direction is nearest to first; further axes if they deviate by more
     *         than 10°
     */
    public static String of(final double... direction) {
        final double length = Math.hypot(Math.hypot(direction[0], direction[1]), direction[2]);
        final StringBuilder letters = new StringBuilder(3);
        final boolean[] named = new boolean[3];
        for (int n = 0; n < 3; n++) {
            int best = -1;
            for (int axis = 0; axis < 3; axis++) {
                if (!named[axis] && (best < 0 || Math.abs(direction[axis]) > Math.abs(direction[best]))) {
                    best = axis;
                }
            }
            if (n > 0 && Math.abs(direction[best]) <= NOTEWORTHY * length) {
                break;
            }
            named[best] = true;
            letters.append((direction[best] > 0 ? POSITIVE : NEGATIVE)[best]);
        }
        return letters.toString();
    }
}
