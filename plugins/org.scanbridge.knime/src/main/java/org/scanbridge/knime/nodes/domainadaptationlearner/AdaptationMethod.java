package org.scanbridge.knime.nodes.domainadaptationlearner;

import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.choices.Label;

/** How a network is adapted, with texts; constants are part of stored workflows. */
enum AdaptationMethod {
        @Label(value = "Domain-adversarial (DANN)", description = """
                A domain head tries to tell the sites from the network's features; the network learns to prevent it (Ganin et \
                al., 2016). The default: it asks for nothing but images of both sites, works with every kind of network and \
                trains fastest of the methods that help much.""")
        DOMAIN_ADVERSARIAL, //
        @Label(value = "Consistency", description = """
                The segmentation of an image must not change when the image is mirrored and its contrast, noise and sharpness \
                change as between scanners (after Jeong et al., 2019). Twice the time per step, or \
                one and a half times with images of the target only.""")
        CONSISTENCY, //
        @Label(value = "Wasserstein critic", description = """
                A critic measures the distance between features of all levels at the source and the target; the network makes \
                that distance small (Shen et al., 2018, with the critic of PnP-AdaNet, Dou et al., 2019). With early layers of the \
                target's own, it is PnP-AdaNet. Several times the time per step.""")
        WASSERSTEIN, //
        @Label(value = "Least squares critic", description = """
                A critic scores the last features, 1 for source and 0 for target; the network learns to get target images \
                scored as source (LSGAN, Mao et al., 2017).""")
        LEAST_SQUARES, //
        @Label(value = "Class alignment", description = """
                What the network takes for each class must be the same at all sites (unpaired knowledge distillation, Dou et \
                al., 2020). Meant for targets with some segmentations.""")
        CLASS_ALIGNMENT, //
        @Label(value = "Contrastive loss", description = """
                The same class of two patches of any site gets near features, different classes distant ones (MASF, Dou et \
                al., 2019). Meant for targets with some segmentations.""")
        CONTRASTIVE, //
        @Label(value = "Triplet loss", description = """
                A class of one patch gets features nearer to the same class elsewhere than to other classes (MASF). Meant for \
                targets with some segmentations.""")
        TRIPLET, //
        @Label(value = "Entropy minimization", description = """
                Segmentations of target images must be certain (Grandvalet and Bengio, 2004). Helps where the network is \
                nearly right already; where it is wrong, it becomes surely wrong.""")
        ENTROPY, //
        @Label(value = "Target segmentations only", description = """
                Trains on the segmentations of the source site and those that the target sites have, half of every step \
                each: what the other methods must beat when there are target segmentations.""")
        TARGET_LABELS, //
        @Label(value = "AdaBN", description = """
                Replaces the statistics of batch normalization by those of the target's images (Li et al., 2018). No \
                training; takes seconds; needs a network with batch normalization.""")
        ADABN, //
        @Label(value = "Tent", description = """
                Trains only the scales and shifts of the norms to make segmentations of target images certain, after AdaBN \
                (Wang et al., 2021). Needs no source images; best with batch normalization.""")
        TENT, //
        @Label(value = "Self-training with a teacher", description = """
                Learns what a teacher says of the target images as if it were their segmentation: something that needs no \
                training, such as the Atlas Segmenter, the network's own average, or both. The way to a contrast at which \
                the network is lost; after few steps it is below its teacher, so compare with that. Can do without source images.""")
        SELF_TRAINING, //
        @Label(value = "Images and features together (SIFA)", description = """
                A generator makes source images that look like the target's, from which the network learns; adversaries compare \
                images of both looks, features and segmentations (Chen et al., 2019, 2020). The adapted network is for the target \
                sites: it loses some at the source, whose network remains. Several times the time per step. For a U-Net.""")
        SIFA;

    /** Where the dialog's chosen method is found. */
    static final class Reference implements ParameterReference<AdaptationMethod> {
    }

    /** What is minimized together with an adversarial method. */
    enum Companion {
            @Label(value = "Nothing", description = "Only the method above.")
            NOTHING, //
            @Label(value = "Consistency", description = "Segmentations must not depend on how an image was taken.")
            CONSISTENCY, //
            @Label(value = "Class alignment", description = "Classes must look the same to the network at all sites.")
            CLASS_ALIGNMENT, //
            @Label(value = "Entropy minimization", description = "Segmentations of target images must be certain.")
            ENTROPY;
    }

