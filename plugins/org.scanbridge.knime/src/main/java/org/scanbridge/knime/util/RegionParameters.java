package org.scanbridge.knime.util;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.labels.Combination;
import org.scanbridge.imaging.labels.Region;
import org.scanbridge.imaging.volume.LabelSet;

/** A region: a union of classes with a name. */
@LoadDefaultsForAbsentFields
public final class RegionParameters implements NodeParameters {

    @Widget(title = "Region", description = "What the union is called, such as <tt>whole tumor</tt>.")
    @TextInputWidget
    String m_name = "";

    @Widget(title = "Classes", description = "The classes it consists of, by name or label value, separated by commas, such"
        + " as <tt>edema, core</tt> or <tt>1, 2, 4</tt>. A structure, by name or value, also stands for all classes of"
        + " overlapping structures that it is part of, such as <tt>liver + lesion</tt>.")
    @TextInputWidget
    @SuggestionsProvider(ClassUnions.class)
    String m_classes = "";

    /** For KNIME. */
    public RegionParameters() {
        // the initial values
    }

    /** A region as a user would write it. */
    public RegionParameters(final String name, final String classes) {
        m_name = name;
        m_classes = classes;
    }

    /** @throws InvalidSettingsException if a region has no name or no classes, or two have the same name */
    public static void validate(final RegionParameters[] regions) throws InvalidSettingsException {
        final Set<String> names = new HashSet<>();
        for (final RegionParameters region : all(regions)) {
            if (isBlank(region.m_name) || isBlank(region.m_classes)) {
                throw new InvalidSettingsException("A region of \"Regions\" has no "
                    + (isBlank(region.m_name) ? "name" : "classes") + ". Give it some, or remove it.");
            }
            if (!names.add(region.m_name.strip().toLowerCase(Locale.ROOT))) {
                throw new InvalidSettingsException("There are two regions \"" + region.m_name.strip()
                    + "\". Give each a name of its own.");
            }
        }
    }

    /**
     * The regions of some classes.
     *
     * @param labels all classes there are, also those without a name, see {@link ClassList#with}
     * @throws InvalidSettingsException as {@link #validate} says; if a class is none of them; if a region has the name of a
     *             class and is not that class with its combinations; or if two consist of the same classes
     */
    public static List<Region> of(final RegionParameters[] regions, final LabelSet labels) throws InvalidSettingsException {
        final List<Region> all = unions(regions, labels);
        for (final Region region : all) {
            checkName(region, labels);
        }
        return all;
    }

    /**
     * As {@link #of}, whatever the regions are called, for tables that tell regions and classes apart.
     *
     * @throws InvalidSettingsException as {@link #of} says, but for the names
     */
    public static List<Region> unions(final RegionParameters[] regions, final LabelSet labels)
        throws InvalidSettingsException {
        validate(regions);
        final List<Region> all = new ArrayList<>();
        for (final RegionParameters parameters : all(regions)) {
            try {
                parameters.checkClasses(labels);
                final Region region = Region.of(parameters.m_name, parameters.m_classes, labels);
                for (final Region other : all) {
                    if (other.values().equals(region.values())) {
                        throw new InvalidSettingsException("The regions \"" + other.name() + "\" and \"" + region.name()
                            + "\" consist of the same classes. Remove one of them, or give it other classes.");
                    }
                }
                all.add(region);
            } catch (final ImagingException e) {
                throw new InvalidSettingsException(e.getMessage(), e);
            }
        }
        return all;
    }

    private void checkClasses(final LabelSet labels) throws InvalidSettingsException {
        for (final String part : m_classes.split(",")) {
            final String wanted = part.strip();
            if (!wanted.isEmpty() && Combination.named(wanted, labels).isEmpty()
                && labels.names().keySet().stream().noneMatch(value -> wanted.equals("" + value))) {
                throw new InvalidSettingsException("Region \"" + m_name.strip() + "\" has the class \"" + wanted
                    + "\", which there is not. The classes are: " + ClassList.text(labels)
                    + ". Give names or numbers of these, separated by commas.");
            }
        }
    }

    private static void checkName(final Region region, final LabelSet labels) throws InvalidSettingsException {
        for (final String name : labels.names().values()) {
            if (name.strip().equalsIgnoreCase(region.name())
                && !Region.of(name, name, labels).values().equals(region.values())) {
                throw new InvalidSettingsException("Region \"" + region.name() + "\" has the name of a class, but other"
                    + " classes too. Give the region another name, such as \"whole " + region.name() + "\".");
            }
        }
    }

    private static RegionParameters[] all(final RegionParameters[] regions) {
        return regions == null ? new RegionParameters[0] : regions;
    }

    private static boolean isBlank(final String text) {
        return text == null || text.isBlank();
    }
}
