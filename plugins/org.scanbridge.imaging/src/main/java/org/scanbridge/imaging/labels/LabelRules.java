package org.scanbridge.imaging.labels;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Gives classes other numbers and names, told by their value or their name, such as
 * {@code liver = 1; 205 = 2 spleen; *vessel* = 3 vessels; cyst = 0}. Of several rules that meet a class the first counts.
 * Several classes may become one, and a class that becomes 0 is background.
 */
public final class LabelRules {

    private static final int MAX = 255;

    private static final Pattern RULE = Pattern.compile("\\s*(.*\\S)\\s*=\\s*(\\d{1,6})(?:\\s+(.*\\S))?\\s*");

    /** What becomes of classes that no rule meets. */
    public enum Others {
            /** They stay as they are; if a rule gives their number to another class, that is an error. */
            KEEP,
            /** They become background. */
            BACKGROUND,
            /** They are an error, so that nothing is overlooked. */
            REFUSE
    }

    /** @param name empty to keep the class's own */
    private record Rule(String text, Pattern pattern, int value, int target, String name) {

        boolean meets(final int label, final String of) {
            return value >= 0 ? value == label : pattern.matcher(of).matches();
        }
    }

    private final List<Rule> m_rules;

    private final Others m_others;

    private LabelRules(final List<Rule> rules, final Others others) {
        m_rules = rules;
        m_others = others;
    }

    /**
     * Reads rules.
     *
     * @param text rules {@code class = number name}, separated by semicolons or line ends. A class is a value, or a name in
     *            which * and ? stand for any characters, whatever the case; the new name may be left out. Blank for none.
     * @throws IllegalArgumentException if this is not so, or a number exceeds 255
     */
    public static LabelRules of(final String text, final Others others) {
        final List<Rule> rules = new ArrayList<>();
        for (final String part : text.split("[;\\r\\n]+")) {
            if (part.isBlank()) {
                continue;
            }
            final Matcher matcher = RULE.matcher(part);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("\"" + part.strip() + "\" is no rule; give a class, an equals sign, its new"
                    + " number and, if you like, its new name, such as: liver = 1; 205 = 2 spleen; cyst = 0");
            }
            final int target = Integer.parseInt(matcher.group(2));
            if (target > MAX) {
                throw new IllegalArgumentException("\"" + part.strip() + "\": the new number is beyond 0 to 255");
            }
            final String of = matcher.group(1);
            final boolean number = of.matches("\\d{1,3}");
            if (number && (Integer.parseInt(of) < 1 || Integer.parseInt(of) > MAX)) {
                throw new IllegalArgumentException("\"" + part.strip() + "\": labels are 1 to 255; the background stays 0");
            }
            rules.add(new Rule(part.strip(), wildcards(of), number ? Integer.parseInt(of) : -1, target,
                matcher.group(3) == null ? "" : matcher.group(3)));
        }
        return new LabelRules(List.copyOf(rules), others);
    }

    private static Pattern wildcards(final String pattern) {
        final StringBuilder regex = new StringBuilder();
        for (final char c : pattern.toCharArray()) {
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    }

    /** All rules as they were given. */
    public List<String> texts() {
        return m_rules.stream().map(Rule::text).toList();
    }

    /** Whether there is no rule. */
    public boolean isEmpty() {
        return m_rules.isEmpty();
    }

    /**
     * Applies the rules.
     *
     * @return the segmentation with the new values and names
     * @throws ImagingException if a class that occurs is met by no rule although it must be, or its number is given to
     *             another class
     */
    public LabelVolume apply(final LabelVolume labels) {
        final SortedSet<Integer> occurring = labels.values();
        final SortedMap<Integer, Integer> targets = new TreeMap<>();
        final SortedMap<Integer, String> names = new TreeMap<>();
        final Map<Integer, String> givenBy = new TreeMap<>();
        // In the order of the rules, so that the first rule names a number.
        for (final Rule rule : m_rules) {
            for (int value = 1; value <= MAX; value++) {
                final boolean known = occurring.contains(value) || labels.labels().names().containsKey(value);
                if (known && !targets.containsKey(value) && rule.meets(value, labels.labels().name(value))) {
                    targets.put(value, rule.target);
                    givenBy.putIfAbsent(rule.target, rule.text);
                    final String own = labels.labels().names().get(value);
                    if (rule.target > 0 && (!rule.name.isEmpty() || own != null)) {
                        names.putIfAbsent(rule.target, rule.name.isEmpty() ? own : rule.name);
                    }
                }
            }
        }
        for (int value = 1; value <= MAX; value++) {
            if (!targets.containsKey(value) && (occurring.contains(value) || labels.labels().names().containsKey(value))) {
                targets.put(value, other(labels, value, occurring.contains(value), givenBy));
                if (targets.get(value) == value && labels.labels().names().containsKey(value)) {
                    names.put(value, labels.labels().names().get(value));
                }
            }
        }
        final byte[] table = new byte[MAX + 1];
        targets.forEach((from, to) -> table[from] = (byte)(int)to);
        final byte[] voxels = new byte[labels.voxels().length];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = table[labels.voxels()[v] & 0xff];
        }
        return new LabelVolume(voxels, labels.geometry(), labels.info(), new LabelSet(names));
    }

    /**
     * The rules that meet no class of a segmentation, which may be misspelled.
     *
     * @return their texts, in their order
     */
    public List<String> unmet(final LabelVolume labels) {
        final SortedSet<Integer> known = new TreeSet<>(labels.values());
        known.addAll(labels.labels().names().keySet());
        known.remove(0);
        return m_rules.stream().filter(r -> known.stream().noneMatch(value -> r.meets(value, labels.labels().name(value))))
            .map(Rule::text).toList();
    }

    /** What becomes of a class that no rule meets. */
    private int other(final LabelVolume labels, final int value, final boolean occurs, final Map<Integer, String> givenBy) {
        if (m_others == Others.BACKGROUND || !occurs && (m_others == Others.REFUSE || givenBy.containsKey(value))) {
            return 0;
        }
        final String which = "The segmentation of subject " + labels.info().subject() + " has the class " + value + " (\""
            + labels.labels().name(value) + "\")";
        if (m_others == Others.REFUSE) {
            throw new ImagingException(which + ", which no rule meets. Add a rule, with 0 if it is background.");
        }
        if (givenBy.containsKey(value)) {
            throw new ImagingException(which + ", which no rule meets, but the rule \"" + givenBy.get(value)
                + "\" gives the number to another class. Give it another number, or 0 if it is background.");
        }
        return value;
    }
}
