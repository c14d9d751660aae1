package org.scanbridge.knime.data;

import java.nio.file.Path;

import org.knime.core.data.ExtensibleUtilityFactory;
import org.knime.core.data.StringValue;

/**
 * The folder of a study in a table cell. As a text it is the path, so that it can be used wherever a path is; but unlike a
 * path it brings the files along when a workflow is saved and opened again.
 */
public interface StudyFolderValue extends StringValue {

    /** Name of the type and what KNIME needs to find its renderers. */
    UtilityFactory UTILITY = new StudyFolderUtilityFactory();

    /** @return where the files are now; another folder after the workflow was opened again */
    Path folder();

    /** @return the path of {@link #folder()} */
    @Override
    default String getStringValue() {
        return folder().toString();
    }

    /** What KNIME shows about the type. */
    final class StudyFolderUtilityFactory extends ExtensibleUtilityFactory {

        private StudyFolderUtilityFactory() {
            super(StudyFolderValue.class);
        }

        @Override
        public String getName() {
            return "Study Folder";
        }

        @Override
        public String getGroupName() {
            return "Medical Images";
        }
    }
}
