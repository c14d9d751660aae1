package org.scanbridge.learning;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import org.junit.jupiter.api.Test;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** Which package may use what. */
class LayeringTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.scanbridge.learning");

    @Test
    void onlyTheGraphPackageTouchesTensorFlow() {
        noClasses().that().resideOutsideOfPackage("org.scanbridge.learning.graph").should().dependOnClassesThat()
            .resideInAnyPackage("org.tensorflow..", "org.bytedeco..").check(CLASSES);
    }

    @Test
    void onlyPredictionTouchesDjl() {
        noClasses().that().resideOutsideOfPackage("org.scanbridge.learning.predict").should().dependOnClassesThat()
            .resideInAnyPackage("ai.djl..").check(CLASSES);
    }

    @Test
    void nothingTouchesKnimeOrFileFormats() {
        noClasses().should().dependOnClassesThat()
            .resideInAnyPackage("org.knime..", "org.scanbridge.knime..", "org.scanbridge.dicom..").check(CLASSES);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("org.scanbridge.learning.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    /** The node layer loads these by reflection on signatures; a TensorFlow type there would hide the node. */
    @Test
    void publicPackagesHaveNoEngineTypesInSignatures() {
        noClasses().that().resideInAnyPackage("..architecture..", "..data..", "..network..", "..method..", "..train..")
            .should().dependOnClassesThat().resideInAnyPackage("org.tensorflow..", "ai.djl..").check(CLASSES);
    }
}
