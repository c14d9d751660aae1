package org.scanbridge.learning.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;

/** A case in memory, on a grid of at least the patch size, with lists of voxels to draw patch centers from. */
public final class LoadedCase {

    private final TrainingCase m_case;

    private final VoxelBlock m_image;

    private final Geometry m_geometry;

    private final List<Background> m_backgrounds;

    private final IntensityRanges m_intensities;

    private final byte[] m_labels;

    private final LabelVolume m_labelVolume;

    private final int[] m_content;

    private final List<int[]> m_foreground;

    private final int m_unannotated;

    private final TeacherMaps m_teacher;

    private final List<int[]> m_taughtForeground;

    /** Reads a case without what a teacher says. */
    public LoadedCase(final TrainingCase source, final NetworkSpec spec, final boolean withLabels) {
        this(source, spec, withLabels, false);
    }

    /**
     * Reads a case.
     *
     * @param source what to read
     * @param spec the network's: number of classes, patch size
     * @param withLabels whether to read the labels; without, they are not touched
     * @param withTeacher whether to read what a teacher says, if one says anything
     * @throws LearningException if there is a voxel that is not a number, if the channels are on different grids, or if the
     *             labels are on another grid, beyond the network's classes, or of no annotated voxel
     */
    public LoadedCase(final TrainingCase source, final NetworkSpec spec, final boolean withLabels,
        final boolean withTeacher) {
        m_case = source;
        final ChannelImages images = source.images();
        final Volume image = images.first();
        final VoxelBlock grid = VoxelBlock.padded(images.voxels(), image.geometry().size(), spec.patchSize());
        m_geometry = image.geometry();
        m_backgrounds = grid.channels().stream().map(c -> Background.of(c, grid.size())).toList();
        m_intensities = IntensityRanges.of(images.voxels(), m_backgrounds);
        final int[] content = content(grid.channels(), m_backgrounds);
        m_image = grid.within(spec.margin());
        if (withLabels) {
            m_labelVolume = source.labels().get();
            check(m_labelVolume, image, spec.classes());
            m_unannotated = source.partial() ? count(m_labelVolume.voxels(), NetworkSpec.UNANNOTATED) : 0;
            m_labels = padLabels(m_labelVolume.voxels(), image.geometry().size());
            m_content = m_unannotated == 0 ? content : annotated(content);
            m_foreground = voxelsByClass(m_labels, spec.classes());
        } else {
            m_labelVolume = null;
            m_unannotated = 0;
            m_labels = null;
            m_content = content;
            m_foreground = List.of();
        }
        m_teacher = withTeacher ? source.teacher()
            .map(t -> TeacherMaps.read(t, source.subject(), image.geometry(), spec.classes())
                .with(map -> padLabels(map, image.geometry().size())))
            .orElse(null) : null;
        m_taughtForeground = m_teacher == null ? List.of() : voxelsByClass(m_teacher.likeliest(), spec.classes());
    }

    private void check(final LabelVolume labels, final Volume image, final int classes) {
        if (!labels.geometry().sameGrid(image.geometry())) {
            throw new LearningException("Image and segmentation of subject " + m_case.subject()
                + " are on different grids: " + image.geometry() + " and "
                + labels.geometry().beside(image.geometry()) + ". Resample the segmentation to the image.");
        }
        final int max = m_case.partial() ? annotatedMax(labels.voxels()) : labels.maxValue();
        if (max >= classes) {
            throw new LearningException("The segmentation of subject " + m_case.subject() + " has the label value "
                + max + ", but the network has " + classes + " classes (0 to " + (classes - 1)
                + "). Build a network with more classes, from the segmentations if their values"
                + " jump, or map the label values. If the value only says that nobody looked there, name it under \"Not"
                + " annotated\".");
        }
    }

    private static int annotatedMax(final byte[] labels) {
        int max = 0;
        for (final byte l : labels) {
            final int value = l & 0xff;
            max = value == NetworkSpec.UNANNOTATED ? max : Math.max(max, value);
        }
        return max;
    }

