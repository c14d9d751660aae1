package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The workflow <i>Find fractures on radiographs of two centers</i>, from the DICOM files to the report, with tiny networks and
 * two steps of each training: images of one slice pass every node.
 */
class RadiographWorkflowTest {

    @TempDir
    Path m_folder;

    @Test
    void countsFracturesAtBothCenters() throws Exception {
        final Path results = m_folder.resolve("results");
        final String log = new ShippedWorkflow("Find fractures on radiographs of two centers", m_folder.resolve("temporary"))
            .run(List.of("-workflow.variable=outputDir," + results + ",String", "-option=1,subjectsPerSite,6,int",
                "-option=1,size,32,int",
            "-option=4,training,1,double", "-option=4,validation,1,double", "-option=4,test,4,double",
            "-option=4,unit,SUBJECTS,String", "-option=5,baseWidth,2,int", "-option=5,levels,2,int",
            "-option=5,patchSize,16,int", "-option=6,training/steps,2,int", "-option=7,training/steps,2,int",
            "-option=8,training/steps,2,int"));
        final List<String> lesions = Files.readAllLines(results.resolve("lesions.csv"));
        assertEquals("site,role,model,class,images,lesions,detected,falsePositives,recall,precision,f1,cpm", lesions.get(0));
        final Set<String> groups = new TreeSet<>();
        final Set<String> counts = new TreeSet<>();
        for (final String line : lesions.subList(1, lesions.size())) {
            final String[] cells = line.split(",", -1);
            groups.add(String.join(",", List.of(cells).subList(0, 4)));
            counts.add(cells[0] + ": " + cells[5] + " in " + cells[4]);
        }
        assertEquals(Set.of("V,test,source-only,fracture", "V,test,adapted,fracture", "V,test,oracle,fracture",
            "W,test,source-only,fracture", "W,test,adapted,fracture", "W,test,oracle,fracture"), groups);
        assertEquals(2, counts.size(), counts + ": whatever the model, a center's images have the same fractures");
        counts.forEach(c -> assertTrue(c.matches("[VW]: [0-9]+ in 4"), c));
        assertTrue(Files.readString(results.resolve("froc.csv")).startsWith(
            "site,role,model,class,threshold,falsePositives,sensitivity\n"), log);
        final String report = Files.readString(results.resolve("report.html"));
        assertTrue(report.contains("<section id=\"lesions\">") && report.contains("FROC of fracture on W"), report);
    }
}
