package org.scanbridge.learning.architecture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.scanbridge.learning.architecture.Parameter.Init;

/** The values of all parameters of a network. Immutable by convention: arrays are shared and never written into. */
public final class Weights {

    private final List<Parameter> m_parameters;

    private final Map<String, float[]> m_values;

    /**
     * @param parameters what there is, in the order of storage
     * @param values one array per parameter, by name; not copied; further entries are ignored
     * @throws IllegalArgumentException if an array is missing or has the wrong length
     */
    public Weights(final List<Parameter> parameters, final Map<String, float[]> values) {
        m_parameters = List.copyOf(parameters);
        m_values = new LinkedHashMap<>();
        for (final Parameter p : m_parameters) {
            final float[] v = values.get(p.name());
            if (v == null || v.length != p.size()) {
                throw new IllegalArgumentException("Parameter " + p.name() + " of shape " + p.shape() + " needs " + p.size()
                    + " values, there are " + (v == null ? "none" : v.length) + ".");
            }
            m_values.put(p.name(), v);
        }
    }

    /**
     * Fresh values. Each parameter has its own generator, seeded by the seed and the parameter's name, so that the
     * values of a block do not depend on what else the network has.
     */
    public static Weights initial(final List<Parameter> parameters, final long seed) {
        return initial(parameters, seed, 0);
    }

    /**
     * As {@link #initial(List, long)}, but kernels that would be drawn as He et al. do are drawn with another spread.
     *
     * @param deviation standard deviation of all such kernels; 0 for that of He et al.
     */
    public static Weights initial(final List<Parameter> parameters, final long seed, final double deviation) {
        final Map<String, float[]> values = new LinkedHashMap<>();
        for (final Parameter p : parameters) {
            final float[] v = new float[p.size()];
            if (p.init() == Init.ONES) {
                Arrays.fill(v, 1);
            } else if (p.init() == Init.HE_NORMAL) {
                final int fanIn = p.size() / p.shape().get(p.shape().size() - 1);
                final double spread = deviation > 0 ? deviation : Math.sqrt(2.0 / fanIn);
                final Random random = new Random(seed * 0x9E3779B97F4A7C15L + p.name().hashCode());
                for (int n = 0; n < v.length; n++) {
                    v[n] = (float)(random.nextGaussian() * spread);
                }
            }
            values.put(p.name(), v);
        }
        return new Weights(parameters, values);
    }

    /** What there is, in the order of storage. */
    public List<Parameter> parameters() {
        return m_parameters;
    }

    /**
     * The values of one parameter; shared, read only.
     *
     * @throws IllegalArgumentException if there is no such parameter
     */
    public float[] get(final String name) {
        final float[] v = m_values.get(name);
        if (v == null) {
            throw new IllegalArgumentException("No parameter \"" + name + "\".");
        }
        return v;
    }

    /**
     * The weights of one network among several that were trained together.
     *
     * @param prefix begins the names of its parameters here
     * @param parameters the network's own, without the prefix
     * @throws IllegalArgumentException if one of them is not there
     */
    public Weights part(final String prefix, final List<Parameter> parameters) {
        final Map<String, float[]> values = new LinkedHashMap<>();
        parameters.forEach(p -> values.put(p.name(), get(prefix + p.name())));
        return new Weights(parameters, values);
    }

    /** All values by name; arrays are shared, read only. */
    public Map<String, float[]> values() {
        return Collections.unmodifiableMap(m_values);
    }

    /** Number of values of all parameters. */
    public int count() {
        return m_parameters.stream().mapToInt(Parameter::size).sum();
    }

    /** All values as little-endian 32-bit floats, parameter after parameter. */
    public byte[] toBytes() {
        final ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(4, count())).order(ByteOrder.LITTLE_ENDIAN);
        for (final Parameter p : m_parameters) {
            bytes.asFloatBuffer().put(m_values.get(p.name()));
            bytes.position(bytes.position() + 4 * p.size());
        }
        return bytes.array();
    }

    /**
     * The inverse of {@link #toBytes()}.
     *
     * @throws IllegalArgumentException if the number of bytes does not fit the parameters
     */
    public static Weights fromBytes(final List<Parameter> parameters, final byte[] bytes) {
        final long expected = 4L * parameters.stream().mapToInt(Parameter::size).sum();
        if (bytes.length != expected) {
            throw new IllegalArgumentException(
                bytes.length + " bytes of weights where the architecture needs " + expected + ".");
        }
        final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        final Map<String, float[]> values = new LinkedHashMap<>();
        for (final Parameter p : parameters) {
            final float[] v = new float[p.size()];
            buffer.asFloatBuffer().get(v);
            buffer.position(buffer.position() + 4 * v.length);
            values.put(p.name(), v);
        }
        return new Weights(parameters, values);
    }

    /** SHA-256 over {@link #toBytes()}, in hexadecimal: equal for bit-identical weights. */
    public String hash() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(toBytes()));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
