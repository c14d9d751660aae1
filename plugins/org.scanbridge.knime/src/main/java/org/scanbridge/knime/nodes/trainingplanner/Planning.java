package org.scanbridge.knime.nodes.trainingplanner;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.learn.LabelNames;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.knime.util.StudyColumns;
import org.scanbridge.knime.util.StudyRow;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.plan.ClassFacts;
import org.scanbridge.learning.plan.ImageFacts;
import org.scanbridge.learning.plan.MeasuredSteps;
import org.scanbridge.learning.plan.Resources;
import org.scanbridge.learning.plan.StepTimer;
import org.scanbridge.learning.plan.TrainingPlan;
import org.scanbridge.learning.plan.TrainingPlanner;
import org.scanbridge.learning.train.MemoryEstimate;

/** One execution of the Training Planner. */
final class Planning {

    private static final double LOOKING = 0.7;

    private final TrainingPlannerParameters m_parameters;

    private final StudyColumns m_columns;

    private final NotAnnotated m_notAnnotated;

    /** @throws InvalidSettingsException if a column is not there */
    Planning(final TrainingPlannerParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_columns = StudyColumns.of(spec, parameters.m_subjectColumn, parameters.m_siteColumn, parameters.m_imageColumn,
            parameters.m_segmentationColumn);
        m_notAnnotated = NotAnnotated.of(parameters.m_notAnnotated);
    }

    /** Fills the outputs. */
    void run(final BufferedDataTable table, final ExecutionContext exec, final ExecuteOutput out)
        throws KNIMEException, InvalidSettingsException, IOException {
        final KnimeProgress progress = new KnimeProgress(exec);
        HeapNeed.ofRows(table, row -> {
            final StudyRow study = m_columns.row(row);
            return NodeMemory.PLANNER.bytes(study.image().map(i -> (long)i.geometry().voxelCount()).orElse(0L),
                study.segmentation().map(s -> (long)s.geometry().voxelCount()).orElse(0L), 1);
        }).require();
        final List<StudyRow> rows = new ArrayList<>();
        final List<String> warnings = new ArrayList<>();
        final List<ImageFacts> facts = new ArrayList<>();
        for (final DataRow row : table) {
            final StudyRow study = m_columns.row(row);
            progress.report(LOOKING * rows.size() / table.size(), "Looking at " + RowName.of(study.key()));
            if (study.image().isPresent() && study.subject().isBlank()) {
                throw new LearningException("The table's " + study.name() + " has no subject. Fill column \""
                    + m_parameters.m_subjectColumn + "\": without it nobody knows how many people the images show.");
            }
            rows.add(study);
            if (study.image().isPresent()) {
                look(study, facts, warnings);
            }
        }
        if (facts.isEmpty() && !warnings.isEmpty()) {
            throw new LearningException("None of the " + warnings.size() + " images can be planned for. The first: "
                + warnings.get(0));
        }
        m_notAnnotated.checkSegmentations(rows.stream().flatMap(r -> r.segmentation().stream()).toList());
        final LabelSet labels = labels(rows);
        progress.report(LOOKING, "Measuring how long steps take here");
        final StepTimer measured = new MeasuredSteps(progress.part(LOOKING, 1));
        final TrainingPlan plan = TrainingPlanner.plan(facts, new Resources(m_parameters.m_minutes,
            MemoryEstimate.available(),
            (spec, batch) -> measured.secondsPerStep(spec.withInputChannels(m_parameters.m_inputChannels), batch)));
        out.setOutData(0, PlanTable.of(plan, exec));
        out.setOutData(1, SettingsTable.of(plan, exec));
        out.setOutData(2, NetworkPortObject.create(exec, network(plan.network(), labels)));
        warnings.addAll(plan.warnings());
        if (!warnings.isEmpty()) {
            out.setWarningMessage(String.join("\n", warnings));
        }
    }

    private void look(final StudyRow row, final List<ImageFacts> facts, final List<String> warnings) {
        try {
            final Volume image = row.volume();
            final Optional<LabelVolume> segmentation = row.segmentation().map(LabelVolumeValue::labelVolume);
            if (segmentation.isPresent() && !segmentation.get().geometry().sameGrid(image.geometry())) {
                warnings.add(row.name() + ": its segmentation lies on another grid than its image, so it was left out. Bring it"
                    + " over with the Volume Resampler.");
                return;
            }
            facts.add(withoutUnannotated(ImageFacts.of(image, segmentation)));
        } catch (final ImagingException e) {
            warnings.add(row.name() + " was left out: " + e.getMessage());
        }
    }

    private ImageFacts withoutUnannotated(final ImageFacts facts) {
        final Collection<Integer> marks = m_notAnnotated.values(facts.labels());
        if (facts.classes().isEmpty() || marks.isEmpty()) {
            return facts;
        }
        final SortedMap<Integer, ClassFacts> classes = new TreeMap<>(facts.classes().get());
        classes.keySet().removeAll(marks);
        return new ImageFacts(facts.subject(), facts.site(), facts.geometry(), facts.ct(), facts.content(),
            facts.foreground(), Optional.of(classes), facts.labels());
    }

    /** The classes of the network: as the Network Builder takes them from the same table. */
    private LabelSet labels(final List<StudyRow> rows) {
        final LabelSet all = LabelNames.of(rows);
        final SortedMap<Integer, String> names = new TreeMap<>(all.names());
        names.keySet().removeAll(m_notAnnotated.values(all));
        return new LabelSet(names);
    }

    /** With as many classes as there are names: one that no image shows has a name all the same. */
    private Network network(final NetworkSpec planned, final LabelSet labels) {
        final NetworkSpec spec = new NetworkSpec(planned.kind(), m_parameters.m_inputChannels, labels.names().size() + 1,
            planned.baseWidth(), planned.levels(), planned.norm(), planned.patchSize());
        final Network network = Network.untrained(spec, m_parameters.m_seed);
        return new Network(spec, network.weights(), labels, network.provenance());
    }
}
