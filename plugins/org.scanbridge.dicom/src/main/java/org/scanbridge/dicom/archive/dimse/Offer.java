package org.scanbridge.dicom.archive.dimse;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.scanbridge.dicom.data.TransferSyntax;

/**
 * What is proposed to archives that are to send images: kinds of objects and transfer syntaxes. Compressions that nobody here
 * decodes are not, so that archives that can decode them do.
 */
final class Offer {

    private static final String STORAGE = "1.2.840.10008.5.1.4.1.1.";

    /**
     * Kinds of objects that series are made of which nodes read (PS3.4 table B.5-1), for archives that do not tell: images, with
     * their segmentations and structures.
     */
    private static final List<String> CLASSES = Stream
        .of("2", "4", "128", "7", "66.4", "66.7", "481.3", "481.2", "2.1", "2.2", "4.1", "4.3", "4.4", "130", "128.1", "1", "1.1",
            "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1", "6.1", "6.2", "3.1", "7.1", "7.2", "7.3", "7.4", "12.1", "12.1.1", "12.2",
            "12.2.1", "13.1.1", "13.1.2", "13.1.3", "20", "30", "481.1", "481.5", "66", "66.1", "66.5", "67", "11.1", "88.11",
            "88.22", "88.33", "88.34", "88.59", "88.67", "104.1")
        .map(suffix -> STORAGE + suffix).toList();

    /** Secondary captures, which every modality may make. */
    private static final List<String> CAPTURES = List.of("7", "7.1", "7.2", "7.3", "7.4");

    /** Kinds of objects of the series of a modality (PS3.3 C.7.3.1.1.1, PS3.4 table B.5-1). */
    private static final Map<String, List<String>> BY_MODALITY = Map.of("MR", List.of("4", "4.1", "4.3", "4.4"), "CT",
        List.of("2", "2.1", "2.2"), "PT", List.of("128", "130", "128.1"), "NM", List.of("20"), "SEG", List.of("66.4", "66.7"),
        "RTSTRUCT", List.of("481.3"), "RTDOSE", List.of("481.2"));

    private static final List<TransferSyntax> COMPRESSED = Stream.of(TransferSyntax.JPEG_LOSSLESS_SV1,
        TransferSyntax.JPEG_LOSSLESS, TransferSyntax.JPEG_LS_LOSSLESS, TransferSyntax.JPEG_2000_LOSSLESS,
        TransferSyntax.RLE, TransferSyntax.JPEG_BASELINE,
        TransferSyntax.JPEG_EXTENDED, TransferSyntax.JPEG_LS_NEAR_LOSSLESS, TransferSyntax.JPEG_2000,
        TransferSyntax.of("1.2.840.10008.1.2.4.201"), TransferSyntax.of("1.2.840.10008.1.2.4.202"),
        TransferSyntax.of("1.2.840.10008.1.2.4.203")).toList();

    private static final List<TransferSyntax> NATIVE = List.of(TransferSyntax.EXPLICIT_LITTLE_ENDIAN,
        TransferSyntax.IMPLICIT_LITTLE_ENDIAN, TransferSyntax.DEFLATED, TransferSyntax.EXPLICIT_BIG_ENDIAN);

    private final List<String> m_compressed;

    /** @param decodes whether pixel data in a transfer syntax can be decoded */
    Offer(final Predicate<TransferSyntax> decodes) {
        m_compressed = COMPRESSED.stream().filter(decodes).map(TransferSyntax::uid).toList();
    }

    /**
     * SOP Class UIDs of what series of a modality usually consist of: few enough that each gets a context for every compression.
     *
     * @return empty if that is not known
     */
    static Set<String> usual(final String modality) {
        final List<String> own = BY_MODALITY.get(modality);
        return own == null ? Set.of() : Stream.concat(own.stream(), own.size() == 1 ? Stream.empty() : CAPTURES.stream())
            .map(suffix -> STORAGE + suffix).collect(Collectors.toUnmodifiableSet());
    }

    /** UIDs of all transfer syntaxes that are taken. */
    List<String> transferSyntaxes() {
        return Stream.concat(NATIVE.stream().map(TransferSyntax::uid), m_compressed.stream()).toList();
    }

    /**
     * Contexts of a C-GET. Of each context the archive takes one transfer syntax, and it can only send what it keeps in the ones
     * that it took: so each class gets a context for every compression, if there is room.
     *
     * @param classes SOP Class UIDs of what is to be sent; empty if nobody knows
     */
    List<DimseContext> retrieval(final Collection<String> classes) {
        final List<DimseContext> contexts = new ArrayList<>(List.of(DimseContext.of(StudyRoot.GET,
            TransferSyntax.EXPLICIT_LITTLE_ENDIAN.uid(), TransferSyntax.IMPLICIT_LITTLE_ENDIAN.uid())));
        final Collection<String> wanted = classes.isEmpty() ? CLASSES : classes;
        final boolean room = wanted.size() * (m_compressed.size() + 1) < DimseContext.MAX;
        final List<String> uncompressed =
            List.of(TransferSyntax.EXPLICIT_LITTLE_ENDIAN.uid(), TransferSyntax.IMPLICIT_LITTLE_ENDIAN.uid());
        for (final String sopClass : wanted) {
            contexts.add(new DimseContext(sopClass, uncompressed, true));
            if (room) {
                m_compressed.forEach(syntax -> contexts.add(new DimseContext(sopClass, List.of(syntax), true)));
            } else if (!m_compressed.isEmpty()) {
                contexts.add(new DimseContext(sopClass, m_compressed, true));
            }
        }
        return contexts.subList(0, Math.min(contexts.size(), DimseContext.MAX));
    }

    /** Contexts of a C-STORE: as the file is; without compression also as every application must take it (PS3.5 10.1). */
    static List<DimseContext> storage(final DimseFile file) {
        final List<DimseContext> contexts =
            new ArrayList<>(List.of(DimseContext.of(file.sopClass(), file.transferSyntax().uid())));
        if (!file.transferSyntax().encapsulated()) {
            for (final TransferSyntax other : NATIVE.subList(0, 2)) {
                if (!other.equals(file.transferSyntax())) {
                    contexts.add(DimseContext.of(file.sopClass(), other.uid()));
                }
            }
        }
        return contexts;
    }
}
