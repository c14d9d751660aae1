package org.scanbridge.knime.nodes.dicomarchivereader;

import java.nio.file.Path;

import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Before;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.dicom.series.SiteRule;
import org.scanbridge.dicom.series.SubjectRule;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.knime.archive.ConnectionParameters;
import org.scanbridge.knime.dicom.SeriesParameters;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.NumberColumns;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link DicomArchiveReaderNodeFactory}. */
@LoadDefaultsForAbsentFields
final class DicomArchiveReaderParameters extends SeriesParameters {

    /** {@link SiteRule} as users see it; an archive has no folders. */
    enum SiteSource {
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

    /** {@link SubjectRule} as users see it. */
    enum SubjectSource {
            @Label(value = "Patient ID", description = "Patient ID (0010,0020); where a header lacks it, the study.")
            PATIENT(SubjectRule.PATIENT),

            @Label(value = "Study", description = "Study Instance UID (0020,000D): every examination is a subject of its own."
                + " A patient who was examined twice counts as two, and may then be used for training and for testing.")
            STUDY(SubjectRule.STUDY);

        private final SubjectRule m_rule;

        SubjectSource(final SubjectRule rule) {
            m_rule = rule;
        }
    }

    private static final int MAX_PARALLEL = 32;

    @Section(title = "Archive")
    @Before(SeriesParameters.Series.class)
    interface ArchiveSection {
    }

    @Section(title = "Cache", description = "Where fetched images are kept on this computer.")
    @After(ArchiveSection.class)
    @Before(SeriesParameters.Series.class)
    interface CacheSection {
    }

    @Layout(ArchiveSection.class)
    ConnectionParameters m_archive = new ConnectionParameters();

    @Layout(ArchiveSection.class)
    @Widget(title = "Reference column", description = "Text column that says which series are fetched, as the DICOM Archive Query"
        + " gives it. Blank: the column Reference.")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = "Reference", otherwise = Otherwise.NONE)
    String m_referenceColumn = "";

    @Layout(ArchiveSection.class)
    @Widget(title = "Image number column", description = "Column of numbers that says how many images each series has, as the"
        + " DICOM Archive Query gives it. A series of which as many come is whole, and the archive is not asked for their number"
        + " once more, which takes it long where it reads whole segmentations for the answer. Where another number comes, or the"
        + " cell is missing, the archive is asked. Blank: the column Images, else the archive is asked for each series.",
        advanced = true)
    @ChoicesProvider(NumberColumns.class)
    @ColumnGuess(type = DoubleValue.class, names = "Images", otherwise = Otherwise.NONE)
    String m_imagesColumn = "";

    @Layout(ArchiveSection.class)
    @Widget(title = "Series at a time", description = "How many series are fetched at the same time. More is faster only as far"
        + " as the archive can.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_parallel = 4;

    @Layout(CacheSection.class)
    @Widget(title = "Cache folder", description = "A relative path is taken inside the folder ScanBridge of your home folder. Runs"
        + " that use the same folder wait for each other.")
    @TextInputWidget
    @FileSelectionWidget(SingleFileSelectionMode.FOLDER)
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_cacheFolder = "Archive Cache";

    @Layout(CacheSection.class)
    @Widget(title = "Cache size in MB", description = "How much the folder may hold. If segmentations are to be written, it must"
        + " hold all images of the input, which the Segmentation Writer reads once more.")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_cacheMegabytes = 20_000;

    @Layout(SeriesParameters.Series.class)
    @Widget(title = "Site", description = "What tells the site of a series.")
    SiteSource m_site = SiteSource.INSTITUTION;

    @Layout(SeriesParameters.Series.class)
    @Widget(title = "Subject", description = "What tells whom a series shows. All images of a subject stay together when"
        + " subjects are split into training and test, so different people must not share a subject, nor one person have"
        + " two.")
    SubjectSource m_subject = SubjectSource.PATIENT;

    /** Defaults for a node without input. */
    DicomArchiveReaderParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    DicomArchiveReaderParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    int referenceColumn(final DataTableSpec spec) throws InvalidSettingsException {
        return Columns.index(spec, m_referenceColumn, StringValue.class, "Reference column");
    }

    /** The column of the numbers of images; -1 if there is none. */
    int imagesColumn(final DataTableSpec spec) throws InvalidSettingsException {
        return Columns.optionalIndex(spec, m_imagesColumn, DoubleValue.class, "Image number column");
    }

    Path cacheFolder() throws InvalidSettingsException {
        return OutputFolder.of(m_cacheFolder).orElseThrow(() -> new InvalidSettingsException(
            "\"Cache folder\" is blank; enter one."));
    }

    /** Bytes of the cache. */
    long cacheSize() {
        return (long)m_cacheMegabytes << 20;
    }

    DicomStudyOptions options() throws InvalidSettingsException {
        return seriesOptions().withSiteRule(m_site.m_rule).withSubjectRule(m_subject.m_rule).withNifti(false);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        m_archive.validate();
        validateSeries();
        if (m_parallel < 1 || m_parallel > MAX_PARALLEL) {
            throw new InvalidSettingsException("\"Series at a time\" is " + m_parallel + "; choose 1 to " + MAX_PARALLEL + ".");
        }
        if (m_cacheMegabytes < 1) {
            throw new InvalidSettingsException("\"Cache size in MB\" is " + m_cacheMegabytes + "; choose 1 or more.");
        }
        cacheFolder();
    }
}
