package dev.interject.experiment.setting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.interject.kvm.state.LapicRegisters;
import dev.interject.machine.FrozenVcpu;

/** What can be set of a vCPU's LAPIC. */
final class LapicSettings {

    private static final long BYTE = 0xff;
    private static final long WORD = 0xffffffffL;
    private static final String LVT = "local-vector-table entry";

    /** The bits that the entries of LINT0, LINT1 and the timer have, and those of SVR and IA32_APIC_BASE. */
    private static final long LINT_BITS = 0x1f7ff;
    private static final long TIMER_BITS = 0x710ff;
    private static final long SVR_BITS = 0x13ff;
    private static final long BASE_BITS = 0xf_ffff_ffff_fd00L;

    private static final long FLAT = 0xf;
    private static final int FORMAT_SHIFT = 28;

    private LapicSettings() {}

    static List<SettingKind<?>> all() {
        return List.of(
                kind("id", NumberForm.upTo("APIC ID", BYTE), "the LAPIC's ID register; read-only in x2APIC mode",
                        "Intel SDM vol. 3A, \"Local APIC ID\"", LapicRegisters::id, LapicRegisters::withId),
                kind("ldr", NumberForm.upTo("logical APIC ID", BYTE),
                        "the logical ID, LDR bits 31:24; read-only in x2APIC mode",
                        "Intel SDM vol. 3A, \"Logical Destination Mode\"", LapicRegisters::logicalId,
                        LapicRegisters::withLogicalId),
                kind("dfr", formats(), "how logical IDs are compared",
                        "Intel SDM vol. 3A, \"Logical Destination Mode\"",
                        lapic -> lapic.destinationFormat() >>> FORMAT_SHIFT,
                        (lapic, format) -> lapic.withDestinationFormat(format << FORMAT_SHIFT | -1 >>> Integer.SIZE
                                - FORMAT_SHIFT)),
                kind("tpr", NumberForm.upTo("priority", BYTE),
                        "the task priority: vectors of its class (bits 7:4) and below wait",
                        "Intel SDM vol. 3A, \"Task and Processor Priorities\"", LapicRegisters::taskPriority,
                        LapicRegisters::withTaskPriority),
                kind("svr", NumberForm.bits("register", SVR_BITS),
                        "the spurious-interrupt vector register; bit 8 enables the LAPIC",
                        "Intel SDM vol. 3A, \"Spurious-Interrupt Vector Register\"", LapicRegisters::spurious,
                        LapicRegisters::withSpurious),
                kind("lvt0", NumberForm.bits(LVT, LINT_BITS), "the entry of LINT0, the pin of the 8259s",
                        "Intel SDM vol. 3A, \"Local Vector Table\"", LapicRegisters::lint0, LapicRegisters::withLint0),
                kind("lvt1", NumberForm.bits(LVT, LINT_BITS), "the entry of LINT1, the pin for NMIs",
                        "Intel SDM vol. 3A, \"Local Vector Table\"", LapicRegisters::lint1, LapicRegisters::withLint1),
                kind("lvtt", NumberForm.bits(LVT, TIMER_BITS), "the entry of the timer",
                        "Intel SDM vol. 3A, \"Local Vector Table\"", LapicRegisters::timer, LapicRegisters::withTimer),
                kind("timer.initial", NumberForm.upTo("count", WORD), "the timer's initial count, from which it starts",
                        "Intel SDM vol. 3A, \"APIC Timer\"", LapicRegisters::timerInitialCount,
                        LapicRegisters::withTimerCount),
                deadline(),
                vectors("isr", "the vectors in service", "Intel SDM vol. 3A, \"Interrupt Acceptance\"",
                        LapicRegisters::inService, LapicRegisters::withInService),
                vectors("irr", "the vectors that wait", "Intel SDM vol. 3A, \"Interrupt Acceptance\"",
                        LapicRegisters::requested, LapicRegisters::withRequested),
                SettingKind.of(SettingName.of("lapic.base"), NumberForm.bits("IA32_APIC_BASE", BASE_BITS),
                        "IA32_APIC_BASE; bit 11 enables the LAPIC, bit 10 x2APIC mode",
                        "Intel SDM vol. 3A, \"Enabling or Disabling the Local APIC\"",
                        Access.of(vcpu -> vcpu.special().apicBase(),
                                (vcpu, base) -> vcpu.special(special -> special.withApicBase(base))))
                        .withLapicOnly());
    }

    private static NumberForm formats() {
        SequencedMap<String, Long> words = new LinkedHashMap<>();
        words.put("flat", FLAT);
        words.put("cluster", 0L);
        return NumberForm.words("format", words);
    }

    private static SettingKind<Long> kind(String register, NumberForm form, String what, String reference,
            Function<LapicRegisters, Integer> reader, BiFunction<LapicRegisters, Integer, LapicRegisters> writer) {
        return SettingKind.of(SettingName.of("lapic." + register), form, what, reference,
                Access.of(vcpu -> Integer.toUnsignedLong(reader.apply(vcpu.lapic())),
                        (vcpu, value) -> vcpu.lapic(lapic -> writer.apply(lapic, value.intValue()))))
                .withLapicOnly();
    }

    private static SettingKind<SortedSet<Integer>> vectors(String register, String what, String reference,
            Function<LapicRegisters, SortedSet<Integer>> reader,
            BiFunction<LapicRegisters, SortedSet<Integer>, LapicRegisters> writer) {
        return SettingKind.of(SettingName.of("lapic." + register), new VectorsForm(), what, reference,
                Access.of(vcpu -> reader.apply(vcpu.lapic()),
                        (vcpu, vectors) -> vcpu.lapic(lapic -> writer.apply(lapic, vectors))))
                .withLapicOnly();
    }

    private static SettingKind<Long> deadline() {
        return SettingKind.of(SettingName.of("lapic.timer.deadline"), NumberForm.upTo("time-stamp counter", -1),
                "IA32_TSC_DEADLINE; 0 disarms the timer", "Intel SDM vol. 3A, \"TSC-Deadline Mode\"",
                Access.of(FrozenVcpu::deadline, FrozenVcpu::deadline))
                .withLapicOnly();
    }
}
