package org.scanbridge.dicom.seg;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What a segment shows, as coded concepts that software understands whatever the language of its label (PS3.3 C.8.20.4.1).
 *
 * @param category Segmented Property Category (PS3.16 CID 7150)
 * @param type Segmented Property Type (PS3.16 CID 7151)
 */
public record SegmentProperty(SegmentCode category, SegmentCode type) {

    private static final SegmentCode ANATOMY = new SegmentCode("91723000", "SCT", "Anatomical Structure");

    private static final SegmentCode ABNORMAL =
        new SegmentCode("49755003", "SCT", "Morphologically Abnormal Structure");

    private static final SegmentCode SUBSTANCE = new SegmentCode("91720002", "SCT", "Body Substance");

    /** Tissue, of which no more is known. */
    public static final SegmentProperty UNKNOWN = new SegmentProperty(SegmentCode.TISSUE, SegmentCode.TISSUE);

    /** What a label map describes as label 0. */
    static final SegmentProperty BACKGROUND = new SegmentProperty(new SegmentCode("125040", "DCM", "Background"),
        new SegmentCode("125040", "DCM", "Background"));

    private static final Map<String, SegmentProperty> KNOWN = known();

    /** @throws NullPointerException if a component is null */
    public SegmentProperty {
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(type, "type");
    }

    private static Map<String, SegmentProperty> known() {
        final Map<String, SegmentProperty> map = new LinkedHashMap<>();
        put(map, SUBSTANCE, "65216001", "Cerebrospinal Fluid", "csf", "cerebrospinal fluid");
        put(map, SegmentCode.TISSUE, "389081007", "Gray Matter", "gm", "gray matter", "grey matter");
        put(map, SegmentCode.TISSUE, "389080008", "White Matter", "wm", "white matter");
        put(map, ANATOMY, "12738006", "Brain", "brain");
        put(map, ANATOMY, "5366008", "Hippocampus", "hippocampus");
        put(map, ANATOMY, "2748008", "Spinal Cord", "spinal cord");
        put(map, ANATOMY, "10200004", "Liver", "liver");
        put(map, ANATOMY, "64033007", "Kidney", "kidney", "kidneys");
        put(map, ANATOMY, "78961009", "Spleen", "spleen");
        put(map, ANATOMY, "15776009", "Pancreas", "pancreas");
        put(map, ANATOMY, "28231008", "Gallbladder", "gallbladder");
        put(map, ANATOMY, "69695003", "Stomach", "stomach");
        put(map, ANATOMY, "32849002", "Esophagus", "esophagus");
        put(map, ANATOMY, "71854001", "Colon", "colon");
        put(map, ANATOMY, "15825003", "Aorta", "aorta");
        put(map, ANATOMY, "80891009", "Heart", "heart");
        put(map, ANATOMY, "39607008", "Lung", "lung", "lungs");
        put(map, ANATOMY, "41216001", "Prostate", "prostate");
        put(map, ANATOMY, "89837001", "Bladder", "bladder", "urinary bladder");
        put(map, ANATOMY, "76752008", "Breast", "breast");
        put(map, ABNORMAL, "52988006", "Lesion", "lesion", "lesions", "white matter lesion");
        put(map, ABNORMAL, "108369006", "Neoplasm", "tumor", "tumour", "cancer", "neoplasm");
        put(map, ABNORMAL, "79654002", "Edema", "edema", "oedema");
        put(map, ABNORMAL, "6574001", "Necrosis", "necrosis");
        put(map, ABNORMAL, "27925004", "Nodule", "nodule", "nodules");
        put(map, ABNORMAL, "50960005", "Hemorrhage", "hemorrhage", "haemorrhage", "bleeding");
        put(map, ABNORMAL, "72704001", "Fracture", "fracture", "fractures");
        return map;
    }

    private static void put(final Map<String, SegmentProperty> map, final SegmentCode category, final String code,
        final String meaning, final String... names) {
        for (final String name : names) {
            map.put(name, new SegmentProperty(category, new SegmentCode(code, "SCT", meaning)));
        }
    }

    /** The property that a class name is usual for, in English and whatever the case; {@link #UNKNOWN} for others. */
    public static SegmentProperty of(final String className) {
        return KNOWN.getOrDefault(className.strip().toLowerCase(Locale.ROOT).replace('_', ' '), UNKNOWN);
    }
}
