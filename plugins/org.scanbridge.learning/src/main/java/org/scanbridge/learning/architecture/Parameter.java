package org.scanbridge.learning.architecture;

import java.util.List;
import java.util.Set;

/**
 * One array of numbers of a network.
 *
 * @param name such as {@code enc0.a/kernel}: block, then what it is
 * @param shape kernels as [depth, height, width, in, out] (k, j, i of a volume), all others as [channels]
 * @param init how an untrained network fills it
 * @param trainable whether gradients update it; running statistics are not trainable
 */
public record Parameter(String name, List<Integer> shape, Init init, boolean trainable) {

    /** What norms have. */
    private static final Set<String> NORM = Set.of("gamma", "beta", "mean", "variance");

    /** How an untrained network fills an array. */
    public enum Init {
        /** Normal with mean 0 and variance 2 / (inputs of one output value): He et al., ICCV 2015, eq. 10. */
        HE_NORMAL,
        /** All zero. */
        ZEROS,
        /** All one. */
        ONES
    }

    /** Copies the shape. */
    public Parameter {
        shape = List.copyOf(shape);
    }

    /** Number of values. */
    public int size() {
        return shape.stream().reduce(1, Math::multiplyExact);
    }

    /** The shape as TensorFlow wants it. */
    public long[] dimensions() {
        return shape.stream().mapToLong(Integer::longValue).toArray();
    }

    /** The block the parameter belongs to: the name up to the slash. */
    public String block() {
        return name.substring(0, name.indexOf('/'));
    }

    /** Whether it belongs to a norm: scale, shift, or running mean and variance, of any domain. */
    public boolean ofNorm() {
        final String what = name.substring(name.indexOf('/') + 1);
        final int domain = what.indexOf('.');
        return NORM.contains(domain < 0 ? what : what.substring(0, domain));
    }
}
