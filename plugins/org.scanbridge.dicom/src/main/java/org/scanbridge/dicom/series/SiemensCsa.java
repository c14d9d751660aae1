package org.scanbridge.dicom.series;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The CSA header that Siemens scanners keep in a private element: named lists of texts, in two forms ("SV10", and an older
 * one without that mark) that nobody but nibabel's documentation and converters such as SPM and dcm2niix describes.
 * Everything little endian: 4 bytes SV10 and 4 unused ones (newer form), number of tags, 77; for each tag a name of 64 bytes,
 * multiplicity, VR, type, number of items, 77 or 205; for each item 4 numbers of which one gives its length, and its text
 * padded to 4 bytes.
 */
final class SiemensCsa {

    private static final int NAME = 64;

    private static final int TAG = NAME + 20;

    private static final int ITEM = 16;

    /** Tags and items of a tag that no header has. */
    private static final int MANY = 1024;

    private final Map<String, List<String>> m_values;

    private SiemensCsa(final Map<String, List<String>> values) {
        m_values = values;
    }

    /** Parses a header; what comes after a broken place is left out. */
    static SiemensCsa of(final byte[] bytes) {
        final Map<String, List<String>> values = new HashMap<>();
        final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        final boolean newer = bytes.length >= 8 && text(bytes, 0, 4).equals("SV10");
        if (newer) {
            in.position(8);
        }
        if (in.remaining() < 8) {
            return new SiemensCsa(values);
        }
        final int tags = in.getInt();
        in.getInt();
        int shift = -1;
        for (int t = 0; t < tags && t < MANY && in.remaining() >= TAG; t++) {
            final String name = text(bytes, in.position(), NAME);
            final int multiplicity = in.getInt(in.position() + NAME);
            final int items = in.getInt(in.position() + NAME + 12);
            in.position(in.position() + TAG);
            if (shift < 0) {
                shift = items; // the older form adds the first tag's number of items to all lengths
            }
            final List<String> texts = new ArrayList<>();
            for (int i = 0; i < items; i++) {
                if (i >= MANY || in.remaining() < ITEM) {
                    return new SiemensCsa(values);
                }
                final long length = newer ? in.getInt(in.position() + 4) : (long)in.getInt(in.position()) - shift;
                in.position(in.position() + ITEM);
                if (length < 0 || length > in.remaining()) {
                    if (!newer && i >= multiplicity) {
                        break;
                    }
                    return new SiemensCsa(values);
                }
                final String text = text(bytes, in.position(), (int)length).strip();
                if (!text.isEmpty() && (multiplicity <= 0 || texts.size() < multiplicity)) {
                    texts.add(text);
                }
                in.position((int)Math.min(in.limit(), in.position() + (length + 3) / 4 * 4));
            }
            values.put(name, texts);
        }
        return new SiemensCsa(values);
    }

    private static String text(final byte[] bytes, final int from, final int length) {
        int end = from;
        while (end < from + length && end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    }

    /** The numbers of a tag; none if it is absent or holds other text. */
    double[] numbers(final String name) {
        final List<String> texts = m_values.getOrDefault(name, List.of());
        final double[] numbers = new double[texts.size()];
        for (int i = 0; i < numbers.length; i++) {
            try {
                numbers[i] = Double.parseDouble(texts.get(i));
            } catch (final NumberFormatException e) {
                return new double[0];
            }
            if (!Double.isFinite(numbers[i])) {
                return new double[0];
            }
        }
        return numbers;
    }
}
