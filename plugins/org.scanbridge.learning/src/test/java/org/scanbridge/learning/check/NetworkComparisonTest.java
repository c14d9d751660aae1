package org.scanbridge.learning.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TeacherLabels;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.experiment.PhantomCases;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingListener;

class NetworkComparisonTest {

    private static final List<Structure> ONE = List.of(new Structure("liver", Set.of(1), 1));

    private static final NetworkComparison.Trusted NOBODY =
        NetworkComparison.Trusted.of(ONE, List.<Supplier<LabelVolume>> of());

    /** A row of 100 voxels of 1 ml, of which the first ones are liver. */
    private static LabelVolume liver(final int voxels) {
        final byte[] labels = new byte[100];
        for (int v = 0; v < voxels; v++) {
            labels[v] = 1;
        }
        return new LabelVolume(labels, Geometry.axial(new int[]{100, 1, 1}, 10, 10, 10), VolumeInfo.UNKNOWN, LabelSet.of("liver"));
    }

    private static SubjectEvidence evidence(final double agreement, final int voxels) {
        return new SubjectEvidence(liver(voxels), List.of(Map.of(Evidence.VIEWS, agreement, Evidence.CONFIDENCE, 1.0)));
    }

    private static NetworkComparison compared(final NetworkComparison.Trusted trusted, final SubjectEvidence... beforeAndAfter) {
        final List<SubjectEvidence> was = new ArrayList<>();
        final List<SubjectEvidence> is = new ArrayList<>();
        for (int n = 0; n < beforeAndAfter.length; n += 2) {
            was.add(beforeAndAfter[n]);
            is.add(beforeAndAfter[n + 1]);
        }
        return NetworkComparison.of(ONE, was, is, trusted);
    }

    @Test
    void lessEvidenceInTheMeanAndOnMostImagesIsHarm() {
        final NetworkComparison harm = compared(NOBODY, evidence(0.9, 50), evidence(0.7, 50), evidence(0.8, 50),
            evidence(0.7, 50), evidence(0.8, 50), evidence(0.9, 50));
        assertEquals((1.9 + 1.8 + 1.8) / 6, harm.before(), 1e-12);
        assertEquals((1.7 + 1.7 + 1.9) / 6, harm.after(), 1e-12);
        assertEquals(2, harm.worse());
        assertTrue(harm.isHarmful());
        assertTrue(harm.words().contains("less on 2 of 3 images") && harm.words().contains("Adaptation Check"), harm.words());
        // a single image that is much worse
        assertFalse(compared(NOBODY, evidence(0.9, 50), evidence(0.5, 50), evidence(0.8, 50), evidence(0.81, 50), evidence(0.8, 50),
            evidence(0.81, 50)).isHarmful());
        // a little less on all
        assertFalse(compared(NOBODY, evidence(0.9, 50), evidence(0.89, 50)).isHarmful());
        assertFalse(compared(NOBODY, evidence(0.5, 50), evidence(0.9, 50)).isHarmful());
    }

    /** All views of nothing agree, and a network may be certain of it. */
    @Test
    void aClassThatVanishesIsHarmHoweverCertain() {
        final NetworkComparison harm = compared(NOBODY, evidence(0.5, 50), evidence(1, 4));
        assertTrue(harm.isHarmful());
        assertEquals(List.of("\"liver\" (4.00 ml instead of 50.00 ml in the mean)"), harm.lost());
        assertFalse(compared(NOBODY, evidence(0.5, 50), evidence(1, 5)).isHarmful());
    }

    /** Where people mark 2 ml, 50 ml were a mistake, and 3 ml none. */
    @Test
    void whatWasAMistakeMayVanish() {
        final NetworkComparison.Trusted trusted = NetworkComparison.Trusted.of(ONE, List.of(() -> liver(2), () -> liver(2)));
        assertFalse(compared(trusted, trusted.addTo(evidence(0.5, 50)), trusted.addTo(evidence(0.9, 3))).isHarmful());
        assertTrue(compared(trusted, trusted.addTo(evidence(0.5, 50)), trusted.addTo(evidence(1, 0))).isHarmful());
    }

    @Test
    void networksWithoutImagesCannotBeCompared() {
        final Network network = Network.untrained(NetworkSpec.unet3d(2, 2, 2, 8), 1);
        assertThrows(IllegalArgumentException.class,
            () -> NetworkComparison.of(network, network, List.of(), List.of(), Progress.NONE));
    }

