package org.scanbridge.dicom.privacy;

/** Options of PS3.15 annex E.3 that keep what the Basic Profile removes. */
public enum Retain {
        /** Sex, age, size, weight, ethnic group, smoking status, pregnancy status. */
        PATIENT_CHARACTERISTICS("113108", "Retain Patient Characteristics Option", 0x00100040, 0x00101010, 0x00101020,
            0x00101030, 0x00102160, 0x001021A0, 0x001021C0),
        /** Serial numbers and identifiers of devices, Station Name. */
        DEVICE_IDENTITY("113109", "Retain Device Identity Option", 0x00081010, 0x00181000, 0x00181002, 0x00181004,
            0x00181005, 0x00181007, 0x00181008, 0x00181009, 0x0018100A, 0x0018100B, 0x0018700A, 0x00400001, 0x00400010,
            0x00400241, 0x00400242),
        /** Name and address of the institution, department. */
        INSTITUTION_IDENTITY("113112", "Retain Institution Identity Option", 0x00080080, 0x00080081, 0x00080082,
            0x00081040, 0x00081041),
        /** All UIDs as they are. */
        UIDS("113110", "Retain UIDs Option");

    private final String m_code;

    private final String m_meaning;

    private final int[] m_tags;

    Retain(final String code, final String meaning, final int... tags) {
        m_code = code;
        m_meaning = meaning;
        m_tags = tags;
    }

    /** Code Value of the option (PS3.16 CID 7050). */
    String code() {
        return m_code;
    }

    /** Code Meaning of the option. */
    String meaning() {
        return m_meaning;
    }

    /** Whether it keeps an attribute. */
    boolean keeps(final int tag) {
        for (final int t : m_tags) {
            if (t == tag) {
                return true;
            }
        }
        return false;
    }
}
