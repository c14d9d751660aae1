package org.scanbridge.imaging.volume;

import java.util.Objects;
import java.util.Set;

/**
 * What a volume is, apart from its voxels. Nothing here identifies a patient: subject and series are pseudonyms.
 *
 * @param modality DICOM modality such as {@code MR}, {@code CT}; empty if unknown
 * @param site name of the site (scanner, hospital) the volume comes from; empty if unknown
 * @param subject pseudonymous subject id; empty if unknown
 * @param series pseudonymous series id; empty if unknown
 * @param units units of the voxel values such as {@code HU}; empty for arbitrary units
 */
public record VolumeInfo(String modality, String site, String subject, String series, String units) {

    /** Modalities of which a single image is a projection onto a detector (PS3.3 C.7.3.1.1.1). */
    private static final Set<String> PROJECTIONS = Set.of("CR", "DX", "IO", "MG", "PX", "RF", "RG", "RTIMAGE", "XA");

    /** Nothing is known. */
    public static final VolumeInfo UNKNOWN = new VolumeInfo("", "", "", "", "");

    /** @throws NullPointerException if a component is null; use the empty string for unknown */
    public VolumeInfo {
        Objects.requireNonNull(modality, "modality");
        Objects.requireNonNull(site, "site");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(series, "series");
        Objects.requireNonNull(units, "units");
    }

    /**
     * Whether a volume is a radiograph or another projection, whose axes are those of the detector and tell nothing of how the
     * patient lay.
     *
     * @param grid the volume's grid
     */
    public boolean isProjection(final Geometry grid) {
        return grid.size(2) == 1 && PROJECTIONS.contains(modality);
    }
}
