package org.scanbridge.dicom.series;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.VR;

/**
 * A block of private attributes (PS3.5 section 7.8.1). Their VRs are known to the vendor only and lost in implicit
 * encodings and in many archives, which write UN: the caller tells which one it expects.
 */
final class PrivateBlock {

    private final DataSet m_data;

    private final int m_base;

    private PrivateBlock(final DataSet data, final int base) {
        m_data = data;
        m_base = base;
    }

    /**
     * Finds a block.
     *
     * @param group an odd group
     * @param creator its private creator, whatever the case
     */
    static Optional<PrivateBlock> find(final DataSet data, final int group, final String creator) {
        for (int block = 0x10; block <= 0xff; block++) {
            final int tag = group << 16 | block;
            if (data.hasValue(tag) && data.text(tag).equalsIgnoreCase(creator)) {
                return Optional.of(new PrivateBlock(data, group << 16 | block << 8));
            }
        }
        return Optional.empty();
    }

    /** The whole tag of the element with a number of two hexadecimal digits. */
    int tag(final int number) {
        return m_base | number;
    }

    /** The element with a number of two hexadecimal digits. */
    Optional<DataElement> element(final int number) {
        return m_data.element(tag(number));
    }

    /** The bytes of an element as text without padding; empty if absent. */
    String text(final int number) {
        return element(number).map(e -> new String(e.bytes(), StandardCharsets.ISO_8859_1).replace('\0', ' ').strip())
            .orElse("");
    }

    /**
     * The numbers of an element; none if absent or not of the form expected.
     *
     * @param expected IS or DS for text, else FL or FD
     */
    double[] numbers(final int number, final VR expected) {
        final Optional<DataElement> e = element(number);
        if (e.isEmpty() || e.get().bytes().length == 0) {
            return new double[0];
        }
        final VR vr = e.get().vr() == VR.UN || e.get().vr() == VR.OB ? expected : e.get().vr();
        if (vr == VR.FL || vr == VR.FD) {
            final int unit = vr == VR.FL ? 4 : 8;
            final ByteBuffer bytes = ByteBuffer.wrap(e.get().bytes())
                .order(e.get().isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            final double[] numbers = new double[bytes.capacity() / unit];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = vr == VR.FL ? bytes.getFloat(4 * i) : bytes.getDouble(8 * i);
                if (!Double.isFinite(numbers[i])) {
                    return new double[0];
                }
            }
            return numbers;
        }
        final String[] texts = text(number).split("\\\\");
        final double[] numbers = new double[texts.length];
        for (int i = 0; i < texts.length; i++) {
            if (!texts[i].strip().matches("[+-]?[0-9]*\\.?[0-9]+([eE][+-]?[0-9]+)?|[+-]?[0-9]+\\.")) {
                return new double[0];
            }
            numbers[i] = Double.parseDouble(texts[i].strip());
        }
        return numbers;
    }
}
