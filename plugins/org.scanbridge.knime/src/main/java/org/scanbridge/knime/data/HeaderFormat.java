package org.scanbridge.knime.data;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * What a cell holds besides its voxel file, as written into tables: a format version, then the fields in a fixed order.
 * A change of the order needs a new version; older versions stay readable.
 */
final class HeaderFormat {

    private static final int VERSION = 1;

    private HeaderFormat() {
    }

    static void writeVersion(final DataOutput out) throws IOException {
        out.writeInt(VERSION);
    }

    /** @throws IOException if a newer version wrote the cell */
    static void readVersion(final DataInput in) throws IOException {
        final int version = in.readInt();
        if (version != VERSION) {
            throw new IOException("The table holds images in format " + version + ", this version of ScanBridge reads"
                + " format " + VERSION + ". Update ScanBridge, or execute the node again.");
        }
    }

    static void write(final Geometry geometry, final DataOutput out) throws IOException {
        for (final int size : geometry.size()) {
            out.writeInt(size);
        }
        writeDoubles(geometry.spacing(), out);
        writeDoubles(geometry.origin(), out);
        writeDoubles(geometry.direction(), out);
    }

    static Geometry readGeometry(final DataInput in) throws IOException {
        final int[] size = {in.readInt(), in.readInt(), in.readInt()};
        final double[] spacing = readDoubles(3, in);
        final double[] origin = readDoubles(3, in);
        return new Geometry(size, spacing, origin, readDoubles(9, in));
    }

    static void write(final VolumeInfo info, final DataOutput out) throws IOException {
        out.writeUTF(info.modality());
        out.writeUTF(info.site());
        out.writeUTF(info.subject());
        out.writeUTF(info.series());
        out.writeUTF(info.units());
    }

    static VolumeInfo readInfo(final DataInput in) throws IOException {
        return new VolumeInfo(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF());
    }

    static void write(final LabelSet labels, final DataOutput out) throws IOException {
        out.writeInt(labels.names().size());
        for (final var label : labels.names().entrySet()) {
            out.writeInt(label.getKey());
            out.writeUTF(label.getValue());
        }
    }

    static LabelSet readLabels(final DataInput in) throws IOException {
        final SortedMap<Integer, String> names = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            final int value = in.readInt();
            names.put(value, in.readUTF());
        }
        return new LabelSet(names);
    }

    private static void writeDoubles(final double[] values, final DataOutput out) throws IOException {
        for (final double value : values) {
            out.writeDouble(value);
        }
    }

    private static double[] readDoubles(final int count, final DataInput in) throws IOException {
        final double[] values = new double[count];
        for (int n = 0; n < count; n++) {
            values[n] = in.readDouble();
        }
        return values;
    }
}
