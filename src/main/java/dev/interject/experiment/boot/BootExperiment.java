package dev.interject.experiment.boot;

import java.util.List;
import java.util.stream.IntStream;

import dev.interject.experiment.Cancellation;
import dev.interject.machine.Machine;
import dev.interject.machine.VcpuHandle;

/** Boots a guest and waits for its end. */
public final class BootExperiment {

    private BootExperiment() {}

    /**
     * Runs the guest to its end.
     *
     * @throws dev.interject.guest.boot.UnbootableImageException if the image cannot be booted
     * @throws dev.interject.linux.error.SystemCallException     if a call failed; it names the call
     * @throws dev.interject.kvm.UnsupportedKvmException         if this host's KVM lacks something
     */
    public static BootReport run(BootPlan plan, BootConsole console, Cancellation cancellation) {
        BootMonitor monitor = new BootMonitor();
        try (BootedPc pc = new BootedPc(BootedPc.guest(plan.software(), plan.hardware()), plan.hardware(),
                plan.until(), console.output(), monitor)) {
            console.input().ifPresent(keys -> pc.connect(keys, console.escape()));
            pc.machine().start();
            BootEnd end = monitor.await(plan.timeout(), cancellation);
            pc.stopOutput();
            return new BootReport(end, end.isFailure() ? postMortems(pc.machine()) : List.of());
        }
    }

    private static List<PostMortem> postMortems(Machine machine) {
        List<VcpuHandle> vcpus = IntStream.range(0, machine.vcpus()).mapToObj(machine::vcpu).toList();
        vcpus.forEach(VcpuHandle::hold);
        return vcpus.stream()
                .map(vcpu -> PostMortem.of(machine, vcpu))
                .filter(seen -> seen.state().cpu().isStarted())
                .toList();
    }
}