    private static int count(final byte[] labels, final int value) {
        int count = 0;
        for (final byte l : labels) {
            count += (l & 0xff) == value ? 1 : 0;
        }
        return count;
    }

    /** The annotated voxels of the patient; without any, all that are annotated. */
    private int[] annotated(final int[] content) {
        if (m_unannotated == m_labelVolume.voxels().length) {
            throw new LearningException("No voxel of the segmentation of subject " + m_case.subject()
                + " is annotated. Leave the row out, or clear its segmentation.");
        }
        final int[] inside = IntStream.of(content).filter(v -> !isUnannotated(v)).toArray();
        return inside.length > 0 ? inside
            : IntStream.range(0, m_labels.length).filter(v -> !isUnannotated(v)).toArray();
    }

    private byte[] padLabels(final byte[] labels, final int[] size) {
        final int[] padded = m_image.size();
        final int[] offset = m_image.offset();
        final byte[] to = new byte[padded[0] * padded[1] * padded[2]];
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                System.arraycopy(labels, (k * size[1] + j) * size[0], to,
                    ((k + offset[2]) * padded[1] + j + offset[1]) * padded[0] + offset[0], size[0]);
            }
        }
        return to;
    }

    /**
     * Voxels that are background in no channel, so that a channel without the skull tells for all what is patient; all
     * voxels where there is no constant background or nothing else.
     */
    private static int[] content(final List<float[]> channels, final List<Background> backgrounds) {
        final int[] found = new int[channels.get(0).length];
        int n = 0;
        for (int v = 0; v < found.length; v++) {
            boolean inside = true;
            for (int c = 0; c < channels.size(); c++) {
                final Background background = backgrounds.get(c);
                inside &= !background.constant() || channels.get(c)[v] != background.value();
            }
            if (inside) {
                found[n++] = v;
            }
        }
        if (n == 0) {
            for (int v = 0; v < found.length; v++) {
                found[n++] = v;
            }
        }
        return Arrays.copyOf(found, n);
    }

    private static List<int[]> voxelsByClass(final byte[] labels, final int classes) {
        final int[] counts = new int[256];
        for (final byte l : labels) {
            counts[l & 0xff]++;
        }
        final List<int[]> foreground = new ArrayList<>();
        for (int c = 1; c < classes; c++) {
            if (counts[c] > 0) {
                final int[] voxels = new int[counts[c]];
                for (int v = 0, n = 0; n < voxels.length; v++) {
                    if ((labels[v] & 0xff) == c) {
                        voxels[n++] = v;
                    }
                }
                foreground.add(voxels);
            }
        }
        return List.copyOf(foreground);
    }

    /** What was read. */
    public TrainingCase source() {
        return m_case;
    }

    /** The grid of its image, as it was read. */
    Geometry geometry() {
        return m_geometry;
    }

    /** Between which intensities its image lies, as it was read. */
    public IntensityRanges intensities() {
        return m_intensities;
    }

    /** The channels on a grid of at least the patch size, with the margin that the network sees. */
    public VoxelBlock image() {
        return m_image;
    }

    /** Whether labels were read. */
    public boolean labeled() {
        return m_labels != null;
    }

    /** The labels as they were read; {@code null} without. */
    public LabelVolume labelVolume() {
        return m_labelVolume;
    }

    /** How many voxels are not annotated; 0 without labels. */
    public int unannotated() {
        return m_unannotated;
    }

    /** Whether a voxel of the padded grid is not annotated. */
    boolean isUnannotated(final int voxel) {
        return m_unannotated > 0 && (m_labels[voxel] & 0xff) == NetworkSpec.UNANNOTATED;
    }

    /** The labels on the image's grid; shared, read only. */
    byte[] labels() {
        return m_labels;
    }

    /** Indices of voxels that are background in no channel, and annotated if there are labels. */
    int[] content() {
        return m_content;
    }

    /**
     * Indices of the voxels of each class but the background that occurs, by the labels, else by what a teacher says; empty
     * without both.
     */
    List<int[]> foreground() {
        return labeled() ? m_foreground : m_taughtForeground;
    }

    /** The classes but the background that the labels have, or what a teacher says; empty without both. */
    public Set<Integer> classes() {
        final Set<Integer> classes = new TreeSet<>();
        m_foreground.forEach(voxels -> classes.add(m_labels[voxels[0]] & 0xff));
        m_taughtForeground.forEach(voxels -> classes.add(m_teacher.likeliest()[voxels[0]] & 0xff));
        return classes;
    }

    /** Whether a teacher's word was read. */
    public boolean taught() {
        return m_teacher != null;
    }

    /** Whether a teacher's word was read that knows nothing but background. */
    public boolean taughtBackgroundOnly() {
        return taught() && m_taughtForeground.isEmpty();
    }

    /** What a teacher says; {@code null} if nothing was read. */
    TeacherMaps teacher() {
        return m_teacher;
    }

    /** Copies the labels of a block, as {@link VoxelBlock#copyBlock}. */
    void copyLabels(final int i, final int j, final int k, final PatchSize block, final byte[] to, final int at) {
        copy(m_labels, i, j, k, block, to, at);
    }

    /** Copies a block of a map on the grid. */
    void copy(final byte[] map, final int i, final int j, final int k, final PatchSize block, final byte[] to,
        final int at) {
        final int[] size = m_image.size();
        int target = at;
        for (int c = k; c < k + block.k(); c++) {
            for (int b = j; b < j + block.j(); b++) {
                System.arraycopy(map, (c * size[1] + b) * size[0] + i, to, target, block.i());
                target += block.i();
            }
        }
    }

    /** What is not the patient, by channel. */
    List<Background> backgrounds() {
        return m_backgrounds;
    }

    /**
     * A box of a channel as a volume of its own, with background where it reaches beyond the grid.
     *
     * @param channel index of the channel
     * @param from its first voxel on the grid along i, j, k; may be outside
     * @param size its voxels along i, j, k
     */
    Volume region(final int channel, final int[] from, final int[] size) {
        final float[] to = new float[size[0] * size[1] * size[2]];
        Arrays.fill(to, m_backgrounds.get(channel).value());
        final float[] voxels = m_image.channels().get(channel);
        final Margin margin = m_image.margin();
        final int[] low = {margin.lowI(), margin.lowJ(), margin.lowK()};
        rows(from, size, (i, j, k, at, count) -> {
            System.arraycopy(voxels, m_image.index(i + low[0], j + low[1], k + low[2]), to, at, count);
        });
        return new Volume(to, Geometry.axial(size, m_geometry.spacing()), VolumeInfo.UNKNOWN);
    }

    /** The labels of the same box; 0 beyond the grid. */
    LabelVolume labelRegion(final int[] from, final int[] size) {
        return region(m_labels, from, size);
    }

    /** The same box of a map on the grid. */
    LabelVolume region(final byte[] map, final int[] from, final int[] size) {
        final byte[] to = new byte[size[0] * size[1] * size[2]];
        final int[] grid = m_image.size();
        rows(from, size, (i, j, k, at, count) -> {
            System.arraycopy(map, (k * grid[1] + j) * grid[0] + i, to, at, count);
        });
        return new LabelVolume(to, Geometry.axial(size, m_geometry.spacing()), VolumeInfo.UNKNOWN, LabelSet.of());
    }

    /** Gets the part of a row that lies on the grid: its first voxel there, its place in the box, its length. */
    @FunctionalInterface
    private interface RowCopy {
        void copy(int i, int j, int k, int at, int count);
    }

    private void rows(final int[] from, final int[] size, final RowCopy copy) {
        final int[] grid = m_image.size();
        final int first = Math.max(0, -from[0]);
        final int count = Math.min(size[0], grid[0] - from[0]) - first;
        for (int c = Math.max(0, -from[2]); c < Math.min(size[2], grid[2] - from[2]) && count > 0; c++) {
            for (int b = Math.max(0, -from[1]); b < Math.min(size[1], grid[1] - from[1]); b++) {
                copy.copy(from[0] + first, from[1] + b, from[2] + c, (c * size[1] + b) * size[0] + first, count);
            }
        }
    }
}
