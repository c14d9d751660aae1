package org.scanbridge.learning.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Builds the players and the losses of {@link SynergisticTerm}, whose symbols the comments here use. */
final class SynergisticObjective {

    /** Begins the names of G's variables. */
    static final String GENERATOR = "sifa.generator.";

    /** Begins the names of U's variables. */
    static final String DECODER = "sifa.decoder.";

    /** Begins the names of all discriminators' variables. */
    static final String DISCRIMINATORS = "sifa.discriminator.";

    private static final String OF_SOURCE = DISCRIMINATORS + "source.";

    private static final String OF_TARGET = DISCRIMINATORS + "target.";

    private static final String OF_MASKS = DISCRIMINATORS + "masks.";

    /** The segmentation loss. */
    static final String LOSS = "Loss";

    /** Its Dice part. */
    static final String DICE = "Dice Loss";

    /**
     * What the generators and the network make of a batch.
     *
     * @param target G(x)
     * @param source U(E(t))
     * @param cycledSource U(E(G(x)))
     * @param cycledTarget G(U(E(t)))
     * @param logits of the network for G(x), then for t
     * @param masks p(G(x)), then p(t): probabilities of classes
     * @param statistics updates of running statistics
     */
    record Made(Operand<TFloat32> target, Operand<TFloat32> source, Operand<TFloat32> cycledSource,
        Operand<TFloat32> cycledTarget, Operand<TFloat32> logits, Operand<TFloat32> masks, List<Op> statistics) {
    }

    /**
     * What all but the discriminators minimize.
     *
     * @param generator G
     * @param decoder U
     * @param network E and C
     * @param metrics scalars for the curve by name
     */
    record Game(Operand<TFloat32> generator, Operand<TFloat32> decoder, Operand<TFloat32> network,
        Map<String, Operand<TFloat32>> metrics) {
    }

    /**
     * What the discriminators see.
     *
     * @param source x
     * @param target t
     * @param sourceSeen as many of U(E(t)), of this step or earlier ones
     * @param targetSeen as many of G(x), of this step or earlier ones
     * @param cycled U(E(G(x)))
     * @param masks p(G(x)), then p(t)
     */
    record Seen(Operand<TFloat32> source, Operand<TFloat32> target, Operand<TFloat32> sourceSeen,
        Operand<TFloat32> targetSeen, Operand<TFloat32> cycled, Operand<TFloat32> masks) {
    }

    private final Ops m_tf;

    private final SynergisticGraphSpec m_spec;

    private final UNet m_network;

    private final UNet m_generator;

    private final UNet m_decoder;

    private final OutputLayer m_output;

    private final Targets m_targets;

    private final TranslationLosses m_losses;

    private final PatchDiscriminator m_ofSource;

    private final PatchDiscriminator m_ofTarget;

    private final PatchDiscriminator m_ofMasks;

    /** @param store the variables of the network; gets those of all others */
    SynergisticObjective(final Ops tf, final SynergisticGraphSpec spec, final VariableStore store) {
        m_tf = tf;
        m_spec = spec;
        final NetworkSpec generator = spec.term().generator(spec.network());
        final NetworkSpec decoder = SynergisticTerm.decoder(spec.network());
        store.of(GENERATOR).add(Weights.initial(new UNetPlan(generator).parameters(), spec.seed(),
            TranslationGraph.INITIAL_DEVIATION));
        store.of(DECODER).add(Weights.initial(new UNetPlan(decoder).parameters().stream().filter(UNetPlan::ofDecoder).toList(),
            ~spec.seed(), TranslationGraph.INITIAL_DEVIATION));
        m_network = new UNet(tf, spec.network(), store);
        m_generator = new UNet(tf, generator, store.of(GENERATOR));
        m_decoder = new UNet(tf, decoder, store.of(DECODER));
        m_output = new OutputLayer(tf);
        m_targets = new Targets(tf, spec.network(), spec.loss().partial());
        m_losses = new TranslationLosses(tf);
        final PatchDiscriminatorSpec like = spec.term().discriminator();
        m_ofSource = new PatchDiscriminator(tf, like, store.of(OF_SOURCE), spec.seed(), 2);
        m_ofTarget = new PatchDiscriminator(tf, like, store.of(OF_TARGET), spec.seed() + 1);
        m_ofMasks = new PatchDiscriminator(tf, like, store.of(OF_MASKS), spec.seed() + 2);
    }

    /**
     * @param x patches of the source [n, depth, height, width, channels]
     * @param t as many of the target
     */
    Made make(final Operand<TFloat32> x, final Operand<TFloat32> t) {
        final Operand<TFloat32> target = m_tf.identity(generate(x));
        // one pass: norms of the network see what they saw in other adaptations, half of a batch from each side
        final Operand<TFloat32> both = m_tf.concat(List.of(target, t), m_tf.constant(0));
        final UNet.Output output = m_network.training(both, m_spec.frozenBlocks());
        final Operand<TFloat32> images = m_output.values(SynergisticTerm.decoder(m_spec.network()).output(), both,
            m_decoder.decoding(output.encoder(), Set.of(), 0).logits());
        final Operand<TFloat32> source = m_tf.identity(part(images, 1));
        return new Made(target, source, m_tf.identity(part(images, 0)), generate(source), output.logits(),
            m_tf.identity(new Layers(m_tf).softmax(m_targets.classLogits(output.logits()))), output.statistics());
    }

