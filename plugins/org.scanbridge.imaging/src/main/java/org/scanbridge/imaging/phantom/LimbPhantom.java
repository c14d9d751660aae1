package org.scanbridge.imaging.phantom;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutors;

/**
 * A piece of a limb as X-rays see it: the lengths of their paths through compact bone and through everything else, and
 * where bones are broken. The limb is an elliptic cylinder of soft tissue, tilted by up to 12°, with one or two long bones:
 * tubes of cortex, round in cross section, bowed, wider and thinner-walled towards their ends, filled with marrow and a
 * texture of spongiosa. A tube of outer radius R and inner radius r has at distance d from its axis
 * {@code 2·√(R² − d²) − 2·√(r² − d²)} of cortex.
 * <p>
 * None to two fractures: jagged lines 0.6 to 1.2 mm wide (twice the standard deviation of their Gaussian profile) at up to
 * 40° to the cross section that take away 45 to 90 % of the bone, incomplete ones from one side only; behind a complete one
 * the bone is shifted by up to 1.5 mm, the step of its cortex. Not to be taken for fractures: canals of vessels, thin dark lines of 8 to 15 mm
 * nearly along the shaft; growth scars, bright lines across; folds of the skin, steps of the soft tissue. No model of
 * anatomy, and of one view. The field has {@value #FIELD} mm whatever the number of pixels; the same seed gives the same bits
 * on every platform.
 */
public final class LimbPhantom {

    /** Width and height of the image in mm. */
    public static final double FIELD = 102.4;

    /** The only class: 1 fracture. */
    public static final LabelSet LABELS = LabelSet.of("fracture");

    /** Half the width of the band that is labeled along a fracture in mm. */
    static final double HALF_BAND = 2;

    /** Fractures of one bone are at least so many mm apart. */
    private static final double APART = 25;

    private static final double HALF_LENGTH = 60;

    private static final int STREAM_SHAPE = 0;

    private static final int STREAM_TEXTURE = 1;

    private final int m_size;

    /**
     * @param size number of pixels along each of both axes
     * @throws IllegalArgumentException if it is below {@link BrainPhantom#MIN_SIZE}
     */
    public LimbPhantom(final int size) {
        if (size < BrainPhantom.MIN_SIZE) {
            throw new IllegalArgumentException("size " + size + ": a limb needs at least " + BrainPhantom.MIN_SIZE + " pixels");
        }
        m_size = size;
    }

    /**
     * A limb.
     *
     * @param bone path through compact bone in mm by pixel, i fastest
     * @param other path through everything else in mm
     * @param fractures 1 where a bone is broken; its grid is that of the image, of depth 1
     */
    public record Limb(float[] bone, float[] other, LabelVolume fractures) {
    }

    /** A fracture, or a vessel's canal: a line through (x, y) of a bone, both relative to its middle. */
    private record Line(double y, double tilt, double sd, double depth, double from, double to, double shift,
        double phase) {

        /** Distance of a point from the line in mm; negative on the side from which y grows. */
        double distance(final double d, final double along) {
            final double jag = 0.5 * StrictMath.sin(1.1 * d + phase) + 0.35 * StrictMath.sin(2.7 * d + 2 * phase);
            return (along - y) * StrictMath.cos(tilt) + d * StrictMath.sin(tilt) + jag;
        }

        double loss(final double distance, final double d) {
            return d < from || d > to ? 0 : depth * StrictMath.exp(-0.5 * distance * distance / (sd * sd));
        }
    }

    /** A line along which a vessel enters the bone: it ends in the bone at both ends. */
    private record Canal(double x, double y, double cos, double sin, double half, double depth) {

        double loss(final double d, final double along) {
            final double s = (d - x) * cos + (along - y) * sin;
            final double t = -(d - x) * sin + (along - y) * cos;
            final double end = Math.max(0, Math.abs(s) - half);
            return depth * StrictMath.exp(-0.5 * (t * t + end * end) / (0.5 * 0.5));
        }
    }

