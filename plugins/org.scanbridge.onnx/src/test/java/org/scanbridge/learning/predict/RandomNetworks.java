package org.scanbridge.learning.predict;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;

/** Small networks of all architectures whose every parameter matters: none is 0 or 1 as in a fresh network. */
final class RandomNetworks {

    private RandomNetworks() {
    }

    /** One of every architecture, normalization and output, by name. */
    static Map<String, NetworkSpec> specs() {
        final Map<String, NetworkSpec> all = new LinkedHashMap<>();
        all.put("unet3d-group", new NetworkSpec(Kind.UNET_3D, 2, 3, 8, 3, Norm.GROUP, new PatchSize(16, 12, 8)));
        all.put("unet3d-batch", new NetworkSpec(Kind.UNET_3D, 1, 3, 4, 2, Norm.BATCH, new PatchSize(8, 6, 4)));
        all.put("unet3d-instance-deep-supervision",
            new NetworkSpec(Kind.UNET_3D, 1, 3, 4, 3, Norm.INSTANCE, PatchSize.cube(8)).withDeepSupervision(true));
        all.put("unet3d-odd-width", new NetworkSpec(Kind.UNET_3D, 1, 2, 5, 1, Norm.GROUP, new PatchSize(5, 4, 3)));
        all.put("unet2d-group", new NetworkSpec(Kind.UNET_2D, 1, 4, 8, 2, Norm.GROUP, new PatchSize(16, 12, 1)));
        all.put("patchcnn", new NetworkSpec(Kind.PATCH_CNN, 2, 3, 6, 1, Norm.BATCH, new PatchSize(5, 3, 1)));
        all.put("deepmedic", new NetworkSpec(Kind.DEEP_MEDIC, 2, 3, 6, 1, Norm.BATCH, new PatchSize(6, 3, 9)));
        all.put("regions", new NetworkSpec(Kind.UNET_3D, 1, 3, 8, 2, Norm.GROUP, new PatchSize(8, 8, 4))
            .withRegions(List.of(new NetworkRegion("whole", List.of(1, 2)), new NetworkRegion("core", List.of(2)))));
        all.put("generator", new NetworkSpec(Kind.UNET_2D, 1, 1, 8, 2, Norm.INSTANCE, new PatchSize(8, 8, 1),
            NetworkOutput.SIGMOID_RESIDUAL));
        return all;
    }

    /** A network of an architecture. */
    static Network of(final NetworkSpec spec, final long seed) {
        final Random random = new Random(seed);
        final List<Parameter> parameters = NetworkPlan.of(spec).parameters();
        final Map<String, float[]> values = new LinkedHashMap<>(Weights.initial(parameters, seed).values());
        for (final Parameter p : parameters) {
            if (!p.name().endsWith("/kernel") || p.block().equals("head")) {
                final float[] v = new float[p.size()];
                final boolean positive = p.name().contains("/gamma") || p.name().contains("/variance");
                for (int n = 0; n < v.length; n++) {
                    v[n] = positive ? 0.5f + random.nextFloat() : (float)(0.3 * random.nextGaussian());
                }
                values.put(p.name(), v);
            }
        }
        final List<String> names = new ArrayList<>();
        for (int c = 1; c < spec.classes(); c++) {
            names.add("structure " + c);
        }
        return new Network(spec, new Weights(parameters, values),
            spec.output().image() ? LabelSet.of() : LabelSet.of(names.toArray(String[]::new)), Provenance.untrained(seed));
    }

    /** Blocks [count, k, j, i, channels] of normal numbers, within (0, 1) for generators. */
    static float[] blocks(final NetworkSpec spec, final int count, final long seed) {
        final Random random = new Random(seed);
        final float[] blocks = new float[count * spec.inputLength()];
        for (int n = 0; n < blocks.length; n++) {
            blocks[n] = spec.output().image() ? random.nextFloat() : (float)random.nextGaussian();
        }
        return blocks;
    }
}
