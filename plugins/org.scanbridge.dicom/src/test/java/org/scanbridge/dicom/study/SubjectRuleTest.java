package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.SiteFolder;
import org.scanbridge.dicom.series.SiteRule;
import org.scanbridge.dicom.series.SubjectRule;
import org.scanbridge.imaging.Progress;

/** Whom a series shows: by Patient ID, by study, by folder. */
class SubjectRuleTest {

    @TempDir
    private Path m_root;

    private final ExecutorService m_executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private Study read(final DicomStudyOptions options) throws IOException {
        return new DicomStudyReader(options).read(m_root, Progress.NONE, m_executor);
    }

    private static long subjects(final Study study) {
        return study.series().stream().map(s -> s.info().subject()).distinct().count();
    }

    /** A series of its own. */
    private void write(final String folder, final String patient, final String study) throws IOException {
        TestSlices.write(m_root.resolve(folder + "/1"), TestSlices.axial(0, 1, 2, 3, 4, 5, 6)
            .text(Tag.PATIENT_ID, patient).text(Tag.STUDY_INSTANCE_UID, study).text(Tag.SOP_INSTANCE_UID, Uid.derived(folder))
            .text(Tag.SERIES_INSTANCE_UID, Uid.derived("series " + folder)));
    }

    private static DicomStudyOptions by(final SubjectRule rule) {
        return DicomStudyOptions.defaults().withSubjectRule(rule);
    }

    /** Three people at two sites whose Patient ID is the same; one of them has two series of one study. */
    @Test
    void onePatientIdForEverybody() throws IOException {
        write("A/p1/t1", "ANON", "1.1");
        write("A/p1/t2", "ANON", "1.1");
        write("A/p2/t1", "ANON", "1.2");
        write("B/p1/t1", "ANON", "1.3");
        final Study study = read(by(SubjectRule.PATIENT));
        assertEquals(1, subjects(study));
        assertEquals(1, study.problems().size());
        final Problem p = study.problems().get(0);
        assertEquals(List.of(Kind.SUBJECT, Effect.KEPT), List.of(p.kind(), p.effect()));
        assertTrue(p.message().startsWith("All 3 examinations have the same Patient ID"), p.message());
        assertTrue(p.message().contains("\"A\" and \"B\""), p.message());
        assertTrue(p.remedy().contains("\"Study\" or \"Sub-folder\" for \"Subject\""), p.remedy());
        for (final SubjectRule rule : new SubjectRule[]{SubjectRule.STUDY, SubjectRule.FOLDER}) {
            assertEquals(3, subjects(read(by(rule))), rule.name());
            assertEquals(List.of(), read(by(rule)).problems());
        }
    }

    @Test
    void theSamePatientIdAtTwoSites() throws IOException {
        write("A/p1", "001", "1.1");
        write("A/p2", "002", "1.2");
        write("B/p1", "001", "1.3");
        write("B/p2", "003", "1.4");
        final Study study = read(by(SubjectRule.PATIENT));
        assertEquals(3, subjects(study));
        assertTrue(study.problems().get(0).message().startsWith("1 of 3 subjects have images at several sites"),
            study.problems().toString());
        assertEquals(4, subjects(read(by(SubjectRule.FOLDER))));
    }

    @Test
    void nothingIsSaidOfOrdinaryStudies() throws IOException {
        write("A/p1/before", "001", "1.1");
        write("A/p1/after", "001", "1.5");
        write("A/p2", "002", "1.2");
        write("B/p1", "003", "1.3");
        final Study study = read(by(SubjectRule.PATIENT));
        assertEquals(List.of(), study.problems());
        assertEquals(3, subjects(study));
        assertEquals(4, subjects(read(by(SubjectRule.STUDY))));
    }

    /** The subject's folder is the one below the site's, or the first where folders name no sites. */
    @ParameterizedTest
    @CsvSource({"1,3", "2,4"})
    void theFolderBelowTheSite(final int level, final int expected) throws IOException {
        write("A/x/p1/a", "001", "1.1");
        write("A/x/p2/a", "001", "1.1");
        write("A/y/p1/a", "001", "1.1");
        write("A/y/p1/b", "001", "1.1");
        write("B/y/p1", "001", "1.1");
        final Study study = read(by(SubjectRule.FOLDER).withSiteFolder(new SiteFolder(level)));
        assertEquals(expected, subjects(study));
        assertEquals(2, subjects(read(by(SubjectRule.FOLDER).withSiteRule(SiteRule.MANUFACTURER))));
    }
}
