package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.Parameter.Init;
import org.scanbridge.learning.architecture.Weights;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * The variables of one graph by name. They are resource variables: with the older reference variables an optimizer's
 * update may overwrite a weight that back-propagation is still reading. Initial values come from Java, so that they
 * depend on nothing but the seed.
 */
final class VariableStore {

    /** A variable, and the operations to read and to set it. */
    static final class Entry {

        private final Parameter m_parameter;

        private final VarHandleOp m_handle;

        private final Operand<TFloat32> m_value;

        private final Placeholder<TFloat32> m_input;

        private final Op m_assign;

        private Entry(final Ops tf, final Parameter parameter) {
            m_parameter = parameter;
            final Shape shape = Shape.of(parameter.dimensions());
            final String name = parameter.name().replace('/', '.'); // a slash is not allowed in an operation's name
            // the same as the operation's name: TensorFlow Lite knows a variable by either
            m_handle = tf.withName(name).varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
            m_value = tf.withName(name + ".value").readVariableOp(m_handle, TFloat32.class);
            m_input = tf.withName(name + ".input").placeholder(TFloat32.class, Placeholder.shape(shape));
            m_assign = tf.assignVariableOp(m_handle, m_input);
        }

        /** A weight that is part of the graph: it can only be read. */
        private Entry(final Ops tf, final Parameter parameter, final float[] values) {
            m_parameter = parameter;
            m_handle = null;
            m_input = null;
            m_assign = null;
            m_value = tf.withName(parameter.name().replace('/', '.')).constant(Shape.of(parameter.dimensions()),
                DataBuffers.of(values));
        }

        private Entry(final Entry like, final Operand<TFloat32> value) {
            m_parameter = like.m_parameter;
            m_handle = like.m_handle;
            m_input = like.m_input;
            m_assign = like.m_assign;
            m_value = value;
        }

        Parameter parameter() {
            return m_parameter;
        }

        VarHandleOp handle() {
            return m_handle;
        }

        /** What {@link #initializer} sets the variable to: a placeholder. */
        Operand<TFloat32> initialValue() {
            return m_input;
        }

        /** Sets the variable to {@link #initialValue}. */
        Op initializer() {
            return m_assign;
        }

        /** The value as the graph reads it. */
        Operand<TFloat32> value() {
            return m_value;
        }
    }

    private final Ops m_tf;

    private final String m_prefix;

    private final Map<String, Entry> m_entries;

    private final Map<String, float[]> m_initial;

    VariableStore(final Ops tf) {
        this(tf, "", new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    private VariableStore(final Ops tf, final String prefix, final Map<String, Entry> entries,
        final Map<String, float[]> initial) {
        m_tf = tf;
        m_prefix = prefix;
        m_entries = entries;
        m_initial = initial;
    }

    /** The same variables as a network sees them that knows nothing of the others: all names begin with the prefix. */
    VariableStore of(final String prefix) {
        return new VariableStore(m_tf, m_prefix + prefix, m_entries, m_initial);
    }

    /**
     * The same variables as a network sees them that is to compute with other values of some: those after a step that is
     * not taken, for instance. Only to read: what is added here, the original does not have.
     *
     * @param values the values to read, by name
     */
    VariableStore overlaid(final Map<String, ? extends Operand<TFloat32>> values) {
        final Map<String, Entry> entries = new LinkedHashMap<>(m_entries);
        values.forEach((name, value) -> entries.put(m_prefix + name, new Entry(get(name), value)));
        return new VariableStore(m_tf, m_prefix, entries, m_initial);
    }

    /** Makes the variables of a network, to start with these values. */
    void add(final Weights weights) {
        for (final Parameter p : weights.parameters()) {
            add(new Parameter(m_prefix + p.name(), p.shape(), p.init(), p.trainable()));
            m_initial.put(m_prefix + p.name(), weights.get(p.name()));
        }
    }

    /** Makes constants of the weights of a network: such a store is only to read from. */
    void addConstants(final Weights weights) {
        for (final Parameter p : weights.parameters()) {
            m_entries.put(m_prefix + p.name(), new Entry(m_tf, p, weights.get(p.name())));
        }
    }

    /** Makes a variable that starts with zeros. */
    Entry addZeros(final String name, final List<Integer> shape) {
        final Entry entry = add(new Parameter(m_prefix + name, shape, Init.ZEROS, false));
        m_initial.put(m_prefix + name, new float[entry.parameter().size()]);
        return entry;
    }

    private Entry add(final Parameter p) {
        final Entry entry = new Entry(m_tf, p);
        if (m_entries.put(p.name(), entry) != null) {
            throw new IllegalArgumentException("Two variables are named " + p.name());
        }
        return entry;
    }

    /** @throws IllegalArgumentException if there is no such variable */
    Entry get(final String name) {
        final Entry entry = m_entries.get(m_prefix + name);
        if (entry == null) {
            throw new IllegalArgumentException("No variable is named " + m_prefix + name);
        }
        return entry;
    }

    boolean has(final String name) {
        return m_entries.containsKey(m_prefix + name);
    }

    /** All variables, whatever the prefix, in the order in which they were made. */
    Collection<Entry> entries() {
        return m_entries.values();
    }

    /** Gives every variable its initial value. */
    void initialize(final Session session) {
        write(session, m_initial);
    }

    /** Sets variables by name. */
    void write(final Session session, final Map<String, float[]> values) {
        final Session.Runner runner = session.runner();
        final List<Tensor> fed = new ArrayList<>();
        try {
            values.forEach((name, v) -> {
                final Entry entry = get(name);
                final Tensor tensor = Tensors.of(v, entry.parameter().dimensions());
                fed.add(tensor);
                runner.feed(entry.m_input.asOutput(), tensor).addTarget(entry.m_assign);
            });
            runner.run().close();
        } finally {
            fed.forEach(Tensor::close);
        }
    }

    /** The present values of variables. */
    Map<String, float[]> read(final Session session, final Collection<String> names) {
        final Session.Runner runner = session.runner();
        names.forEach(name -> runner.fetch(get(name).value()));
        final Map<String, float[]> values = new LinkedHashMap<>();
        try (Result result = runner.run()) {
            int n = 0;
            for (final String name : names) {
                values.put(name, Tensors.values(result.get(n++)));
            }
        }
        return values;
    }
}
