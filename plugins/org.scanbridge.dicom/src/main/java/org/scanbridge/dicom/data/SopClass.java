package org.scanbridge.dicom.data;

import java.util.Map;

/** What kinds of objects there are (PS3.4 B.5, PS3.6 A), in words for messages. */
public final class SopClass {

    private static final String STORAGE = "1.2.840.10008.5.1.4.1.1.";

    private static final Map<String, String> IMAGES = Map.ofEntries(
        of("1", "CR image"),
        of("1.1", "X-ray image"),
        of("1.1.1", "X-ray image"),
        of("1.2", "mammography image"),
        of("1.2.1", "mammography image"),
        of("2", "CT image"),
        of("2.1", "enhanced CT image"),
        of("3.1", "ultrasound multi-frame image"),
        of("4", "MR image"),
        of("4.1", "enhanced MR image"),
        of("6.1", "ultrasound image"),
        of("7", "secondary capture"),
        of("12.1", "angiography image"),
        of("12.2", "fluoroscopy image"),
        of("20", "nuclear medicine image"),
        of("128", "PET image"),
        of("130", "enhanced PET image"),
        of("481.1", "RT image"),
        of("481.2", "RT dose"));

    private static final Map<String, String> OTHERS = Map.ofEntries(
        of("4.2", "MR spectroscopy"),
        of("9.1.1", "12-lead ECG"),
        of("9.1.2", "ECG"),
        of("9.1.3", "ambulatory ECG"),
        of("11.1", "grayscale presentation state"),
        of("11.2", "color presentation state"),
        of("66", "raw data"),
        of("66.1", "spatial registration"),
        of("66.2", "spatial fiducials"),
        of("66.3", "deformable registration"),
        of("66.5", "surface segmentation"),
        of("66.6", "tractography"),
        of("67", "real-world value mapping"),
        of("88.11", "basic text report"),
        of("88.22", "enhanced report"),
        of("88.33", "comprehensive report"),
        of("88.34", "comprehensive 3D report"),
        of("88.59", "key object selection"),
        of("88.67", "radiation dose report"),
        of("104.1", "encapsulated PDF"),
        of("104.2", "encapsulated CDA document"),
        of("104.3", "encapsulated STL model"),
        of("481.4", "RT treatment record"),
        of("481.5", "RT plan"),
        of("481.7", "RT treatment record"),
        of("481.8", "RT ion plan"));

    private SopClass() {
    }

    private static Map.Entry<String, String> of(final String suffix, final String words) {
        return Map.entry(STORAGE + suffix, words);
    }

    /** Whether objects of a class are images, which have pixels. */
    public static boolean isImage(final String uid) {
        return IMAGES.containsKey(uid);
    }

    /** Such as {@code RT plan, SOP class 1.2.840.10008.5.1.4.1.1.481.5}; the UID alone where the class is not known here. */
    public static String words(final String uid) {
        final String name = IMAGES.getOrDefault(uid, OTHERS.getOrDefault(uid, ""));
        return uid.isEmpty() ? "SOP class unknown" : (name.isEmpty() ? "" : name + ", ") + "SOP class " + uid;
    }
}
