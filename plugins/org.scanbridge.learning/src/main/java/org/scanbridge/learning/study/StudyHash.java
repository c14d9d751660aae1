package org.scanbridge.learning.study;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

import org.scanbridge.learning.data.TrainingCase;

/** SHA-256 over subjects, sites, voxels and labels of all cases, whatever their order. */
final class StudyHash {

    /** How many voxels are turned into bytes at a time. */
    private static final int CHUNK = 1 << 14;

    private StudyHash() {
    }

    static String of(final List<TrainingCase> cases) {
        final MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        cases.stream().sorted(Comparator.comparing(TrainingCase::site).thenComparing(TrainingCase::subject)).forEach(c -> {
            digest.update((c.subject() + '\n' + c.site() + '\n').getBytes(StandardCharsets.UTF_8));
            final float[] voxels = c.image().get().voxels();
            // a buffer of all voxels would be a second copy of the image
            final ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            for (int v = 0; v < voxels.length; v += CHUNK) {
                final int count = Math.min(CHUNK, voxels.length - v);
                bytes.clear();
                bytes.asFloatBuffer().put(voxels, v, count);
                digest.update(bytes.limit(Float.BYTES * count));
            }
            digest.update(c.labels().get().voxels());
        });
        return HexFormat.of().formatHex(digest.digest());
    }
}
