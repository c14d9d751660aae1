package org.scanbridge.knime.nodes.dicomreader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.dicom.privacy.DeidentifyingCopy;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.dicom.StudyReading;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;

/** One execution of the DICOM Reader: the de-identified copy if one is wanted, then the folder. */
final class FolderReading {

    /** How much of the progress is copying, where a copy is made. */
    private static final double COPY = 0.3;

    private final DicomReaderParameters m_parameters;

    private final ExecutionContext m_exec;

    FolderReading(final DicomReaderParameters parameters, final ExecutionContext exec) {
        m_parameters = parameters;
        m_exec = exec;
    }

    /** Reads the folder into both output tables. */
    void read(final Path folder, final ExecuteOutput out)
        throws IOException, KNIMEException, InvalidSettingsException {
        final Progress whole = new KnimeProgress(m_exec);
        final StudyReading reading = new StudyReading(m_parameters, NodeMemory.DICOM_READER, m_exec);
        final Optional<Path> copyFolder = m_parameters.copyFolder();
        if (copyFolder.isPresent()) {
            copy(folder, copyFolder.get(), whole.part(0, COPY), reading);
        }
        final DicomStudyReader reader = new DicomStudyReader(m_parameters.options());
        reading.read((progress, workers) -> reader.read(folder, progress, workers),
            whole.part(copyFolder.isPresent() ? COPY : 0, 1));
        reading.finish("\"" + folder + "\"", "The folder holds no files. Check the path.", out);
    }

    /** Copies the files; what was left out of the copy is a problem. */
    private void copy(final Path folder, final Path target, final Progress progress, final StudyReading reading)
        throws IOException, InvalidSettingsException {
        final DeidentifyingCopy copy = new DeidentifyingCopy(m_parameters.copyOptions());
        StudyReading.withWorkers(progress, (part, workers) -> copy.copy(folder, target, part, workers)).problems().stream()
            // What is no DICOM at all is reported by the reader.
            .filter(p -> p.kind() != Problem.Kind.NOT_DICOM)
            .map(p -> new Problem(p.kind(), Problem.Effect.KEPT, p.file(), p.series(),
                "De-identified copy: " + p.message(), p.remedy()))
            .forEach(reading::add);
    }
}
