package org.scanbridge.learning.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.google.protobuf.CodedOutputStream;

/**
 * The operations and constants of an ONNX graph (GraphProto) as it grows. Numbers are those of the fields in onnx.proto.
 */
final class OnnxGraph {

    /** TensorProto.DataType FLOAT. */
    static final int FLOAT = 1;

    /** TensorProto.DataType INT64. */
    static final int INT64 = 7;

    private static final int TYPE_FLOAT = 1;

    private static final int TYPE_INT = 2;

    private static final int TYPE_STRING = 3;

    private static final int TYPE_INTS = 7;

    private static final int CHUNK = 1 << 14;

    private final List<ProtoMessage> m_nodes = new ArrayList<>();

    private final List<ProtoMessage> m_constants = new ArrayList<>();

    /** The values of an array in the order in which they are written. */
    @FunctionalInterface
    interface Values {
        /** The value at a place, counted from 0. */
        float at(int index);
    }

    /**
     * Adds an operation.
     *
     * @param type of the default domain, such as {@code Conv}
     * @param name of the operation and of its only output
     * @param inputs names of other outputs, constants or the graph's input; an empty name leaves out an optional one
     * @param attributes by name: {@link Float}, {@link Long}, {@link String} or {@code long[]}
     * @return the name
     */
    String operation(final String type, final String name, final List<String> inputs, final Map<String, Object> attributes) {
        final ProtoMessage node = new ProtoMessage();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, name).text(3, name).text(4, type);
        new TreeMap<>(attributes).forEach((key, value) -> node.message(5, attribute(key, value)));
        m_nodes.add(node);
        return name;
    }

    private static ProtoMessage attribute(final String name, final Object value) {
        final ProtoMessage a = new ProtoMessage().text(1, name);
        if (value instanceof Float f) {
            return a.real(2, f).number(20, TYPE_FLOAT);
        } else if (value instanceof Long i) {
            return a.number(3, i).number(20, TYPE_INT);
        } else if (value instanceof String s) {
            return a.text(4, s).number(20, TYPE_STRING);
        } else if (value instanceof long[] ints) {
            return a.numbers(8, ints).number(20, TYPE_INTS);
        }
        throw new IllegalArgumentException("Attribute " + name + " of " + value.getClass());
    }

    /**
     * Adds an array of 32-bit floats.
     *
     * @param shape sizes of its axes; none for a single number
     * @param values asked for when the file is written
     * @return the name
     */
    String constant(final String name, final long[] shape, final Values values) {
        long count = 1;
        for (final long size : shape) {
            count = Math.multiplyExact(count, size);
        }
        final int n = Math.toIntExact(count);
        m_constants.add(new ProtoMessage().numbers(1, shape).number(2, FLOAT).text(8, name).bytes(9, 4L * n, out -> {
            final ByteBuffer chunk = ByteBuffer.allocate(4 * Math.min(n, CHUNK)).order(ByteOrder.LITTLE_ENDIAN);
            for (int v = 0; v < n; v++) {
                chunk.putFloat(values.at(v));
                if (!chunk.hasRemaining() || v == n - 1) {
                    out.writeRawBytes(chunk.array(), 0, chunk.position());
                    chunk.clear();
                }
            }
        }));
        return name;
    }

    /** Adds a row of whole numbers. */
    String constant(final String name, final long... values) {
        m_constants.add(
            new ProtoMessage().number(1, values.length).number(2, INT64).text(8, name).bytes(9, 8L * values.length, out -> {
                for (final long value : values) {
                    out.writeFixed64NoTag(value);
                }
            }));
        return name;
    }

    /**
     * The graph as a message.
     *
     * @param name of the graph
     * @param input a value as {@link #value} describes it
     * @param output a value as {@link #value} describes it
     */
    ProtoMessage message(final String name, final ProtoMessage input, final ProtoMessage output) {
        final ProtoMessage graph = new ProtoMessage();
        m_nodes.forEach(node -> graph.message(1, node));
        graph.text(2, name);
        m_constants.forEach(constant -> graph.message(5, constant));
        return graph.message(11, input).message(12, output);
    }

    /**
     * An array of floats that goes in or comes out (ValueInfoProto).
     *
     * @param sizes of its axes: a {@link Long}, or a {@link String} for one that is known when the graph is run
     */
    static ProtoMessage value(final String name, final List<Object> sizes) {
        final ProtoMessage shape = new ProtoMessage();
        for (final Object size : sizes) {
            shape.message(1, size instanceof Long n ? new ProtoMessage().number(1, n) : new ProtoMessage().text(2, (String)size));
        }
        return new ProtoMessage().text(1, name).message(2,
            new ProtoMessage().message(1, new ProtoMessage().number(1, FLOAT).message(2, shape)));
    }

    /** Writes a message as a whole file. */
    static void write(final ProtoMessage message, final OutputStream out) throws IOException {
        final CodedOutputStream coded = CodedOutputStream.newInstance(out, 1 << 16);
        message.write(coded);
        coded.flush();
    }
}