    private Operand<TFloat32> generate(final Operand<TFloat32> image) {
        final NetworkSpec generator = m_spec.term().generator(m_spec.network());
        return m_output.values(generator.output(), image, m_generator.training(image, Set.of()).logits());
    }

    /** The first or the second half, or a third, of a batch. */
    private Operand<TFloat32> part(final Operand<TFloat32> all, final int which) {
        return m_tf.slice(all, m_tf.constant(new int[]{which * m_spec.patches(), 0, 0, 0, 0}),
            m_tf.constant(new int[]{m_spec.patches(), -1, -1, -1, -1}));
    }

    /** The scores of one head. */
    private Operand<TFloat32> head(final Operand<TFloat32> scores, final int head) {
        return m_tf.slice(scores, m_tf.constant(new int[]{0, 0, 0, 0, head}), m_tf.constant(new int[]{-1, -1, -1, -1, 1}));
    }

    /**
     * @param x patches of the source
     * @param labels of these [n, depth, height, width]
     * @param t patches of the target
     * @param maskWeight b
     */
    Game game(final Made made, final Operand<TFloat32> x, final Operand<TUint8> labels, final Operand<TFloat32> t,
        final Operand<TFloat32> maskWeight) {
        final SynergisticTerm term = m_spec.term();
        final Operand<TFloat32> likeTarget = m_losses.generator(m_ofTarget.scores(made.target()));
        final Operand<TFloat32> scores = m_ofSource.scores(made.source());
        final Operand<TFloat32> likeSource = m_losses.generator(head(scores, 0));
        final Operand<TFloat32> features = m_losses.generator(head(scores, 1));
        final Operand<TFloat32> masks = m_losses.generator(m_ofMasks.scores(part(made.masks(), 1)));
        final Operand<TFloat32> cycle =
            m_tf.math.add(m_losses.distance(made.cycledSource(), x), m_losses.distance(made.cycledTarget(), t));
        final Losses.Segmentation segmentation =
            new Losses(m_tf).segmentation(part(made.logits(), 0), m_targets.of(labels), m_spec.loss());
        final Operand<TFloat32> back = m_tf.math.add(likeSource, weighted(term.cycleWeight(), cycle));
        final Map<String, Operand<TFloat32>> metrics = new LinkedHashMap<>();
        metrics.put(LOSS, segmentation.total());
        metrics.put(DICE, segmentation.dice());
        metrics.put(TranslationGraph.ADVERSARIAL, m_tf.math.add(likeTarget, likeSource));
        metrics.put(TranslationGraph.CYCLE, cycle);
        metrics.put(SynergisticTerm.MASKS, masks);
        metrics.put(SynergisticTerm.FEATURES, features);
        return new Game(m_tf.math.add(likeTarget, weighted(term.cycleWeight(), cycle)), back,
            m_tf.math.addN(List.of(segmentation.total(), weighted(term.encoderWeight(), back),
                m_tf.math.mul(maskWeight, masks), weighted(term.auxiliaryWeight(), features))),
            metrics);
    }

    /** What the discriminators minimize, each by a name for the curve; their variables are different ones. */
    Map<String, Operand<TFloat32>> discriminators(final Seen seen) {
        final Operand<TFloat32> source =
            m_ofSource.scores(m_tf.concat(List.of(seen.source(), seen.sourceSeen(), seen.cycled()), m_tf.constant(0)));
        final Operand<TFloat32> look = head(source, 0);
        final Operand<TFloat32> features = head(source, 1);
        final Operand<TFloat32> target =
            m_ofTarget.scores(m_tf.concat(List.of(seen.target(), seen.targetSeen()), m_tf.constant(0)));
        final Operand<TFloat32> masks = m_ofMasks.scores(seen.masks());
        final Map<String, Operand<TFloat32>> losses = new LinkedHashMap<>();
        losses.put(TranslationGraph.SOURCE_DISCRIMINATOR,
            m_tf.math.add(m_losses.discriminator(part(look, 0), part(look, 1)),
                m_losses.discriminator(part(features, 2), part(features, 1))));
        losses.put(TranslationGraph.TARGET_DISCRIMINATOR, m_losses.discriminator(part(target, 0), part(target, 1)));
        losses.put(SynergisticTerm.MASK_DISCRIMINATOR, m_losses.discriminator(part(masks, 0), part(masks, 1)));
        return losses;
    }

    private Operand<TFloat32> weighted(final double weight, final Operand<TFloat32> value) {
        return m_tf.math.mul(m_tf.constant((float)weight), value);
    }
}
