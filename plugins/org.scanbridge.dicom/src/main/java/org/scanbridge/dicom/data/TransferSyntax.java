package org.scanbridge.dicom.data;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a data set and its pixel data are encoded (PS3.5 section 10 and annex A).
 *
 * @param uid transfer syntax UID
 * @param name the standard's name, for messages
 * @param explicit whether elements carry their VR
 * @param bigEndian whether numbers are big endian
 * @param deflated whether the data set is compressed as a whole
 * @param encapsulated whether pixel data consists of compressed fragments
 */
public record TransferSyntax(String uid, String name, boolean explicit, boolean bigEndian, boolean deflated,
    boolean encapsulated) {

    /** 1.2.840.10008.1.2. */
    public static final TransferSyntax IMPLICIT_LITTLE_ENDIAN = new TransferSyntax("1.2.840.10008.1.2",
        "Implicit VR Little Endian", false, false, false, false);

    /** 1.2.840.10008.1.2.1. */
    public static final TransferSyntax EXPLICIT_LITTLE_ENDIAN = new TransferSyntax("1.2.840.10008.1.2.1",
        "Explicit VR Little Endian", true, false, false, false);

    /** 1.2.840.10008.1.2.1.99. */
    public static final TransferSyntax DEFLATED = new TransferSyntax("1.2.840.10008.1.2.1.99",
        "Deflated Explicit VR Little Endian", true, false, true, false);

    /** 1.2.840.10008.1.2.2 (retired). */
    public static final TransferSyntax EXPLICIT_BIG_ENDIAN = new TransferSyntax("1.2.840.10008.1.2.2",
        "Explicit VR Big Endian", true, true, false, false);

    /** 1.2.840.10008.1.2.5. */
    public static final TransferSyntax RLE = encapsulated("1.2.840.10008.1.2.5", "RLE Lossless");

    /** 1.2.840.10008.1.2.4.50. */
    public static final TransferSyntax JPEG_BASELINE =
        encapsulated("1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)");

    /** 1.2.840.10008.1.2.4.51. */
    public static final TransferSyntax JPEG_EXTENDED =
        encapsulated("1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 and 4)");

    /** 1.2.840.10008.1.2.4.53 (retired). */
    public static final TransferSyntax JPEG_SPECTRAL_SELECTION = encapsulated("1.2.840.10008.1.2.4.53",
        "JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)");

    /** 1.2.840.10008.1.2.4.55 (retired). */
    public static final TransferSyntax JPEG_FULL_PROGRESSION = encapsulated("1.2.840.10008.1.2.4.55",
        "JPEG Full Progression, Non-Hierarchical (Process 10 and 12)");

    /** 1.2.840.10008.1.2.4.57. */
    public static final TransferSyntax JPEG_LOSSLESS =
        encapsulated("1.2.840.10008.1.2.4.57", "JPEG Lossless, Non-Hierarchical (Process 14)");

    /** 1.2.840.10008.1.2.4.70. */
    public static final TransferSyntax JPEG_LOSSLESS_SV1 = encapsulated("1.2.840.10008.1.2.4.70",
        "JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14, Selection Value 1)");

    /** 1.2.840.10008.1.2.4.80. */
    public static final TransferSyntax JPEG_LS_LOSSLESS =
        encapsulated("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless");

    /** 1.2.840.10008.1.2.4.81. */
    public static final TransferSyntax JPEG_LS_NEAR_LOSSLESS =
        encapsulated("1.2.840.10008.1.2.4.81", "JPEG-LS Lossy (Near-Lossless)");

    /** 1.2.840.10008.1.2.4.90. */
    public static final TransferSyntax JPEG_2000_LOSSLESS =
        encapsulated("1.2.840.10008.1.2.4.90", "JPEG 2000 (Lossless Only)");

    /** 1.2.840.10008.1.2.4.91. */
    public static final TransferSyntax JPEG_2000 = encapsulated("1.2.840.10008.1.2.4.91", "JPEG 2000");

    private static final Map<String, TransferSyntax> KNOWN = Stream
        .of(IMPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN, DEFLATED, EXPLICIT_BIG_ENDIAN, RLE, JPEG_BASELINE,
            JPEG_EXTENDED, JPEG_LOSSLESS, JPEG_LOSSLESS_SV1, JPEG_LS_LOSSLESS, JPEG_LS_NEAR_LOSSLESS,
            JPEG_2000_LOSSLESS, JPEG_2000,
            encapsulated("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Multi-component (Lossless Only)"),
            encapsulated("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2 Multi-component"),
            encapsulated("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile / Main Level"),
            encapsulated("1.2.840.10008.1.2.4.101", "MPEG2 Main Profile / High Level"),
            encapsulated("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1"),
            encapsulated("1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"),
            encapsulated("1.2.840.10008.1.2.4.107", "HEVC/H.265 Main Profile / Level 5.1"),
            encapsulated("1.2.840.10008.1.2.4.110", "JPEG XL Lossless"),
            encapsulated("1.2.840.10008.1.2.4.112", "JPEG XL"),
            encapsulated("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 (Lossless Only)"),
            encapsulated("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 with RPCL Options (Lossless Only)"),
            encapsulated("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000"))
        .collect(Collectors.toUnmodifiableMap(TransferSyntax::uid, s -> s));

    /** @throws NullPointerException if the UID or the name is null */
    public TransferSyntax {
        Objects.requireNonNull(uid, "uid");
        Objects.requireNonNull(name, "name");
    }

    private static TransferSyntax encapsulated(final String uid, final String name) {
        return new TransferSyntax(uid, name, true, false, false, true);
    }

    /**
     * The transfer syntax of a UID. One that is not known is taken for a compressed one, which are all explicit little
     * endian (PS3.5 section A.4).
     */
    public static TransferSyntax of(final String uid) {
        final TransferSyntax known = KNOWN.get(uid);
        return known != null ? known : encapsulated(uid, "unknown transfer syntax");
    }

    /** {@code JPEG 2000 (1.2.840.10008.1.2.4.91)}. */
    @Override
    public String toString() {
        return name + " (" + uid + ")";
    }
}
