package org.scanbridge.dicom.series;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Tag;

/**
 * What a folder of one patient is called: by the Patient ID, as archives and The Cancer Imaging Archive do, by the Patient's
 * Name, or by both. Such a folder is no site, and its name must not leave with a de-identified copy.
 *
 * @param names letters and digits of such names in lower case; identify the patient
 */
public record PatientFolder(Set<String> names) {

    /** Copies the names. */
    public PatientFolder {
        names = Set.copyOf(names);
    }

    /** The names of the folder of the patient of a data set. */
    public static PatientFolder of(final DataSet data) {
        final String id = normal(data.text(Tag.PATIENT_ID));
        final Set<String> names = new TreeSet<>();
        names.add(id);
        // Of a name in several scripts, each is one (PS3.5 section 6.2.1.2).
        for (final String name : data.text(Tag.PATIENT_NAME).split("=")) {
            if (!normal(name).isEmpty()) {
                names.add(normal(name));
                names.add(normal(name) + id);
                names.add(id + normal(name));
            }
        }
        names.remove("");
        return new PatientFolder(names);
    }

    /**
     * Whether a folder is called like this. Where a name is shorter than three letters or two digits, that is chance: site A may
     * well have a patient A.
     */
    public boolean is(final String folder) {
        final String name = normal(folder);
        return (name.length() > 2 || name.matches("\\d{2}")) && names.contains(name);
    }

    private static String normal(final String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }
}
