package dev.interject.experiment.setting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.interject.interrupt.CpuException;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.QueuedException;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.machine.FrozenVcpu;

/** What can be set of a vCPU's registers and queued events. */
final class CpuSettings {

    private static final String EVENTS = "api.rst, \"KVM_SET_VCPU_EVENTS\"";
    private static final String CONTROL_REGISTERS = "Intel SDM vol. 3A, \"Control Registers\"";
    private static final long ALL = -1;
    private static final long SELECTOR = 0xffff;
    private static final long LAST_EXCEPTION = 31;
    private static final long LAST_VECTOR = 0xff;
    private static final long MOST_NMIS = 2;

    /** The status, control and system flags, and bit 1, which is always set. */
    private static final long FLAGS = 0x3f7fd7;

    private static final long STI = 1;
    private static final long MOV_SS = 2;

    /** NMI, and the exceptions that KVM takes for the guest's instructions INT3 and INTO. */
    private static final Set<Long> NOT_QUEUED = Set.of(2L, 3L, 4L);

    private CpuSettings() {}

    static List<SettingKind<?>> all() {
        return List.of(
                register("if", NumberForm.flag("off or on"), "whether maskable interrupts are taken: RFLAGS.IF",
                        "Intel SDM vol. 3A, \"Masking Maskable Hardware Interrupts\"",
                        registers -> registers.interruptFlag() ? 1L : 0L,
                        (registers, value) -> registers.withInterruptFlag(value != 0)),
                register("rflags", NumberForm.bits("register", FLAGS), "all flags", "Intel SDM vol. 1, \"EFLAGS\"",
                        Registers::rflags, Registers::withRflags),
                register("rip", address(), "the address of the next instruction",
                        "Intel SDM vol. 1, \"Instruction Pointer\"", Registers::rip, Registers::withRip),
                register("rsp", address(), "the stack pointer", "Intel SDM vol. 1, \"Stacks\"", Registers::rsp,
                        Registers::withRsp),
                events("shadow", shadows(), "the instruction before, in whose interrupt shadow the vCPU is",
                        "Intel SDM vol. 2B, \"STI\"; " + EVENTS, CpuSettings::shadow,
                        (events, value) -> events.withShadow((value & STI) != 0, (value & MOV_SS) != 0)),
                events("nmi-masked", NumberForm.flag("no or yes"), "whether an NMI handler runs",
                        "Intel SDM vol. 3A, \"Handling Multiple NMIs\"", events -> events.nmiMasked() ? 1L : 0L,
                        (events, value) -> events.withNmiMasked(value != 0)),
                SettingKind.of(SettingName.of("cpu.nmi-pending"), NumberForm.upTo("NMIs", MOST_NMIS),
                        "how many NMIs are pending", "api.rst, \"KVM_NMI\"; " + EVENTS,
                        Access.of(vcpu -> (long) vcpu.events().nmisPending(),
                                (vcpu, value) -> vcpu.pendingNmis(value.intValue()))),
                queued("exception", LAST_EXCEPTION,
                        "the exception that is delivered at the next entry, with error code 0 if it has one",
                        events -> events.exception().map(queued -> (long) queued.vector()).orElse(NumberForm.NONE),
                        (events, value) -> value == NumberForm.NONE ? events.withoutException()
                                : events.withException(exception(value.intValue()))),
                queued("queued", LAST_VECTOR, "the external interrupt that is delivered at the next entry",
                        events -> events.interruptInjected() ? events.interruptVector() : NumberForm.NONE,
                        (events, value) -> value == NumberForm.NONE ? events.withoutInterrupt()
                                : events.withInterrupt(value.intValue())),
                SettingKind.of(SettingName.of("cpu.kvm-interrupt"), NumberForm.orNone("vector", LAST_VECTOR),
                        "the vector of KVM_INTERRUPT that the LAPIC holds until the vCPU takes it",
                        "api.rst, \"KVM_INTERRUPT\"", Access.of(CpuSettings::held, CpuSettings::hold))
                        .withSplitOnly(),
                SettingKind.of(SettingName.of("cpu.activity"), activities(), "whether the vCPU runs, waits or sleeps",
                        "Intel SDM vol. 3A, \"MP Initialization\"; api.rst, \"KVM_SET_MP_STATE\"",
                        Access.of(vcpu -> (long) vcpu.activity().number(),
                                (vcpu, value) -> vcpu.activity(MpState.of(value.intValue()))))
                        .withLapicOnly(),
                special("cr0", CONTROL_REGISTERS, ALL, SpecialRegisters::cr0, SpecialRegisters::withCr0),
                special("cr3", CONTROL_REGISTERS, ALL, SpecialRegisters::cr3, SpecialRegisters::withCr3),
                special("cr4", CONTROL_REGISTERS, ALL, SpecialRegisters::cr4, SpecialRegisters::withCr4),
                special("efer", "Intel SDM vol. 3A, \"Extended Feature Enable Register\"", ALL, SpecialRegisters::efer,
                        SpecialRegisters::withEfer),
                special("cs", "Intel SDM vol. 3A, \"Segment Registers\"", SELECTOR,
                        special -> (long) special.cs().selector(),
                        (special, value) -> special.withCs(special.cs().withSelector(value.intValue()))),
                special("ss", "Intel SDM vol. 3A, \"Segment Registers\"", SELECTOR,
                        special -> (long) special.ss().selector(),
                        (special, value) -> special.withSs(special.ss().withSelector(value.intValue()))));
    }

