package org.scanbridge.imaging.atlas;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

import org.scanbridge.imaging.volume.Geometry;

/**
 * An atlas as a zip archive of two entries, in this order:
 * <ul>
 * <li>{@code atlas.properties}, UTF-8, one {@code key=value} a line with the escapes of {@link Properties}: {@code format=1},
 * {@code subjects}, {@code size}, {@code spacing}, {@code origin} (three numbers each, mm, LPS), {@code direction} (nine, see
 * {@link Geometry}), {@code classes} (their number) and for each class n from 0 on {@code class.n.label} (0 for a part of
 * the unlabeled rest) and {@code class.n.name};</li>
 * <li>{@code priors.bin}, class after class one unsigned byte per voxel, i fastest, 255 for certain.</li>
 * </ul>
 * The same atlas gives the same bytes.
 */
public final class AtlasArchive {

    private static final String HEADER = "atlas.properties";

    private static final String PRIORS = "priors.bin";

    private static final String FORMAT = "1";

    /** A clock would make archives differ. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private AtlasArchive() {
    }

    /** Writes an atlas; does not close the stream. */
    public static void write(final Atlas atlas, final OutputStream out) throws IOException {
        final ZipOutputStream zip = new ZipOutputStream(out);
        zip.putNextEntry(entry(HEADER));
        zip.write(header(atlas).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
        zip.putNextEntry(entry(PRIORS));
        for (int c = 0; c < atlas.classes().size(); c++) {
            zip.write(atlas.prior(c));
        }
        zip.closeEntry();
        zip.finish();
    }

    private static ZipEntry entry(final String name) {
        final ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        return entry;
    }

    private static String header(final Atlas atlas) {
        final Geometry g = atlas.geometry();
        final StringBuilder s = new StringBuilder();
        s.append("format=").append(FORMAT).append("\nsubjects=").append(atlas.subjects());
        s.append("\nsize=").append(text(Arrays.stream(g.size()).asDoubleStream().toArray(), true));
        s.append("\nspacing=").append(text(g.spacing(), false));
        s.append("\norigin=").append(text(g.origin(), false));
        s.append("\ndirection=").append(text(g.direction(), false));
        s.append("\nclasses=").append(atlas.classes().size()).append('\n');
        for (int c = 0; c < atlas.classes().size(); c++) {
            s.append("class.").append(c).append(".label=").append(atlas.classes().get(c).label()).append('\n');
            s.append("class.").append(c).append(".name=").append(escaped(atlas.classes().get(c).name())).append('\n');
        }
        return s.toString();
    }

    private static String text(final double[] numbers, final boolean whole) {
        final StringBuilder s = new StringBuilder();
        for (final double x : numbers) {
            s.append(s.length() == 0 ? "" : " ").append(whole ? Long.toString((long)x) : Double.toString(x));
        }
        return s.toString();
    }

    /** What {@link Properties#load} reads back: it strips leading blanks and knows \\, \n, \r, \t. */
    private static String escaped(final String name) {
        final String s = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
            .replace("\f", "\\f");
        return s.startsWith(" ") ? "\\" + s : s;
    }

    /**
     * Reads an atlas; does not close the stream.
     *
     * @throws IOException if it is none, is damaged or of another version; the message is meant for the user
     */
    public static Atlas read(final InputStream in) throws IOException {
        final ZipInputStream zip = new ZipInputStream(in);
        final Properties header = new Properties();
        header.load(new StringReader(new String(next(zip, HEADER), StandardCharsets.UTF_8)));
        if (!FORMAT.equals(header.getProperty("format"))) {
            throw new IOException("The atlas is stored in format " + header.getProperty("format") + ", this version of"
                + " ScanBridge reads format " + FORMAT + ". Update ScanBridge, or make the atlas again with the"
                + " node Atlas Builder.");
        }
        try {
            final double[] size = numbers(header, "size");
            final Geometry g = new Geometry(new int[]{(int)size[0], (int)size[1], (int)size[2]}, numbers(header, "spacing"),
                numbers(header, "origin"), numbers(header, "direction"));
            final List<AtlasClass> classes = new ArrayList<>();
            for (int c = 0; c < Integer.parseInt(value(header, "classes")); c++) {
                classes.add(new AtlasClass(Integer.parseInt(value(header, "class." + c + ".label")),
                    value(header, "class." + c + ".name")));
            }
            final byte[] all = next(zip, PRIORS);
            if (all.length != (long)classes.size() * g.voxelCount()) {
                throw damaged(PRIORS + " has " + all.length + " bytes instead of " + (long)classes.size() * g.voxelCount(), null);
            }
            final byte[][] priors = new byte[classes.size()][];
            for (int c = 0; c < priors.length; c++) {
                priors[c] = Arrays.copyOfRange(all, c * g.voxelCount(), (c + 1) * g.voxelCount());
            }
            return new Atlas(g, classes, priors, Integer.parseInt(value(header, "subjects")));
        } catch (final IllegalArgumentException | IndexOutOfBoundsException e) {
            throw damaged(e.getMessage(), e);
        }
    }

    private static byte[] next(final ZipInputStream zip, final String name) throws IOException {
        final ZipEntry entry = zip.getNextEntry();
        if (entry == null || !entry.getName().equals(name)) {
            throw damaged(entry == null ? name + " is missing" : "it has " + entry.getName() + " instead of " + name, null);
        }
        return zip.readAllBytes();
    }

    private static String value(final Properties header, final String key) throws IOException {
        final String value = header.getProperty(key);
        if (value == null) {
            throw damaged(key + " is missing", null);
        }
        return value;
    }

    private static double[] numbers(final Properties header, final String key) throws IOException {
        return Arrays.stream(value(header, key).split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    private static IOException damaged(final String what, final Exception cause) {
        return new IOException("The atlas is damaged: " + what + ". Make it again with the node Atlas Builder.", cause);
    }
}
