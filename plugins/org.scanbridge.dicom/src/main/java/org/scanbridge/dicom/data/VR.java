package org.scanbridge.dicom.data;

/** Value representations (PS3.5 section 6.2). */
public enum VR {
        AE(true, 1), AS(true, 1), AT(false, 2), CS(true, 1), DA(true, 1), DS(true, 1), DT(true, 1), FD(false, 8),
        FL(false, 4), IS(true, 1), LO(true, 1), LT(true, 1), OB(false, 1), OD(false, 8), OF(false, 4), OL(false, 4),
        OV(false, 8), OW(false, 2), PN(true, 1), SH(true, 1), SL(false, 4), SQ(false, 1), SS(false, 2), ST(true, 1),
        SV(false, 8), TM(true, 1), UC(true, 1), UI(true, 1), UL(false, 4), UN(false, 1), UR(true, 1), US(false, 2),
        UT(true, 1), UV(false, 8);

    private static final VR[] ALL = values();

    private final boolean m_text;

    private final int m_unit;

    VR(final boolean text, final int unit) {
        m_text = text;
        m_unit = unit;
    }

    /** Whether values are characters. */
    public boolean isText() {
        return m_text;
    }

    /** Number of bytes that swap together when the byte order changes. */
    public int unit() {
        return m_unit;
    }

    /** Whether explicit encodings have a 32-bit length after two reserved bytes (PS3.5 table 7.1-1). */
    public boolean hasLongLength() {
        return switch (this) {
            case OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV -> true;
            default -> false;
        };
    }

    /** Whether text in this VR is encoded in the Specific Character Set (PS3.5 section 6.1.2.3). */
    public boolean hasCharacterSet() {
        return switch (this) {
            case LO, LT, PN, SH, ST, UC, UT -> true;
            default -> false;
        };
    }

    /** Whether a backslash is part of the text rather than a separator of values. */
    public boolean isSingleText() {
        return this == LT || this == ST || this == UT || this == UR;
    }

    /** The byte that pads values to even length: NUL for UIDs and binary values, a blank for other text. */
    public byte padding() {
        return m_text && this != UI ? (byte)' ' : 0;
    }

    /** The VR with these two characters, or null if there is none. */
    static VR of(final int first, final int second) {
        for (final VR vr : ALL) {
            final String name = vr.name();
            if (name.charAt(0) == first && name.charAt(1) == second) {
                return vr;
            }
        }
        return null;
    }
}
