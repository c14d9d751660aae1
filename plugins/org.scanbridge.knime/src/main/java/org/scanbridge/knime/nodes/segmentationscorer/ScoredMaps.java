package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.labels.Region;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ProbabilityColumns;

/**
 * The maps of probabilities that areas under curves are taken of, by model. One is read at a time, of a region that has none
 * of its own those of its classes, one after the other.
 * <p>
 * A network of classes gives the background a map, one of regions does not: without it, a map that bears the name of a
 * region is the region's, even if a class is called the same.
 */
final class ScoredMaps {

    private final Map<String, Map<String, Integer>> m_maps = new LinkedHashMap<>();

    /** By model, what lacks a map in how many images. */
    private final Map<String, Map<String, Integer>> m_lacking = new TreeMap<>();

    private final Map<String, SortedSet<String>> m_used = new TreeMap<>();

    /**
     * @param models names of the columns with segmentations
     * @throws InvalidSettingsException if areas are asked for, and no model has a map
     */
    ScoredMaps(final boolean areas, final DataTableSpec spec, final Collection<String> models)
        throws InvalidSettingsException {
        if (!areas) {
            return;
        }
        models.forEach(model -> m_maps.put(model, ProbabilityColumns.of(spec, model)));
        if (m_maps.values().stream().allMatch(Map::isEmpty)) {
            throw new InvalidSettingsException("\"" + SegmentationScorerParameters.AREAS + "\" is switched on, but the table has no"
                + " probabilities: no image column has a name such as \"" + ProbabilityColumns.name(models.iterator().next(), "class")
                + "\". Switch on \"Probabilities\" in the Segmentation Predictor, or switch the areas off.");
        }
    }

    /** Whether any map is read. */
    boolean any() {
        return m_maps.values().stream().anyMatch(m -> !m.isEmpty());
    }

    /**
     * The probability of a class.
     *
     * @param annotated whether the reference can have the class: where it cannot, no area is missed
     * @param regions what is scored beside the classes, by the names that were given
     * @return empty if there is none
     */
    Optional<Volume> of(final DataRow row, final String model, final int label, final boolean annotated, final LabelSet labels,
        final Collection<String> regions, final Geometry grid) {
        if (m_maps.isEmpty()) {
            return Optional.empty();
        }
        final Optional<Volume> map = ofClass(row, model, label, labels, regions, grid);
        if (map.isEmpty() && annotated) {
            m_lacking.computeIfAbsent(model, m -> new TreeMap<>()).merge(labels.name(label), 1, Integer::sum);
        }
        return map;
    }

    private Optional<Volume> ofClass(final DataRow row, final String model, final int label, final LabelSet labels,
        final Collection<String> regions, final Geometry grid) {
        final Map<String, Integer> maps = m_maps.get(model);
        for (final String map : ProbabilityColumns.fitting(maps.keySet(), label, labels)) {
            final boolean ofRegion = !maps.containsKey(ProbabilityColumns.BACKGROUND) && regions.contains(map);
            if (!ofRegion && !row.getCell(maps.get(map)).isMissing()) {
                return Optional.of(read(row, model, map, grid));
            }
        }
        return Optional.empty();
    }

    /**
     * The probability of a region: a map of its name, or the sum of its classes'.
     *
     * @param name the name that was given
     * @param shown the name in the tables
     * @return empty if it has no map, and not all of its classes have one
     */
    Optional<Volume> of(final DataRow row, final String model, final Region region, final String name, final String shown,
        final LabelSet labels, final Collection<String> regions, final Geometry grid) {
        if (m_maps.isEmpty()) {
            return Optional.empty();
        }
        final Map<String, Integer> maps = m_maps.get(model);
        final Integer own = maps.containsKey(ProbabilityColumns.BACKGROUND) ? null : maps.get(name);
        if (own != null && !row.getCell(own).isMissing()) {
            return Optional.of(read(row, model, name, grid));
        }
        float[] sum = null;
        Volume last = null;
        for (final int label : region.values()) {
            final Optional<Volume> map = ofClass(row, model, label, labels, regions, grid);
            if (map.isEmpty()) {
                m_lacking.computeIfAbsent(model, m -> new TreeMap<>()).merge(shown, 1, Integer::sum);
                return Optional.empty();
            }
            last = map.get();
            final float[] p = last.voxels();
            sum = sum == null ? new float[p.length] : sum;
            for (int v = 0; v < p.length; v++) {
                sum[v] += p[v];
            }
        }
        return Optional.of(new Volume(sum, last.geometry(), last.info()));
    }

    private Volume read(final DataRow row, final String model, final String map, final Geometry grid) {
        final DataCell cell = row.getCell(m_maps.get(model).get(map));
        final Volume volume = ((VolumeValue)cell).volume();
        ProbabilityColumns.require(ProbabilityColumns.name(model, map), volume, grid);
        m_used.computeIfAbsent(model, m -> new TreeSet<>()).add(map);
        return volume;
    }

    /** What could not be taken, in words. */
    List<String> warnings() {
        final List<String> warnings = new ArrayList<>();
        m_lacking.forEach((model, classes) -> warnings.add("Of model \"" + model + "\" there are no probabilities of "
            + classes.entrySet().stream().map(c -> c.getKey() + " (in " + c.getValue() + (c.getValue() == 1 ? " image)" : " images)"))
                .collect(Collectors.joining(", ")) + ", so it has no AUC there."));
        final List<String> unused = new ArrayList<>();
        m_maps.forEach((model, maps) -> maps.keySet().stream()
            .filter(map -> !map.equals(ProbabilityColumns.BACKGROUND) && !m_used.getOrDefault(model, new TreeSet<>()).contains(map))
            .forEach(map -> unused.add("\"" + ProbabilityColumns.name(model, map) + "\"")));
        if (!unused.isEmpty()) {
            warnings.add("The probabilities " + String.join(", ", unused) + " were not used: no class and no region that is"
                + " scored has the name, or all cells are missing.");
        }
        return warnings;
    }
}