    /**
     * A planted harm: a network that was trained for seconds on site A, and the same with weights that are half as large again or
     * half as small, or with CSF and white matter traded, as an inverted contrast would, which changes neither certainty nor
     * agreement. The network itself, and changes of a thousandth, are no harm.
     */
    @Test
    void aSpoiledNetworkIsFound() {
        final PhantomStudy study = new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.B), 24, 3);
        final NetworkSpec spec = NetworkSpec.unet3d(4, 4, 2, 16);
        final List<TrainingCase> source = PhantomCases.cases(PhantomCases.pairs(study, 0, 0, 3), true, Role.TRAIN);
        final List<TrainingCase> target = PhantomCases.cases(PhantomCases.pairs(study, 1, 3, 2), false, Role.TRAIN);
        final Network network = SegmentationTraining.run(Network.untrained(spec, 1), source,
            SegmentationOptions.defaults().withSteps(60).withLearningRate(0.01).withBatch(2), Progress.NONE,
            TrainingListener.NONE).network();
        assertTrue(compare(network, spoiled(network, 0.5), source, target).isHarmful());
        final NetworkComparison swapped = compare(network, swapped(network), source, target);
        assertTrue(swapped.isHarmful(), swapped.toString());
        final NetworkComparison same = compare(network, network, source, target);
        assertFalse(same.isHarmful());
        assertEquals(same.before(), same.after());
        assertFalse(compare(network, spoiled(network, 0.001), source, target).isHarmful());
    }

    /** Beside views and certainty, the Dice with the teacher's labels is a third of what is known: 1 with its own, 0 with none. */
    @Test
    void aTeacherIsHeard() {
        final PhantomStudy study = new PhantomStudy(List.of(SiteProtocols.A), 24, 3);
        final NetworkSpec spec = NetworkSpec.unet3d(4, 4, 2, 16);
        final TrainingCase image = PhantomCases.cases(PhantomCases.pairs(study, 0, 0, 1), false, Role.TRAIN).get(0);
        final Network network = Network.untrained(spec, 1);
        final NetworkComparison alone = NetworkComparison.of(network, network, List.of(image), List.of(), Progress.NONE);
        final LabelVolume own;
        try (Examination examination = new Examination(List.of(network))) {
            own = examination.of(image.images(), Optional.empty(), Progress.NONE).labels();
        }
        final byte[] silent = new byte[own.voxels().length];
        Arrays.fill(silent, (byte)NetworkSpec.UNANNOTATED);
        final List<Structure> structures = Structure.of(spec, LabelSet.of());
        final double found = structures.stream().filter(s -> s.voxels(own) > 0).count();
        final NetworkComparison agreeing = taught(network, image, own);
        assertEquals((2 * alone.before() + 1) / 3, agreeing.before(), 1e-12);
        assertEquals(agreeing.before(), agreeing.after());
        final NetworkComparison unheard = taught(network, image,
            new LabelVolume(silent, own.geometry(), own.info(), LabelSet.of()));
        assertEquals((2 * alone.before() + (structures.size() - found) / structures.size()) / 3, unheard.before(), 1e-12);
        assertTrue(found > 0);
    }

    private static NetworkComparison taught(final Network network, final TrainingCase image, final LabelVolume labels) {
        return NetworkComparison.of(network, network, List.of(image.withTeacher(TeacherLabels.of(() -> labels))), List.of(),
            Progress.NONE);
    }

    private static NetworkComparison compare(final Network before, final Network after, final List<TrainingCase> source,
        final List<TrainingCase> target) {
        return NetworkComparison.of(before, after, target, source.stream().map(TrainingCase::labels).toList(), Progress.NONE);
    }

    /** Each weight by a factor, alternating. */
    private static Network spoiled(final Network network, final double share) {
        final Map<String, float[]> values = new LinkedHashMap<>();
        network.weights().values().forEach((name, v) -> {
            final float[] changed = v.clone();
            for (int n = 0; n < changed.length; n++) {
                changed[n] *= (float)(1 + (n % 2 == 0 ? share : -share));
            }
            values.put(name, changed);
        });
        return new Network(network.spec(), new Weights(network.weights().parameters(), values), network.labels(),
            network.provenance());
    }

    /** Classes 1 and 3 trade places in the layer that makes the logits: it is the last one, with one weight or bias per class. */
    private static Network swapped(final Network network) {
        final Map<String, float[]> values = new LinkedHashMap<>(network.weights().values());
        final int classes = network.spec().classes();
        final List<String> names = network.weights().parameters().stream().map(p -> p.name()).toList();
        for (final String name : names.subList(names.size() - 2, names.size())) {
            final float[] v = values.get(name).clone();
            for (int n = 0; n < v.length; n += classes) {
                final float first = v[n + 1];
                v[n + 1] = v[n + 3];
                v[n + 3] = first;
            }
            values.put(name, v);
        }
        return new Network(network.spec(), new Weights(network.weights().parameters(), values), network.labels(),
            network.provenance());
    }
}
