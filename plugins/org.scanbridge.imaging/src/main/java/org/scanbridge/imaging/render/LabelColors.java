package org.scanbridge.imaging.render;

/** Colors of label values, told apart by color-blind readers too (Okabe and Ito, Color universal design, 2008). */
public final class LabelColors {

    private static final int[] OKABE_ITO =
        {0x56b4e9, 0xe69f00, 0x009e73, 0xf0e442, 0xcc79a7, 0xd55e00, 0x0072b2};

    private LabelColors() {
    }

    /** The color of a label value from 1 as 0xRRGGBB; colors repeat after seven. */
    public static int rgb(final int label) {
        return OKABE_ITO[Math.floorMod(label - 1, OKABE_ITO.length)];
    }
}
