package org.scanbridge.learning.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.CodedOutputStream;

/**
 * A protobuf message that is being put together, field by field, in the wire format of protobuf-java. ONNX has no classes for
 * Java that are kept up to date, and only a handful of its messages are needed: they are made here by the numbers of their
 * fields. Large arrays are written when their turn comes and never copied into the message.
 */
final class ProtoMessage {

    /** Writes the content of a field of bytes. */
    @FunctionalInterface
    interface Content {
        /** Writes exactly as many bytes as were announced. */
        void write(CodedOutputStream out) throws IOException;
    }

    private record Field(int number, long length, Content content) {

        /** Bytes with tag and length. */
        long size() {
            return number == 0 ? length : CodedOutputStream.computeTagSize(number)
                + CodedOutputStream.computeUInt64SizeNoTag(length) + length;
        }
    }

    private final List<Field> m_fields = new ArrayList<>();

    /** Adds a whole number. */
    ProtoMessage number(final int field, final long value) {
        m_fields.add(new Field(0, CodedOutputStream.computeInt64Size(field, value), out -> out.writeInt64(field, value)));
        return this;
    }

    /** Adds whole numbers. */
    ProtoMessage numbers(final int field, final long... values) {
        for (final long value : values) {
            number(field, value);
        }
        return this;
    }

    /** Adds a 32-bit float. */
    ProtoMessage real(final int field, final float value) {
        m_fields.add(new Field(0, CodedOutputStream.computeFloatSize(field, value), out -> out.writeFloat(field, value)));
        return this;
    }

    /** Adds a text. */
    ProtoMessage text(final int field, final String value) {
        m_fields.add(new Field(0, CodedOutputStream.computeStringSize(field, value), out -> out.writeString(field, value)));
        return this;
    }

    /** Adds bytes that are written later. */
    ProtoMessage bytes(final int field, final long length, final Content content) {
        m_fields.add(new Field(field, length, content));
        return this;
    }

    /** Adds a message that is complete. */
    ProtoMessage message(final int field, final ProtoMessage value) {
        return bytes(field, value.size(), value::write);
    }

    /** Bytes of the message, without a tag or length of its own. */
    long size() {
        return m_fields.stream().mapToLong(Field::size).sum();
    }

    /** Writes all fields in the order in which they were added. */
    void write(final CodedOutputStream out) throws IOException {
        for (final Field field : m_fields) {
            if (field.number() > 0) {
                out.writeTag(field.number(), 2);
                out.writeUInt64NoTag(field.length());
            }
            field.content().write(out);
        }
    }
}
