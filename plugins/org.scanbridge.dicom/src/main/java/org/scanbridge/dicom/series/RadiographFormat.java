package org.scanbridge.dicom.series;

import java.util.Objects;
import java.util.Optional;

/**
 * How a radiograph is stored and what its header tells of it.
 *
 * @param computed whether it is a Computed Radiography Image (PS3.3 A.2), else a Digital X-Ray Image for presentation
 *            (PS3.3 A.26)
 * @param bits Bits Stored, 8 to 16
 * @param inverse whether the smallest stored value is shown white: MONOCHROME1, else MONOCHROME2
 * @param logarithmic Pixel Intensity Relationship: LOG, else LIN
 * @param magnification Estimated Radiographic Magnification Factor, at least 1: size at the detector over size in the plane
 *            of what is shown
 * @param calibrated whether Pixel Spacing tells the spacing in that plane; Imager Pixel Spacing, that at the detector, is told
 *            always
 * @param bodyPart what is shown
 * @param view View Position, such as AP
 * @param left whether it is a left limb, else a right one
 * @param field edges of the field that the collimator leaves open: left and right column, upper and lower row, from 0; empty
 *            if nothing is covered. Told in Digital X-Ray Images only: those of Computed Radiography have no attributes for it.
 */
public record RadiographFormat(boolean computed, int bits, boolean inverse, boolean logarithmic, double magnification,
    boolean calibrated, BodyPart bodyPart, String view, boolean left, Optional<int[]> field) {

    private static final int MIN_BITS = 8;

    private static final int MAX_BITS = 16;

    private static final int EDGES = 4;

    /** @throws IllegalArgumentException if a number is out of range */
    public RadiographFormat {
        Objects.requireNonNull(bodyPart, "bodyPart");
        Objects.requireNonNull(view, "view");
        if (bits < MIN_BITS || bits > MAX_BITS) {
            throw new IllegalArgumentException("Radiographs of " + bits + " bits cannot be written; 8 to 16 can.");
        }
        if (!(magnification >= 1) || Double.isInfinite(magnification)) {
            throw new IllegalArgumentException("The magnification " + magnification + " must be finite and at least 1.");
        }
        field.ifPresent(f -> {
            if (f.length != EDGES) {
                throw new IllegalArgumentException("A field has 4 edges, not " + f.length + ".");
            }
        });
        field = field.map(int[]::clone);
    }

    /**
     * A region of the body.
     *
     * @param name Body Part Examined (PS3.16 Annex L)
     * @param code its code in SNOMED CT
     * @param meaning what the code means
     */
    public record BodyPart(String name, String code, String meaning) {

        /** An arm or leg, of which no more is told. */
        public static final BodyPart EXTREMITY = new BodyPart("EXTREMITY", "66019005", "Extremity");

        /** @throws NullPointerException if a component is null */
        public BodyPart {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(meaning, "meaning");
        }
    }

    /** DX or CR. */
    public String modality() {
        return computed ? "CR" : "DX";
    }

    /** The largest stored value. */
    public int maximum() {
        return (1 << bits) - 1;
    }

    /** A copy of the edges. */
    @Override
    public Optional<int[]> field() {
        return field.map(int[]::clone);
    }
}
