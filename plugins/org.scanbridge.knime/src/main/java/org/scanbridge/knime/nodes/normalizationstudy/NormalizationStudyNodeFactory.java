package org.scanbridge.knime.nodes.normalizationstudy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.RowKey;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.data.def.BooleanCell;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.LongCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.learn.CaseTable;
import org.scanbridge.knime.learn.LabelNames;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.StudyColumns;
import org.scanbridge.knime.util.StudyRow;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.study.NormalizationStudy;
import org.scanbridge.learning.study.NormalizationStudyFiles;
import org.scanbridge.learning.study.NormalizationStudyOptions;
import org.scanbridge.learning.study.NormalizationStudyResult;
import org.scanbridge.learning.study.NormalizationStudyResult.Score;
import org.scanbridge.learning.study.Table1;
import org.scanbridge.learning.study.Verdict;
import org.scanbridge.learning.study.Verdicts;

/** Runs the experiments of Delisle et al. on a study of several sites. */
public final class NormalizationStudyNodeFactory extends DefaultNodeFactory {

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Normalization Study") //
        .icon("icon.png") //
        .shortDescription("Compares ways to normalize images of several sites by how well networks then segment them.") //
        .fullDescription("""
                <p>Answers for your own sites the question of which normalization to use: it repeats the seven experiments of \
                Delisle et al. (<i>Adversarial normalization for multi domain image segmentation</i>, ISBI 2020) on the \
                images of the table.</p>
                <ul>
                <li><b>1–4</b>: networks trained on one site, tested on every site.</li>
                <li><b>5a, 5b, 5c</b>: one network for all sites, the images standardized by one z-score for all, by a \
                z-score of each image, by Nyúl's landmarks.</li>
                <li><b>6</b>: a generator that normalizes and a segmenter, trained together on all sites.</li>
                <li><b>7, 7b</b>: the same against a discriminator of sites; 7b asks the generator to make the sites \
                indistinguishable.</li>
                <li>As controls, networks trained on one site with a z-score of each image.</li>
                </ul>
                <p>Every network of a repetition learns from the same subjects for the same number of steps, and those without \
                a generator are wider, so that all have about as many weights. What counts are whole images of test subjects \
                that no network has seen. Five verdicts that were fixed beforehand are stated as met or not met.</p>
                <p>This takes long: a training for each site, two for the controls, and six more, for each repetition. \
                It can be cancelled at any time.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Images", "Raw images with segmentations, subjects and sites; all images of the study.") //
            .addOutputTable("Dice", """
                    One row per experiment, site and class: mean and standard deviation of the Dice coefficient over test \
                    subjects and repetitions, and of the surface distances.""") //
            .addOutputTable("Scores", "One row per repetition, experiment, test subject and class.") //
            .addOutputTable("Verdicts", "The statements that were declared before, what was measured, and whether each is met;"
                + " without those for which nothing was measured.")) //
        .model(m -> m.parametersClass(NormalizationStudyParameters.class) //
            .configure(NormalizationStudyNodeFactory::configure) //
            .execute(UnusedSettings.told(NormalizationStudyNodeFactory::execute))) //
        .nodeType(NodeType.Other) //
        .keywords("harmonization", "Delisle", "adversarial", "generator", "Nyul", "z-score", "multi-site", "comparison");

    private static final DataTableSpec DICE = spec("Experiment", StringCell.TYPE, "Images", StringCell.TYPE, "Trained On",
        StringCell.TYPE, "Tested On", StringCell.TYPE, "Class", StringCell.TYPE, "Dice", DoubleCell.TYPE, "Dice SD",
        DoubleCell.TYPE, "HD95 (mm)", DoubleCell.TYPE, "ASSD (mm)", DoubleCell.TYPE, "Test Images", IntCell.TYPE);

    private static final DataTableSpec SCORES = spec("Seed", LongCell.TYPE, "Experiment", StringCell.TYPE, "Site",
        StringCell.TYPE, "Subject", StringCell.TYPE, "Class", StringCell.TYPE, "Dice", DoubleCell.TYPE, "HD95 (mm)",
        DoubleCell.TYPE, "ASSD (mm)", DoubleCell.TYPE);

    private static final DataTableSpec VERDICTS = spec("Verdict", StringCell.TYPE, "Statement", StringCell.TYPE, "Measured",
        StringCell.TYPE, "Met", BooleanCell.TYPE);

    /** For KNIME. */
    public NormalizationStudyNodeFactory() {
        super(NODE);
    }

    /** @param namesAndTypes alternating */
    private static DataTableSpec spec(final Object... namesAndTypes) {
        final List<DataColumnSpec> columns = new ArrayList<>();
        for (int n = 0; n < namesAndTypes.length; n += 2) {
            columns.add(
                new DataColumnSpecCreator((String)namesAndTypes[n], (DataType)namesAndTypes[n + 1]).createSpec());
        }
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    private static StudyColumns columns(final DataTableSpec spec, final NormalizationStudyParameters parameters)
        throws InvalidSettingsException {
        final StudyColumns columns = StudyColumns.of(spec, parameters.m_subjectColumn, parameters.m_siteColumn,
            parameters.m_imageColumn, parameters.m_segmentationColumn);
        if (columns.segmentation() < 0) {
            throw new InvalidSettingsException("No segmentation column is chosen. The study needs one.");
        }
        return columns;
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output)
        throws InvalidSettingsException {
        final NormalizationStudyParameters parameters = ColumnGuesses.in(input, output);
        columns(input.getInTableSpec(0), parameters);
        final Optional<Path> folder = OutputFolder.of(parameters.m_folder);
        if (folder.isPresent()) {
            OutputFolder.checkWritable(folder.get(), "The study's results");
        }
        output.setOutSpec(0, DICE);
        output.setOutSpec(1, SCORES);
        output.setOutSpec(2, VERDICTS);
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final NormalizationStudyParameters parameters = ColumnGuesses.in(input);
            final NormalizationStudyOptions options = parameters.options();
            final Progress progress = new KnimeProgress(input.getExecutionContext());
            final Optional<Path> folder = OutputFolder.of(parameters.m_folder);
            final NormalizationStudyResult result =
                new NormalizationStudy(cases(input.getInTable(0), parameters), options).run(folder, progress);
            if (folder.isPresent()) {
                NormalizationStudyFiles.write(result, options, folder.get());
            }
            output.setOutData(0, dice(input.getExecutionContext(), result));
            output.setOutData(1, scores(input.getExecutionContext(), result));
            output.setOutData(2, verdicts(input.getExecutionContext(), result, options));
            progress.report(1, folder.map(f -> "Results in " + f).orElse("Done"));
        });
    }

    private static List<TrainingCase> cases(final BufferedDataTable table, final NormalizationStudyParameters parameters)
        throws InvalidSettingsException {
        final StudyColumns columns = columns(table.getDataTableSpec(), parameters);
        final NotAnnotated notAnnotated = parameters.notAnnotated();
        final List<StudyRow> labeled = new ArrayList<>();
        long voxels = 0;
        try (CloseableRowIterator rows = table.iterator()) {
            while (rows.hasNext()) {
                final DataRow dataRow = rows.next();
                final StudyRow row = columns.row(dataRow);
                if (row.image().isEmpty() || row.segmentation().isEmpty() || row.subject().isBlank()) {
                    throw new LearningException("The " + row.name() + " has no "
                        + (row.image().isEmpty() ? "image" : row.segmentation().isEmpty() ? "segmentation" : "subject")
                        + ". Filter such rows out first.");
                }
                labeled.add(row);
                voxels += row.image().get().geometry().voxelCount();
            }
        }
        CaseTable.requireMemory(labeled.size(), voxels);
        notAnnotated.checkSegmentations(labeled.stream().map(r -> r.segmentation().get()).toList());
        final LabelSet labels = classes(labeled, notAnnotated);
        final ClassValues values = ClassValues.of(labels, labels.names().size() + 1);
        return labeled.stream().map(row -> {
            final LabelVolumeValue segmentation = row.segmentation().get();
            return values.withUnannotated(notAnnotated.values(segmentation.labels())).toClasses(List.of(new TrainingCase(
                row::volume, segmentation::labelVolume, row.subject(), row.site(), Role.TRAIN))).get(0);
        }).toList();
    }

    /** What networks tell apart. Marks are none, and what has no name must be counted where a mark has the highest value. */
    private static LabelSet classes(final List<StudyRow> labeled, final NotAnnotated notAnnotated) {
        final SortedMap<Integer, String> names = new TreeMap<>(LabelNames.of(labeled).names());
        if (!notAnnotated.isEmpty()) {
            for (final StudyRow row : labeled) {
                final LabelVolumeValue segmentation = row.segmentation().get();
                names.keySet().removeAll(notAnnotated.values(segmentation.labels()));
                final SortedSet<Integer> values = segmentation.labelVolume().values();
                values.removeAll(notAnnotated.values(segmentation.labels()));
                values.forEach(value -> names.putIfAbsent(value, segmentation.labels().name(value)));
            }
        }
        return new LabelSet(names);
    }

    private static BufferedDataTable dice(final ExecutionContext context, final NormalizationStudyResult result) {
        final BufferedDataContainer container = context.createDataContainer(DICE);
        for (final Table1.Row row : Table1.of(result)) {
            add(container, new StringCell(row.experiment()), new StringCell(row.images()), new StringCell(row.trainedOn()),
                new StringCell(row.testedOn()), new StringCell(row.className()), Columns.number(row.dice().mean()),
                Columns.number(row.dice().standardDeviation()), Columns.number(row.hd95().mean()),
                Columns.number(row.assd().mean()), new IntCell(row.dice().count() + row.dice().missing()));
        }
        return close(container);
    }

    private static BufferedDataTable scores(final ExecutionContext context, final NormalizationStudyResult result) {
        final BufferedDataContainer container = context.createDataContainer(SCORES);
        for (final Score s : result.scores()) {
            add(container, new LongCell(s.seed()), new StringCell(s.model()), new StringCell(s.site()),
                new StringCell(s.subject()), new StringCell(Table1.className(result, s.label())), Columns.number(s.dice()),
                Columns.number(s.hd95()), Columns.number(s.assd()));
        }
        return close(container);
    }

    private static BufferedDataTable verdicts(final ExecutionContext context, final NormalizationStudyResult result,
        final NormalizationStudyOptions options) {
        final BufferedDataContainer container = context.createDataContainer(VERDICTS);
        for (final Verdict v : Verdicts.of(result, options)) {
            add(container, new StringCell(v.name()), new StringCell(v.statement()), new StringCell(v.measured()),
                v.met() ? BooleanCell.TRUE : BooleanCell.FALSE);
        }
        return close(container);
    }

    private static void add(final BufferedDataContainer container, final DataCell... cells) {
        container.addRowToTable(new DefaultRow(RowKey.createRowKey(container.size()), cells));
    }

    private static BufferedDataTable close(final BufferedDataContainer container) {
        container.close();
        return container.getTable();
    }
}
