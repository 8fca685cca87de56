package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;

import dev.interject.RequiresConformance;
import dev.interject.RequiresKvm;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.setting.Setting;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.HostRules;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where the faults lead that an interrupt causes: the exception that the guest's handler reports, with its error code,
 * or the guest's end, is what the model of the delivery predicts.
 */
@RequiresKvm
class FaultChainTest {

    /** The lines that choose what guest protected does: see its source. */
    private static final Set<Integer> WITH_PAGING = Set.of(10, 3);
    private static final Set<Integer> WITH_PAE = Set.of(10, 4);
    private static final Set<Integer> IN_RING_3 = Set.of(10, 5);
    private static final Set<Integer> IN_VIRTUAL_8086 = Set.of(10, 6);

    /** A GDT in memory that the guest does not use, with the guest's own two segments. */
    private static final String OWN_GDT =
            "gdt.base=0x1e0000 gdt.limit=0x4f gdt[8]=0x00af9b000000ffff gdt[0x10]=0x00cf93000000ffff ";
    private static final String HANDLERS_IN_0X18 =
            "gdt[0x18]=0x00af9b000000ffff idt[0x2a].selector=0x18 idt[11].selector=0x18 idt[13].selector=0x18 ";

    private static void assertOutcome(ObservedGuest guest, String settings, String expected) {
        HostRules rules = RulesOfTheHost.found(); // by probes, which take longer than a guest may be held
        Situation situation = Situation.of(settings.split(" +"));
        String[] predicted = new String[1];
        guest.interrupt(vcpu -> {
            for (Setting setting : situation.settings()) {
                setting.apply(vcpu);
            }
            CpuState cpu = vcpu.state().cpu();
            assertThat(DeliveryOutcome.of(cpu, ObservedGuest.VECTOR, HostRules.OF_THE_MANUALS)).isEqualTo(expected);
            predicted[0] = DeliveryOutcome.of(cpu, ObservedGuest.VECTOR, rules);
        });

        assertThat(guest.outcome(!predicted[0].equals(ObservedGuest.TAKEN))).isEqualTo(predicted[0]);
    }

    private static void assertOutcome(String settings, String expected) {
        try (ObservedGuest guest = new ObservedGuest(BuiltinGuest.PIC.image(), BootMode.LONG, Set.of(10))) {
            assertOutcome(guest, settings, expected);
        }
    }

    private static void assertOutcomeOfRealMode(String settings, String expected) {
        try (ObservedGuest guest = new ObservedGuest(BuiltinGuest.REAL.image(), BootMode.REAL, Set.of(10))) {
            assertOutcome(guest, settings, expected);
        }
    }

