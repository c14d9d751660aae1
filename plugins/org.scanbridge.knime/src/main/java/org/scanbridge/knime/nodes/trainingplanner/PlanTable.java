package org.scanbridge.knime.nodes.trainingplanner;

import java.util.Locale;

import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.plan.PlannedSetting;
import org.scanbridge.learning.plan.TrainingPlan;
import org.scanbridge.learning.plan.TrainingPlan.Approach;
import org.scanbridge.learning.plan.TrainingPlan.Augmentation;
import org.scanbridge.learning.plan.TrainingPlan.Normalization;

/** The plan for people: which setting of which node, in the words of its dialog. */
final class PlanTable {

    static final DataTableSpec SPEC = new DataTableSpec(new DataColumnSpecCreator("Node", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Setting", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Value", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Reason", StringCell.TYPE).createSpec());

    private static final String RESAMPLER = "Volume Resampler";

    private static final String NORMALIZER = "Volume Normalizer";

    private static final String BUILDER = "Network Builder";

    private final BufferedDataContainer m_rows;

    private final TrainingPlan m_plan;

    private long m_count;

    private PlanTable(final TrainingPlan plan, final ExecutionContext exec) {
        m_plan = plan;
        m_rows = exec.createDataContainer(SPEC);
    }

    static BufferedDataTable of(final TrainingPlan plan, final ExecutionContext exec) {
        return new PlanTable(plan, exec).table();
    }

    private void add(final PlannedSetting reason, final String node, final String setting, final Object value) {
        m_rows.addRowToTable(new DefaultRow(RowKey.createRowKey(m_count++), new StringCell(node), new StringCell(setting),
            new StringCell(value.toString()), new StringCell(m_plan.reasons().get(reason))));
    }

    private BufferedDataTable table() {
        final String learner =
            m_plan.approach() == Approach.ADAPTATION ? "Domain Adaptation Learner" : "Segmentation Learner";
        add(PlannedSetting.AXES, RESAMPLER, "Axes", m_plan.lpsAxes() ? "LPS" : "As they are");
        add(PlannedSetting.SPACING, RESAMPLER, "Grid", "Given spacing");
        for (int axis = 0; axis < 3; axis++) {
            add(PlannedSetting.SPACING, RESAMPLER, "Spacing " + "ijk".charAt(axis) + " (mm)",
                String.format(Locale.ROOT, "%s", m_plan.spacing().get(axis)));
        }
        final boolean z = m_plan.normalization() == Normalization.Z_SCORE;
        add(PlannedSetting.NORMALIZATION, NORMALIZER, "Method", z ? "Z-score" : "Clipped z-score");
        add(PlannedSetting.NORMALIZATION, NORMALIZER, "Statistics of", z ? "Each image" : "All images");
        add(PlannedSetting.ARCHITECTURE, BUILDER, "Architecture", m_plan.network().kind().flat() ? "2-D U-Net" : "3-D U-Net");
        add(PlannedSetting.WIDTH, BUILDER, "Channels at full resolution", m_plan.network().baseWidth());
        add(PlannedSetting.LEVELS, BUILDER, "Levels", m_plan.network().levels());
        add(PlannedSetting.PATCH, BUILDER, "Patch size", patch());
        add(PlannedSetting.STEPS, learner, "Steps", m_plan.steps());
        add(PlannedSetting.BATCH, learner, "Patches per step", m_plan.batch());
        add(PlannedSetting.VALIDATION_INTERVAL, learner, "Steps between validations", m_plan.validationInterval());
        add(PlannedSetting.FOREGROUND_SHARE, learner, "Share of patches on foreground", m_plan.foregroundShare());
        add(PlannedSetting.MIRROR, learner, "Mirror patches", onOff(m_plan.mirror()));
        final boolean augment = m_plan.augmentation() != Augmentation.NONE;
        add(PlannedSetting.AUGMENTATION, learner, "Augment patches", onOff(augment));
        if (augment) {
            add(PlannedSetting.AUGMENTATION, learner, "Scans to be ready for",
                m_plan.augmentation() == Augmentation.SAME_KIND ? "Same kind of scan" : "Other scanners");
        }
        if (m_plan.approach() == Approach.ADAPTATION) {
            add(PlannedSetting.APPROACH, learner, "Method", "Domain-adversarial (DANN)");
            add(PlannedSetting.APPROACH, learner, "Together with", "Consistency");
        }
        add(PlannedSetting.CONTROL, m_plan.atlas() ? "Atlas Segmenter" : "Segmentation Learner", "",
            m_plan.atlas() ? "as control" : "without adaptation as control");
        m_rows.close();
        return m_rows.getTable();
    }

    /** One number where the Network Builder can make it; the network at the third output has it in any case. */
    private String patch() {
        final PatchSize size = m_plan.network().patchSize();
        final boolean one = size.i() == size.j() && (size.k() == size.i() || m_plan.network().kind().flat());
        return one ? "" + size.i() : size + " (as the network at the third output has it)";
    }

    private static String onOff(final boolean on) {
        return on ? "on" : "off";
    }
}
