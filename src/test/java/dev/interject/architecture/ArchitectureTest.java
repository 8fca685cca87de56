package dev.interject.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** DESIGN's house: which package may know which. */
class ArchitectureTest {

    private static final String ROOT = "dev.interject.";

    /** From the roof to the cellar; what stands later is lower. */
    private static final List<String> LAYERS = List.of("cli", "experiment", "machine", "guest", "interrupt", "trace",
            "device", "kvm", "linux", "bindings");

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.interject");

    /** Without the generated code, which nobody here wrote. */
    private static final JavaClasses OURS = ALL.that(DescribedPredicate.not(resideInAPackage(ROOT + "bindings")));

    private static String[] packages(List<String> layers) {
        return layers.stream().map(layer -> ROOT + layer + "..").toArray(String[]::new);
    }

    /** So that no rule below holds only because there is nothing it could be about. */
    @ParameterizedTest
    @CsvSource({"cli, 20", "experiment, 12", "machine, 5", "guest, 8", "interrupt, 20", "trace, 20", "device, 9",
        "kvm, 20",
        "linux, 8", "bindings, 20"})
    void everyPackage_isThere(String layer, int atLeast) {
        assertThat(ALL.that(resideInAPackage(ROOT + layer + "..")).size()).isGreaterThanOrEqualTo(atLeast);
    }

    @Test
    void everyClass_livesInOneOfThePackages() {
        assertThat(ALL.size()).isGreaterThan(150);
        classes().should().resideInAnyPackage(packages(LAYERS)).check(ALL);
    }

    static Stream<Arguments> arrows() {
        return IntStream.range(1, LAYERS.size()).mapToObj(i -> arguments(LAYERS.get(i), LAYERS.subList(0, i)));
    }

    @ParameterizedTest
    @MethodSource
    void arrows(String layer, List<String> above) {
        noClasses().that()
                .resideInAPackage(ROOT + layer + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(above))
                .because("arrows point downward only")
                .check(ALL);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(ALL);
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void nativeCode_isLinkedInOneRoom() {
        noClasses().that()
                .resideOutsideOfPackage(ROOT + "linux..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.SymbolLookup")
                .orShould()
                .callMethodWhere(target(
                        name("reinterpret")))
                .check(OURS);
        classes().that()
                .haveSimpleName("NativeFunction")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(OURS);
    }

    @Test
    void foreignMemory_isSeenByLinuxAndKvmOnly() {
        noClasses().that()
                .resideOutsideOfPackages(ROOT + "linux..", ROOT + "kvm..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.lang.foreign..", ROOT + "bindings..")
                .check(OURS);
    }

    @Test
    void kvmState_knowsNoForeignMemory() {
        noClasses().that()
                .resideInAPackage(ROOT + "kvm.state..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .because("the records are part of the exported API")
                .check(OURS);
    }

    @Test
    void generatedCode_isAskedForLayoutsAndConstantsOnly() {
        noClasses().should()
                .callMethodWhere(target(owner(resideInAPackage(ROOT + "bindings..")))
                        .and(target(nameMatching("reinterpret|ioctl|open|close|mmap|munmap"))))
                .because("generated functions cannot capture errno")
                .check(OURS);
    }

    @Test
    void devices_knowNothingButTheJdk() {
        classes().that()
                .resideInAPackage(ROOT + "device..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "device..", "java.lang..", "java.util..")
                .check(OURS);
        noClasses().that()
                .resideInAPackage(ROOT + "device..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "kvm..", "java.lang.foreign..")
                .check(OURS);
    }

    @Test
    void trace_knowsNothingButTheJdk() {
        classes().that()
                .resideInAPackage(ROOT + "trace..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "trace..", "java.lang..", "java.util..")
                .check(OURS);
    }

    @Test
    void linux_doesNotKnowWhatKvmIs() {
        noClasses().that()
                .resideInAPackage(ROOT + "linux..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "bindings..")
                        .and(DescribedPredicate.describe("is one of KVM's structures",
                                (JavaClass used) -> used.getSimpleName().startsWith("kvm_"))))
                .check(OURS);
    }

    @Test
    void standardOutputAndError_belongToTheCommandLine() {
        noClasses().that()
                .resideOutsideOfPackage(ROOT + "cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(OURS);
    }

    @Test
    void pointlessNames_areNotGiven() {
        noClasses().should().haveNameMatching(".*(Impl|Utils?|Manager|Helper)(\\$.*)?").check(OURS);
    }

    @Test
    void command_isPicocliAndNothingBelowTheCommandLineKnowsIt() {
        noClasses().that(resideInAnyPackage(packages(LAYERS.subList(1, LAYERS.size()))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "com.fasterxml..")
                .check(OURS);
    }
}
