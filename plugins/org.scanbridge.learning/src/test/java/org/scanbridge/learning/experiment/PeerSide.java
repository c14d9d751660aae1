package org.scanbridge.learning.experiment;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/**
 * How the Java side of a comparison in {@code benchmarks/peers} talks to the script that started it: it writes arrays as raw
 * little-endian floats into a folder, prints {@code ready}, and then answers every line of standard input with a number.
 *
 * @param folder where the arrays are written
 */
record PeerSide(Path folder) {

    /** What a line asks for. */
    @FunctionalInterface
    interface Answers {

        /** The number, most often seconds. */
        double to(String line) throws Exception;
    }

    /** One line per parameter in parameters.txt: its name and shape; its values in a file of its own. */
    void writeWeights(final String what, final Weights weights) throws IOException {
        final StringBuilder list = new StringBuilder();
        for (final Parameter p : weights.parameters()) {
            list.append(p.name()).append(' ')
                .append(p.shape().stream().map(String::valueOf).collect(Collectors.joining(","))).append('\n');
            write(what + '.' + p.name().replace('/', '.'), weights.get(p.name()));
        }
        Files.writeString(folder.resolve("parameters.txt"), list);
    }

    void write(final String name, final float[] values) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        Files.write(folder.resolve(name), bytes.array());
    }

    /** Class numbers, as floats like everything else. */
    void write(final String name, final byte[] labels) throws IOException {
        final float[] values = new float[labels.length];
        for (int v = 0; v < labels.length; v++) {
            values[v] = labels[v];
        }
        write(name, values);
    }

    /** Wall time of some work. */
    static double seconds(final Runnable work) {
        final long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void say(final String line) {
        final PrintStream out = System.out;
        out.println(line);
        out.flush();
    }

    /** Answers as long as lines come; the line {@code memory} with the largest resident memory in kB. */
    void serve(final Answers answers) throws Exception {
        say("ready " + TensorFlowRuntime.info().computation().describe());
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            say(line.equals("memory")
                ? Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmHWM"))
                    .map(l -> l.replaceAll("\\D", "")).findFirst().orElse("0")
                : Double.toString(answers.to(line)));
        }
    }
}
