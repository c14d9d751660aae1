package org.scanbridge.learning.train;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.learning.files.Placement;

/**
 * The state of a training on disk. A save goes to a temporary file that is forced to the disk and then renamed, and the
 * file before it is kept, so that a kill at any moment leaves a readable state. Each file ends with the SHA-256 of what
 * is before it.
 */
final class CheckpointFile {

    private static final int MAGIC = 0x53424350; // SBCP

    private static final int VERSION = 3;

    /** Kept the weights of one step at most, and its score, which follows from the curve. */
    private static final int ONE_KEPT = 2;

    private static final int DIGEST_BYTES = 32;

    private final Path m_newest;

    private final Path m_previous;

    private final String m_key;

    /**
     * @param directory where the files lie
     * @param key names data, options and start of the training
     */
    CheckpointFile(final Path directory, final String key) {
        m_newest = directory.resolve("checkpoint.bin");
        m_previous = directory.resolve("checkpoint.previous.bin");
        m_key = key;
    }

    /** Saves a state. */
    void save(final LoopState state) throws IOException {
        Files.createDirectories(m_newest.getParent());
        final Path temporary = m_newest.resolveSibling("checkpoint.tmp");
        try (FileOutputStream file = new FileOutputStream(temporary.toFile())) {
            final DigestOutputStream digested = new DigestOutputStream(new BufferedOutputStream(file), sha256());
            final DataOutputStream out = new DataOutputStream(digested);
            write(state, out);
            out.flush();
            digested.on(false);
            digested.write(digested.getMessageDigest().digest());
            digested.flush();
            file.getFD().sync();
        }
        if (Files.exists(m_newest)) {
            Placement.replace(m_newest, m_previous);
        }
        Placement.replace(temporary, m_newest);
    }

    /** The newest readable state of this training. */
    Optional<LoopState> load() throws IOException {
        for (final Path file : List.of(m_newest, m_previous)) {
            if (Files.isRegularFile(file)) {
                final Optional<LoopState> state = read(Files.readAllBytes(file));
                if (state.isPresent()) {
                    return state;
                }
            }
        }
        return Optional.empty();
    }

    private void write(final LoopState state, final DataOutputStream out) throws IOException {
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        writeText(m_key, out);
        out.writeInt(state.step());
        writeFloats(state.variables(), out);
        out.writeInt(state.curve().size());
        for (final StepMetrics m : state.curve()) {
            out.writeInt(m.step());
            for (final double value : new double[]{m.loss(), m.dice(), m.learningRate(), m.domainLoss(), m.domainAccuracy(),
                m.lambda(), m.validationDice()}) {
                out.writeDouble(value);
            }
            out.writeInt(m.others().size());
            for (final Map.Entry<String, Double> other : m.others().entrySet()) {
                out.writeUTF(other.getKey());
                out.writeDouble(other.getValue());
            }
        }
        out.writeInt(state.averaged());
        out.writeInt(state.sums().size());
        for (final Map.Entry<String, double[]> entry : state.sums().entrySet()) {
            out.writeUTF(entry.getKey());
            final ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * entry.getValue().length);
            bytes.asDoubleBuffer().put(entry.getValue());
            out.writeInt(bytes.capacity());
            out.write(bytes.array());
        }
        out.writeInt(state.kept().size());
        for (final Map.Entry<Integer, Map<String, float[]>> entry : state.kept().entrySet()) {
            out.writeInt(entry.getKey());
            writeFloats(entry.getValue(), out);
        }
    }

    /** Longer than the 64 kB that {@link DataOutputStream#writeUTF} can take. */
    private static void writeText(final String text, final DataOutputStream out) throws IOException {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(final DataInputStream in) throws IOException {
        return new String(read(in, in.readInt()), StandardCharsets.UTF_8);
    }

    /** @return empty if the file is damaged or of another training */
    private Optional<LoopState> read(final byte[] file) throws IOException {
        final int length = file.length - DIGEST_BYTES;
        if (length < 0) {
            return Optional.empty();
        }
        final MessageDigest digest = sha256();
        digest.update(file, 0, length);
        if (!Arrays.equals(digest.digest(), Arrays.copyOfRange(file, length, file.length))) {
            return Optional.empty();
        }
        final DataInputStream in = new DataInputStream(new ByteArrayInputStream(file, 0, length));
        if (in.readInt() != MAGIC) {
            return Optional.empty();
        }
        final int version = in.readInt();
        if (version != VERSION && version != ONE_KEPT || !readText(in).equals(m_key)) {
            return Optional.empty();
        }
        final int step = in.readInt();
        final Map<String, float[]> variables = readFloats(in);
        final List<StepMetrics> curve = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) {
            curve.add(new StepMetrics(in.readInt(), in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble(),
                in.readDouble(), in.readDouble(), in.readDouble(), readOthers(in)));
        }
        final int averaged = in.readInt();
        final Map<String, double[]> sums = new LinkedHashMap<>();
        for (int n = in.readInt(); n > 0; n--) {
            final String name = in.readUTF();
            final double[] values = new double[in.readInt() / Double.BYTES];
            ByteBuffer.wrap(read(in, Double.BYTES * values.length)).asDoubleBuffer().get(values);
            sums.put(name, values);
        }
        return Optional.of(new LoopState(step, variables, curve, averaged, sums,
            version == ONE_KEPT ? readOneKept(in) : readKept(in)));
    }

    private static SortedMap<Integer, Map<String, float[]>> readOneKept(final DataInputStream in) throws IOException {
        final SortedMap<Integer, Map<String, float[]>> kept = new TreeMap<>();
        final int step = in.readInt();
        in.readDouble(); // its score
        if (step > 0) {
            kept.put(step, readFloats(in));
        }
        return kept;
    }

    private static SortedMap<Integer, Map<String, float[]>> readKept(final DataInputStream in) throws IOException {
        final SortedMap<Integer, Map<String, float[]>> kept = new TreeMap<>();
        for (int n = in.readInt(); n > 0; n--) {
            kept.put(in.readInt(), readFloats(in));
        }
        return kept;
    }

    private static Map<String, Double> readOthers(final DataInputStream in) throws IOException {
        final Map<String, Double> others = new LinkedHashMap<>();
        for (int n = in.readInt(); n > 0; n--) {
            others.put(in.readUTF(), in.readDouble());
        }
        return others;
    }

    private static void writeFloats(final Map<String, float[]> arrays, final DataOutputStream out) throws IOException {
        out.writeInt(arrays.size());
        for (final Map.Entry<String, float[]> entry : arrays.entrySet()) {
            out.writeUTF(entry.getKey());
            final ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * entry.getValue().length);
            bytes.asFloatBuffer().put(entry.getValue());
            out.writeInt(bytes.capacity());
            out.write(bytes.array());
        }
    }

    private static Map<String, float[]> readFloats(final DataInputStream in) throws IOException {
        final Map<String, float[]> arrays = new LinkedHashMap<>();
        for (int n = in.readInt(); n > 0; n--) {
            final String name = in.readUTF();
            final float[] values = new float[in.readInt() / Float.BYTES];
            ByteBuffer.wrap(read(in, Float.BYTES * values.length)).asFloatBuffer().get(values);
            arrays.put(name, values);
        }
        return arrays;
    }

    private static byte[] read(final DataInputStream in, final int length) throws IOException {
        final byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("A checkpoint ends within an array");
        }
        return bytes;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
