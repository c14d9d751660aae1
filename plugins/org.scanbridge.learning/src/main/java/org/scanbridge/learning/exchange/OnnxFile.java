package org.scanbridge.learning.exchange;

import org.scanbridge.learning.foreign.ForeignFiles;
import org.scanbridge.learning.foreign.ForeignHeader;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;

/**
 * Reads what an ONNX file says about its network (ModelProto of onnx.proto), before anything runs it. The file comes from
 * strangers: it is read as a stream, weights are skipped, and what is kept has a bound whatever lengths the file claims. Where it
 * refers to other files, its parts, these must lie in its folder and be long enough ({@link ForeignFiles#part}).
 */
final class OnnxFile {

    private static final int MAX_NAME = 1 << 16;

    private static final int MAX_METADATA = 1 << 20;

    /** Characters that are kept in all. */
    private static final int MAX_KEPT = 1 << 25;

    /** Graphs inside operations of graphs. */
    private static final int MAX_DEPTH = 16;

    private static final int MAX_RANK = 16;

    /** TensorProto.DataType: FLOAT, FLOAT16 and DOUBLE. */
    private static final Set<Integer> FLOATS = Set.of(1, 10, 11);

    private static final int EXTERNAL = 1;

    private static final int MAX_PARTS = 10_000;

    private final Path m_file;

    private final List<ForeignHeader.Value> m_inputs = new ArrayList<>();

    private final List<ForeignHeader.Value> m_outputs = new ArrayList<>();

    private final Set<String> m_constants = new HashSet<>();

    private final Map<String, String> m_metadata = new LinkedHashMap<>();

    private final Map<String, String> m_operations = new HashMap<>();

    /** How many bytes each of the other files must have at least. */
    private final SortedMap<String, Long> m_parts = new TreeMap<>();

    private String m_producer = "";

    private boolean m_graph;

    /** The outputs, whose operations are looked for in the second reading; empty in the first. */
    private Set<String> m_wanted = Set.of();

    private long m_kept;

