package org.scanbridge.dicom.web;

import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.Dictionary;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.VR;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;

/**
 * The DICOM JSON Model (PS3.18 annex F): an array of data sets, or one. Read as it is sent in the field, too: numbers as
 * strings, null and absent values, VRs that are missing, person names as plain strings. Text is UTF-8 whatever Specific
 * Character Set (0008,0005) says (F.2.2), which is left out. Bulk data that is only referred to is absent.
 */
final class DicomJson {

    private static final Pattern KEY = Pattern.compile("[0-9A-Fa-f]{8}");

    /** Deeper than any object of the standard. */
    private static final int MAX_DEPTH = 32;

    private static final String[] NAME_GROUPS = {"Alphabetic", "Ideographic", "Phonetic"};

    private DicomJson() {
    }

    /**
     * Reads data sets one by one.
     *
     * @param in the text; not closed
     * @param dataSets takes each
     * @throws ArchiveException if it is not of this model, or not complete
     */
    static void read(final Reader in, final Consumer<DataSet> dataSets) throws IOException {
        final JsonReader json = new JsonReader(in);
        json.setStrictness(Strictness.LEGACY_STRICT);
        try {
            if (json.peek() == JsonToken.BEGIN_OBJECT) {
                dataSets.accept(dataSet(json, 0));
            } else {
                json.beginArray();
                while (json.hasNext()) {
                    dataSets.accept(dataSet(json, 0));
                }
                json.endArray();
            }
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw broken("more than one JSON text", null);
            }
        } catch (final MalformedJsonException | JsonParseException | IllegalStateException | NumberFormatException
                | EOFException e) {
            // No detail: the library's messages quote the text, which may identify a patient.
            throw broken("an answer that is no complete DICOM JSON (line " + line(e) + ")", null);
        }
    }

    private static String line(final Exception e) {
        final Matcher m = Pattern.compile("line (\\d+) column (\\d+)").matcher(String.valueOf(e.getMessage()));
        return m.find() ? m.group(1) + ", column " + m.group(2) : "unknown";
    }

    private static ArchiveException broken(final String what, final Throwable cause) {
        return new ArchiveException(Kind.BROKEN_ANSWER, "The archive sent " + what + ".", cause);
    }

    private static DataSet dataSet(final JsonReader json, final int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw broken("sequences nested more than " + MAX_DEPTH + " deep", null);
        }
        final DataSetBuilder data = DataSet.builder();
        if (json.peek() == JsonToken.NULL) {
            json.nextNull(); // an item without attributes
            return data.build();
        }
        json.beginObject();
        while (json.hasNext()) {
            final String key = json.nextName();
            if (!KEY.matcher(key).matches()) {
                throw broken("JSON that is no data set: a name in it is not the 8 hexadecimal digits of a tag", null);
            }
            attribute(json, Integer.parseUnsignedInt(key, 16), data, depth);
        }
        json.endObject();
        return data.build();
    }

    /** What stands in Value: texts, or data sets of a sequence. Which of both, the VR tells, which may come after it. */
    private static final class Values {

        private final List<String> m_texts = new ArrayList<>();

        private final List<DataSet> m_items = new ArrayList<>();
    }

    private static void attribute(final JsonReader json, final int tag, final DataSetBuilder data, final int depth)
        throws IOException {
        String vr = "";
        Values values = new Values();
        byte[] inline = null;
        boolean referred = false;
        if (json.peek() == JsonToken.NULL) {
            json.nextNull();
        } else {
            json.beginObject();
            while (json.hasNext()) {
                switch (json.nextName()) {
                    case "vr" -> vr = text(json);
                    case "Value" -> values = values(json, depth);
                    case "InlineBinary" -> inline = binary(json, tag);
                    case "BulkDataURI" -> {
                        json.skipValue();
                        referred = true;
                    }
                    default -> json.skipValue(); // what a later edition may add
                }
            }
            json.endObject();
        }
        if (referred || tag == Tag.SPECIFIC_CHARACTER_SET) {
            return;
        }
        put(data, tag, vr(vr, tag), values, inline);
    }

    private static VR vr(final String name, final int tag) throws ArchiveException {
        if (name.isEmpty()) {
            return Dictionary.vr(tag);
        }
        try {
            return VR.valueOf(name);
        } catch (final IllegalArgumentException e) {
            throw broken("the attribute " + Tag.toString(tag) + " with a VR that the standard does not know", null);
        }
    }

    private static String text(final JsonReader json) throws IOException {
        return switch (json.peek()) {
            case NULL -> {
                json.nextNull();
                yield "";
            }
            case BOOLEAN -> Boolean.toString(json.nextBoolean());
            default -> json.nextString(); // also numbers, digit by digit as they are written
        };
    }

    private static byte[] binary(final JsonReader json, final int tag) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(text(json));
        } catch (final IllegalArgumentException e) {
            throw broken("the attribute " + Tag.toString(tag) + " with an InlineBinary that is no base64", null);
        }
    }

    private static Values values(final JsonReader json, final int depth) throws IOException {
        final Values values = new Values();
        if (json.peek() != JsonToken.BEGIN_ARRAY) {
            // A single value without brackets, as some servers write it.
            value(json, values, depth);
            return values;
        }
        json.beginArray();
        while (json.hasNext()) {
            value(json, values, depth);
        }
        json.endArray();
        return values;
    }

    private static void value(final JsonReader json, final Values values, final int depth) throws IOException {
        if (json.peek() == JsonToken.BEGIN_OBJECT) {
            object(json, values, depth);
        } else {
            // An empty value keeps its place among others (PS3.18 F.2.5).
            values.m_texts.add(text(json));
        }
    }

    /** A person name or an item, told by the names in it. */
    private static void object(final JsonReader json, final Values values, final int depth) throws IOException {
        json.beginObject();
        final Map<String, String> groups = new TreeMap<>();
        final DataSetBuilder item = DataSet.builder();
        if (depth >= MAX_DEPTH) {
            throw broken("sequences nested more than " + MAX_DEPTH + " deep", null);
        }
        while (json.hasNext()) {
            final String name = json.nextName();
            if (KEY.matcher(name).matches()) {
                attribute(json, Integer.parseUnsignedInt(name, 16), item, depth + 1);
            } else if (List.of(NAME_GROUPS).contains(name)) {
                groups.put(name, text(json));
            } else {
                throw broken("JSON that is no data set: a value in it is neither an item nor a person name", null);
            }
        }
        json.endObject();
        if (!groups.isEmpty()) {
            final StringBuilder name = new StringBuilder();
            for (final String group : NAME_GROUPS) {
                name.append(group.equals(NAME_GROUPS[0]) ? "" : "=").append(groups.getOrDefault(group, ""));
            }
            values.m_texts.add(name.toString().replaceFirst("=+$", ""));
            return;
        }
        values.m_items.add(item.build());
    }

    private static void put(final DataSetBuilder data, final int tag, final VR vr, final Values values, final byte[] inline)
        throws ArchiveException {
        if (vr == VR.SQ) {
            final List<DataSet> items = new ArrayList<>(values.m_items);
            if (values.m_texts.stream().anyMatch(t -> !t.isEmpty())) {
                throw broken("the sequence " + Tag.toString(tag) + " with a value that is no item", null);
            }
            data.items(tag, items);
        } else if (!values.m_items.isEmpty() && values.m_items.stream().anyMatch(i -> !i.elements().isEmpty())) {
            throw broken("the attribute " + Tag.toString(tag) + " with an item, though its VR is " + vr, null);
        } else if (inline != null) {
            data.bytes(tag, vr, inline);
        } else if (vr.isText()) {
            data.bytes(tag, vr, String.join("\\", values.m_texts).getBytes(vr.hasCharacterSet() ? StandardCharsets.UTF_8
                : StandardCharsets.ISO_8859_1));
        } else if (vr == VR.UN && !values.m_texts.isEmpty()) {
            // A private attribute whose VR nobody gave: as text it cannot be mistaken for a number.
            data.bytes(tag, VR.UN, String.join("\\", values.m_texts).getBytes(StandardCharsets.UTF_8));
        } else {
            data.bytes(tag, vr, numbers(tag, vr, values.m_texts));
        }
    }

    private static byte[] numbers(final int tag, final VR vr, final List<String> texts) throws ArchiveException {
        final int unit = vr == VR.AT ? 4 : vr.unit();
        final ByteBuffer bytes = ByteBuffer.allocate(texts.size() * unit).order(ByteOrder.LITTLE_ENDIAN);
        try {
            for (final String text : texts) {
                if (text.isBlank()) {
                    continue; // a number has no way to be absent
                }
                number(vr, text.strip(), bytes);
            }
        } catch (final ArithmeticException | IllegalArgumentException e) {
            throw broken("the attribute " + Tag.toString(tag) + " with a value that is no " + vr, null);
        }
        final byte[] used = new byte[bytes.position()];
        bytes.flip().get(used);
        return used;
    }

    private static void number(final VR vr, final String text, final ByteBuffer bytes) {
        switch (vr) {
            case AT -> {
                final int value = Integer.parseUnsignedInt(text, 16);
                bytes.putShort((short)(value >>> 16)).putShort((short)value);
            }
            // Servers write NaN and infinities as strings (PS3.18 F.2.3.1)
            case FL, OF -> bytes.putFloat(text.equals("inf") ? Float.POSITIVE_INFINITY : text.equals("-inf")
                ? Float.NEGATIVE_INFINITY : Float.parseFloat(text));
            case FD, OD -> bytes.putDouble(text.equals("inf") ? Double.POSITIVE_INFINITY : text.equals("-inf")
                ? Double.NEGATIVE_INFINITY : Double.parseDouble(text));
            default -> {
                final BigInteger value = integer(text);
                if (value.bitLength() > vr.unit() * 8) {
                    throw new ArithmeticException("too large");
                }
                final long bits = value.longValue();
                switch (vr.unit()) {
                    case 1 -> bytes.put((byte)bits);
                    case 2 -> bytes.putShort((short)bits);
                    case 4 -> bytes.putInt((int)bits);
                    default -> bytes.putLong(bits);
                }
            }
        }
    }

    /** An integer, also written as 12.0 or 1.2e1; of a size that no exponent can blow up. */
    private static BigInteger integer(final String text) {
        final BigDecimal value = new BigDecimal(text);
        if (value.precision() - value.scale() > 20) {
            throw new ArithmeticException("too large");
        }
        return value.toBigIntegerExact();
    }
}
