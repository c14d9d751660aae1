package org.scanbridge.dicom.archive.dimse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveQuery;
import org.scanbridge.dicom.archive.QueryLevel;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.VR;

/** What is asked by DIMSE and made of the answers (PS3.4 annex C.4.1), against an archive in memory. */
@Timeout(20)
class DimseQueryTest extends DimseBench {

    @Test
    void seriesOfAllStudiesAreAskedForStudyByStudy() throws Exception {
        keep("1.1", "1.1.1", "CT", "A1");
        keep("1.1", "1.1.2", "SR", "A1");
        keep("1.2", "1.2.1", "MR", "A2");
        keep("1.3", "1.3.1", "CT", "A3");
        final List<DataSet> found = query(new ArchiveQuery(QueryLevel.SERIES,
            Map.of(Tag.MODALITY, "CT", Tag.STUDY_DATE, "20240101-20240131"),
            Set.of(Tag.PATIENT_ID, Tag.ACCESSION_NUMBER, Tag.SERIES_DESCRIPTION)));
        assertEquals(List.of("1.1 1.1.1 CT P-A1 A1 CT axial", "1.3 1.3.1 CT P-A3 A3 CT axial"),
            found.stream().map(m -> m.text(Tag.STUDY_INSTANCE_UID) + " " + m.text(Tag.SERIES_INSTANCE_UID) + " "
                + m.text(Tag.MODALITY) + " " + m.text(Tag.PATIENT_ID) + " " + m.text(Tag.ACCESSION_NUMBER) + " "
                + m.text(Tag.SERIES_DESCRIPTION)).toList());
        assertEquals(List.of("FIND STUDY 00080020=20240101-20240131 00080050= 00080061=CT 00100020= 0020000D=",
            "FIND SERIES 00080060=CT 0008103E= 0020000D=1.1 0020000E=",
            "FIND SERIES 00080060=CT 0008103E= 0020000D=1.3 0020000E="), asked("FIND"));
        assertEquals(1, asked("RELEASE").size(), "one association for all of it");
    }

    @Test
    void aStudyAndASeriesThatAreNamedAreNotAskedFor() throws Exception {
        keepSlices(3);
        final List<DataSet> found = query(ArchiveQuery.instancesOf(SERIES));
        assertEquals(3, found.size());
        assertTrue(found.stream().allMatch(m -> m.text(Tag.STUDY_INSTANCE_UID).equals("1.2.3")
            && m.text(Tag.SERIES_INSTANCE_UID).equals("1.2.3.4") && m.text(Tag.SOP_CLASS_UID).equals(CT)));
        assertEquals(List.of("FIND IMAGE 00080016= 00080018= 0020000D=1.2.3 0020000E=1.2.3.4"), asked("FIND"));
    }

    @Test
    void aNamedStudyIsAskedForIfSomethingElseIsWantedOfIt() throws Exception {
        keep("1.1", "1.1.1", "CT", "A1");
        query(new ArchiveQuery(QueryLevel.SERIES, Map.of(Tag.STUDY_INSTANCE_UID, "1.1"), Set.of(Tag.PATIENT_ID)));
        assertEquals(2, asked("FIND").size());
    }

    @Test
    void severalUidsAreAListAndSeveralOtherValuesAreLookedThrough() throws Exception {
        keep("1.1", "1.1.1", "CT", "A1");
        keep("1.2", "1.2.1", "MR", "A2");
        keep("1.3", "1.3.1", "SR", "A3");
        final List<DataSet> found = query(new ArchiveQuery(QueryLevel.SERIES,
            Map.of(Tag.STUDY_INSTANCE_UID, "1.1\\1.2\\1.3", Tag.MODALITY, "CT\\MR"), Set.of()));
        assertEquals(List.of("1.1.1", "1.2.1"), found.stream().map(m -> m.text(Tag.SERIES_INSTANCE_UID)).toList());
        assertEquals("FIND STUDY 00080061= 0020000D=1.1\\1.2\\1.3", asked("FIND").get(0));
    }

