package org.scanbridge.dicom.archive;

import java.util.Map;
import java.util.Optional;

/**
 * What the status codes mean that all services of DICOM share, by whatever protocol they come: PS3.7 annex C, of which DICOMweb
 * takes its failure and warning reasons (PS3.18 annex I), and those of storing (PS3.4 table B.2-1).
 */
public final class StatusCode {

    /** Duplicate SOP Instance. */
    public static final int DUPLICATE = 0x0111;

    /** Refused: not authorized. */
    public static final int NOT_AUTHORIZED = 0x0124;

    private static final Map<Integer, String> WORDS = Map.ofEntries(Map.entry(0x0000, "success"),
        Map.entry(0x0105, "no such attribute"), Map.entry(0x0106, "invalid attribute value"),
        Map.entry(0x0107, "not all attributes are known"), Map.entry(0x0110, "processing failure"),
        Map.entry(DUPLICATE, "the archive has this instance already"), Map.entry(0x0112, "no such object instance"),
        Map.entry(0x0115, "invalid argument"), Map.entry(0x0116, "a value is out of range"),
        Map.entry(0x0117, "invalid object instance"), Map.entry(0x0118, "no such SOP class"),
        Map.entry(0x0119, "class and instance do not belong together"),
        Map.entry(0x0122, "this kind of object (SOP class) is not supported"), Map.entry(NOT_AUTHORIZED, "not authorized"),
        Map.entry(0x0210, "duplicate message"), Map.entry(0x0211, "operation not known"),
        Map.entry(0x0212, "wrong arguments"), Map.entry(0x0213, "no resources left"),
        Map.entry(0xB000, "attributes were changed by the archive"), Map.entry(0xB006, "attributes were dropped by the archive"),
        Map.entry(0xB007, "the object does not fit its kind (SOP class)"));

    private StatusCode() {
    }

    /**
     * What a code means.
     *
     * @param code of 16 bits
     * @return empty if its meaning depends on the service, or there is none
     */
    public static Optional<String> meaning(final int code) {
        return Optional.ofNullable(WORDS.get(code));
    }
}
