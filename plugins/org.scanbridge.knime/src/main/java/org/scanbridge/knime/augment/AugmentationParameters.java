package org.scanbridge.knime.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.updates.util.BooleanReference;
import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.AugmentationPipeline;
import org.scanbridge.imaging.augment.Sometimes;
import org.scanbridge.imaging.augment.SpatialAugmentation;
import org.scanbridge.imaging.resample.Fill;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.data.PatchAugmentation;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** All augmentations with their settings. */
@LoadDefaultsForAbsentFields
public final class AugmentationParameters implements NodeParameters {

    /** For a setting that switches all augmentation on; dialogs without one show the augmentations always. */
    public static final class Switch implements BooleanReference {
    }

    @Widget(title = "Scans to be ready for", description = "What happens to images beside the single changes below. A network"
        + " is only ready for what it has seen: the more kinds, the more steps and channels it needs.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(ScansReference.class)
    Scans m_scans = Scans.SAME_KIND;

    SpatialParameters m_spatial = new SpatialParameters();

    IntensityParameters m_intensity = new IntensityParameters();

    AcquisitionParameters m_acquisition = new AcquisitionParameters();

    /** Where the chosen kind of scans is found. */
    static final class ScansReference implements ParameterReference<Scans> {
    }

    /** Whether patches are painted as those of a new scanner. */
    public static final class IsThisScanner implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getPredicate(Augmenting.class).and(i.getEnum(ScansReference.class).isOneOf(Scans.THIS_SCANNER));
        }
    }

    /** Whether patches are painted as those of a new scanner, which must be looked at before. */
    public boolean isThisScanner() {
        return m_scans == Scans.THIS_SCANNER;
    }

    /** @throws InvalidSettingsException if images of a new scanner are asked for, of a node that has none */
    public void refuseThisScanner() throws InvalidSettingsException {
        if (isThisScanner()) {
            throw new InvalidSettingsException("\"This new scanner (from its images)\" is for the Segmentation Learner and the"
                + " Domain Adaptation Learner, which see the new scanner's images. Choose another kind under \"Scans to be"
                + " ready for\".");
        }
    }

    private Stream<Step> steps() {
        return Stream.concat(m_intensity.steps().stream(), m_acquisition.steps().stream());
    }

    /**
     * All augmentations; those that are not chosen never happen.
     *
     * @param flipProbability how often left and right are exchanged
     * @param fill what image values come in from outside
     * @param workers what slices are shared out to
     */
    public AugmentationPipeline pipeline(final double flipProbability, final ToDoubleFunction<Volume> fill,
        final TaskExecutor workers) {
        final List<Augmentation> all = new ArrayList<>();
        all.add(new SpatialAugmentation(m_spatial.settings(flipProbability), fill, workers));
        m_scans.kind().painting().ifPresent(p -> all.add(new Sometimes(p.share(), p.synthesis())));
        all.addAll(m_scans.kind().recoloring());
        steps().map(Step::sometimes).forEach(all::add);
        return new AugmentationPipeline(all);
    }

    /**
     * Names of the parameters that may be drawn, in the order of {@link #pipeline}.
     *
     * @param flip whether left and right may be exchanged
     */
    public List<String> drawnNames(final boolean flip) {
        final List<String> names = new ArrayList<>();
        for (final String name : new SpatialAugmentation(m_spatial.settings(0), Fill.ZERO,
            TaskExecutors.singleThreaded()).parameterNames()) {
            if (name.startsWith("flip") ? flip : name.startsWith("elastic") ? m_spatial.m_elastic : m_spatial.m_affine) {
                names.add(name);
            }
        }
        m_scans.kind().painting().ifPresent(p -> names.addAll(p.synthesis().parameterNames()));
        m_scans.kind().recoloring().forEach(a -> names.addAll(a.parameterNames()));
        steps().filter(Step::on).forEach(s -> names.addAll(s.augmentation().get().parameterNames()));
        return names;
    }

    /** What happens to patches while a network trains; without flips, which the trainings do by mirroring. */
    public PatchAugmentation ofPatches() {
        return m_scans.kind().with(new PatchAugmentation(m_spatial.settings(0),
            steps().map(Step::sometimes).map((final Sometimes s) -> (Augmentation)s).toList()));
    }

    /** Whether images are painted from segmentations, which then are needed. */
    public boolean paints() {
        return m_scans.kind().painting().isPresent();
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_scans == null) {
            throw new InvalidSettingsException("\"Scans to be ready for\" is not chosen; choose \"Same kind of scan\", \"Other"
                + " scanners\", \"Any MR contrast\" or \"This new scanner (from its images)\".");
        }
        m_spatial.validate();
        m_intensity.validate();
        m_acquisition.validate();
    }
}
