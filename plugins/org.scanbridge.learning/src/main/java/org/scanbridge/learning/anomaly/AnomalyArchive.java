package org.scanbridge.learning.anomaly;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.network.Provenance;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/**
 * An {@link AnomalyModel} as a zip archive of two entries, in this order: {@code anomaly.json}, UTF-8, with everything but the
 * weights and their SHA-256, and {@code weights.bin}, as {@link Weights#toBytes()}. The same model gives the same bytes.
 */
public final class AnomalyArchive {

    private static final String HEADER = "anomaly.json";

    private static final String WEIGHTS = "weights.bin";

    private static final String FORMAT = "scanbridge-anomaly";

    private static final int VERSION = 1;

    /** A clock would make archives differ. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    /** NaN is a legal validation Dice. */
    private static final Gson GSON =
        new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeSpecialFloatingPointValues().create();

    /** What anomaly.json holds. */
    private record Content(String format, int version, AutoEncoderSpec architecture, double[] spacing,
        ResidualOptions residual, HealthyResiduals healthy, Provenance provenance, String weightsSha256) {
    }

    private AnomalyArchive() {
    }

    /** Writes a model; does not close the stream. */
    public static void write(final AnomalyModel model, final OutputStream out) throws IOException {
        final Content content = new Content(FORMAT, VERSION, model.spec(), model.spacing(), model.residual(), model.healthy(),
            model.provenance(), model.weights().hash());
        final ZipOutputStream zip = new ZipOutputStream(out);
        add(zip, HEADER, GSON.toJson(content).getBytes(StandardCharsets.UTF_8));
        add(zip, WEIGHTS, model.weights().toBytes());
        zip.finish();
    }

    private static void add(final ZipOutputStream zip, final String name, final byte[] bytes) throws IOException {
        final ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    /**
     * Reads a model; does not close the stream.
     *
     * @throws IOException if it is none, is damaged or of a later version; the message is meant for the user
     */
    public static AnomalyModel read(final InputStream in) throws IOException {
        final ZipInputStream zip = new ZipInputStream(in);
        final byte[] header = next(zip, HEADER);
        try {
            final Content c = GSON.fromJson(new String(header, StandardCharsets.UTF_8), Content.class);
            if (c == null || !FORMAT.equals(c.format()) || c.version() < 1) {
                throw damaged(HEADER + " is not that of an anomaly model", null);
            }
            if (c.version() > VERSION) {
                throw new IOException("The anomaly model is stored in format version " + c.version()
                    + ", this version of ScanBridge reads up to " + VERSION + ". Update ScanBridge.");
            }
            if (c.architecture() == null || c.spacing() == null || c.residual() == null || c.healthy() == null
                || c.provenance() == null) {
                throw damaged(HEADER + " is incomplete", null);
            }
            final Weights weights = Weights.fromBytes(c.architecture().parameters(), next(zip, WEIGHTS));
            if (!weights.hash().equals(c.weightsSha256())) {
                throw damaged("the SHA-256 of the weights is " + weights.hash() + " instead of " + c.weightsSha256(), null);
            }
            return new AnomalyModel(c.architecture(), weights, c.spacing(), c.residual(), c.healthy(), c.provenance());
        } catch (final RuntimeException e) {
            // gson wraps what a record's constructor throws
            throw damaged((e.getCause() == null ? e : e.getCause()).getMessage(), e);
        }
    }

    private static byte[] next(final ZipInputStream zip, final String name) throws IOException {
        final ZipEntry entry = zip.getNextEntry();
        if (entry == null || !entry.getName().equals(name)) {
            throw damaged(entry == null ? name + " is missing" : "it has " + entry.getName() + " instead of " + name, null);
        }
        return zip.readAllBytes();
    }

    private static IOException damaged(final String what, final Exception cause) {
        return new IOException("The anomaly model is damaged: " + what + ". Make it again with the Anomaly Learner.", cause);
    }
}
