package dev.interject.experiment.state;

import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.DescriptorTables;
import dev.interject.interrupt.state.Pages;
import dev.interject.interrupt.state.PeerState;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.LapicRegister;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.QueuedException;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.kvm.structure.RawStructures;

/** A vCPU with its LAPIC. */
final class VcpuReader {

    private static final int BYTE = 0xff;
    private static final int LAST_EXCEPTION = 31;
    private static final byte[] NONE = {};

    private static final int USUAL_VERSION = 0x50014;
    private static final int USUAL_SVR = 0x1ff;
    private static final int EXTINT = 0x700;
    private static final int MASKED = 0x10000;

    private final Fields vcpu;
    private final int number;
    private final Irqchip irqchip;
    private final EnumSet<Piece> lacking = EnumSet.noneOf(Piece.class);

    VcpuReader(Fields vcpu, int number, Irqchip irqchip) {
        this.vcpu = vcpu;
        this.number = number;
        this.irqchip = irqchip;
    }

    /** Refuses what is given in both of its forms. */
    static void requireOne(Fields fields, String raw, boolean isRaw, boolean isReadable, String readable) {
        if (isRaw && isReadable) {
            throw fields.invalid(raw, "is given beside " + readable, "give one of them");
        }
    }

    PeerState read(KnownMemory memory) {
        vcpu.skip("mode");
        TableReader.addListed(vcpu, lacking, true);
        RegisterReader registers = new RegisterReader(vcpu, irqchip.hasLapicInKernel(), lacking);
        Registers general = registers.general();
        SpecialRegisters special = registers.special();
        MpState activity = activity();
        Optional<LapicRegisters> lapic = lapic();
        long deadline = lapic.isPresent() ? deadline() : 0;
        CpuState cpu = new CpuState(activity, general, special, events(), isReady(), isHalted(activity),
                new DescriptorTables(NONE, NONE, NONE, NONE), Pages.UNKNOWN, lacking);
        return new PeerState(number, new TableReader(vcpu, memory, lacking).complete(cpu), lapic, deadline);
    }

    private MpState activity() {
        Optional<byte[]> raw = vcpu.bytes("kvm_mp_state");
        Optional<String> label = vcpu.text("mpState");
        requireOne(vcpu, "kvm_mp_state", raw.isPresent(), label.isPresent(), "mpState");
        if (raw.isPresent()) {
            return vcpu.checked("kvm_mp_state", () -> RawStructures.mpState(raw.get()));
        }
        if (label.isEmpty()) {
            lacking.add(Piece.ACTIVITY);
            return MpState.RUNNABLE;
        }
        return Stream.of(MpState.values())
                .filter(state -> state.label().equals(label.get()))
                .findFirst()
                .orElseThrow(() -> vcpu.invalid("mpState", "there is no MP state '%s'".formatted(label.get()),
                        "write one of " + String.join(", ", Stream.of(MpState.values()).map(MpState::label).toList())));
    }

    /** A LAPIC in the kernel keeps it in the MP state. */
    private boolean isHalted(MpState activity) {
        Optional<Boolean> halted = vcpu.flag("halted");
        boolean isKnown = halted.isPresent()
                || irqchip.hasLapicInKernel() && !lacking.contains(Piece.ACTIVITY);
        if (!isKnown) {
            lacking.add(Piece.HALTED);
        }
        return halted.orElse(irqchip.hasLapicInKernel() && activity == MpState.HALTED);
    }

    /** With a PIC in the kernel it is always 1. */
    private boolean isReady() {
        Optional<Boolean> ready = vcpu.flag("ready");
        if (ready.isEmpty() && irqchip != Irqchip.KERNEL) {
            lacking.add(Piece.READY);
        }
        return ready.orElse(true);
    }

    private VcpuEvents events() {
        Optional<byte[]> raw = vcpu.bytes("kvm_vcpu_events");
        Optional<Fields> fields = vcpu.object("events");
        requireOne(vcpu, "kvm_vcpu_events", raw.isPresent(), fields.isPresent(), "events");
        if (raw.isPresent()) {
            VcpuEvents events = vcpu.checked("kvm_vcpu_events", () -> RawStructures.events(raw.get()));
            if (!RawStructures.hasShadow(raw.get())) {
                lacking.add(Piece.SHADOW);
            }
            return events;
        }
        if (fields.isEmpty()) {
            lacking.addAll(Set.of(Piece.EVENTS, Piece.SHADOW));
            return VcpuEvents.NONE;
        }
        return events(fields.get());
    }

