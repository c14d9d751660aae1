package org.scanbridge.knime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import org.junit.jupiter.api.Test;
import org.knime.core.data.DataCell;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.NodeParameters;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** The directions in which bundles and packages may import, as docs/architecture.md draws them. */
class ImportDirectionsTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("org.scanbridge");

    private static final String[] ENGINES = {"org.tensorflow..", "ai.djl..", "org.bytedeco.."};

    @Test
    void imagingKnowsNoOtherBundle() {
        noClasses().that().resideInAPackage("org.scanbridge.imaging..").should().dependOnClassesThat()
            .resideInAnyPackage("org.scanbridge.dicom..", "org.scanbridge.learning..", "org.scanbridge.tensorflow..",
                "org.scanbridge.knime..", "org.knime..", "org.tensorflow..", "ai.djl..")
            .check(CLASSES);
    }

    @Test
    void imagingKnowsNoFiles() {
        noClasses().that().resideInAPackage("org.scanbridge.imaging..").should().dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..").orShould().dependOnClassesThat().haveFullyQualifiedName("java.io.File")
            .check(CLASSES);
    }

    @Test
    void dicomKnowsOnlyImaging() {
        noClasses().that().resideInAPackage("org.scanbridge.dicom..").should().dependOnClassesThat()
            .resideInAnyPackage("org.scanbridge.learning..", "org.scanbridge.tensorflow..", "org.scanbridge.knime..",
                "org.knime..", "org.tensorflow..", "ai.djl..")
            .check(CLASSES);
    }

    @Test
    void learningKnowsNeitherKnimeNorDicom() {
        noClasses().that().resideInAPackage("org.scanbridge.learning..").should().dependOnClassesThat()
            .resideInAnyPackage("org.scanbridge.knime..", "org.knime..", "org.scanbridge.dicom..").check(CLASSES);
    }

    @Test
    void onlyGraphsAndTheTensorFlowBundleSeeTensorFlow() {
        noClasses().that().resideInAPackage("org.scanbridge..").and()
            .resideOutsideOfPackages("org.scanbridge.learning.graph..", "org.scanbridge.tensorflow..").should()
            .dependOnClassesThat().resideInAnyPackage("org.tensorflow..", "org.bytedeco..").check(CLASSES);
    }

    @Test
    void nodesSeeNoEngine() {
        noClasses().that().resideInAPackage("org.scanbridge.knime..").should().dependOnClassesThat()
            .resideInAnyPackage(ENGINES).check(CLASSES);
    }

    @Test
    void nobodyImportsTheBatchExecutor() {
        noClasses().that().resideOutsideOfPackage("org.scanbridge.knime.batch..").should().dependOnClassesThat()
            .resideInAPackage("org.scanbridge.knime.batch..").check(CLASSES);
    }

    @Test
    void nothingShippedKnowsTheStandIn() {
        noClasses().that().resideInAPackage("org.scanbridge..").and()
            .resideOutsideOfPackage("org.scanbridge.knime.batch..").should().dependOnClassesThat()
            .resideInAPackage("org.knime..standin..").check(CLASSES);
    }

    /** Such a type would keep the class from loading where the engine's packages are not visible. */
    @Test
    void noSignatureThatKnimeLoadsNamesAnEngineType() {
        classes().that(areLoadedByKnime()).should(nameNoEngineType()).check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> areLoadedByKnime() {
        return new DescribedPredicate<>("are factories, parameters, cells or ports") {
            @Override
            public boolean test(final JavaClass c) {
                return c.isAssignableTo(DefaultNodeFactory.class) || c.isAssignableTo(NodeParameters.class)
                    || c.isAssignableTo(DataCell.class) || c.isAssignableTo(PortObject.class)
                    || c.isAssignableTo(PortObjectSpec.class);
            }
        };
    }

    private static ArchCondition<JavaClass> nameNoEngineType() {
        return new ArchCondition<>("name no type of DJL or TensorFlow in a signature") {
            @Override
            public void check(final JavaClass c, final ConditionEvents events) {
                for (final JavaCodeUnit unit : c.getCodeUnits()) {
                    unit.getAllInvolvedRawTypes().forEach(type -> report(c, unit.getFullName(), type, events));
                }
                c.getFields().forEach(
                    field -> field.getAllInvolvedRawTypes().forEach(t -> report(c, field.getFullName(), t, events)));
            }
        };
    }

    private static void report(final JavaClass owner, final String member, final JavaClass type,
        final ConditionEvents events) {
        if (type.getPackageName().startsWith("org.tensorflow") || type.getPackageName().startsWith("ai.djl")) {
            events.add(SimpleConditionEvent.violated(owner, member + " names " + type.getName()));
        }
    }
}
