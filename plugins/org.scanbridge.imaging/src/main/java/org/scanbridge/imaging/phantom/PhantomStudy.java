package org.scanbridge.imaging.phantom;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * A multi-site study of phantom subjects, each made on demand from the study's seed, the site's position in the list
 * and the subject's number, so that adding a subject or a site changes none of the others.
 *
 * @param sites the sites' protocols, names all different, at least one
 * @param size voxels per axis of 1 mm, see {@link BrainPhantom}
 * @param seed which study
 */
public record PhantomStudy(List<SiteProtocol> sites, int size, long seed) {

    private static final int STREAM_ANATOMY = 0;

    private static final int STREAM_SCAN = 1;

    private static final int STREAM_LESIONS = 2;

    private static final int STREAM_SECOND_SCAN = 3;

    /** A scanned subject: image and true labels, of the tissues or of the lesions, on one grid. */
    public record Subject(Volume image, LabelVolume labels) {
    }

    /** @throws IllegalArgumentException if there is no site, two have one name, or the size is out of range */
    public PhantomStudy {
        sites = List.copyOf(sites);
        if (sites.isEmpty()) {
            throw new IllegalArgumentException("a phantom study needs at least one site");
        }
        final Set<String> names = new HashSet<>();
        for (final SiteProtocol site : sites) {
            if (!names.add(site.site())) {
                throw new IllegalArgumentException("two sites of the phantom study are named " + site.site());
            }
            new BrainPhantom(size, site.anatomy());
        }
    }

    /**
     * @param site position in {@link #sites()}
     * @param number number of the subject within the site, from 0
     * @return its image (modality MR) and labels, those of {@link BrainPhantom}, or of {@link WhiteMatterLesions} at a site
     *         with lesions; subject id {@code <site>-<number + 1, three digits>}, series id {@code <subject>-T1}, with
     *         lesions {@code <subject>-FLAIR}
     */
    public Subject subject(final int site, final int number) {
        final SiteProtocol protocol = sites.get(site);
        final LabelVolume truth = truth(site, number, protocol.lesion().isPresent() ? "FLAIR" : "T1");
        final long scanSeed = SeededRandom.of(seed, site, number, STREAM_SCAN).nextLong();
        return new Subject(new ScannerSimulator().scan(truth, protocol, scanSeed),
            protocol.lesion().isPresent() ? WhiteMatterLesions.mask(truth) : truth);
    }

    /**
     * Another scan of a subject, such as T1 beside FLAIR, with texture, bias and noise of its own; the subject of
     * {@link #subject} stays as it is.
     *
     * @param site position in {@link #sites()}
     * @param number number of the subject within the site, from 0
     * @param protocol how it is scanned; has a mean for lesions if the site has
     * @param sequence name of the scan, the end of its series id
     * @return the image on the grid of the subject's other images
     */
    public Volume secondScan(final int site, final int number, final SiteProtocol protocol, final String sequence) {
        return new ScannerSimulator().scan(truth(site, number, sequence), protocol,
            SeededRandom.of(seed, site, number, STREAM_SECOND_SCAN).nextLong());
    }

    /** The tissues, with lesions at a site that has them. */
    private LabelVolume truth(final int site, final int number, final String sequence) {
        final SiteProtocol protocol = sites.get(site);
        final String id = String.format(Locale.ROOT, "%s-%03d", protocol.site(), number + 1);
        final VolumeInfo info = new VolumeInfo("MR", protocol.site(), id, id + '-' + sequence, "");
        final LabelVolume tissues = new BrainPhantom(size, protocol.anatomy())
            .generate(SeededRandom.of(seed, site, number, STREAM_ANATOMY).nextLong(), info);
        return protocol.lesion().isPresent() ? WhiteMatterLesions.add(tissues,
            SeededRandom.of(seed, site, number, STREAM_LESIONS).nextLong()) : tissues;
    }
}
