package dev.interject.machine;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.interject.kvm.Vcpu;
import dev.interject.trace.Recorder;

/** Begins and completes the record of a machine, if one is made: before its vCPUs run and after they have stopped. */
final class TraceSession {

    /** Longer than the handlers of any built-in guest take, on a host that is not too busy. */
    private static final long PATIENCE_NANOS = 150_000_000;
    private static final long LOOK_AGAIN_NANOS = 50_000;

    private final Recorder recorder;
    private final List<VcpuContext> vcpus;
    private List<ClockReading> first = List.of();
    private List<Optional<GuestClock>> clocks = List.of();
    private boolean ended;

    TraceSession(Recorder recorder, List<VcpuContext> vcpus) {
        this.recorder = recorder;
        this.vcpus = vcpus;
    }

    void begin() {
        if (recorder.isOn()) {
            first = readClocks();
        }
    }

    /** Waits a moment for running handlers to return. */
    void awaitHandlers() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!first.isEmpty() && !ended && vcpus.stream().anyMatch(TraceSession::isInHandler)
                && deadline - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
        }
    }

    private static boolean isInHandler(VcpuContext vcpu) {
        return vcpu.trace().isInHandler();
    }

    /** Completes the record; later calls return the same clocks. */
    List<Optional<GuestClock>> end() {
        if (!first.isEmpty() && !ended) {
            ended = true;
            vcpus.forEach(vcpu -> vcpu.trace().flush());
            List<ClockReading> last = readClocks();
            clocks = IntStream.range(0, first.size())
                    .mapToObj(vcpu -> clock(vcpus.get(vcpu).vcpu(), first.get(vcpu), last.get(vcpu)))
                    .toList();
        }
        return clocks;
    }

    /** Empty if the guest has set its counter meanwhile. */
    private static Optional<GuestClock> clock(Vcpu vcpu, ClockReading before, ClockReading after) {
        if (!after.follows(before)) {
            return Optional.empty();
        }
        GuestClock clock = GuestClock.between(before, after);
        OptionalInt said = vcpu.timeStampCounter().kilohertz();
        return said.isEmpty() || clock.runsAt(said.getAsInt()) ? Optional.of(clock) : Optional.empty();
    }

    private List<ClockReading> readClocks() {
        return vcpus.stream()
                .map(vcpu -> ClockReading.of(vcpu.vcpu().timeStampCounter()::read))
                .toList();
    }
}
