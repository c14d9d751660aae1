package org.scanbridge.knime.util;

import java.util.Optional;

import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;

/**
 * One row of a study's table.
 *
 * @param key the row's key
 * @param subject pseudonymous subject id; empty if missing
 * @param site name of the site; empty if missing
 * @param image the image; empty if missing
 * @param segmentation the segmentation; empty where unlabeled
 */
public record StudyRow(String key, String subject, String site, Optional<VolumeValue> image,
    Optional<LabelVolumeValue> segmentation) {

    /**
     * Reads the image, with this row's subject and site in its info: the table decides, not the files.
     *
     * @throws java.util.NoSuchElementException if the image is missing
     * @throws java.io.UncheckedIOException if its voxels cannot be read
     */
    public Volume volume() {
        final Volume volume = image.orElseThrow().volume();
        final VolumeInfo info = volume.info();
        return volume.withInfo(new VolumeInfo(info.modality(), site, subject, info.series(), info.units()));
    }

    /** For messages: {@code Row0 (subject S-1, site A)}. */
    public String name() {
        return RowName.of(key) + " (subject " + (subject.isEmpty() ? "unknown" : subject)
            + (site.isEmpty() ? "" : ", site " + site) + ")";
    }
}
