package org.scanbridge.learning.predict;

import java.util.List;

import org.scanbridge.learning.data.VoxelBlock;

/**
 * The mean of what several networks say of an image, slice by slice on the image's own grid. The networks may have blocks
 * of different sizes; each keeps one layer of its own blocks.
 */
final class ProbabilityMean {

    /**
     * One network's pass over the image.
     *
     * @param pass hands out slices of the padded image
     * @param image the padded image
     */
    record Member(WindowPass pass, VoxelBlock image) {
    }

    private final List<Member> m_members;

    private final int[] m_size;

    private final int m_classes;

    private final float[] m_mean;

    private int m_next;

    /**
     * @param members at least one; each at its first slice
     * @param size of the image without padding
     * @param classes of all networks
     */
    ProbabilityMean(final List<Member> members, final int[] size, final int classes) {
        m_members = List.copyOf(members);
        m_size = size.clone();
        m_classes = classes;
        m_mean = new float[size[0] * size[1] * classes];
    }

    /**
     * The mean probabilities [j, i, classes] of the next slice of the image.
     *
     * @return valid until the next call
     */
    float[] next() {
        for (int m = 0; m < m_members.size(); m++) {
            add(m_members.get(m), m == 0);
        }
        m_next++;
        if (m_members.size() > 1) {
            for (int n = 0; n < m_mean.length; n++) {
                m_mean[n] /= m_members.size();
            }
        }
        return m_mean;
    }

    private void add(final Member member, final boolean isFirst) {
        final int[] offset = member.image().offset();
        if (m_next == 0) {
            for (int k = 0; k < offset[2]; k++) {
                member.pass().next(); // padding
            }
        }
        final float[] slice = member.pass().next();
        final int row = m_size[0] * m_classes;
        for (int j = 0; j < m_size[1]; j++) {
            final int from = ((j + offset[1]) * member.image().size()[0] + offset[0]) * m_classes;
            if (isFirst) {
                System.arraycopy(slice, from, m_mean, j * row, row);
            } else {
                for (int n = 0; n < row; n++) {
                    m_mean[j * row + n] += slice[from + n];
                }
            }
        }
    }
}
