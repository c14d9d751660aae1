package org.scanbridge.dicom.data;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Specific Character Set (0008,0005): how text is encoded (PS3.3 C.12.1.1.2, PS3.5 section 6.1), with code extensions by
 * ISO 2022 escape sequences. Unknown terms and undecodable bytes give replacement characters, never an error: text is
 * never worth losing an image.
 */
final class CharacterSet {

    /** ISO-IR 6, read as Latin-1 because many files forget to say so. */
    static final CharacterSet DEFAULT = new CharacterSet(StandardCharsets.ISO_8859_1, false);

    /** ISO-IR 192. */
    static final CharacterSet UTF_8 = new CharacterSet(StandardCharsets.UTF_8, false);

    private static final int ESC = 0x1b;

    private static final char YEN = '\u00a5';

    /** Defined terms by the number or name that follows {@code ISO_IR} or {@code ISO 2022 IR}. */
    private static final Map<String, String> TERMS = Map.ofEntries(Map.entry("6", "ISO-8859-1"),
        Map.entry("100", "ISO-8859-1"), Map.entry("101", "ISO-8859-2"), Map.entry("109", "ISO-8859-3"),
        Map.entry("110", "ISO-8859-4"), Map.entry("144", "ISO-8859-5"), Map.entry("127", "ISO-8859-6"),
        Map.entry("126", "ISO-8859-7"), Map.entry("138", "ISO-8859-8"), Map.entry("148", "ISO-8859-9"),
        Map.entry("203", "ISO-8859-15"), Map.entry("13", "JIS_X0201"), Map.entry("166", "TIS-620"),
        Map.entry("87", "ISO-8859-1"), Map.entry("159", "ISO-8859-1"), Map.entry("149", "EUC-KR"),
        Map.entry("58", "GB2312"), Map.entry("192", "UTF-8"));

    /** What follows ESC, and the set it designates (PS3.3 tables C.12-3 and C.12-4). */
    private static final Map<String, String> ESCAPES = Map.ofEntries(Map.entry("(B", "US-ASCII"),
        Map.entry("(J", "JIS_X0201"), Map.entry(")I", "JIS_X0201"), Map.entry("-A", "ISO-8859-1"),
        Map.entry("-B", "ISO-8859-2"), Map.entry("-C", "ISO-8859-3"), Map.entry("-D", "ISO-8859-4"),
        Map.entry("-L", "ISO-8859-5"), Map.entry("-G", "ISO-8859-6"), Map.entry("-F", "ISO-8859-7"),
        Map.entry("-H", "ISO-8859-8"), Map.entry("-M", "ISO-8859-9"), Map.entry("-b", "ISO-8859-15"),
        Map.entry("-T", "TIS-620"), Map.entry("$B", "x-JIS0208"), Map.entry("$(D", "JIS_X0212-1990"),
        Map.entry("$)C", "EUC-KR"), Map.entry("$)A", "GB2312"));

    private final Charset m_charset;

    private final boolean m_extensions;

    private CharacterSet(final Charset charset, final boolean extensions) {
        m_charset = charset;
        m_extensions = extensions;
    }

    /** @param terms the values of Specific Character Set; empty for the default repertoire */
    static CharacterSet of(final List<String> terms) {
        final String first = terms.isEmpty() ? "" : terms.get(0);
        boolean extensions = terms.size() > 1;
        for (final String term : terms) {
            extensions |= term.startsWith("ISO 2022");
        }
        final String key = first.replaceFirst("^ISO[_ ](?:2022 )?IR[_ ]?", "");
        String name = TERMS.getOrDefault(key, "ISO-8859-1");
        if (first.equals("GB18030") || first.equals("GBK")) {
            name = first;
        }
        return new CharacterSet(charset(name), extensions);
    }

    /** The JDK's charset; Latin-1 in a runtime without the extended charsets. */
    private static Charset charset(final String name) {
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.ISO_8859_1;
    }

    byte[] encode(final String text) {
        return text.getBytes(m_charset);
    }

    String decode(final byte[] bytes, final VR vr) {
        final String text = m_extensions && hasEscape(bytes) ? decodeExtended(bytes, vr) : new String(bytes, m_charset);
        // The code of the backslash is the yen sign in JIS X 0201; it separates values all the same.
        return m_charset.name().equals("JIS_X0201") ? text.replace(YEN, '\\') : text;
    }

    private static boolean hasEscape(final byte[] bytes) {
        for (final byte b : bytes) {
            if (b == ESC) {
                return true;
            }
        }
        return false;
    }

    /** Splits at escape sequences, delimiters and between lower (G0) and upper (G1) codes; decodes piece by piece. */
    private String decodeExtended(final byte[] bytes, final VR vr) {
        final StringBuilder text = new StringBuilder();
        Charset lower = m_charset;
        Charset upper = m_charset;
        int i = 0;
        while (i < bytes.length) {
            if (bytes[i] == ESC) {
                int length = 2;
                while (length <= 3 && !ESCAPES.containsKey(ascii(bytes, i + 1, length))) {
                    length++;
                }
                final String sequence = ascii(bytes, i + 1, length);
                final String name = ESCAPES.get(sequence);
                if (name == null) {
                    i++;
                    continue;
                }
                if (sequence.startsWith("(") || sequence.equals("$B") || sequence.equals("$(D")) {
                    lower = charset(name);
                } else {
                    upper = charset(name);
                }
                i += 1 + length;
            } else if (bytes[i] >= 0 && !isDoubleByte(lower) && isDelimiter(bytes[i], vr)) {
                text.append((char)bytes[i++]);
                lower = m_charset;
                upper = m_charset;
            } else {
                final boolean high = bytes[i] < 0;
                int end = i;
                while (end < bytes.length && bytes[end] < 0 == high && bytes[end] != ESC
                    && (high || isDoubleByte(lower) || !isDelimiter(bytes[end], vr))) {
                    end++;
                }
                text.append(new String(bytes, i, end - i, high ? upper : lower));
                i = end;
            }
        }
        return text.toString();
    }

    private static String ascii(final byte[] bytes, final int from, final int length) {
        return from + length > bytes.length ? "" : new String(bytes, from, length, StandardCharsets.US_ASCII);
    }

    private static boolean isDoubleByte(final Charset set) {
        return set.name().equals("x-JIS0208") || set.name().equals("JIS_X0212-1990");
    }

    /** Where the sets in use fall back to the first (PS3.5 section 6.1.2.5.3). */
    private static boolean isDelimiter(final byte b, final VR vr) {
        return b == '\r' || b == '\n' || b == '\t' || b == '\f' || b == '\\' && !vr.isSingleText()
            || vr == VR.PN && (b == '^' || b == '=');
    }
}
