package org.scanbridge.knime.nodes.dicomarchivequery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.RowKey;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.dicom.archive.Archive;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveQuery;
import org.scanbridge.dicom.archive.QueryLevel;
import org.scanbridge.dicom.archive.SeriesKey;
import org.scanbridge.dicom.archive.SeriesReferences;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.seg.StructureChoice;
import org.scanbridge.dicom.series.HeaderAttribute;
import org.scanbridge.dicom.series.Pseudonyms;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.knime.util.StudyTable;

/** One execution of the DICOM Archive Query: a question for each row of the input, or one. */
final class ArchiveQuerying {

    /** Name of the column that the DICOM Archive Reader reads. */
    static final String REFERENCE = "Reference";

    /** How many requests a warning names. */
    private static final int SHOWN = 5;

    private final DicomArchiveQueryParameters m_parameters;

    private final List<HeaderAttribute> m_attributes;

    private final int m_accession;

    private final int m_patient;

    /**
     * @param requests spec of the input; null if none is connected
     * @throws InvalidSettingsException if nothing is asked for, or a column is not there
     */
    ArchiveQuerying(final DicomArchiveQueryParameters parameters, final DataTableSpec requests)
        throws InvalidSettingsException {
        m_parameters = parameters;
        m_attributes = parameters.attributes();
        m_accession = requests == null ? -1
            : Columns.optionalIndex(requests, parameters.m_accessionColumn, StringValue.class, "Accession number column");
        m_patient = requests == null ? -1
            : Columns.optionalIndex(requests, parameters.m_patientColumn, StringValue.class, "Patient ID column");
        if (requests != null && m_accession < 0 && m_patient < 0) {
            throw new InvalidSettingsException("The input table asks for nothing. Choose \"Accession number column\" or \"Patient ID"
                + " column\", or disconnect the table.");
        }
        if (requests == null && parameters.keys().isEmpty() && parameters.modalities().isEmpty()) {
            throw new InvalidSettingsException("All series of the archive would be asked for. Give \"From\" or \"Modalities\", or"
                + " connect a table with accession numbers or patient ids.");
        }
    }