    /** Where the dialog's chosen companion is found. */
    static final class CompanionReference implements ParameterReference<Companion> {
    }

    /** What follows a training. */
    enum Afterwards {
            @Label(value = "Nothing", description = "The trained network as it is.")
            NOTHING, //
            @Label(value = "AdaBN", description = """
                    The target's statistics for batch normalization. The network is then for the target sites only.""")
            ADABN, //
            @Label(value = "Tent", description = """
                    Scales and shifts of the norms that make target segmentations certain, and the target's statistics. The \
                    network is then for the target sites only.""")
            TENT;
    }

    /** Where the dialog's choice of what follows is found. */
    static final class AfterwardsReference implements ParameterReference<Afterwards> {
    }

    /** Whether two sites play against each other, so that a companion makes sense. */
    static final class IsAdversarial implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(DOMAIN_ADVERSARIAL, WASSERSTEIN, LEAST_SQUARES);
        }
    }

    /** Where the dialog's choice of a further teacher is found. */
    static final class TeacherReference implements BooleanReference {
    }

    /** Whether a teacher is asked for, alone or together with another method. */
    static final class UsesSelfTraining implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(SELF_TRAINING)
                .or(i.getPredicate(MayUseTeacher.class).and(i.getPredicate(TeacherReference.class)));
        }
    }

    /** Whether a teacher may be asked for beside the method. */
    static final class MayUseTeacher implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(ADABN, TENT, SELF_TRAINING, SIFA).negate();
        }
    }

    /** Whether it is self-training alone, which may do without source images. */
    static final class IsSelfTraining implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(SELF_TRAINING);
        }
    }

    /** Whether the network's weights are trained. */
    static final class IsTraining implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(ADABN, TENT).negate();
        }
    }

    /** Whether parts of the network may be the target's own, norms or early layers. */
    static final class MayHaveParts implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(ADABN, TENT, SIFA).negate();
        }
    }

    /** Whether images and features are adapted together. */
    static final class IsSynergistic implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(SIFA);
        }
    }

    /** Whether the seed of the training is not there. */
    static final class IsNoTraining implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(ADABN, TENT);
        }
    }

    /** Whether it is left open if target segmentations are used. */
    static final class MayUseTargetLabels implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(ADABN, TENT, TARGET_LABELS, SIFA).negate();
        }
    }

    /** Whether a domain head is trained. */
    static final class IsDomainAdversarial implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(DOMAIN_ADVERSARIAL);
        }
    }

    /** Whether the Wasserstein critic is chosen. */
    static final class IsWasserstein implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(WASSERSTEIN);
        }
    }

    /** Whether the least squares critic is chosen. */
    static final class IsLeastSquares implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(LEAST_SQUARES);
        }
    }

    /** Whether the contrastive loss is chosen. */
    static final class IsContrastive implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(CONTRASTIVE);
        }
    }

    /** Whether the triplet loss is chosen. */
    static final class IsTriplet implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(TRIPLET);
        }
    }

    /** Whether consistency is asked for, alone or as a companion. */
    static final class UsesConsistency implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(CONSISTENCY).or(i.getPredicate(IsAdversarial.class)
                .and(i.getEnum(CompanionReference.class).isOneOf(Companion.CONSISTENCY)));
        }
    }

    /** Whether class alignment is asked for, alone or as a companion. */
    static final class UsesClassAlignment implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(CLASS_ALIGNMENT).or(i.getPredicate(IsAdversarial.class)
                .and(i.getEnum(CompanionReference.class).isOneOf(Companion.CLASS_ALIGNMENT)));
        }
    }

    /** Whether entropy minimization is asked for, alone or as a companion. */
    static final class UsesEntropy implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(ENTROPY).or(i.getPredicate(IsAdversarial.class)
                .and(i.getEnum(CompanionReference.class).isOneOf(Companion.ENTROPY)));
        }
    }

    /** Whether Tent is asked for, alone or afterwards. */
    static final class UsesTent implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(TENT).or(i.getPredicate(IsTraining.class)
                .and(i.getEnum(AfterwardsReference.class).isOneOf(Afterwards.TENT)));
        }
    }

    /** Whether statistics of the target are taken, alone or afterwards. */
    static final class UsesStatistics implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(ADABN, TENT).or(i.getPredicate(IsTraining.class)
                .and(i.getEnum(AfterwardsReference.class).isOneOf(Afterwards.NOTHING).negate()));
        }
    }
}
