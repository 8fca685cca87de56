package dev.interject.experiment.boot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

import dev.interject.experiment.Cancellation;
import dev.interject.guest.ForeignGuest;
import dev.interject.guest.boot.BootRequest;
import dev.interject.guest.firmware.Firmware;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;
import dev.interject.machine.VcpuHandle;
import dev.interject.machine.pc.PcPlatform;
import dev.interject.machine.pc.PowerSwitch;

/** Boots a guest and waits for its end. */
public final class BootExperiment {

    /** How long an output that is not read may hold up the end. */
    private static final Duration OUTPUT_PATIENCE = Duration.ofSeconds(2);

    private BootExperiment() {}

    /**
     * Runs the guest to its end.
     *
     * @throws dev.interject.guest.boot.UnbootableImageException if the image cannot be booted
     * @throws dev.interject.linux.error.SystemCallException     if a call failed; it names the call
     * @throws dev.interject.kvm.UnsupportedKvmException         if this host's KVM lacks something
     */
    public static BootReport run(BootPlan plan, BootConsole console, Cancellation cancellation) {
        ForeignGuest guest = guest(plan);
        BootMonitor monitor = new BootMonitor();
        PowerSwitch power = new PowerSwitch(monitor);
        ConsoleOutput output = new ConsoleOutput(console.output(), plan.until(), () -> {
            if (power.switchOff()) {
                monitor.end(new BootEnd.Shown(plan.until().orElseThrow()));
            }
        }, failed -> monitor.end(new BootEnd.OutputFailed(failed)));
        PcPlatform platform = platform(plan.hardware(), output, power);
        output.start();
        try (Machine machine = new Machine(machinePlan(plan.hardware(), guest, platform), monitor)) {
            console.input()
                    .ifPresent(keys -> new ConsoleInput(keys, console.escape(), platform.serial(),
                            () -> monitor.end(new BootEnd.Left())).start());
            machine.start();
            BootEnd end = monitor.await(plan.timeout(), cancellation);
            output.stop(); // a vCPU that waits for the output comes out of the guest
            return new BootReport(end, end.isFailure() ? postMortems(machine) : List.of());
        } finally {
            platform.close();
            output.close(OUTPUT_PATIENCE);
        }
    }

    private static ForeignGuest guest(BootPlan plan) {
        BootPlan.Software software = plan.software();
        BootPlan.Hardware hardware = plan.hardware();
        GuestImage image = GuestImage.of(software.image(), software.options());
        Path name = software.image().getFileName();
        BootRequest request = new BootRequest(name == null ? "" : name.toString(), software.commandLine(),
                software.initrd().map(GuestImage::contentOf), OptionalLong.empty());
        return new ForeignGuest(image, hardware.memoryBytes(), request,
                new Firmware(hardware.vcpus(), hardware.irqchip().hasLapicInKernel(), hardware.devices().acpi()));
    }

    private static PcPlatform platform(BootPlan.Hardware hardware, ConsoleOutput output, PowerSwitch power) {
        return new PcPlatform(new PcPlatform.Configuration(hardware.irqchip(), hardware.vcpus(),
                hardware.memoryBytes(), hardware.cpu(), hardware.devices().testDevice(),
                hardware.devices().pit() && hardware.irqchip() != Irqchip.KERNEL), output, power);
    }

    private static MachinePlan machinePlan(BootPlan.Hardware hardware, ForeignGuest guest, PcPlatform platform) {
        boolean pitInKernel = hardware.devices().pit() && hardware.irqchip() == Irqchip.KERNEL;
        return new MachinePlan(hardware.irqchip(), pitInKernel, guest, platform, Set.of());
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
