package org.scanbridge.dicom.privacy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.Dictionary;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.privacy.BasicProfile.Action;

/**
 * De-identifies data sets after the Basic Application Level Confidentiality Profile (PS3.15 annex E.2, table E.1-1), at
 * every level of sequences. Beyond the table, private attributes, attributes that the standard does not know, overlays and
 * curves are removed, and names, dates and UIDs that the table does not list are treated like those it lists. Stateless;
 * safe for use by several threads.
 */
public final class Deidentifier {

    private static final String DUMMY_DATE = "19000101";

    private static final String DUMMY_TIME = "000000";

    private static final String DUMMY_TEXT = "REMOVED";

    /** UIDs that the standard defines; they name classes, not instances. */
    private static final String STANDARD_ROOT = "1.2.840.10008.";

    /** Ten years; nobody can tell from a date what it was. */
    private static final int MAX_SHIFT = 3650;

    private static final DateTimeFormatter DATE = DateTimeFormatter.BASIC_ISO_DATE;

    /** UIDs that name classes, schemes or software; private ones must not be replaced either. */
    private static final Set<Integer> CLASS_UIDS = Set.of(Tag.SOP_CLASS_UID, Tag.REFERENCED_SOP_CLASS_UID, 0x0008010C,
        0x0008010D, 0x00080117, 0x00080118, 0x0008001A, 0x0008001B, 0x00020010, 0x00020012, 0x00081156, 0x00081157,
        0x00041510, 0x00041512, 0x0008115A);

    private final DeidentifyOptions m_options;

    private final SecretKeySpec m_key;

