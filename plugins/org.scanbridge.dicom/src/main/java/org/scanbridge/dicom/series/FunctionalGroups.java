package org.scanbridge.dicom.series;

import java.util.List;
import java.util.Optional;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.Tag;

/**
 * Attributes of the frames of a multi-frame object (PS3.3 C.7.6.16): per-frame functional groups, then shared ones, then
 * the top level, which is where classic objects have them.
 */
public final class FunctionalGroups {

    private final DataSet m_top;

    private final Optional<DataSet> m_shared;

    private final List<DataSet> m_perFrame;

    private FunctionalGroups(final DataSet top, final Optional<DataSet> shared, final List<DataSet> perFrame) {
        m_top = top;
        m_shared = shared;
        m_perFrame = perFrame;
    }

    /**
     * @param data an object's data set
     * @param frames its number of frames
     * @throws DicomException if there are per-frame groups for another number of frames
     */
    public static FunctionalGroups of(final DataSet data, final int frames) throws DicomException {
        final List<DataSet> perFrame = data.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        if (!perFrame.isEmpty() && perFrame.size() != frames) {
            throw new DicomException(Reason.BAD_VALUE, "Per-frame functional groups describe " + perFrame.size()
                + " frames, Number of Frames is " + frames, Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
                DicomException.NONE);
        }
        return new FunctionalGroups(data, data.item(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE), perFrame);
    }

    /** Whether the object has functional groups. */
    public boolean isPresent() {
        return m_shared.isPresent() || !m_perFrame.isEmpty();
    }

    /**
     * The item of a functional group that holds for a frame.
     *
     * @param frame index from 0
     * @param group tag of the group's sequence
     * @return the top level if the object has no such group, or an empty one
     */
    public DataSet group(final int frame, final int group) throws DicomException {
        if (frame < m_perFrame.size()) {
            final Optional<DataSet> item = m_perFrame.get(frame).item(group);
            if (item.isPresent() && !item.get().elements().isEmpty()) {
                return item.get();
            }
        }
        if (m_shared.isPresent()) {
            final Optional<DataSet> item = m_shared.get().item(group);
            if (item.isPresent() && !item.get().elements().isEmpty()) {
                return item.get();
            }
        }
        return m_top;
    }

    /** The items of a functional group that holds for a frame; empty if there are none. */
    public List<DataSet> items(final int frame, final int group) throws DicomException {
        if (frame < m_perFrame.size()) {
            final List<DataSet> items = m_perFrame.get(frame).items(group);
            if (!items.isEmpty()) {
                return items;
            }
        }
        return m_shared.isPresent() ? m_shared.get().items(group) : List.of();
    }
}
