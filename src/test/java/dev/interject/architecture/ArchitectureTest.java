package dev.interject.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The layering of the packages, as {@code docs/architecture.md} draws it. */
class ArchitectureTest {

    private static final String ROOT = "dev.interject.";

    /**
     * Every package, top row first, with the least number of classes it must have (a rule about nothing would pass). A
     * package may use packages of lower rows only: neither those above it nor those beside it.
     */
    private static final String LAYERS = """
            cli.manual 7
            cli 2
            cli.compare 4       cli.trace 9     cli.suite 6
            cli.run 4  cli.explain 6  cli.sweep 3  cli.restore 7  cli.doctor 4  cli.guests 3  cli.bench 7  cli.boot 3
            cli.command 4       cli.option 12    cli.state 5    cli.svg 3
            cli.output 10
            experiment.suite 7
            experiment.compare 2  experiment.doctor 14  experiment.explain 9  experiment.sweep 8  experiment.trace 2
            experiment.restore 17
            experiment.suite.list 12
            experiment.witness 11
            experiment.bench 22     experiment.step 1       experiment.image 7
            experiment.boot 12
            experiment.run 19
            experiment.timeline 4   experiment.probe 7
            experiment.plan 7   experiment.situation 8
            experiment.qemu 11
            experiment.setting 15   experiment.state 10
            experiment 7
            machine 18
            machine.pc 5        machine.snapshot 12
            machine.board 9     machine.vcpu 16
            interrupt.route 18
            guest 12
            guest.firmware 3    guest.image 11
            interrupt.gate 15   interrupt.inject 17
            interrupt.delivery 18       guest.boot 16
            interrupt.state 4
            interrupt 7
            trace 12            kvm 25
            kvm.structure 9
            device.pc 17        kvm.state 12
            device 16
            linux 8
            linux.error 2
            bindings 20
            """;

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.interject");

    /** Without the generated code. */
    private static final JavaClasses OURS = ALL.that(DescribedPredicate.not(resideInAPackage(ROOT + "bindings")));

    /** A package without its sub-packages, which are placed separately, except those of the generated code. */
    private record Placed(String name, int minimum, int row) {

        static List<Placed> all() {
            List<String> rows = LAYERS.lines().toList();
            return IntStream.range(0, rows.size()).boxed().flatMap(row -> inRow(rows.get(row), row)).toList();
        }

        private static Stream<Placed> inRow(String text, int row) {
            return Pattern.compile("(\\S+) (\\d+)")
                    .matcher(text)
                    .results()
                    .map(found -> new Placed(found.group(1), Integer.parseInt(found.group(2)), row));
        }

        String identifier() {
            return ROOT + name + (name.equals("bindings") ? ".." : "");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Placed> packages() {
        return Placed.all();
    }

    private static String[] identifiers(Predicate<Placed> which) {
        return packages().stream().filter(which).map(Placed::identifier).toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void package_hasItsMinimumOfClasses(Placed placed) {
        assertThat(ALL.that(resideInAPackage(placed.identifier())).size()).isGreaterThanOrEqualTo(placed.minimum());
    }

    @Test
    void everyClass_isInAPlacedPackage() {
        assertThat(ALL.size()).isGreaterThan(300);
        classes().should().resideInAnyPackage(identifiers(placed -> true)).check(ALL);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void package_usesLowerRowsOnly(Placed placed) {
        noClasses().that()
                .resideInAPackage(placed.identifier())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(identifiers(other -> other.row() <= placed.row() && !other.equals(placed)))
                .allowEmptyShould(true)
                .check(ALL);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(ALL);
    }

    /** The model predicts from values that were read before: it could run on a state that came from a file. */
    @Test
    void gates_useNoThreadAndNoDescriptor() {
        noClasses().that()
                .resideInAPackage(ROOT + "interrupt.gate")
                .should()
                .dependOnClassesThat(describe("threads, locks and types that make ioctls",
                        used -> used.isAssignableTo(Thread.class)
                                || used.getPackageName().startsWith("java.util.concurrent")
                                || DESCRIPTORS.contains(used.getFullName())
                                || used.getPackageName().startsWith(ROOT + "linux")))
                .check(OURS);
        assertThat(OURS.that(describe("descriptors", type -> DESCRIPTORS.contains(type.getFullName()))))
                .hasSameSizeAs(DESCRIPTORS);
    }

    private static final Set<String> DESCRIPTORS = Set.of(ROOT + "kvm.Kvm", ROOT + "kvm.VirtualMachine",
            ROOT + "kvm.Vcpu", ROOT + "kvm.StatisticsFile", ROOT + "kvm.GuestMemory");

    @Test
    void nativeCode_isLinkedInOnePackage() {
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
    void foreignMemory_isUsedByLinuxAndKvmOnly() {
        noClasses().that()
                .resideOutsideOfPackages(ROOT + "linux..", ROOT + "kvm..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.lang.foreign..", ROOT + "bindings..")
                .check(OURS);
    }

    @Test
    void kvmState_usesNoForeignMemory() {
        noClasses().that()
                .resideInAPackage(ROOT + "kvm.state..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .because("the records are part of the exported API")
                .check(OURS);
    }

    @Test
    void generatedCode_isUsedForLayoutsAndConstantsOnly() {
        noClasses().should()
                .callMethodWhere(target(owner(resideInAPackage(ROOT + "bindings..")))
                        .and(target(nameMatching("reinterpret|ioctl|open|close|mmap|munmap"))))
                .because("generated functions cannot capture errno")
                .check(OURS);
    }

    @Test
    void devices_dependOnTheJdkOnly() {
        classes().that()
                .resideInAPackage(ROOT + "device..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "device..", "java.lang..", "java.util..")
                .check(OURS);
    }

    @Test
    void trace_dependsOnTheJdkOnly() {
        classes().that()
                .resideInAPackage(ROOT + "trace..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "trace..", "java.lang..", "java.util..")
                .check(OURS);
    }

    @Test
    void linux_dependsOnNoKvmStructure() {
        noClasses().that()
                .resideInAPackage(ROOT + "linux..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "bindings..")
                        .and(describe("is one of KVM's structures",
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
    void vagueNames_areNotUsed() {
        noClasses().should().haveNameMatching(".*(Impl|Utils?|Manager|Helper)(\\$.*)?").check(OURS);
    }

    @Test
    void picocli_isUsedByTheCommandLineOnly() {
        noClasses().that()
                .resideOutsideOfPackage(ROOT + "cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(OURS);
    }

    @Test
    void jackson_isUsedByTheCommandLineAndTheReadersOfStatesOnly() {
        noClasses().that()
                .resideOutsideOfPackages(ROOT + "cli..", ROOT + "experiment.state", ROOT + "experiment.qemu")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml..")
                .check(OURS);
    }
}
