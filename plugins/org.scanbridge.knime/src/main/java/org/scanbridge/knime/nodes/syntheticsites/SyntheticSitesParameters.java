package org.scanbridge.knime.nodes.syntheticsites;

import java.util.List;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.phantom.SiteProtocol;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.PathSetting;

/** Settings of {@link SyntheticSitesNodeFactory}. */
@LoadDefaultsForAbsentFields
final class SyntheticSitesParameters implements NodeParameters {

    /** Larger phantoms show nothing more and take minutes to write. */
    private static final int MAX_SIZE = 128;

    private static final int MAX_SUBJECTS = 100;

    /** Everything is held in memory once before it is written. */
    private static final long MAX_BYTES = 1L << 30;

    private static final int BYTES_PER_VOXEL = Float.BYTES + 1;

    @Section(title = "Study")
    interface Study {
    }

    @Section(title = "Folders", description = "Where the study is written, or an existing study to use instead.")
    @After(Study.class)
    interface Folders {
    }

    @Layout(Study.class)
    @Widget(title = "Sites", description = "The simulated scanners. The default pair is what adaptation methods are for:"
        + " normalizing the intensities does not suffice.")
    @ValueReference(SitesReference.class)
    SitePreset m_sites = SitePreset.A_B;

    @Layout(Study.class)
    @Widget(title = "Also T1-like images", description = "Writes a second series per subject, named T1, on the grid of the"
        + " FLAIR-like one, for networks with two input channels. The DICOM Reader gives it a row of its own, without"
        + " segmentation; a Row Splitter and a Joiner on the subject bring both into one row. Off by default: one image"
        + " suffices to find these lesions, and the study stays as small as it was.")
    @Effect(predicate = HasSecond.class, type = EffectType.SHOW)
    boolean m_t1;

    @Layout(Study.class)
    @Widget(title = "Subjects per site", description = "Number of simulated subjects at each site, 1 to 100. The"
        + " default of 10 leaves enough for training, validation and test at each site.")
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class,
        maxValidation = SubjectsMaximum.class)
    int m_subjectsPerSite = 10;

    @Layout(Study.class)
    @Widget(title = "Image size", description = "Voxels along each axis, 16 to 128; a voxel is 1 mm wide. The default"
        + " of 48 keeps all tissues visible and trains in minutes on a laptop. Radiographs have one slice and show 102 mm"
        + " whatever their size: choose 128 for them, where a pixel is 0.8 mm wide and fractures are seen.")
    @NumberInputWidget(minValidation = SizeMinimum.class, maxValidation = SizeMaximum.class)
    int m_size = 48;

    @Layout(Study.class)
    @Widget(title = "Seed", description = "Which study is drawn: the same seed gives the same files, bit for bit.")
    long m_seed = 1;

    @Layout(Folders.class)
    @Widget(title = "Output folder", description = "Folder in which the study appears. It may exist if it is empty or"
        + " already holds exactly this study. Blank: a folder that belongs to this node's result and disappears when"
        + " the node is reset.")
    @TextInputWidget(placeholder = "(belongs to the node)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "(belongs to the node)")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_folder = "";

    @Layout(Folders.class)
    @Widget(title = "Existing study", description = "If this is filled, nothing is generated: this folder is handed on"
        + " to the DICOM Reader. Controlled by a flow variable, it switches a workflow from generated to real data.")
    @TextInputWidget(placeholder = "(generate)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FILE_OR_FOLDER, placeholder = "(generate)")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_existingStudy = "";

    static final class SitesReference implements ParameterReference<SitePreset> {
    }

    static final class HasSecond implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(SitesReference.class).isOneOf(SitePreset.LESIONS, SitePreset.FLAIR);
        }
    }

    static final class SubjectsMaximum extends MaxValidation {
        @Override
        protected double getMax() {
            return MAX_SUBJECTS;
        }
    }

    static final class SizeMinimum extends MinValidation {
        @Override
        protected double getMin() {
            return BrainPhantom.MIN_SIZE;
        }
    }

    static final class SizeMaximum extends MaxValidation {
        @Override
        protected double getMax() {
            return MAX_SIZE;
        }
    }

    /** The chosen existing study; blank to generate one. */
    String existingStudy() {
        return PathSetting.text(m_existingStudy);
    }

    /** What drawing and writing the study takes of memory. */
    long bytes() {
        final long voxels = voxels();
        final long subjects = (long)m_subjectsPerSite * m_sites.sites();
        return NodeMemory.SYNTHETIC_SITES.bytes(voxels * subjects * (second().isEmpty() ? 1 : 2), voxels * subjects, voxels);
    }

    /** Voxels of one image. */
    private long voxels() {
        return (long)m_size * m_size * (m_sites.radiographs().isEmpty() ? m_size : 1);
    }

    /** How T1-like images are made; empty for none. */
    List<SiteProtocol> second() {
        return m_t1 ? m_sites.second() : List.of();
    }

    /** The folder to write to; blank for the node's own. */
    String folder() {
        return PathSetting.text(m_folder);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        PathSetting.path(m_existingStudy, "the folder of a study");
        PathSetting.path(m_folder, "a folder");
        if (m_subjectsPerSite < 1 || m_subjectsPerSite > MAX_SUBJECTS) {
            throw new InvalidSettingsException("\"Subjects per site\" is " + m_subjectsPerSite
                + "; choose 1 to " + MAX_SUBJECTS + ".");
        }
        if (m_size < BrainPhantom.MIN_SIZE || m_size > MAX_SIZE) {
            throw new InvalidSettingsException("\"Image size\" is " + m_size + "; choose " + BrainPhantom.MIN_SIZE
                + " to " + MAX_SIZE + ".");
        }
        final int perVoxel = BYTES_PER_VOXEL + (second().isEmpty() ? 0 : Float.BYTES);
        final long bytes = voxels() * perVoxel * m_subjectsPerSite * m_sites.sites();
        if (bytes > MAX_BYTES) {
            throw new InvalidSettingsException("The study would need " + (bytes >> 20) + " MiB of memory, at most "
                + (MAX_BYTES >> 20) + " MiB are allowed. Choose fewer subjects or smaller images.");
        }
    }
}
