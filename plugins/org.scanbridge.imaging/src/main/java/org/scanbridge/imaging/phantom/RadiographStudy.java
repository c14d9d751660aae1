package org.scanbridge.imaging.phantom;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.scanbridge.imaging.phantom.RadiographSimulator.Field;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * Radiographs of limbs, some with fractures, taken at several centers; each made on demand from the study's seed, the
 * center's position in the list and the subject's number, so that adding a subject or a center changes none of the others.
 *
 * @param sites the centers' protocols, names all different, at least one
 * @param size pixels per axis, see {@link LimbPhantom}
 * @param seed which study
 */
public record RadiographStudy(List<RadiographProtocol> sites, int size, long seed) {

    private static final int STREAM_ANATOMY = 0;

    private static final int STREAM_EXPOSURE = 1;

    private static final int STREAM_SIDE = 2;

    /**
     * A radiograph.
     *
     * @param image one slice, bones bright
     * @param fractures 1 where a bone is broken, on the grid of the image
     * @param field what the lead frame leaves open
     * @param left whether it is a left limb, else a right one
     */
    public record Subject(Volume image, LabelVolume fractures, Field field, boolean left) {
    }

    /** @throws IllegalArgumentException if there is no site, two have one name, or the size is out of range */
    public RadiographStudy {
        sites = List.copyOf(sites);
        if (sites.isEmpty()) {
            throw new IllegalArgumentException("a study of radiographs needs at least one site");
        }
        final Set<String> names = new HashSet<>();
        for (final RadiographProtocol site : sites) {
            if (!names.add(site.site())) {
                throw new IllegalArgumentException("two sites of the study are named " + site.site());
            }
        }
        new LimbPhantom(size);
    }

    /**
     * @param site position in {@link #sites()}
     * @param number number of the subject within the site, from 0
     * @return its radiograph; subject id {@code <site>-<number + 1, three digits>}, series id {@code <subject>-AP}. What a
     *         lead frame covers is not labeled: nobody could see it.
     */
    public Subject subject(final int site, final int number) {
        final RadiographProtocol protocol = sites.get(site);
        final String id = String.format(Locale.ROOT, "%s-%03d", protocol.site(), number + 1);
        final VolumeInfo info = new VolumeInfo(protocol.modality(), protocol.site(), id, id + "-AP", "");
        final LimbPhantom.Limb limb =
            new LimbPhantom(size).generate(SeededRandom.of(seed, site, number, STREAM_ANATOMY).nextLong(), info);
        final long exposure = SeededRandom.of(seed, site, number, STREAM_EXPOSURE).nextLong();
        final RadiographSimulator simulator = new RadiographSimulator();
        final Field field = simulator.field(size, protocol, exposure);
        final byte[] labels = limb.fractures().voxels().clone();
        for (int v = 0; v < labels.length; v++) {
            if (!field.contains(v % size, v / size)) {
                labels[v] = 0;
            }
        }
        return new Subject(simulator.take(limb, protocol, exposure),
            new LabelVolume(labels, limb.fractures().geometry(), info, LimbPhantom.LABELS), field,
            SeededRandom.of(seed, site, number, STREAM_SIDE).happens(0.5));
    }
}
