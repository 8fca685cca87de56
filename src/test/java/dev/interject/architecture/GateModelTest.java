package dev.interject.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The model that predicts reads values, and neither calls the kernel nor uses threads. */
class GateModelTest {

    @Test
    void gates_useNeitherIoctlsNorThreads() {
        String root = "dev.interject.";
        noClasses().that()
                .resideInAPackage(root + "interrupt.gate")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(root + "kvm", root + "linux..", root + "interrupt.inject", "java.util.concurrent..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Thread")
                .check(new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(root + "interrupt.gate"));
    }
}
