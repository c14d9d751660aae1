package org.scanbridge.knime.nodes.dicomreader;

import java.util.Set;
import java.util.TreeSet;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.dicom.series.GapRule;
import org.scanbridge.dicom.series.SiteRule;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyFolder;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link DicomReaderNodeFactory}. */
@LoadDefaultsForAbsentFields
final class DicomReaderParameters implements NodeParameters {

    /** {@link SiteRule} as users see it. */
    enum SiteSource {
            @Label(value = "First-level folder", description = "Each sub-folder of the study folder is a site.")
            FOLDER(SiteRule.FOLDER),

            @Label(value = "Institution", description = "Institution Name (0008,0080).")
            INSTITUTION(SiteRule.INSTITUTION),

            @Label(value = "Manufacturer", description = "Manufacturer (0008,0070).")
            MANUFACTURER(SiteRule.MANUFACTURER),

            @Label(value = "Scanner model", description = "Manufacturer's Model Name (0008,1090).")
            MODEL(SiteRule.MODEL),

            @Label(value = "Station", description = "Station Name (0008,1010), usually one per scanner.")
            STATION(SiteRule.STATION),

            @Label(value = "Field strength", description = "Magnetic Field Strength (0018,0087), as 1.5 T.")
            FIELD_STRENGTH(SiteRule.FIELD_STRENGTH);

        private final SiteRule m_rule;

        SiteSource(final SiteRule rule) {
            m_rule = rule;
        }
    }

    /** {@link GapRule} as users see it. */
    enum MissingSlices {
            @Label(value = "Leave the series out", description = "Safe: nothing is invented.")
            SKIP(GapRule.SKIP),

            @Label(value = "Fill gaps", description = "Interpolates linearly between the neighboring slices;"
                + " segmentations take the nearest slice.")
            FILL(GapRule.FILL),

            @Label(value = "Accept", description = "Stacks the slices as if they were evenly spaced. Positions inside"
                + " the image are then off by up to the size of the gaps.")
            ACCEPT(GapRule.ACCEPT);

        private final GapRule m_rule;

        MissingSlices(final GapRule rule) {
            m_rule = rule;
        }
    }

    /** What a problem does to the node. */
    enum OnProblem {
            @Label(value = "Go on without it", description = "The rest is read, and the node shows a warning.")
            LEAVE_OUT,

            @Label(value = "Stop", description = "The node fails and names what is wrong: for a run that nobody watches,"
                + " whose result must not silently be that of fewer subjects.")
            FAIL;
    }

    @Section(title = "Study")
    interface Study {
    }

    @Section(title = "Series")
    @After(Study.class)
    interface Series {
    }

    @Section(title = "Privacy")
    @After(Series.class)
    interface Privacy {
    }

    @Layout(Study.class)
    @Widget(title = "Folder", description = "Folder of the study; all files below it are looked at. Blank: the folder"
        + " named in the input table.")
    @TextInputWidget(placeholder = "(from the input table)")
    String m_folder = "";

    @Layout(Study.class)
    @Widget(title = "Folder column", description = "Text column of the input table that names the study's folder. Used"
        + " only if \"Folder\" is blank; all rows must name the same folder.")
    @ChoicesProvider(TextColumns.class)
    String m_folderColumn = StudyTable.FOLDER;

    @Layout(Study.class)
    @Widget(title = "Site", description = "What tells the site of a series. The default is the first-level folder,"
        + " because exports are usually sorted that way and anonymization often empties the header fields.")
    SiteSource m_site = SiteSource.FOLDER;

    @Layout(Series.class)
    @Widget(title = "Modalities", description = "Modalities to read, separated by commas, such as <b>MR</b> or"
        + " <b>CT, PT</b>. Blank: all.")
    @TextInputWidget(placeholder = "(all)")
    String m_modalities = "";

    @Layout(Series.class)
    @Widget(title = "Minimum number of slices", description = "Series with fewer slices, such as localizers, are left"
        + " out and listed as problems. The default of 1 keeps radiographs.")
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    int m_minimumSlices = 1;

    @Layout(Series.class)
    @Widget(title = "Missing slices", description = "What to do with a series in which slices are missing. It is listed"
        + " as a problem in any case.")
    MissingSlices m_missingSlices = MissingSlices.SKIP;

    @Layout(Series.class)
    @Widget(title = "If something cannot be used", description = "What happens when an image file, a series or a"
        + " segmentation is damaged or incomplete and has to be left out. Files that are no images, such as notes or"
        + " tables, never matter.")
    OnProblem m_onProblem = OnProblem.LEAVE_OUT;

    @Layout(Privacy.class)
    @Widget(title = "Pseudonym key", description = "Subjects and series are named by a keyed hash of their DICOM"
        + " identifiers: the same key gives the same name in every study. Choose a key of your own, and keep it secret,"
        + " where results leave the hospital.")
    @TextInputWidget
    String m_pseudonymKey = "ScanBridge";

    /** Defaults for a node without input. */
    DicomReaderParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    DicomReaderParameters(final NodeParametersInput input) {
        m_folderColumn = Columns.defaultText(input, 0, StudyTable.FOLDER);
    }

    /** Where the study lies. */
    StudyFolder folder() {
        return new StudyFolder(m_folder, m_folderColumn);
    }

    /** The settings in the reader's own terms. */
    DicomStudyOptions options() {
        return DicomStudyOptions.defaults().withSiteRule(m_site.m_rule).withGapRule(m_missingSlices.m_rule)
            .withPseudonymKey(m_pseudonymKey).withModalities(modalities()).withMinimumSlices(m_minimumSlices);
    }

    private Set<String> modalities() {
        final Set<String> modalities = new TreeSet<>();
        for (final String modality : (m_modalities == null ? "" : m_modalities).split(",")) {
            if (!modality.isBlank()) {
                modalities.add(modality.strip());
            }
        }
        return modalities;
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_minimumSlices < 1) {
            throw new InvalidSettingsException(
                "\"Minimum number of slices\" is " + m_minimumSlices + "; choose 1 or more.");
        }
        if (m_pseudonymKey == null || m_pseudonymKey.isEmpty()) {
            throw new InvalidSettingsException("\"Pseudonym key\" is empty; give any text.");
        }
        for (final String modality : modalities()) {
            // PS3.5 6.2: a code string has at most 16 of these characters.
            if (!modality.matches("[A-Z0-9_ ]{1,16}")) {
                throw new InvalidSettingsException("\"" + modality + "\" (setting \"Modalities\") is no DICOM modality;"
                    + " give codes such as MR or CT, separated by commas.");
            }
        }
    }
}
