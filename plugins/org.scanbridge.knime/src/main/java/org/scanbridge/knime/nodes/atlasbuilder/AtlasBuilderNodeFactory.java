package org.scanbridge.knime.nodes.atlasbuilder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.atlas.AtlasBuilder;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.port.AtlasPortObject;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.knime.util.UnusedSettings;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** Makes an atlas of labeled images. */
public final class AtlasBuilderNodeFactory extends DefaultNodeFactory {

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Atlas Builder") //
        .icon("icon.png") //
        .shortDescription("Makes an atlas of labeled images: how probable each label is at each place.") //
        .fullDescription("""
                <p>Aligns the images of all rows that have a segmentation, averages their labels, and splits what has no \
                label into classes of like intensity. The <b>Atlas Segmenter</b> finds the same labels in images of any \
                contrast by it, without training: an atlas made of T1-weighted images also segments T2-weighted ones.</p>
                <p>It serves for anatomy that everybody has in about the same place, such as tissues and organs. It does not \
                serve for lesions. Five to ten subjects are enough for the tissues of the head; more make it sharper. If the \
                table holds several sites, "Source site" says whose labels are learned.</p>
                <p>Alignment is affine: shifts, rotations, scales and shears, found by mutual information around the labels. \
                The same rows and settings give the same atlas, bit by bit.</p>
                <p>Images may be cropped tightly and differently, cut out or padded: padding around them is left out, each place \
                is averaged over the subjects that show it, and where none does, the atlas says nothing. An image of another \
                contrast that shows much more than the atlas, or only one half of the head, may be misplaced: make the atlas of \
                images that show what surrounds the labels, too.</p>
                <p>Two images are in memory at a time, however many rows there are; the others are read again when their turn \
                comes.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Labeled images", "Rows with an image and its segmentation, one subject each.") //
            .addOutputPort("Atlas", "Probabilities of all labels.", AtlasPortObject.TYPE)) //
        .model(m -> m.parametersClass(AtlasBuilderParameters.class) //
            .configure(AtlasBuilderNodeFactory::configure) //
            .execute(UnusedSettings.told(AtlasBuilderNodeFactory::execute))) //
        .nodeType(NodeType.Learner) //
        .keywords("prior", "template", "registration", "probability map", "brain", "tissue") //
        .addExternalResource("https://doi.org/10.1016/j.neuroimage.2005.02.018",
            "Ashburner and Friston: Unified segmentation (NeuroImage 2005)");

    /** For KNIME. */
    public AtlasBuilderNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final AtlasBuilderParameters parameters = ColumnGuesses.in(in, out);
        final DataTableSpec table = in.getInTableSpec(0);
        parameters.image(table);
        parameters.segmentation(table);
        parameters.site(table);
        parameters.options();
        // The labels are in the rows, which are not there yet.
        out.setOutSpec(0, null);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final AtlasBuilderParameters parameters = ColumnGuesses.in(in);
            final BufferedDataTable table = in.getInTable(0);
            final int image = parameters.image(table.getDataTableSpec());
            final int segmentation = parameters.segmentation(table.getDataTableSpec());
            final String source = parameters.source();
            final int site = parameters.site(table.getDataTableSpec());
            final KnimeProgress progress = new KnimeProgress(in.getExecutionContext());
            final List<Supplier<AtlasBuilder.Subject>> subjects = new ArrayList<>();
            final List<Long> voxels = new ArrayList<>();
            final SortedMap<String, Integer> labeled = new TreeMap<>();
            long rows = 0;
            for (final DataRow row : table) {
                final DataCell x = row.getCell(image);
                final DataCell y = row.getCell(segmentation);
                final boolean complete = !x.isMissing() && !y.isMissing();
                final String name = Columns.text(row, site);
                labeled.merge(name, complete ? 1 : 0, Integer::sum);
                if (!name.equals(source)) {
                    continue;
                }
                rows++;
                if (complete) {
                    subjects.add(() -> subject(row, (VolumeValue)x, (LabelVolumeValue)y));
                    voxels.add((long)((VolumeValue)x).geometry().voxelCount());
                }
            }
            requireLabels(source, labeled);
            voxels.sort(Comparator.reverseOrder());
            final HeapNeed need = new HeapNeed();
            // how large the atlas gets is known only from the labels
            need.add("an atlas of " + subjects.size() + " images",
                NodeMemory.ATLAS_BUILDER.bytes(voxels.stream().limit(2).mapToLong(Long::longValue).sum(), 0));
            need.require();
            try (TaskExecutor workers = TaskExecutors.multiThreaded()) {
                out.setOutData(0, AtlasPortObject.create(in.getExecutionContext(),
                    new AtlasBuilder(parameters.options()).buildFrom(subjects, workers, progress)));
            }
            final long without = rows - subjects.size();
            if (without > 0) {
                out.setWarningMessage(without + " of " + rows + (source.isEmpty() ? " rows" : " rows of site \"" + source + "\"")
                    + " have no image or no segmentation and are not in the atlas.");
            }
        });
    }

    /**
     * @param source the only site that makes the atlas; empty for all, about which the builder itself complains
     * @param labeled how many rows of each site have an image and a segmentation
     */
    private static void requireLabels(final String source, final SortedMap<String, Integer> labeled)
        throws InvalidSettingsException {
        if (source.isEmpty() || labeled.getOrDefault(source, 0) > 0) {
            return;
        }
        final List<String> sites = labeled.entrySet().stream().filter(s -> s.getValue() > 0 && !s.getKey().isEmpty())
            .map(Entry::getKey).toList();
        throw new InvalidSettingsException("\"" + AtlasBuilderParameters.SOURCE_SITE + "\" is \"" + source + "\", but "
            + (labeled.containsKey(source) ? "none of its rows has both an image and a segmentation"
                : "the table has no row of this site")
            + ". "
            + (sites.isEmpty() ? "The table names no site with labeled images: check \"" + AtlasBuilderParameters.SITE_COLUMN
                + "\", or connect labeled images."
                : "Choose one of the sites with labeled images: " + String.join(", ", sites) + ".")
            + " Left blank, the rows of all sites make the atlas.");
    }

    private static AtlasBuilder.Subject subject(final DataRow row, final VolumeValue image, final LabelVolumeValue labels) {
        try {
            return new AtlasBuilder.Subject(image.volume(), labels.labelVolume());
        } catch (final ImagingException e) {
            throw new ImagingException(RowName.first(row.getKey().getString()) + ": " + e.getMessage());
        }
    }
}