    private OnnxFile(final Path file) {
        m_file = file;
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it is no ONNX file, is damaged, or refers to other files that are missing, too short or not in its
     *             folder; the message is meant for the user
     */
    static ForeignHeader read(final Path file) throws IOException {
        if (Files.size(file) > Integer.MAX_VALUE) {
            throw new IOException(file + " is larger than 2 GB, so it is no ONNX file. Choose another one.");
        }
        final OnnxFile first = new OnnxFile(file);
        first.read();
        for (final Map.Entry<String, Long> part : first.m_parts.entrySet()) {
            final Path place = ForeignFiles.part(file, part.getKey());
            if (Files.size(place) < part.getValue()) {
                throw new IOException(place + " has " + Files.size(place) + " bytes where " + file.getFileName()
                    + ", which keeps its weights there, needs " + part.getValue() + ". Copy both anew from where the network was"
                    + " exported.");
            }
        }
        final OnnxFile second = new OnnxFile(file);
        second.m_wanted = new HashSet<>(first.m_outputs.stream().map(ForeignHeader.Value::name).toList());
        second.read();
        // files before IR version 4 list their weights among the inputs
        final List<ForeignHeader.Value> inputs =
            first.m_inputs.stream().filter(v -> !first.m_constants.contains(v.name())).toList();
        return new ForeignHeader(inputs, List.copyOf(first.m_outputs), Map.copyOf(second.m_operations),
            Map.copyOf(first.m_metadata), first.m_producer, List.copyOf(first.m_parts.keySet()));
    }

    private void read() throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(m_file), 1 << 16)) {
            final CodedInputStream message = CodedInputStream.newInstance(in);
            message.setSizeLimit(Integer.MAX_VALUE);
            model(message);
        } catch (final InvalidProtocolBufferException e) {
            throw damaged(e.getMessage());
        }
        if (!m_graph) {
            throw new IOException(m_file + " is no ONNX file: it holds no graph. Choose a file that ends with .onnx.");
        }
    }

    private IOException damaged(final String why) {
        return new IOException(m_file + " is no ONNX file, or is damaged (" + why + "). Copy it again, or choose another one.");
    }

    /** Reads the fields of a message that lies inside another one. */
    @FunctionalInterface
    private interface Fields {
        /** @return whether the field was read; others are skipped */
        boolean read(int field, CodedInputStream in) throws IOException;
    }

    private static void fields(final CodedInputStream in, final Fields fields) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            // a number where a message is expected, and the like: skipped, as all of protobuf does
            final boolean lengthKnown = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            final boolean number = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT;
            if (!(lengthKnown || number) || !fields.read(lengthKnown ? WireFormat.getTagFieldNumber(tag)
                : -WireFormat.getTagFieldNumber(tag), in)) {
                if (!in.skipField(tag)) {
                    throw new InvalidProtocolBufferException("a group ends that never began");
                }
            }
        }
    }

    private static void inside(final CodedInputStream in, final Fields fields) throws IOException {
        final int length = in.readRawVarint32();
        final int before = in.pushLimit(length);
        fields(in, fields);
        in.checkLastTagWas(0);
        in.popLimit(before);
    }

    /** Numbers of fields are negative where the field holds a number. */
    private void model(final CodedInputStream in) throws IOException {
        fields(in, (field, m) -> {
            switch (field) {
                case 2, 3 -> m_producer = (m_producer + " " + text(m, MAX_NAME)).strip();
                case 7 -> {
                    m_graph = true;
                    inside(m, (f, g) -> graph(f, g, 0));
                }
                case 14 -> metadata(m);
                case 20 -> inside(m, (f, t) -> {
                    if (f != 1 && f != 2) {
                        return false;
                    }
                    inside(t, (ff, g) -> graph(ff, g, 1));
                    return true;
                });
                case 25 -> inside(m, (f, function) -> {
                    if (f != 7) {
                        return false;
                    }
                    inside(function, (ff, node) -> node(ff, node, 1, new Node()));
                    return true;
                });
                default -> {
                    return false;
                }
            }
            return true;
        });
    }

    private void metadata(final CodedInputStream in) throws IOException {
        final String[] pair = pair(in, MAX_METADATA);
        m_metadata.put(kept(pair[0]), kept(pair[1]));
    }

    /** Key and value (StringStringEntryProto). */
    private String[] pair(final CodedInputStream in, final int most) throws IOException {
        final String[] pair = {"", ""};
        inside(in, (field, m) -> {
            if (field != 1 && field != 2) {
                return false;
            }
            pair[field - 1] = bounded(m, most);
            return true;
        });
        return pair;
    }

    private boolean graph(final int field, final CodedInputStream in, final int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw damaged("more than " + MAX_DEPTH + " graphs inside one another");
        }
        switch (field) {
            case 1 -> {
                final Node node = new Node();
                inside(in, (f, m) -> node(f, m, depth, node));
                if (depth == 0) {
                    node.outputs.forEach(output -> m_operations.put(output, node.type));
                }
            }
            case 5 -> tensor(in, depth);
            case 15 -> inside(in, (f, m) -> {
                if (f != 1 && f != 2) {
                    return false;
                }
                tensor(m, depth);
                return true;
            });
            case 11, 12 -> {
                if (depth > 0) {
                    return false;
                }
                (field == 11 ? m_inputs : m_outputs).add(value(in));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** An operation, as far as it matters: its type, if one of its outputs is wanted. */
    private static final class Node {

        private String type = "";

        private final List<String> outputs = new ArrayList<>();
    }

    private boolean node(final int field, final CodedInputStream in, final int depth, final Node node) throws IOException {
        switch (field) {
            case 2 -> {
                if (m_wanted.isEmpty()) {
                    return false;
                }
                final String name = passing(in);
                if (m_wanted.contains(name)) {
                    node.outputs.add(name);
                }
            }
            case 4 -> node.type = passing(in);
            case 5 -> inside(in, (f, attribute) -> {
                switch (f) {
                    case 5, 10 -> tensor(attribute, 1);
                    case 6, 11 -> inside(attribute, (ff, m) -> graph(ff, m, depth + 1));
                    case 22, 23 -> inside(attribute, (ff, sparse) -> {
                        if (ff != 1 && ff != 2) {
                            return false;
                        }
                        tensor(sparse, 1);
                        return true;
                    });
                    default -> {
                        return false;
                    }
                }
                return true;
            });
            default -> {
                return false;
            }
        }
        return true;
    }

    private void tensor(final CodedInputStream in, final int depth) throws IOException {
        final boolean[] external = {false};
        final Map<String, String> where = new HashMap<>();
        inside(in, (field, m) -> {
            switch (field) {
                case 8 -> {
                    if (depth > 0) {
                        return false;
                    }
                    m_constants.add(text(m, MAX_NAME));
                }
                case 13 -> {
                    final String[] pair = pair(m, MAX_NAME);
                    where.put(pair[0], pair[1]);
                }
                case -14 -> external[0] = m.readRawVarint32() == EXTERNAL;
                default -> {
                    return false;
                }
            }
            return true;
        });
        if (external[0] || !where.isEmpty()) {
            part(where);
        }
    }

    /** Notes in which file a tensor lies (TensorProto.external_data). */
    private void part(final Map<String, String> where) throws IOException {
        final String location = where.get("location");
        if (location == null) {
            throw damaged("weights in another file that it does not name");
        }
        final long end;
        try {
            end = Math.addExact(bytes(where, "offset"), bytes(where, "length"));
        } catch (final ArithmeticException | NumberFormatException e) {
            throw damaged("weights in another file at a place that is no number");
        }
        if (m_parts.put(location, Math.max(end, m_parts.getOrDefault(location, 0L))) == null) {
            kept(location);
        }
        if (m_parts.size() > MAX_PARTS) {
            throw damaged("weights in more than " + MAX_PARTS + " files");
        }
    }

    private static long bytes(final Map<String, String> where, final String key) {
        final long bytes = Long.parseLong(where.getOrDefault(key, "0").strip());
        if (bytes < 0) {
            throw new NumberFormatException(key);
        }
        return bytes;
    }

    private ForeignHeader.Value value(final CodedInputStream in) throws IOException {
        final String[] name = {""};
        final int[] type = {0};
        final List<Long> sizes = new ArrayList<>();
        inside(in, (field, m) -> {
            switch (field) {
                case 1 -> name[0] = text(m, MAX_NAME);
                case 2 -> inside(m, (f, t) -> {
                    if (f != 1) {
                        return false;
                    }
                    inside(t, (ff, tensor) -> {
                        if (ff == -1) {
                            type[0] = tensor.readRawVarint32();
                            return true;
                        } else if (ff == 2) {
                            shape(tensor, sizes);
                            return true;
                        }
                        return false;
                    });
                    return true;
                });
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new ForeignHeader.Value(name[0], FLOATS.contains(type[0]), List.copyOf(sizes));
    }

    private void shape(final CodedInputStream in, final List<Long> sizes) throws IOException {
        inside(in, (field, m) -> {
            if (field != 1) {
                return false;
            }
            final long[] size = {-1};
            inside(m, (f, dimension) -> {
                if (f == -1) {
                    final long n = dimension.readRawVarint64();
                    size[0] = n > 0 ? n : -1;
                    return true;
                }
                return false;
            });
            if (sizes.size() == MAX_RANK) {
                throw damaged("an array of more than " + MAX_RANK + " axes");
            }
            sizes.add(size[0]);
            return true;
        });
    }

    /** A text that is kept. */
    private String text(final CodedInputStream in, final int most) throws IOException {
        return kept(bounded(in, most));
    }

    private String kept(final String text) throws IOException {
        m_kept += text.length() + 64;
        if (m_kept > MAX_KEPT) {
            throw damaged("it says far more about itself than a network does");
        }
        return text;
    }

    /** A text that is looked at and let go. */
    private String passing(final CodedInputStream in) throws IOException {
        return bounded(in, MAX_NAME);
    }

    private String bounded(final CodedInputStream in, final int most) throws IOException {
        final int length = in.readRawVarint32();
        if (length < 0 || length > most) {
            throw damaged("a name of " + (length & 0xffffffffL) + " bytes");
        }
        return new String(in.readRawBytes(length), StandardCharsets.UTF_8);
    }
}