    private static long held(FrozenVcpu vcpu) {
        return vcpu.state().controllers().held().orElse((int) NumberForm.NONE);
    }

    private static void hold(FrozenVcpu vcpu, long vector) {
        if (vector != NumberForm.NONE) {
            vcpu.interrupt((int) vector);
        } else {
            TableSettings.requireThat(held(vcpu) == NumberForm.NONE, "KVM has no call that withdraws a vector");
        }
    }

    private static NumberForm address() {
        return NumberForm.upTo("address", ALL);
    }

    private static NumberForm shadows() {
        SequencedMap<String, Long> words = new LinkedHashMap<>();
        words.put("none", 0L);
        words.put("sti", STI);
        words.put("mov-ss", MOV_SS);
        words.put("sti-or-mov-ss", STI | MOV_SS); // AMD's CPUs do not report which
        return NumberForm.words("instruction", words);
    }

    private static long shadow(VcpuEvents events) {
        return (events.stiShadow() ? STI : 0) | (events.movSsShadow() ? MOV_SS : 0);
    }

    private static QueuedException exception(int vector) {
        return new QueuedException(vector,
                CpuException.hasErrorCode(vector) ? OptionalInt.of(0) : OptionalInt.empty());
    }

    private static NumberForm activities() {
        SequencedMap<String, Long> words = new LinkedHashMap<>();
        words.put("runnable", (long) MpState.RUNNABLE.number());
        words.put("halted", (long) MpState.HALTED.number());
        words.put("uninitialized", (long) MpState.UNINITIALIZED.number());
        words.put("init-received", (long) MpState.INIT_RECEIVED.number());
        words.put("sipi-received", (long) MpState.SIPI_RECEIVED.number());
        return NumberForm.words("MP state", words);
    }

    private static SettingKind<Long> register(String name, NumberForm form, String what, String reference,
            Function<Registers, Long> reader, BiFunction<Registers, Long, Registers> writer) {
        return SettingKind.of(SettingName.of("cpu." + name), form, what, reference,
                Access.of(vcpu -> reader.apply(vcpu.registers()),
                        (vcpu, value) -> vcpu.registers(registers -> writer.apply(registers, value))));
    }

    private static SettingKind<Long> special(String name, String reference, long most,
            Function<SpecialRegisters, Long> reader, BiFunction<SpecialRegisters, Long, SpecialRegisters> writer) {
        String what = most == SELECTOR
                ? "the selector in %S, whose hidden part stays".formatted(name)
                : "the register %S".formatted(name);
        return SettingKind.of(SettingName.of("cpu." + name),
                NumberForm.upTo(most == SELECTOR ? "selector" : "register", most), what, reference,
                Access.of(vcpu -> reader.apply(vcpu.special()),
                        (vcpu, value) -> vcpu.special(special -> writer.apply(special, value))));
    }

    private static SettingKind<Long> events(String name, NumberForm form, String what, String reference,
            Function<VcpuEvents, Long> reader, BiFunction<VcpuEvents, Long, VcpuEvents> writer) {
        return SettingKind.of(SettingName.of("cpu." + name), form, what, reference,
                Access.of(vcpu -> reader.apply(vcpu.events()),
                        (vcpu, value) -> vcpu.events(events -> writer.apply(events, value))));
    }

    /** An event that is delivered at the next entry; it ends HLT, as the event did that is being delivered. */
    private static SettingKind<Long> queued(String name, long most, String what, Function<VcpuEvents, Long> reader,
            BiFunction<VcpuEvents, Long, VcpuEvents> writer) {
        return SettingKind.of(SettingName.of("cpu." + name), NumberForm.orNone("vector", most), what, EVENTS,
                Access.of(vcpu -> reader.apply(vcpu.events()), (vcpu, value) -> {
                    TableSettings.requireThat(most != LAST_EXCEPTION || !NOT_QUEUED.contains(value),
                            "KVM queues no NMI here (see cpu.nmi-pending), and does not report #BP and #OF");
                    vcpu.events(events -> writer.apply(events, value));
                    if (value != NumberForm.NONE) {
                        vcpu.wake();
                    }
                }));
    }
}