    private record Bone(double x, double bow, double radius, double wall, double scar, List<Line> fractures, Canal canal) {
    }

    /** A step of the soft tissue across the image. */
    private record Fold(double angle, double offset, double height) {
    }

    /**
     * @param seed which limb
     * @param info identity of the labels
     */
    public Limb generate(final long seed, final VolumeInfo info) {
        final double spacing = FIELD / m_size;
        final SeededRandom random = SeededRandom.of(seed, STREAM_SHAPE);
        final double tilt = random.uniform(-0.21, 0.21);
        final double width = random.uniform(33, 42);
        final double thickness = width * random.uniform(0.75, 0.95);
        final double center = random.uniform(-5, 5);
        final List<Bone> bones = bones(random);
        final List<Fold> folds = new ArrayList<>();
        for (int f = random.nextInt(3); f > 0; f--) {
            folds.add(new Fold(random.uniform(0, Math.PI), random.uniform(-30, 30), random.uniform(1, 4)));
        }
        final double[] texture = texture(seed, spacing);
        final float[] boneMap = new float[m_size * m_size];
        final float[] other = new float[m_size * m_size];
        final byte[] labels = new byte[m_size * m_size];
        final double cos = StrictMath.cos(tilt);
        final double sin = StrictMath.sin(tilt);
        for (int j = 0, v = 0; j < m_size; j++) {
            for (int i = 0; i < m_size; i++, v++) {
                final double px = (i + 0.5) * spacing - FIELD / 2 - center;
                final double py = (j + 0.5) * spacing - FIELD / 2;
                final double x = px * cos + py * sin;
                final double y = -px * sin + py * cos;
                double soft = 2 * thickness * root(1 - x * x / (width * width));
                if (soft > 0) {
                    for (final Fold fold : folds) {
                        final double s = px * StrictMath.cos(fold.angle) + py * StrictMath.sin(fold.angle) - fold.offset;
                        soft += fold.height * 0.5 * (1 + StrictMath.tanh(s / 0.6));
                    }
                }
                double bone = 0;
                for (final Bone b : bones) {
                    bone += path(b, x, y, texture[v], spacing, labels, v);
                }
                boneMap[v] = (float)bone;
                other[v] = (float)Math.max(0, soft - bone);
            }
        }
        return new Limb(boneMap, other, new LabelVolume(labels,
            Geometry.axial(new int[]{m_size, m_size, 1}, spacing, spacing, 1), info, LABELS));
    }