    @Test
    void numbersThatAreBinaryAreSentAsNumbers() throws Exception {
        keepSlices(1);
        assertEquals(1, query(new ArchiveQuery(QueryLevel.INSTANCE, Map.of(Tag.STUDY_INSTANCE_UID, "1.2.3",
            Tag.SERIES_INSTANCE_UID, "1.2.3.4", Tag.ROWS, "2"), Set.of())).size());
        final DataSet identifier = StudyRoot.identifier(StudyRoot.at(QueryLevel.INSTANCE,
            new ArchiveQuery(QueryLevel.INSTANCE, Map.of(Tag.ROWS, "2"), Set.of())), slice(0));
        assertEquals(VR.US, identifier.element(Tag.ROWS).orElseThrow().vr());
        assertEquals(2, identifier.integer(Tag.ROWS, 0));
        assertEquals(Kind.REFUSED, assertThrows(ArchiveException.class, () -> query(new ArchiveQuery(QueryLevel.INSTANCE,
            Map.of(Tag.ROWS, "many"), Set.of()))).kind());
    }

    @Test
    void eachLevelMayHaveACharacterSetOfItsOwn() throws Exception {
        final DataSet study = DataSet.parse(DicomOutput.bytes(DataSet.builder().text(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 100")
            .bytes(Tag.STUDY_DESCRIPTION, VR.LO, "Sch\u00e4del".getBytes(StandardCharsets.ISO_8859_1)).build()));
        final DataSet series = DataSet.parse(DicomOutput.bytes(DataSet.builder().text(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 192")
            .text(Tag.SERIES_DESCRIPTION, "\u982d").empty(Tag.MODALITY).build()));
        final DataSet match = DataSet.parse(DicomOutput.bytes(StudyRoot.within(series, study)));
        assertEquals("Sch\u00e4del", match.text(Tag.STUDY_DESCRIPTION));
        assertEquals("\u982d", match.text(Tag.SERIES_DESCRIPTION));
        assertTrue(match.element(Tag.MODALITY).isEmpty(), "asked for and not told is absent");
        assertEquals("ISO_IR 192", StudyRoot.identifier(new ArchiveQuery(QueryLevel.STUDY, Map.of(Tag.STUDY_DESCRIPTION,
            "\u982d*"), Set.of()), DataSet.EMPTY).text(Tag.SPECIFIC_CHARACTER_SET));
    }

    @Test
    void aQueryThatBreaksIsAskedAgainAndToldOnce() throws Exception {
        keepSlices(2);
        m_port.m_scripts.add(s -> null);
        assertEquals(2, query(ArchiveQuery.instancesOf(SERIES)).size());
        assertEquals(2, asked("FIND").size());
    }

    /** PS3.4 table C.4-1, PS3.7 annex C.5. */
    @ParameterizedTest
    @CsvSource({"A900, REFUSED, 1, does not fit its kind", "C001, REFUSED, 1, cannot process", "0122, REFUSED, 1, not supported",
        "0124, NOT_ALLOWED, 1, not authorized", "A700, REFUSED, 3, no room or resources", "0213, REFUSED, 3, no resources",
        "FE00, REFUSED, 1, ended before", "1234, REFUSED, 1, does not know"})
    void refusalsOfAQuery(final String code, final Kind kind, final int tries, final String words) {
        for (int i = 0; i < 3; i++) {
            m_port.m_scripts.add(s -> new DimseStatus(Integer.parseInt(code, 16), "too bad", -1, -1, -1));
        }
        final ArchiveException e = assertThrows(ArchiveException.class, () -> query(ArchiveQuery.instancesOf(SERIES)));
        assertEquals(kind, e.kind());
        assertEquals(tries, asked("FIND").size());
        assertTrue(e.getMessage().contains("localhost:11112") && e.getMessage().contains("query of instances")
            && e.getMessage().contains(words) && e.getMessage().contains(code + "H") && e.getMessage().contains("too bad"),
            e.getMessage());
    }

    @Test
    void studiesAreAskedForTheirModalities() throws Exception {
        keep("1.1", "1.1.1", "CT", "A1");
        keep("1.2", "1.2.1", "MR", "A2");
        assertEquals(List.of("1.2"), query(new ArchiveQuery(QueryLevel.STUDY, Map.of(Tag.MODALITY, "MR"), Set.of(Tag.ROWS)))
            .stream().map(m -> m.text(Tag.STUDY_INSTANCE_UID)).toList());
        assertEquals(List.of("FIND STUDY 00080061=MR 0020000D="), asked("FIND"));
    }
}
