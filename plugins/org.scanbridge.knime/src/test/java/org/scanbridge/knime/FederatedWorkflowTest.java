package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.NetworkArchive;
import org.scanbridge.learning.network.NetworkAverage;

/**
 * The workflow <i>Train at two sites without sharing images</i>, with tiny networks and two steps at each site and round: what
 * passes between the sites are the files and nothing else.
 */
class FederatedWorkflowTest {

    @TempDir
    Path m_folder;

    @Test
    void sitesTrainOnFromTheAverageOfTheFiles() throws Exception {
        final List<String> arguments = new ArrayList<>(List.of(
            "-workflow.variable=outputDir," + m_folder.resolve("results") + ",String", "-option=1,subjectsPerSite,3,int",
            "-option=1,folder," + m_folder.resolve("study") + ",String", "-option=1,size,24,int",
            "-option=4,training,1,double", "-option=4,validation,1,double", "-option=4,test,1,double",
            "-option=4,unit,SUBJECTS,String", "-option=5,baseWidth,2,int", "-option=5,levels,2,int",
            "-option=5,patchSize,16,int"));
        final Path exchange = m_folder.resolve("exchange");
        final String[] files = {"round 1 first site", "round 1 second site", "round 2 first site", "round 2 second site"};
        for (int f = 0; f < 4; f++) {
            final int learner = (f < 2 ? 6 : 13) + f % 2;
            arguments.addAll(List.of("-option=" + learner + ",training/steps,2,int",
                "-option=" + (learner + 2) + ",folder," + exchange + ",String",
                "-option=" + (learner + 4) + ",path," + exchange.resolve(files[f] + ".zip") + ",String"));
        }
        new ShippedWorkflow("Train at two sites without sharing images", m_folder.resolve("temporary")).run(arguments);
        final List<Network> sites = new ArrayList<>();
        for (final String file : files) {
            sites.add(read(exchange.resolve(file + ".zip")));
        }
        assertEquals(List.of("A"), sites.get(2).provenance().sites());
        assertEquals(List.of("B"), sites.get(3).provenance().sites());
        // the sites hold one case each, so the average is the mean
        final Network first = NetworkAverage.of(sites.subList(0, 2), List.of(1.0, 1.0));
        for (int site = 2; site < 4; site++) {
            assertEquals(first.hash(), sites.get(site).provenance().parentHash());
        }
        final Network result = read(m_folder.resolve("results/network.zip"));
        assertEquals(NetworkAverage.of(sites.subList(2, 4), List.of(1.0, 1.0)).hash(), result.hash());
        assertEquals(List.of("A", "B"), result.provenance().sites());
        assertEquals(2, result.provenance().trainingCases());
        final String report = Files.readString(m_folder.resolve("results/report.html"));
        assertTrue(report.contains("50 % of A (supervised, 1 cases), 50 % of B (supervised, 1 cases)")
            || report.contains("50 % of B (supervised, 1 cases), 50 % of A (supervised, 1 cases)"), report);
    }

    private Network read(final Path zip) throws Exception {
        final Path unpacked = Files.createTempDirectory(m_folder, "read");
        NetworkArchive.extract(zip, unpacked, Progress.NONE);
        return Network.load(unpacked);
    }
}