    private static void assertOutcomeOfProtectedMode(Set<Integer> lines, String settings, String expected) {
        try (ObservedGuest guest = new ObservedGuest(GuestImage.ofResource("protected"), BootMode.REAL, lines)) {
            assertOutcome(guest, settings, expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "idt[0x2a].present=0                                           | #NP 0x153",
        "idt[0x2a].selector=0                                          | #GP 0x1",
        "idt[0x2a].selector=0x80                                       | #GP 0x81",
        "idt[0x2a].selector=0x0c                                       | #GP 0xd",
        "idt.limit=0x29f                                               | #GP 0x153",
        "idt.limit=0xdf                                                | #GP 0x153",
        "idt.limit=0                                                   | triple fault",
        "idt.base=0x70000000                                           | triple fault",
        "idt[0x2a].ist=1                                               | #PF 0x2",
        "idt[0x2a].ist=1 tss.base=0x1d0000 tss.ist1=0x1f0000           | taken",
        "idt[0x2a].ist=1 tss.base=0x70000000                           | #PF 0x0",
        "idt[0x2a].offset=0x0001000000000000                           | #GP 0x1",
        "idt[0x2a].offset=0x70000000                                   | #PF 0x0",
        "idt[0x2a].present=0 idt[11].present=0                         | #DF 0x0",
        "idt[0x2a].present=0 idt[11].present=0 idt[8].present=0        | triple fault",
        "cpu.rsp=0x70000000                                            | triple fault",
        "cpu.rsp=0x70000000 idt[8].ist=1 tss.ist1=0x1f0000             | #DF 0x0",
        "cpu.rsp=0x70000000 idt[14].ist=1 tss.ist1=0x1f0000            | #PF 0x2",
        "cpu.rsp=0x0001000000000000                                    | triple fault",
        "gdt.limit=0x07                                                | triple fault",
        "gdt.base=0x70000000                                           | triple fault",
        "cpu.rsp=0x1f0000 page[0x1ef000]=readonly                      | taken",
        "cpu.rsp=0x1f0000 page[0x1ef000]=readonly cpu.cr0=0x80010031   | triple fault",
        "cpu.rsp=0x1f0000 page[0x1ef000]=absent                        | triple fault"})
    void deliveryInLongMode_failsAsPredicted(String settings, String expected) {
        assertOutcome(settings, expected);
    }

    /** QEMU's TCG raises #GP for a stack that is not canonical. */
    @ParameterizedTest
    @Tag("not-qemu")
    @CsvSource(delimiter = '|', value = "cpu.rsp=0x0001000000000000 idt[12].ist=1 tss.ist1=0x1f0000 | #SS 0x1")
    void stackThatIsNotCanonical_raisesStackFault(String settings, String expected) {
        assertOutcome(settings, expected);
    }

    /** The handler runs, and its IRETQ fails. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "gdt.limit=0x0f                    | #GP 0x10",
        "cpu.cs=0x80                       | #GP 0x80",
        "cpu.cs=0                          | #GP 0x0",
        "cpu.ss=0                          | taken",
        "cpu.ss=1                          | #GP 0x0",
        "cpu.ss=0x13                       | #GP 0x10",
        "cpu.ss=0x80                       | #GP 0x80",
        "cpu.ss=0x14                       | #GP 0x14",
        "gdt[0x10]=0x00cf13000000ffff      | #SS 0x10",
        "gdt[0x10]=0x00cf13000000ffff idt[12].present=0 | #DF 0x0",
        "gdt[0x10]=0x00cff3000000ffff      | #GP 0x10"})
    void returnInLongMode_failsAsPredicted(String settings, String expected) {
        assertOutcome(settings, expected);
    }

    /** The descriptor of the interrupted code is not the handler's. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "gdt[8]=0x00af1b000000ffff         | #NP 0x8",
        "gdt[8]=0x00affb000000ffff         | #GP 0x8"})
    void returnToAnotherCodeSegment_failsAsPredicted(String settings, String expected) {
        assertOutcome(OWN_GDT + HANDLERS_IN_0X18 + settings, expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 4, 0xff01})
    void stackPointerOfRealMode_wraps(long sp) {
        assertOutcomeOfRealMode("cpu.rsp=" + sp, ObservedGuest.TAKEN);
    }

    @ParameterizedTest
    @RequiresConformance(ConformanceProbe.SEGMENT_RIGHTS)
    @CsvSource(delimiter = '|', value = {
        "gdt[0x18]=0x00affb000000ffff idt[0x2a].selector=0x18 | #GP 0x19",
        "gdt[0x18]=0x00af1b000000ffff idt[0x2a].selector=0x18 | #NP 0x19",
        "gdt[0x18]=0x00ef9b000000ffff idt[0x2a].selector=0x18 | #GP 0x19"})
    void rightsOfTheCodeSegment_areChecked(String settings, String expected) {
        assertOutcome(OWN_GDT + settings, expected);
    }

    @ParameterizedTest
    @RequiresConformance(ConformanceProbe.RETURN_RIGHTS)
    @CsvSource(delimiter = '|', value = {
        "cpu.ss=8                          | #GP 0x8",
        "gdt[0x10]=0x00cf91000000ffff      | #GP 0x10"})
    void typesOfSegments_areCheckedOnReturn(String settings, String expected) {
        assertOutcome(settings, expected);
    }

    @ParameterizedTest
    @RequiresConformance(ConformanceProbe.TSS_LIMIT)
    @CsvSource(delimiter = '|', value = "idt[0x2a].ist=1 tss.limit=0x20 | #TS 0x1")
    void limitOfTheTss_isChecked(String settings, String expected) {
        assertOutcome(settings, expected);
    }

    @ParameterizedTest
    @RequiresConformance(ConformanceProbe.REAL_MODE_LIMIT)
    @CsvSource(delimiter = '|', value = {
        "idt.limit=0x9f | #GP 0x0",
        "idt.limit=0x33 | #DF 0x0",
        "idt.limit=0x1f | triple fault"})
    void limitOfTheVectorTableInRealMode_isChecked(String settings, String expected) {
        assertOutcomeOfRealMode(settings, expected);
    }

    @ParameterizedTest
    @RequiresConformance(ConformanceProbe.STACK_LIMIT)
    @ValueSource(longs = {1, 3, 5})
    void limitOfTheStackSegment_isChecked(long sp) {
        assertOutcomeOfRealMode("cpu.rsp=" + sp, ObservedGuest.TRIPLE_FAULT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "idt[0x2a].present=0                                           | #NP 0x153",
        "idt[0x2a].selector=0x80                                       | #GP 0x81",
        "idt[0x2a].selector=0                                          | #GP 0x1",
        "idt.limit=0xff                                                | #GP 0x153"})
    void deliveryInProtectedMode_failsAsPredicted(String settings, String expected) {
        assertOutcomeOfProtectedMode(Set.of(10), settings, expected);
    }

    /** QEMU's TCG does not check this limit. */
    @ParameterizedTest
    @Tag("not-qemu")
    @CsvSource(delimiter = '|', value = "gdt[0x38]=0x00409b0000000fff idt[0x2a].selector=0x38 | #GP 0x1")
    void limitOfTheCodeSegment_isChecked(String settings, String expected) {
        assertOutcomeOfProtectedMode(Set.of(10), settings, expected);
    }

    @ParameterizedTest
    @RequiresConformance(ConformanceProbe.PROTECTED_MODE)
    @CsvSource(delimiter = '|', value = {
        "cpu.if=1                                                            | taken",
        "idt[0x2a].selector=0x10                                             | #GP 0x11",
        "idt[0x2a].selector=0x18                                             | #GP 0x19",
        "idt[0x2a].selector=0x30                                             | taken",
        "idt[0x2a].type=call                                                 | #GP 0x153",
        "idt[0x2a].type=task                                                 | #GP 0x9",
        "cpu.cs=0x80                                                         | #GP 0x80",
        "cpu.ss=0x80                                                         | taken"})
    void interruptInProtectedMode_endsAsPredicted(String settings, String expected) {
        assertOutcomeOfProtectedMode(Set.of(10), settings, expected);
    }

    @ParameterizedTest
    @RequiresConformance(ConformanceProbe.PROTECTED_MODE)
    @CsvSource(delimiter = '|', value = {
        "cpu.if=1                           | taken",
        "cpu.rsp=0x70000000                 | triple fault",
        "idt[0x2a].offset=0x70000000        | #PF 0x0"})
    void interruptWith32BitPaging_endsAsPredicted(String settings, String expected) {
        assertOutcomeOfProtectedMode(WITH_PAGING, settings, expected);
    }

    @ParameterizedTest
    @RequiresConformance(ConformanceProbe.PROTECTED_MODE)
    @CsvSource(delimiter = '|', value = {
        "cpu.if=1                           | taken",
        "cpu.rsp=0x70000000                 | triple fault"})
    void interruptWithPaePaging_endsAsPredicted(String settings, String expected) {
        assertOutcomeOfProtectedMode(WITH_PAE, settings, expected);
    }

    @ParameterizedTest
    @RequiresConformance(ConformanceProbe.PROTECTED_MODE)
    @CsvSource(delimiter = '|', value = {
        "cpu.if=1                           | taken",
        "gdt[0x10]=0x00cf91000000ffff       | triple fault",
        "idt[0x2a].present=0                | #NP 0x153"})
    void interruptInRing3_endsAsPredicted(String settings, String expected) {
        assertOutcomeOfProtectedMode(IN_RING_3, settings, expected);
    }

    /** QEMU's TCG ends itself where an interrupt changes the stack by way of a TSS that KVM_SET_SREGS has set. */
    @ParameterizedTest
    @Tag("not-qemu")
    @RequiresConformance(ConformanceProbe.PROTECTED_MODE)
    @CsvSource(delimiter = '|', value = {
        "cpu.ss=0x83                        | #GP 0x80",
        "cpu.cs=0x83                        | #GP 0x80",
        "tss.limit=7                        | triple fault"})
    void interruptInRing3WithOtherRegisters_endsAsPredicted(String settings, String expected) {
        assertOutcomeOfProtectedMode(IN_RING_3, settings, expected);
    }

    @ParameterizedTest
    @RequiresConformance(ConformanceProbe.PROTECTED_MODE)
    @CsvSource(delimiter = '|', value = {
        "cpu.if=1                           | taken",
        "idt[0x2a].selector=0x30            | #GP 0x31"})
    void interruptInVirtual8086Mode_endsAsPredicted(String settings, String expected) {
        assertOutcomeOfProtectedMode(IN_VIRTUAL_8086, settings, expected);
    }
}
