package org.scanbridge.knime.dicom;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.StringChoicesProvider;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.dicom.privacy.Identifying;
import org.scanbridge.dicom.series.HeaderAttribute;
import org.scanbridge.knime.util.PseudonymKey;
import org.scanbridge.knime.util.PseudonymKeyNote;

/** Which attributes of headers become columns, and how subjects and series are named: the rules of privacy of all readers. */
@LoadDefaultsForAbsentFields
public abstract class AttributeParameters implements NodeParameters {

    @Section(title = "Header Attributes", description = "Attributes of the headers as further columns. Results often leave"
        + " the hospital with their tables: show only what is needed.")
    public interface Attributes {
    }

    @Section(title = "Privacy")
    @After(Attributes.class)
    public interface Privacy {
    }

    /** Offers the attributes that are known by name. */
    static final class AttributeChoices implements StringChoicesProvider {
        @Override
        public List<String> choices(final NodeParametersInput context) {
            return HeaderAttribute.known().stream().map(HeaderAttribute::title).toList();
        }
    }

    @Layout(Attributes.class)
    @Widget(title = "Attributes", description = "Attributes that become text columns; missing where a header lacks them."
        + " Institution, Station, Series Description, Protocol Name, Sex and Age may identify a patient, alone or with"
        + " others, and need \"Allow identifying attributes\".")
    @ChoicesProvider(AttributeChoices.class)
    String[] m_attributes = {};

    @Layout(Attributes.class)
    @Widget(title = "Further attributes", description = "More attributes by their tags, separated by semicolons, such as"
        + " <b>(0018,0088); (0018,1312)</b>. The columns are named by the tags.", advanced = true)
    @TextInputWidget(placeholder = "(none)")
    String m_furtherAttributes = "";

    @Layout(Attributes.class)
    @Widget(title = "Allow identifying attributes", description = "<b>Careful:</b> without this, an attribute is refused"
        + " that the Basic Profile of DICOM PS3.15 does not keep, that is private, or that the standard does not know: any"
        + " of them may tell who the patient is, in this table and in everything made of it.")
    boolean m_allowIdentifying;

    @Layout(Privacy.class)
    @Widget(title = "Pseudonym key", description = "Subjects and series are named by a keyed hash of their DICOM"
        + " identifiers: the same key gives the same name in every study. Choose a key of your own, and keep it secret,"
        + " where results leave the hospital. A flow variable can give it, or a file.")
    @TextInputWidget
    @ValueReference(PseudonymKeyNote.Key.class)
    String m_pseudonymKey = PseudonymKeyNote.DEFAULT_KEY;

    @Layout(Privacy.class)
    @Widget(title = "Pseudonym key file", description = "Text file that holds the key, so that it is not stored in the"
        + " workflow, which is passed on more easily than a file at home. Blank: the key above.")
    @TextInputWidget(placeholder = "(the key above)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FILE, placeholder = "(the key above)")
    @WithFileSystem(FileSystemOption.LOCAL)
    @ValueReference(PseudonymKeyNote.KeyFile.class)
    String m_pseudonymKeyFile = "";

    @Layout(Privacy.class)
    @TextMessage(PseudonymKeyNote.class)
    Void m_keyNote;

    /** The key of pseudonyms. */
    public final PseudonymKey key() {
        return new PseudonymKey(m_pseudonymKey, m_pseudonymKeyFile);
    }

    /** The attributes that become columns, in the order of the settings. */
    public final List<HeaderAttribute> attributes() throws InvalidSettingsException {
        final Set<HeaderAttribute> attributes = new LinkedHashSet<>();
        for (final String title : m_attributes == null ? new String[0] : m_attributes) {
            attributes.add(attribute(title, "Attributes"));
        }
        for (final String tag : (m_furtherAttributes == null ? "" : m_furtherAttributes).split(";")) {
            if (!tag.isBlank()) {
                attributes.add(attribute(tag, "Further attributes"));
            }
        }
        for (final HeaderAttribute attribute : attributes) {
            if (!m_allowIdentifying && Identifying.mayIdentify(attribute.tag())) {
                throw new InvalidSettingsException("The attribute " + attribute.title() + " may tell who the patient is."
                    + " Leave it out, or switch on \"Allow identifying attributes\".");
            }
        }
        return List.copyOf(attributes);
    }

    private static HeaderAttribute attribute(final String text, final String setting) throws InvalidSettingsException {
        try {
            return HeaderAttribute.parse(text == null ? "" : text)
                .orElseThrow(() -> new InvalidSettingsException("\"" + text + "\" (setting \"" + setting
                    + "\") is no header attribute; give a tag such as (0018,0088), or one of: "
                    + String.join(", ", HeaderAttribute.known().stream().map(HeaderAttribute::title).toList()) + "."));
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage() + " Choose another one.", e);
        }
    }

    /** Checks these settings. */
    protected final void validateAttributes() throws InvalidSettingsException {
        key().validate();
        attributes();
    }
}
