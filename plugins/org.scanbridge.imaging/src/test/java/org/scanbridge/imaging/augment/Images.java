package org.scanbridge.imaging.augment;

import org.scanbridge.imaging.phantom.Anatomy;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.phantom.ScannerSimulator;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/** Images to change. */
final class Images {

    private Images() {
    }

    /** A row of voxels along i. */
    static LabeledVolume row(final float... x) {
        return LabeledVolume.of(new Volume(x, Geometry.axial(new int[]{x.length, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN));
    }

    /** A phantom of 32³ voxels with its labels. */
    static LabeledVolume brain() {
        final LabelVolume labels = new BrainPhantom(32, Anatomy.ADULT).generate(3);
        return LabeledVolume.of(new ScannerSimulator().scan(labels, SiteProtocols.A, 4), labels);
    }
}
