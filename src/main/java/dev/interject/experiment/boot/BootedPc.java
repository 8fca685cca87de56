package dev.interject.experiment.boot;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import dev.interject.guest.ForeignGuest;
import dev.interject.guest.boot.BootRequest;
import dev.interject.guest.firmware.Firmware;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;
import dev.interject.machine.pc.PcPlatform;
import dev.interject.machine.pc.PowerSwitch;

/** A PC with an image of the user's in its memory: the machine, its devices and its console. */
public final class BootedPc implements AutoCloseable {

    /** How long an output that is not read may hold up the end. */
    private static final Duration OUTPUT_PATIENCE = Duration.ofSeconds(2);

    private final BootMonitor monitor;
    private final ConsoleOutput output;
    private final PcPlatform platform;
    private final Machine machine;

    /**
     * Loads the image; nothing runs before {@link Machine#start}.
     *
     * @param until   the text at which the guest is held and its end reported; empty for none
     * @param console receives what the console shows
     * @param monitor receives how the guest ends
     * @throws dev.interject.guest.boot.UnbootableImageException if the image cannot be booted
     * @throws dev.interject.linux.error.SystemCallException     if a call failed; it names the call
     * @throws dev.interject.kvm.UnsupportedKvmException         if this host's KVM lacks something
     */
    public BootedPc(ForeignGuest guest, BootPlan.Hardware hardware, Optional<String> until, OutputStream console,
            BootMonitor monitor) {
        this.monitor = monitor;
        PowerSwitch power = new PowerSwitch(monitor);
        this.output = new ConsoleOutput(console, until, () -> {
            if (power.switchOff()) {
                monitor.end(new BootEnd.Shown(until.orElseThrow()));
            }
        }, failed -> monitor.end(new BootEnd.OutputFailed(failed)));
        boolean isPitInKernel = hardware.devices().pit() && hardware.irqchip() == Irqchip.KERNEL;
        this.platform = new PcPlatform(new PcPlatform.Configuration(hardware.irqchip(), hardware.vcpus(),
                hardware.memoryBytes(), hardware.cpu(), hardware.devices().testDevice(),
                hardware.devices().pit() && !isPitInKernel), output, power);
        try {
            output.start(); // first: what is made afterwards closes itself if it fails
            this.machine =
                    new Machine(new MachinePlan(hardware.irqchip(), isPitInKernel, guest, platform, Set.of()), monitor);
        } catch (RuntimeException | Error failed) {
            platform.close();
            output.close(OUTPUT_PATIENCE);
            throw failed;
        }
    }

    /**
     * Reads an image and what is loaded beside it.
     *
     * @throws dev.interject.guest.boot.UnbootableImageException if they cannot be booted
     */
    public static ForeignGuest guest(BootPlan.Software software, BootPlan.Hardware hardware) {
        GuestImage image = GuestImage.of(software.image(), software.options());
        Path name = software.image().getFileName();
        BootRequest request = new BootRequest(name == null ? "" : name.toString(), software.commandLine(),
                software.initrd().map(GuestImage::contentOf), OptionalLong.empty());
        return new ForeignGuest(image, hardware.memoryBytes(), request,
                new Firmware(hardware.vcpus(), hardware.irqchip().hasLapicInKernel(), hardware.devices().acpi()));
    }

    /** The virtual machine. */
    public Machine machine() {
        return machine;
    }

    /**
     * Sends what is typed to the serial port.
     *
     * @param escape whether Ctrl-A x ends the guest
     */
    void connect(InputStream keys, boolean escape) {
        new ConsoleInput(keys, escape, platform.serial(), () -> monitor.end(new BootEnd.Left())).start();
    }

    /** Drops what the guest writes from now on; a vCPU that waits for the output comes out of the guest. */
    void stopOutput() {
        output.stop();
    }

    @Override
    public void close() {
        output.stop();
        try {
            machine.close();
        } finally {
            platform.close();
            output.close(OUTPUT_PATIENCE);
        }
    }
}
