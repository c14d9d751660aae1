package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.experiment.AtlasTable;
import org.scanbridge.imaging.experiment.BrainSite;
import org.scanbridge.imaging.experiment.LabelMaps;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocol;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Training cases and test images of three sites for {@link FederatedTable}, {@link CurriculumTable} and {@link MultiSiteTable}:
 * other subjects at every site for training, as hospitals have them. Images are z-scored inside the head; classes are CSF, gray and white matter.
 *
 * @param sites names of the sites
 * @param patch edge length of the patches in voxels
 * @param training labeled cases by site
 * @param test images by site that no training has seen
 */
record SiteData(List<String> sites, int patch, List<List<TrainingCase>> training, List<List<PhantomCases.Pair>> test) {

    /** Training subjects of each site of the phantoms, unless a study takes others. */
    static final int TRAIN = 8;

    private static final int TEST = 4;

    /**
     * Synthetic Sites: A a good scan, B a low-field scanner, I infants with gray matter brighter than white matter; 48³.
     *
     * @param seed of the subjects
     * @param train training subjects of each site; {@value #TEST} more are tested
     */
    static SiteData phantoms(final long seed, final int train) {
        final List<SiteProtocol> protocols = List.of(SiteProtocols.A, SiteProtocols.B, SiteProtocols.INFANT);
        final PhantomStudy study = new PhantomStudy(protocols, 48, seed);
        final List<List<TrainingCase>> training = new ArrayList<>();
        final List<List<PhantomCases.Pair>> test = new ArrayList<>();
        for (int site = 0; site < protocols.size(); site++) {
            training.add(PhantomCases.cases(PhantomCases.pairs(study, site, 0, train), true, Role.TRAIN));
            test.add(PhantomCases.pairs(study, site, train, TEST));
        }
        return new SiteData(protocols.stream().map(SiteProtocol::site).toList(), 24, training, test);
    }

    /**
     * Real label maps at 2 mm, painted as three sites would scan them: two heads of its own for the training of each site, two
     * more that all sites are tested on.
     *
     * @param maps folder of the label maps
     * @param seed scans the heads; the heads of a site stay
     */
    static SiteData heads(final Path maps, final long seed) throws IOException {
        final List<BrainSite> sites = AtlasTable.reported(2).subList(0, 3);
        final String[][] heads = {{"06", "07"}, {"10", "11"}, {"12", "13"}};
        final String[] tested = {"01", "14"};
        final Map<String, LabelMaps> read = new HashMap<>();
        final List<List<TrainingCase>> training = new ArrayList<>();
        final List<List<PhantomCases.Pair>> test = new ArrayList<>();
        try (TaskExecutor workers = TaskExecutors.fixedThreadPool(2)) {
            for (int s = 0; s < sites.size(); s++) {
                final List<TrainingCase> cases = new ArrayList<>();
                for (final String head : heads[s]) {
                    final PhantomCases.Pair pair = pair(sites.get(s), head, maps, read, seed, workers);
                    cases.add(new TrainingCase(pair::image, pair::labels, head, sites.get(s).name(), Role.TRAIN));
                }
                training.add(cases);
                final List<PhantomCases.Pair> unseen = new ArrayList<>();
                for (final String head : tested) {
                    unseen.add(pair(sites.get(s), head, maps, read, seed, workers));
                }
                test.add(unseen);
            }
        }
        return new SiteData(sites.stream().map(BrainSite::name).toList(), 32, training, test);
    }

    private static PhantomCases.Pair pair(final BrainSite site, final String head, final Path maps,
        final Map<String, LabelMaps> read, final long seed, final TaskExecutor workers) throws IOException {
        final BrainSite.Scan scan = scan(site, head, maps, read, seed, workers);
        return new PhantomCases.Pair(new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO, Scope.IMAGE,
            Background.CONSTANT).fit(List.of()).apply(Sample.of(scan.image())), scan.truth());
    }

    /**
     * A head as a site scans it, not normalized.
     *
     * @param site scans
     * @param head two digits
     * @param maps folder of the label maps
     * @param read label maps by head; takes the one that is read
     * @param seed scans the head
     * @param workers blur
     */
    static BrainSite.Scan scan(final BrainSite site, final String head, final Path maps, final Map<String, LabelMaps> read,
        final long seed, final TaskExecutor workers) throws IOException {
        if (!read.containsKey(head)) {
            read.put(head, LabelMaps.read(maps.resolve("training_seg_" + head + ".nii.gz")));
        }
        return site.scan(read.get(head), 1000 * seed + Integer.parseInt(head), workers);
    }
}