    private VcpuEvents events(Fields events) {
        Optional<Fields> exception = events.object("exception");
        OptionalInt interrupt = events.number("interrupt", BYTE);
        if (!events.has("stiShadow") || !events.has("movSsShadow")) {
            lacking.add(Piece.SHADOW);
        }
        boolean isWhole = (exception.isPresent() || events.isNull("exception"))
                && (interrupt.isPresent() || events.isNull("interrupt"))
                && Stream.of("nmiInjected", "nmisPending", "nmiMasked", "smiPending").allMatch(events::has);
        if (!isWhole) {
            lacking.add(Piece.EVENTS);
        }
        return new VcpuEvents(exception.map(VcpuReader::exception), interrupt.isPresent(), interrupt.orElse(0),
                events.flag("stiShadow").orElse(false), events.flag("movSsShadow").orElse(false),
                events.flag("nmiInjected").orElse(false), events.number("nmisPending", BYTE).orElse(0),
                events.flag("nmiMasked").orElse(false), events.flag("smiPending").orElse(false));
    }

    private static QueuedException exception(Fields exception) {
        int vector = exception.number("vector", LAST_EXCEPTION)
                .orElseThrow(() -> exception.invalid("vector", "is missing", "write the exception's vector"));
        return new QueuedException(vector, exception.number32("errorCode"), exception.number("payload"));
    }

    private Optional<LapicRegisters> lapic() {
        Optional<byte[]> raw = vcpu.bytes("kvm_lapic_state");
        Optional<Fields> fields = vcpu.object("lapic");
        requireOne(vcpu, "kvm_lapic_state", raw.isPresent(), fields.isPresent(), "lapic");
        if (!irqchip.hasLapicInKernel()) {
            if (raw.isPresent() || fields.isPresent()) {
                throw vcpu.invalid(raw.isPresent() ? "kvm_lapic_state" : "lapic",
                        "irqchip userspace has no LAPIC in the kernel", "leave it out, or correct irqchip");
            }
            return Optional.empty();
        }
        if (vcpu.isNull("lapic") && raw.isEmpty()) {
            throw vcpu.invalid("lapic", "irqchip %s has a LAPIC for each vCPU".formatted(irqchip),
                    "leave it out if it is not known");
        }
        return Optional.of(raw.isPresent() ? vcpu.checked("kvm_lapic_state", () -> RawStructures.lapic(raw.get()))
                : lapic(fields));
    }

    private LapicRegisters lapic(Optional<Fields> lapic) {
        lapic.ifPresent(fields -> fields.skip("apicId", "x2apic", "on", "softwareEnabled"));
        Optional<Fields> registers = lapic.flatMap(fields -> fields.object("registers"));
        LapicRegisters page = LapicRegisters.zeroed();
        for (LapicRegister register : LapicRegister.values()) {
            OptionalInt value = registers.map(fields -> fields.number32(register.label())).orElse(OptionalInt.empty());
            if (value.isEmpty()) {
                lacking.add(Piece.of(register));
            }
            page = page.with(register, value.orElse(usual(register)));
        }
        return page.withInService(vectors(lapic, "isr", Piece.LAPIC_ISR))
                .withRequested(vectors(lapic, "irr", Piece.LAPIC_IRR))
                .withLevelTriggered(vectors(lapic, "tmr", Piece.LAPIC_OTHER));
    }

    private Set<Integer> vectors(Optional<Fields> lapic, String name, Piece piece) {
        Optional<Set<Integer>> vectors = lapic.flatMap(fields -> fields.numbers(name, BYTE));
        if (vectors.isEmpty()) {
            lacking.add(piece);
        }
        return vectors.orElse(Set.of());
    }

    /** Values that keep no interrupt; what is known of others is looked at beside them. */
    private int usual(LapicRegister register) {
        return switch (register) {
            case ID -> number << 24;
            case LOGICAL_DESTINATION -> 1 << 24 + number % 8;
            case DESTINATION_FORMAT -> -1;
            case VERSION -> USUAL_VERSION;
            case SPURIOUS -> USUAL_SVR;
            case LVT_LINT0 -> number == 0 ? EXTINT : MASKED;
            case LVT_TIMER, LVT_CMCI, LVT_THERMAL, LVT_PERFORMANCE, LVT_LINT1, LVT_ERROR -> MASKED;
            case TASK_PRIORITY, ARBITRATION_PRIORITY, PROCESSOR_PRIORITY, ERROR_STATUS, ICR_LOW, ICR_HIGH,
                    TIMER_INITIAL_COUNT, TIMER_CURRENT_COUNT, TIMER_DIVIDE ->
                0;
        };
    }

    private long deadline() {
        Optional<Fields> lapic = vcpu.object("lapic");
        Optional<Fields> msrs = vcpu.object("msrs");
        boolean inLapic = lapic.map(fields -> fields.has("tscDeadline")).orElse(false);
        boolean inMsrs = msrs.map(fields -> fields.has("0x6e0")).orElse(false);
        if (inLapic && inMsrs) {
            throw msrs.orElseThrow().invalid("0x6e0", "is given beside tscDeadline of the LAPIC", "give one of them");
        }
        if (!inLapic && !inMsrs) {
            lacking.add(Piece.DEADLINE);
            return 0;
        }
        return inLapic ? lapic.orElseThrow().number("tscDeadline").orElseThrow()
                : msrs.orElseThrow().number("0x6e0").orElseThrow();
    }
}
