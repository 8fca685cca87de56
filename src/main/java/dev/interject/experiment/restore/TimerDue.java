package dev.interject.experiment.restore;

import java.util.Optional;
import java.util.OptionalLong;

import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.LapicTimerMode;
import dev.interject.kvm.structure.RawStructures;
import dev.interject.machine.snapshot.IntBytes;
import dev.interject.machine.snapshot.MsrBytes;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.Snapshot;

/** When the LAPIC timer of vCPU 0 in a saved state is due, by the guest's time-stamp counter. */
final class TimerDue {

    private TimerDue() {}

    /** Empty if it is not armed, or has no one-shot. The guests divide by 1, and KVM's LAPIC counts at 1 GHz. */
    static OptionalLong of(Snapshot snapshot) {
        Optional<LapicRegisters> lapic = snapshot.content(Piece.LAPIC, 0).map(RawStructures::lapic);
        if (lapic.isEmpty()) {
            return OptionalLong.empty();
        }
        long deadline = register(snapshot, Piece.TSC_DEADLINE);
        long count = Integer.toUnsignedLong(lapic.get().timerCurrentCount());
        Optional<Integer> kilohertz =
                snapshot.content(Piece.TSC_KHZ, 0).map(content -> IntBytes.read(content).getFirst());
        if (lapic.get().timerMode() == LapicTimerMode.DEADLINE) {
            return deadline == 0 ? OptionalLong.empty() : OptionalLong.of(deadline);
        }
        return count == 0 || kilohertz.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(register(snapshot, Piece.TSC) + count * kilohertz.get() / 1_000_000);
    }

    private static long register(Snapshot snapshot, Piece piece) {
        return snapshot.content(piece, 0)
                .map(content -> MsrBytes.read(content).values().iterator().next())
                .orElse(0L);
    }
}
