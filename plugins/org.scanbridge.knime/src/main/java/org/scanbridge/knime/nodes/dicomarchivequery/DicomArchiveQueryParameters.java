package org.scanbridge.knime.nodes.dicomarchivequery;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Before;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.series.HeaderAttribute;
import org.scanbridge.knime.archive.ConnectionParameters;
import org.scanbridge.knime.dicom.AttributeParameters;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Modalities;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link DicomArchiveQueryNodeFactory}. */
@LoadDefaultsForAbsentFields
final class DicomArchiveQueryParameters extends AttributeParameters {

    @Section(title = "Archive")
    interface ArchiveSection {
    }

    @Section(title = "Studies", description = "Which studies are looked for: all that is given must fit.")
    @After(ArchiveSection.class)
    interface Studies {
    }

    @Section(title = "Series", description = "Which series of these studies.")
    @After(Studies.class)
    @Before(AttributeParameters.Attributes.class)
    interface Series {
    }

    @Layout(ArchiveSection.class)
    ConnectionParameters m_archive = new ConnectionParameters();

    @Layout(Studies.class)
    @Widget(title = "Accession number column", description = "Text column of the input table with accession numbers; rows where"
        + " it is missing ask for nothing by it. Blank: a column with such a name, else none.")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = {"Accession Number", "AccessionNumber", "Accession"}, otherwise = Otherwise.NONE)
    String m_accessionColumn = "";

    @Layout(Studies.class)
    @Widget(title = "Patient ID column", description = "Text column of the input table with patient ids."
        + " Blank: a column with such a name, else none.")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = {"Patient ID", "PatientID", "Patient"}, otherwise = Otherwise.NONE)
    String m_patientColumn = "";

    @Layout(Studies.class)
    @Widget(title = "From", description = "First day of the study, as <tt>2024-01-31</tt>. Blank: any.")
    @TextInputWidget(placeholder = "(any)")
    String m_from = "";

    @Layout(Studies.class)
    @Widget(title = "To", description = "Last day of the study, as <tt>2024-12-31</tt>. Blank: any.")
    @TextInputWidget(placeholder = "(any)")
    String m_to = "";

    @Layout(Series.class)
    @Widget(title = "Modalities", description = "Modalities of the series, separated by commas, such as <b>MR</b> or"
        + " <b>CT, PT</b>. Blank: all, also segmentations (<b>SEG</b>) and structure sets (<b>RTSTRUCT</b>).")
    @TextInputWidget(placeholder = "(all)")
    @SuggestionsProvider(Modalities.OfSeries.class)
    @ValueReference(Modalities.Setting.class)
    String m_modalities = "";

    @Layout(Series.class)
    @Widget(title = "Series description", description = "Only series whose description matches: <tt>*</tt> stands for any"
        + " characters, <tt>?</tt> for one, upper and lower case are the same, whatever the archive thinks of them."
        + " <tt>*t1*</tt> finds all whose description contains T1. Blank: all.")
    @TextInputWidget(placeholder = "(all)")
    String m_descriptionPattern = "";

    @Layout(Series.class)
    @Widget(title = "Further keys", description = "More attributes that must match, by their tags and separated by semicolons,"
        + " such as <b>(0018,0015)=HEAD</b>. Archives need not know them: those that do not tell such an attribute of a"
        + " series give all. Never a patient's name or number, which would be stored in the workflow.")
    @TextInputWidget(placeholder = "(none)")
    String m_furtherKeys = "";

    /** Defaults for a node without input. */
    DicomArchiveQueryParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    DicomArchiveQueryParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    Set<String> modalities() throws InvalidSettingsException {
        final Set<String> modalities = new TreeSet<>();
        for (final String modality : (m_modalities == null ? "" : m_modalities).split(",")) {
            if (!modality.isBlank()) {
                // PS3.5 6.2: a code string has at most 16 of these characters.
                if (!modality.strip().matches("[A-Z0-9_ ]{1,16}")) {
                    throw new InvalidSettingsException("\"" + modality.strip() + "\" (setting \"Modalities\") is no DICOM modality;"
                        + " give codes such as MR or CT, separated by commas.");
                }
                modalities.add(modality.strip());
            }
        }
        return modalities;
    }

    String description() {
        return m_descriptionPattern == null ? "" : m_descriptionPattern.strip();
    }

    /** The keys that are the same for all requests, without modality and description. */
    Map<Integer, String> keys() throws InvalidSettingsException {
        final Map<Integer, String> keys = new LinkedHashMap<>();
        final String from = date(m_from, "From");
        final String to = date(m_to, "To");
        if (!from.isEmpty() && !to.isEmpty() && from.compareTo(to) > 0) {
            throw new InvalidSettingsException("\"From\" (" + m_from.strip() + ") is later than \"To\" (" + m_to.strip() + ").");
        }
        if (!from.isEmpty() || !to.isEmpty()) {
            keys.put(Tag.STUDY_DATE, from + "-" + to);
        }
        for (final String key : (m_furtherKeys == null ? "" : m_furtherKeys).split(";")) {
            if (!key.isBlank()) {
                final int equals = key.indexOf('=');
                final HeaderAttribute attribute = attribute(equals < 0 ? "" : key.substring(0, equals), key.strip());
                if (key.substring(equals + 1).isBlank() || keys.put(attribute.tag(), key.substring(equals + 1).strip()) != null) {
                    throw new InvalidSettingsException("\"" + key.strip() + "\" (setting \"Further keys\") has no value, or another"
                        + " setting asks for the same attribute.");
                }
            }
        }
        return keys;
    }

    private static HeaderAttribute attribute(final String text, final String key) throws InvalidSettingsException {
        try {
            return HeaderAttribute.parse(text).orElseThrow(() -> new IllegalArgumentException("It has no tag."));
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException("\"" + key + "\" (setting \"Further keys\") is no key; give a tag and a value such"
                + " as (0018,0015)=HEAD.", e);
        }
    }

    private static String date(final String text, final String setting) throws InvalidSettingsException {
        if (text == null || text.isBlank()) {
            return "";
        }
        try {
            return LocalDate.parse(text.strip()).format(DateTimeFormatter.BASIC_ISO_DATE);
        } catch (final DateTimeParseException e) {
            throw new InvalidSettingsException("\"" + text.strip() + "\" (setting \"" + setting + "\") is no date; give one such as"
                + " 2024-01-31.", e);
        }
    }

    @Override
    public void validate() throws InvalidSettingsException {
        m_archive.validate();
        keys();
        modalities();
        validateAttributes();
    }
}
