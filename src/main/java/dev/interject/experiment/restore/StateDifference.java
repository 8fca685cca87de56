package dev.interject.experiment.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.kvm.structure.RawStructures;
import dev.interject.machine.snapshot.MsrBytes;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.Snapshot;

/** Where a restored state differs from the saved one, as far as it bears on interrupts; each difference is a line. */
final class StateDifference {

    /** How far a time-stamp counter may be from the saved one, in cycles: some tenths of a second. */
    private static final long TSC_TOLERANCE = 1L << 29;

    private final Snapshot saved;
    private final Snapshot now;
    private final List<String> found = new ArrayList<>();

    private StateDifference(Snapshot saved, Snapshot now) {
        this.saved = saved;
        this.now = now;
    }

    /** @param tsc whether time-stamp counters are compared as well */
    static List<String> between(Snapshot saved, Snapshot now, boolean tsc) {
        StateDifference difference = new StateDifference(saved, now);
        for (int vcpu = 0; vcpu < saved.vcpus(); vcpu++) {
            String prefix = saved.vcpus() > 1 ? "vCPU %d, ".formatted(vcpu) : "";
            difference.compareVcpu(vcpu, prefix);
            if (tsc && isTscOff(saved, now, vcpu)) {
                difference.found.add(prefix + "time-stamp counter: another time");
            }
        }
        difference.compareBoard();
        return List.copyOf(difference.found);
    }

    private void compareVcpu(int vcpu, String prefix) {
        compare(prefix + "RIP", Piece.REGS, vcpu, content -> hex(RawStructures.registers(content).rip()));
        compare(prefix + "RFLAGS.IF", Piece.REGS, vcpu,
                content -> RawStructures.registers(content).interruptFlag() ? "1" : "0");
        compare(prefix + "MP state", Piece.MP_STATE, vcpu,
                content -> RawStructures.mpState(content).name().toLowerCase(Locale.ROOT));
        compareEvents(prefix, vcpu);
        if (saved.content(Piece.LAPIC, vcpu).isPresent()) {
            compareLapic(prefix + "LAPIC, ", vcpu);
        }
        compare(prefix + "IA32_TSC_DEADLINE", Piece.TSC_DEADLINE, vcpu,
                content -> register(content) == 0 ? "not armed" : "armed");
    }

    private void compareEvents(String prefix, int vcpu) {
        events(prefix + "queued interrupt", vcpu,
                events -> events.interruptInjected() ? hex(events.interruptVector()) : "none");
        events(prefix + "queued exception", vcpu,
                events -> events.exception().map(Object::toString).orElse("none"));
        events(prefix + "NMIs pending", vcpu, events -> Integer.toString(events.nmisPending()));
        events(prefix + "NMI mask", vcpu, events -> events.nmiMasked() ? "set" : "clear");
        events(prefix + "interrupt shadow", vcpu, events -> events.inShadow() ? events.shadow() : "none");
    }

    private void events(String place, int vcpu, Function<VcpuEvents, String> value) {
        compare(place, Piece.EVENTS, vcpu, content -> value.apply(RawStructures.events(content)));
    }

    private void compareLapic(String prefix, int vcpu) {
        lapic(prefix + "IRR", vcpu, lapic -> vectors(lapic.requested()));
        lapic(prefix + "ISR", vcpu, lapic -> vectors(lapic.inService()));
        lapic(prefix + "TPR", vcpu, lapic -> hex(lapic.taskPriority()));
        lapic(prefix + "software enable", vcpu, lapic -> lapic.isSoftwareEnabled() ? "on" : "off");
        lapic(prefix + "ID", vcpu, lapic -> hex(lapic.id()));
        lapic(prefix + "LVT0", vcpu, lapic -> hex(lapic.lint0()));
        lapic(prefix + "timer entry", vcpu, lapic -> hex(lapic.timer()));
        lapic(prefix + "timer", vcpu, lapic -> lapic.timerCurrentCount() == 0 ? "not counting" : "counting");
    }

    private void lapic(String place, int vcpu, Function<LapicRegisters, String> value) {
        compare(place, Piece.LAPIC, vcpu, content -> value.apply(RawStructures.lapic(content)));
    }

    /** Whether the time-stamp counter was not set to what it was: it is behind, or some tenths of a second ahead. */
    static boolean isTscOff(Snapshot saved, Snapshot now, int vcpu) {
        Optional<byte[]> before = saved.content(Piece.TSC, vcpu);
        Optional<byte[]> after = now.content(Piece.TSC, vcpu);
        if (before.isEmpty() || after.isEmpty()) {
            return false;
        }
        long gap = register(after.get()) - register(before.get());
        return gap < 0 || gap > TSC_TOLERANCE;
    }

    private static long register(byte[] content) {
        return MsrBytes.read(content).values().iterator().next();
    }

    private void compareBoard() {
        pic("master 8259, ", Piece.PIC_MASTER);
        pic("slave 8259, ", Piece.PIC_SLAVE);
        ioapic("IOAPIC, IRR", state -> hex(state.irr()));
        saved.content(Piece.IOAPIC, 0).map(RawStructures::ioapic).ifPresent(before -> {
            for (int pin = 0; pin < before.entries().size(); pin++) {
                int number = pin;
                ioapic("IOAPIC, pin %d, remote IRR".formatted(pin),
                        state -> state.entries().get(number).remoteIrr() ? "1" : "0");
                ioapic("IOAPIC, pin %d, entry".formatted(pin), state -> hex(state.entries()
                        .get(number)
                        .withRemoteIrr(false)
                        .bits()));
            }
        });
        compare("PIT, channel 0", Piece.PIT, 0, content -> RawStructures.pit(content).timer().isPeriodic()
                ? "ticks"
                : "does not tick");
        compare("routing table", Piece.ROUTES, 0, content -> "%d routes, %08x".formatted(
                RawStructures.routes(content).size(), RawStructures.routes(content).hashCode()));
        compare("vectors that wait for a window", Piece.WINDOW, 0, content -> Integer.toString(content.length
                / Integer.BYTES));
    }

    private void pic(String prefix, Piece piece) {
        pic(prefix + "IRR", piece, PicState::irr);
        pic(prefix + "ISR", piece, PicState::isr);
        pic(prefix + "IMR", piece, PicState::imr);
        pic(prefix + "base", piece, PicState::irqBase);
        pic(prefix + "ELCR", piece, PicState::elcr);
    }

    private void pic(String place, Piece piece, Function<PicState, Integer> value) {
        compare(place, piece, 0, content -> hex(value.apply(RawStructures.pic(content))));
    }

    private void ioapic(String place, Function<IoapicState, String> value) {
        compare(place, Piece.IOAPIC, 0, content -> value.apply(RawStructures.ioapic(content)));
    }

    private void compare(String place, Piece piece, int vcpu, Function<byte[], String> value) {
        Optional<byte[]> before = saved.content(piece, vcpu);
        if (before.isEmpty()) {
            return;
        }
        String was = value.apply(before.get());
        String is = now.content(piece, vcpu).map(value).orElse("nothing");
        if (!was.equals(is)) {
            found.add("%s: %s, was %s".formatted(place, is, was));
        }
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static String vectors(Set<Integer> vectors) {
        return vectors.isEmpty() ? "empty" : String.join(" ", vectors.stream().map(StateDifference::hex).toList());
    }
}