    DataTableSpec spec() {
        DataTableSpec spec = new DataTableSpec(column(StudyTable.SUBJECT, StringCell.TYPE),
            column(StudyTable.SERIES, StringCell.TYPE), column(StudyTable.MODALITY, StringCell.TYPE),
            column("Images", IntCell.TYPE), column("Request", StringCell.TYPE), column(REFERENCE, StringCell.TYPE));
        for (final HeaderAttribute attribute : m_attributes) {
            spec = new DataTableSpec(spec, new DataTableSpec(
                column(DataTableSpec.getUniqueColumnName(spec, attribute.title()), StringCell.TYPE)));
        }
        return spec;
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    /** A series that was found. */
    private record Found(String subject, String series, Set<String> requests, SeriesKey key, DataSet match) {
    }

    /** @param requests the input; null if none is connected */
    void run(final BufferedDataTable requests, final ExecutionContext exec, final ExecuteOutput out)
        throws IOException, KNIMEException, InvalidSettingsException {
        final Progress progress = new KnimeProgress(exec);
        final Map<SeriesKey, Found> found = new LinkedHashMap<>();
        final List<String> warnings = new ArrayList<>();
        try (Archive archive = m_parameters.m_archive.connect()) {
            if (requests == null) {
                ask(archive, m_parameters.keys(), "", found, warnings, progress);
            } else {
                askEach(archive, requests, found, warnings, progress);
            }
        } catch (final ArchiveException e) {
            throw new KNIMEException(e.getMessage(), e);
        }
        if (requests != null && requests.size() == 0) {
            warnings.add(0, "The input table has no rows, so nothing was asked for. Look why the nodes before it give none, or"
                + " disconnect the table to ask by the filters alone.");
        } else if (found.isEmpty()) {
            warnings.add(0, "The archive has no such series. Check the filters, and the values of the input.");
        }
        if (!warnings.isEmpty()) {
            out.setWarningMessage(String.join("\n", warnings));
        }
        out.setOutData(0, table(found, exec));
    }

    private void askEach(final Archive archive, final BufferedDataTable requests, final Map<SeriesKey, Found> found,
        final List<String> warnings, final Progress progress) throws IOException, InvalidSettingsException, KNIMEException {
        final List<String> nothing = new ArrayList<>();
        final List<String> wholePatients = new ArrayList<>();
        long seen = 0;
        for (final DataRow row : requests) {
            final String name = row.getKey().getString();
            final Map<Integer, String> keys = new LinkedHashMap<>(m_parameters.keys());
            key(row, m_accession, Tag.ACCESSION_NUMBER, keys);
            key(row, m_patient, Tag.PATIENT_ID, keys);
            final Progress part = progress.part((double)seen / requests.size(), (double)(seen + 1) / requests.size());
            seen++;
            if (m_accession >= 0 && m_patient >= 0 && Columns.text(row, m_accession).isBlank()
                && !Columns.text(row, m_patient).isBlank()) {
                wholePatients.add(name);
            }
            if (keys.size() == m_parameters.keys().size()) {
                nothing.add(name); // both are missing: never everything
            } else if (ask(archive, keys, name, found, warnings, part) == 0) {
                nothing.add(name);
            }
        }
        if (!nothing.isEmpty()) {
            warnings.add("Nothing was found for " + nothing.size() + " of " + requests.size() + " requests: " + listed(nothing));
        }
        if (!wholePatients.isEmpty()) {
            warnings.add(wholePatients.size() + " of " + requests.size() + " requests have no accession number, so all studies of"
                + " their patients were asked for: " + listed(wholePatients) + " Leave these rows out, or fill in their"
                + " accession numbers, if this is not meant.");
        }
    }

    private static String listed(final List<String> requests) {
        return String.join(", ", requests.subList(0, Math.min(SHOWN, requests.size()))) + (requests.size() > SHOWN ? ", …." : ".");
    }

    private static void key(final DataRow row, final int column, final int tag, final Map<Integer, String> keys)
        throws KNIMEException {
        final String value = Columns.text(row, column).strip();
        if (value.chars().anyMatch(c -> c == '*' || c == '?' || c == '\\')) {
            throw new KNIMEException(RowName.of(row.getKey().getString()) + " has " + (tag == Tag.PATIENT_ID ? "a patient id"
                : "an accession number") + " with *, ? or \\, which would ask for those of others. Correct the input table.");
        }
        if (!value.isEmpty()) {
            keys.put(tag, value);
        }
    }

    /** Asks modality by modality, since a key has one of them; returns how many series match. */
    private int ask(final Archive archive, final Map<Integer, String> keys, final String request,
        final Map<SeriesKey, Found> found, final List<String> warnings, final Progress progress)
        throws ArchiveException, InvalidSettingsException {
        final Set<String> modalities = m_parameters.modalities();
        final Pattern description =
            StructureChoice.wildcards(m_parameters.description().isEmpty() ? "*" : m_parameters.description());
        final Pseudonyms pseudonyms = new Pseudonyms(m_parameters.key().text());
        final int[] counts = new int[2];
        for (final String modality : modalities.isEmpty() ? Set.of("") : modalities) {
            final Map<Integer, String> all = new LinkedHashMap<>(keys);
            if (!modality.isEmpty()) {
                all.put(Tag.MODALITY, modality);
            }
            archive.query(new ArchiveQuery(QueryLevel.SERIES, all, wanted()), match -> {
                if (!m_parameters.description().isEmpty() && !match.hasValue(Tag.SERIES_DESCRIPTION)) {
                    counts[1]++;
                }
                if (description.matcher(match.text(Tag.SERIES_DESCRIPTION)).matches()) {
                    final SeriesKey key =
                        new SeriesKey(match.text(Tag.STUDY_INSTANCE_UID), match.text(Tag.SERIES_INSTANCE_UID));
                    counts[0]++;
                    found.computeIfAbsent(key, k -> new Found(subject(match, pseudonyms), pseudonyms.series(k.series()),
                        new LinkedHashSet<>(), k, match)).requests().add(request);
                }
            }, progress);
        }
        if (counts[1] > 0 && warnings.isEmpty()) {
            warnings.add("The archive tells no description of " + counts[1] + " series, which were left out.");
        }
        return counts[0];
    }

    private Set<Integer> wanted() {
        final Set<Integer> wanted = new TreeSet<>(Set.of(Tag.MODALITY, Tag.PATIENT_ID, Tag.ISSUER_OF_PATIENT_ID,
            Tag.SERIES_DESCRIPTION, Tag.NUMBER_OF_SERIES_RELATED_INSTANCES));
        m_attributes.forEach(a -> wanted.add(a.tag()));
        return wanted;
    }

    /** As the DICOM Reader names it: by patient id and its issuer, else by study. */
    private static String subject(final DataSet match, final Pseudonyms pseudonyms) {
        final String id = match.text(Tag.PATIENT_ID);
        return pseudonyms.subject(id.isEmpty() ? "study " + match.text(Tag.STUDY_INSTANCE_UID)
            : "patient " + match.text(Tag.ISSUER_OF_PATIENT_ID) + "\\" + id);
    }

    private BufferedDataTable table(final Map<SeriesKey, Found> found, final ExecutionContext exec)
        throws InvalidSettingsException {
        final SeriesReferences references = new SeriesReferences(m_parameters.key().text());
        final BufferedDataContainer rows = exec.createDataContainer(spec());
        final List<Found> ordered = new ArrayList<>(found.values());
        ordered.sort(Comparator.comparing(Found::subject).thenComparing(Found::series));
        for (final Found f : ordered) {
            final List<DataCell> cells = new ArrayList<>(List.of(Columns.text(f.subject()), Columns.text(f.series()),
                Columns.text(f.match().text(Tag.MODALITY)), images(f.match()), Columns.text(String.join(", ", f.requests())),
                Columns.text(references.of(f.key()))));
            m_attributes.forEach(a -> cells.add(Columns.text(f.match().text(a.tag()))));
            rows.addRowToTable(new DefaultRow(RowKey.createRowKey(rows.size()), cells.toArray(DataCell[]::new)));
        }
        rows.close();
        return rows.getTable();
    }

    private static DataCell images(final DataSet match) {
        final String count = match.text(Tag.NUMBER_OF_SERIES_RELATED_INSTANCES);
        return count.matches("[0-9]{1,9}") ? new IntCell(Integer.parseInt(count)) : DataType.getMissingCell();
    }
}