    private static List<Bone> bones(final SeededRandom random) {
        final boolean two = random.happens(0.5);
        final int count = two ? 2 : 1;
        final int fractures = random.happens(0.3) ? 0 : random.happens(0.3) ? 2 : 1;
        final List<List<Line>> lines = new ArrayList<>();
        final double[] radius = new double[count];
        for (int b = 0; b < count; b++) {
            lines.add(new ArrayList<>());
            radius[b] = two ? random.uniform(6, 8.5) : random.uniform(9, 13);
        }
        for (int f = 0; f < fractures; f++) {
            final int b = random.nextInt(count);
            final Line line = fracture(random, radius[b]);
            if (lines.get(b).stream().allMatch(l -> Math.abs(l.y - line.y) >= APART)) {
                lines.get(b).add(line);
            }
        }
        final List<Bone> bones = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            final double side = b == 0 ? -1 : 1;
            final double x = two ? side * random.uniform(11, 13) : random.uniform(-5, 5);
            final double half = random.uniform(4, 7.5);
            final double angle = random.uniform(1.15, 1.4) * (random.happens(0.5) ? 1 : -1);
            final Canal canal = new Canal(random.uniform(-0.4, 0.4) * radius[b], random.uniform(-35, 35),
                StrictMath.cos(angle), StrictMath.sin(angle), half,
                random.happens(0.7) ? random.uniform(0.2, 0.45) : 0);
            bones.add(new Bone(x, random.uniform(-3, 3), radius[b], radius[b] * random.uniform(0.24, 0.34),
                (random.happens(0.5) ? 1 : -1) * random.uniform(36, 46), lines.get(b), canal));
        }
        return bones;
    }

    private static Line fracture(final SeededRandom random, final double radius) {
        final double y = random.uniform(-34, 34);
        final double tilt = random.uniform(-0.7, 0.7);
        final double sd = random.uniform(0.6, 1.2) / 2;
        final double depth = random.uniform(0.45, 0.9);
        final boolean complete = random.happens(0.6);
        final double share = random.uniform(0.5, 0.85);
        final boolean left = random.happens(0.5);
        final double shift = random.uniform(-1.5, 1.5);
        final double phase = random.uniform(0, 2 * Math.PI);
        final double reach = 2 * radius;
        final double end = radius * (2 * share - 1);
        return complete ? new Line(y, tilt, sd, depth, -reach, reach, shift, phase)
            : left ? new Line(y, tilt, sd, depth, -reach, end, 0, phase) : new Line(y, tilt, sd, depth, -end, reach, 0, phase);
    }

    /** The path through a bone in mm; labels the pixel where the bone is broken. */
    private static double path(final Bone bone, final double x, final double y, final double texture, final double spacing,
        final byte[] labels, final int v) {
        final double rest = Math.abs(y / HALF_LENGTH);
        final double flare = rest * rest * rest;
        final double outer = bone.radius * (1 + 0.35 * flare);
        final double inner = outer - bone.wall * (1 - 0.5 * Math.min(1, flare));
        double d = x - bone.x - bone.bow * (y / HALF_LENGTH) * (y / HALF_LENGTH);
        for (final Line line : bone.fractures) {
            final double s = line.distance(d, y);
            d -= s > 0 ? line.shift * StrictMath.exp(-s / 30) : 0;
        }
        if (Math.abs(d) >= outer) {
            return 0;
        }
        final double marrow = 2 * root(inner * inner - d * d);
        double bones = 2 * root(outer * outer - d * d) - marrow;
        final double scar = (y - bone.scar) / 0.8;
        bones += marrow * Math.max(0, 0.12 + 0.04 * texture + 0.08 * StrictMath.exp(-0.5 * scar * scar));
        double left = 1 - bone.canal.loss(d, y);
        for (final Line line : bone.fractures) {
            final double s = line.distance(d, y);
            left *= 1 - line.loss(s, d);
            if (Math.abs(s) <= Math.max(HALF_BAND, 0.75 * spacing) && d >= line.from && d <= line.to) {
                labels[v] = 1;
            }
        }
        return bones * left;
    }

    /** Gaussian noise with a standard deviation of 1, correlated over 0.8 mm, or a pixel where that is more. */
    private double[] texture(final long seed, final double spacing) {
        final SeededRandom random = SeededRandom.of(seed, STREAM_TEXTURE);
        final float[] noise = new float[m_size * m_size];
        for (int v = 0; v < noise.length; v++) {
            noise[v] = (float)random.nextGaussian();
        }
        final double sigma = Math.max(0.8 / spacing, 0.5);
        final float[] smooth = new GaussianBlur(sigma, sigma, 0).apply(noise, new int[]{m_size, m_size, 1},
            TaskExecutors.singleThreaded());
        // the standard deviation of white noise after smoothing in two directions is 1/(2·sigma·√π)
        final double scale = 2 * sigma * StrictMath.sqrt(Math.PI);
        final double[] texture = new double[noise.length];
        for (int v = 0; v < noise.length; v++) {
            texture[v] = scale * smooth[v];
        }
        return texture;
    }

    private static double root(final double x) {
        return x > 0 ? StrictMath.sqrt(x) : 0;
    }
}
