package org.scanbridge.knime.io;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.scanbridge.dicom.series.Raters;

/**
 * What the readers' settings of raters have in common, whatever the files. The settings themselves are fields of each reader:
 * they are stored beside its others, and stand in different sections.
 */
public final class RaterSettings {

    /** Describes the number of raters. */
    public static final String COUNT = "The number of segmentation columns, 2 to 20.";

    /** Describes what raters differ by. */
    public static final String DIFFER = "What tells whose a segmentation is. Except for the order, the columns"
        + " are in the order of the alphabet and mean the same rater in all rows.";

    /** Describes the folders of raters. */
    public static final String FOLDERS = "What the folders of the raters are called, such as <tt>smith, jones</tt>"
        + " or <tt>reading *</tt>: names separated by commas, in which * stands for any characters and ? for one. On the way to"
        + " a file the deepest folder that is called so counts. * alone: each sub-folder is a rater, that is, the folder that a"
        + " segmentation lies in. Blank: folders called rater, reader, observer, annotator, reviewer, expert or radiologist with"
        + " a number, letter or name, or r1; else the folder that the file lies in.";

    private RaterSettings() {
    }

    /** The setting that says what becomes of several segmentations. */
    public static final class ColumnsReference implements ParameterReference<RaterColumns> {
    }

    /** Whether raters have columns of their own. */
    public static final class IsColumns implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(ColumnsReference.class).isOneOf(RaterColumns.COLUMNS);
        }
    }

    /**
     * The raters in the readers' own terms.
     *
     * @param columns whether they have columns of their own
     * @param rule what they differ by
     * @param count how many they are
     * @param folders names of their folders; null is as blank
     */
    public static Raters raters(final RaterColumns columns, final Raters.Rule rule, final int count, final String folders) {
        return columns == RaterColumns.JOIN ? Raters.ONE : new Raters(rule, count, folders == null ? "" : folders);
    }

    /** @throws InvalidSettingsException if raters have columns, and there are too few or too many of them */
    public static void validate(final RaterColumns columns, final int count) throws InvalidSettingsException {
        if (columns == RaterColumns.COLUMNS && (count < 2 || count > Raters.MAX)) {
            throw new InvalidSettingsException("\"Raters\" is " + count + "; choose 2 to " + Raters.MAX + ".");
        }
    }
}
