package org.scanbridge.dicom.privacy;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Tag;

/** Tells images that may show the patient's name in their pixels, and objects that are no images. */
final class Suspects {

    private static final String STORAGE = "1.2.840.10008.5.1.4.1.1.";

    /** Secondary capture, ultrasound, endoscopy and photography write names into the picture. */
    private static final List<String> PAINTED =
        List.of(STORAGE + "7", STORAGE + "6", STORAGE + "3", STORAGE + "77.1", STORAGE + "30");

    /** Segmentations, structure sets, plans, doses, registrations and value mappings hold no free text but what is cleaned. */
    private static final Set<String> WITHOUT_PIXELS = Set.of(STORAGE + "481.3", STORAGE + "481.5", STORAGE + "66.1",
        STORAGE + "66.3", STORAGE + "66.5", STORAGE + "67");

    private static final int OVERLAYS = 0x60;

    private static final int OVERLAY_DATA = 0x3000;

    private Suspects() {
    }

    /** Whether an object is of a kind that can be cleaned attribute by attribute: no report, document, or waveform. */
    static boolean canBeCleaned(final DataSet data, final boolean hasPixels) {
        return hasPixels || WITHOUT_PIXELS.contains(data.text(Tag.SOP_CLASS_UID));
    }

    /** Why the pixels may show who the patient is; empty if nothing speaks for it. */
    static Optional<String> burnedIn(final DataSet data) {
        final String annotation = data.text(Tag.BURNED_IN_ANNOTATION);
        if (annotation.equals("YES")) {
            return Optional.of("Burned In Annotation (0028,0301) is YES");
        }
        if (hasOverlayInPixels(data)) {
            return Optional.of("an overlay lies in the unused bits of its pixels");
        }
        if (annotation.equals("NO")) {
            return Optional.empty();
        }
        final String sopClass = data.text(Tag.SOP_CLASS_UID);
        if (PAINTED.stream().anyMatch(c -> sopClass.equals(c) || sopClass.startsWith(c + "."))) {
            return Optional.of("it is a screen shot, ultrasound image or photograph, which often shows names");
        }
        final List<String> type = data.texts(Tag.IMAGE_TYPE);
        if (type.stream().anyMatch(t -> t.contains("SCREEN") || t.equals("CAPTURE"))) {
            return Optional.of("its Image Type names a screen shot");
        }
        return Optional.empty();
    }

    /** Overlay planes without data of their own are bits of the pixels (retired, PS3.5 section 8.1.2). */
    private static boolean hasOverlayInPixels(final DataSet data) {
        for (final DataElement e : data.elements()) {
            final int group = e.tag() >>> 16;
            if (group >>> 8 == OVERLAYS && (group & 1) == 0 && !data.hasValue(group << 16 | OVERLAY_DATA)) {
                return true;
            }
        }
        return false;
    }
}