    /** @param options what to keep */
    public Deidentifier(final DeidentifyOptions options) {
        m_options = Objects.requireNonNull(options, "options");
        m_key = new SecretKeySpec(options.key().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /**
     * De-identifies the data set of an object.
     *
     * @param data the data set, without pixel data
     * @param subject pseudonym that becomes Patient ID and name; dates are shifted by it
     * @throws DicomException if a sequence is broken
     */
    public DataSet deidentify(final DataSet data, final String subject) throws DicomException {
        final DataSetBuilder out = clean(data, shift(subject)).toBuilder();
        out.text(Tag.PATIENT_ID, subject).text(Tag.PATIENT_NAME, subject);
        out.text(Tag.PATIENT_IDENTITY_REMOVED, "YES");
        final List<DataSet> codes = new ArrayList<>();
        final List<String> names = new ArrayList<>();
        add("113100", "Basic Application Confidentiality Profile", codes, names);
        if (m_options.dates() == DateRule.SHIFT) {
            add("113107", "Retain Longitudinal Temporal Information Modified Dates Option", codes, names);
        }
        for (final Retain option : Retain.values()) {
            if (m_options.retain().contains(option)) {
                add(option.code(), option.meaning(), codes, names);
            }
        }
        out.text(Tag.DEIDENTIFICATION_METHOD, names.toArray(new String[0]))
            .items(Tag.DEIDENTIFICATION_METHOD_CODE_SEQUENCE, codes);
        out.text(Tag.LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED,
            m_options.dates() == DateRule.SHIFT ? "MODIFIED" : "REMOVED");
        return out.build();
    }

    private static void add(final String code, final String meaning, final List<DataSet> codes,
        final List<String> names) {
        codes.add(DataSet.builder().text(Tag.CODE_VALUE, code).text(Tag.CODING_SCHEME_DESIGNATOR, "DCM")
            .text(Tag.CODE_MEANING, meaning).build());
        names.add(meaning);
    }

    /** The UID that replaces one, the same in every object. */
    public String uid(final String uid) {
        if (m_options.retain().contains(Retain.UIDS)) {
            return uid;
        }
        return Uid.derived(HexFormat.of().formatHex(hash("uid\0" + uid)));
    }

    private int shift(final String subject) {
        final byte[] hash = hash("shift\0" + subject);
        return 1 + ((hash[0] & 0xff) << 16 | (hash[1] & 0xff) << 8 | hash[2] & 0xff) % MAX_SHIFT;
    }

    private byte[] hash(final String text) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(m_key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    private DataSet clean(final DataSet data, final int shift) throws DicomException {
        final DataSetBuilder out = data.toBuilder();
        for (final DataElement e : data.elements()) {
            final int tag = e.tag();
            final VR known = Dictionary.vr(tag);
            // Group lengths are recomputed by nobody and not needed.
            if (Tag.isPrivate(tag) || (tag & 0xffff) == 0 || known == VR.UN) {
                out.remove(tag);
            } else {
                clean(data, e, e.vr() == VR.UN ? known : e.vr(), shift, out);
            }
        }
        return out.build();
    }

    private void clean(final DataSet data, final DataElement e, final VR vr, final int shift, final DataSetBuilder out)
        throws DicomException {
        final int tag = e.tag();
        if (m_options.retain().stream().anyMatch(r -> r.keeps(tag))) {
            if (vr == VR.SQ) {
                out.items(tag, items(data, tag, shift));
            }
            return;
        }
        if (m_options.dates() == DateRule.SHIFT && (vr == VR.DA || vr == VR.DT || vr == VR.TM)) {
            shiftDates(data, tag, vr, shift, out);
            return;
        }
        final Action action = BasicProfile.of(tag);
        if (vr == VR.SQ) {
            sequence(data, tag, action, shift, out);
            return;
        }
        switch (action) {
            case REMOVE -> out.remove(tag);
            case EMPTY -> out.bytes(tag, vr, new byte[0]);
            case DUMMY -> dummy(data, tag, vr, out);
            case UID -> replaceUids(data, tag, out);
            case KEEP -> keep(data, tag, vr, out);
        }
    }

    private void sequence(final DataSet data, final int tag, final Action action, final int shift,
        final DataSetBuilder out) throws DicomException {
        switch (action) {
            case REMOVE -> out.remove(tag);
            case EMPTY -> out.items(tag);
            default -> out.items(tag, items(data, tag, shift));
        }
    }

    private List<DataSet> items(final DataSet data, final int tag, final int shift) throws DicomException {
        final List<DataSet> items = new ArrayList<>();
        for (final DataSet item : data.items(tag)) {
            items.add(clean(item, shift));
        }
        return items;
    }

    /** What the table does not list: still no name of a person, no date and no UID of an instance stays. */
    private void keep(final DataSet data, final int tag, final VR vr, final DataSetBuilder out) {
        switch (vr) {
            case PN, DA, DT, TM -> out.bytes(tag, vr, new byte[0]);
            case UI -> {
                if (!CLASS_UIDS.contains(tag)) {
                    replaceUids(data, tag, out);
                }
            }
            default -> {
                // stays as it is
            }
        }
    }

    private void replaceUids(final DataSet data, final int tag, final DataSetBuilder out) {
        final List<String> uids = new ArrayList<>();
        for (final String uid : data.texts(tag)) {
            uids.add(uid.isEmpty() || uid.startsWith(STANDARD_ROOT) ? uid : uid(uid));
        }
        out.bytes(tag, VR.UI, String.join("\\", uids).getBytes(StandardCharsets.US_ASCII));
    }

    private static void dummy(final DataSet data, final int tag, final VR vr, final DataSetBuilder out) {
        final String text = switch (vr) {
            case DA -> DUMMY_DATE;
            case DT -> DUMMY_DATE + DUMMY_TIME;
            case TM -> DUMMY_TIME;
            case AS -> "000Y";
            case AE, CS, LO, LT, PN, SH, ST, UC, UT -> DUMMY_TEXT;
            case UR -> "urn:removed";
            case DS, IS -> "0";
            default -> "";
        };
        // An empty value says nothing; a dummy in its place would.
        final boolean wasEmpty = !data.hasValue(tag);
        final byte[] bytes = vr.isText() ? text.getBytes(StandardCharsets.US_ASCII) : new byte[vr.unit()];
        out.bytes(tag, vr, wasEmpty ? new byte[0] : bytes);
    }

    private static void shiftDates(final DataSet data, final int tag, final VR vr, final int days,
        final DataSetBuilder out) {
        if (vr == VR.TM) {
            return;
        }
        final List<String> shifted = new ArrayList<>();
        for (final String text : data.texts(tag)) {
            shifted.add(shifted(text, days));
        }
        out.bytes(tag, vr, String.join("\\", shifted).getBytes(StandardCharsets.US_ASCII));
    }

    /** A date, or a date and time, moved back; empty if its day cannot be made out. */
    private static String shifted(final String text, final int days) {
        final String digits = text.replace(".", "").replace("-", "");
        if (digits.length() < 8) {
            return "";
        }
        try {
            final String rest = text.length() > 8 && text.charAt(4) != '.' && text.charAt(4) != '-' ? text.substring(8) : "";
            return LocalDate.parse(digits.substring(0, 8), DATE).minusDays(days).format(DATE) + rest;
        } catch (final DateTimeException e) {
            return "";
        }
    }
}
