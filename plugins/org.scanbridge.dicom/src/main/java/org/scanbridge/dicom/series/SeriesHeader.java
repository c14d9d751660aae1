package org.scanbridge.dicom.series;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.Tag;

/**
 * What a file's header says about its series. Holds identifiers of the patient: for grouping and hashing inside the
 * reader, never for tables, logs or messages.
 *
 * @param studyUid Study Instance UID
 * @param seriesUid Series Instance UID; empty if absent
 * @param frameOfReference Frame of Reference UID; empty if absent
 * @param modality modality such as {@code MR}
 * @param patient Patient ID and its issuer; empty if absent
 * @param site the site by the rule asked for; empty if that is the folder or the attribute is absent
 * @param units units of the values: Rescale Type, HU for CT
 * @param description Series Description; empty if absent
 * @param attributes the attributes asked for that are there
 * @param announced how many images the header tells of
 * @param folder what a folder of this patient alone is called
 */
public record SeriesHeader(String studyUid, String seriesUid, String frameOfReference, String modality, String patient,
    String site, String units, String description, Map<HeaderAttribute, String> attributes, Announced announced,
    PatientFolder folder) {

    /**
     * How many images a header tells of; 0 where it does not.
     *
     * @param images Images in Acquisition (0020,1002)
     * @param slices Number of Slices (0054,0081)
     * @param times Number of Temporal Positions (0020,0105)
     */
    public record Announced(int images, int slices, int times) {
    }


    /** @throws NullPointerException if a component is null */
    public SeriesHeader {
        Objects.requireNonNull(studyUid, "studyUid");
        Objects.requireNonNull(seriesUid, "seriesUid");
        Objects.requireNonNull(frameOfReference, "frameOfReference");
        Objects.requireNonNull(modality, "modality");
        Objects.requireNonNull(patient, "patient");
        Objects.requireNonNull(site, "site");
        Objects.requireNonNull(units, "units");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(announced, "announced");
        Objects.requireNonNull(folder, "folder");
        attributes = Map.copyOf(attributes);
    }

    /**
     * Reads it from a data set.
     *
     * @param wanted attributes to keep
     */
    public static SeriesHeader of(final DataSet data, final SiteRule rule, final Set<HeaderAttribute> wanted)
        throws DicomException {
        final Map<HeaderAttribute, String> attributes = new HashMap<>();
        for (final HeaderAttribute attribute : wanted) {
            final String text = data.text(attribute.tag());
            if (!text.isEmpty()) {
                attributes.put(attribute, text);
            }
        }
        final String id = data.text(Tag.PATIENT_ID);
        final String modality = data.text(Tag.MODALITY);
        final String type = data.text(Tag.RESCALE_TYPE);
        return new SeriesHeader(data.text(Tag.STUDY_INSTANCE_UID), data.text(Tag.SERIES_INSTANCE_UID),
            data.text(Tag.FRAME_OF_REFERENCE_UID), modality,
            id.isEmpty() ? "" : data.text(Tag.ISSUER_OF_PATIENT_ID) + "\\" + id, site(data, rule),
            type.isEmpty() && modality.equals("CT") ? "HU" : type.equals("US") ? "" : type,
            data.text(Tag.SERIES_DESCRIPTION), attributes,
            new Announced(count(data.text(Tag.IMAGES_IN_ACQUISITION)), slices(data),
                count(data.text(Tag.NUMBER_OF_TEMPORAL_POSITIONS))), PatientFolder.of(data));
    }

    /** A mere hint: a value that is no number is worth nothing, but no image is lost over it. */
    private static int count(final String text) {
        return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    }

    private static int slices(final DataSet data) {
        try {
            return data.integer(Tag.NUMBER_OF_SLICES, 0);
        } catch (final DicomException e) {
            return 0; // a mere hint, as above
        }
    }

    private static String site(final DataSet data, final SiteRule rule) throws DicomException {
        return switch (rule) {
            case FOLDER -> "";
            case INSTITUTION -> data.text(Tag.INSTITUTION_NAME);
            case MANUFACTURER -> data.text(Tag.MANUFACTURER);
            case MODEL -> data.text(Tag.MANUFACTURER_MODEL_NAME);
            case STATION -> data.text(Tag.STATION_NAME);
            case FIELD_STRENGTH -> {
                final double tesla = data.number(Tag.MAGNETIC_FIELD_STRENGTH, 0);
                // Some devices write gauss.
                yield tesla <= 0 ? "" : String.format(Locale.ROOT, "%.1f T", tesla > 100 ? tesla / 10000 : tesla);
            }
        };
    }
}
