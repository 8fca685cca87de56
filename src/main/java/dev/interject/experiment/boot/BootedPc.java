package dev.interject.experiment.boot;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.guest.ForeignGuest;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.GuestRam;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;
import dev.interject.machine.VcpuHandle;
import dev.interject.machine.pc.AddedDevices;
import dev.interject.machine.pc.PcPlatform;
import dev.interject.machine.pc.PowerSwitch;
import dev.interject.trace.Recorder;

/**
 * A PC with an image of the user's in its memory: the machine, its devices and its console.
 *
 * <p>A guest that has ended can be inspected until the PC is closed. Thread-safe; the thread that is done with it
 * closes it.
 *
 * <pre>{@code
 * try (BootedPc pc = BootedPc.builder(GuestImage.of(Path.of("kernel.elf"))).memory(64 << 20).start()) {
 *     pc.console().await("ready", PATIENCE);
 *     pc.console().type("hello\r");
 *     pc.machine().line(5).pulse();
 *     System.out.println(pc.awaitEnd(PATIENCE));
 * }
 * }</pre>
 */
public final class BootedPc implements AutoCloseable {

    /** How long an output that is not read may hold up the end. */
    private static final Duration OUTPUT_PATIENCE = Duration.ofSeconds(2);

    private final BootMonitor monitor = new BootMonitor(this::endConsole);
    private final PowerSwitch power = new PowerSwitch(monitor);
    private final ConsoleBuffer shown;
    private final PcPlatform platform;
    private final PcConsole console;
    private final Machine machine;
    private Optional<ConsoleCopy> copy = Optional.empty();

    /** @param text the text at which the guest is held; empty for none */
    BootedPc(ForeignGuest guest, BootPlan.Hardware hardware, AddedDevices added, Optional<ConsoleText> text,
            Recorder recorder) {
        this.shown = new ConsoleBuffer(text.map(ConsoleText::text), () -> shown(text.orElseThrow()));
        boolean isPitInKernel = hardware.devices().pit() && hardware.irqchip() == Irqchip.KERNEL;
        this.platform = new PcPlatform(new PcPlatform.Configuration(hardware.irqchip(), hardware.vcpus(),
                hardware.memoryBytes(), hardware.cpu(), hardware.devices().testDevice(),
                hardware.devices().pit() && !isPitInKernel), added, shown, power);
        this.console = new PcConsole(shown, platform.serial(), monitor);
        try {
            this.machine =
                    new Machine(new MachinePlan(hardware.irqchip(), isPitInKernel, guest, platform, Set.of()), monitor,
                            recorder);
        } catch (RuntimeException | Error failed) {
            platform.close();
            throw failed;
        }
    }

    /** Builds a PC with an image in its memory. */
    public static PcBuilder builder(GuestImage image) {
        return new PcBuilder(image);
    }

    /**
     * As above, of a plan: reads its files.
     *
     * @throws dev.interject.guest.boot.UnbootableImageException if one cannot be read, or is no image
     */
    public static PcBuilder builder(BootPlan.Software software, BootPlan.Hardware hardware) {
        PcBuilder builder = new PcBuilder(GuestImage.of(software.image(), software.options()))
                .imageName(software.name())
                .commandLine(software.commandLine())
                .hardware(hardware);
        return software.initrd().map(builder::initrd).orElse(builder);
    }

    private void shown(ConsoleText text) {
        if (!text.ends()) {
            power.pause();
            monitor.shown();
        } else if (power.switchOff()) {
            monitor.end(new BootEnd.Shown(text.text()));
        }
    }

    /**
     * Waits for the text at which the guest is held without an end, until the time is up, the guest has ended or the
     * user has cancelled; returns whether it was shown.
     */
    public boolean awaitShown(Deadline until, Cancellation cancellation) {
        return monitor.awaitShown(until, cancellation);
    }

    /** Lets a guest run on that was held at a text, as far as its vCPUs are not held otherwise. */
    public void resume() {
        power.resume();
    }

    private void endConsole() {
        shown.end();
        platform.serial().close();
    }

    /** The virtual machine: its vCPUs, its lines, its injectors, and the symbols of its image. */
    public Machine machine() {
        return machine;
    }

    /** Its RAM. */
    public GuestRam memory() {
        return machine.memory();
    }

    /** Its console. */
    public PcConsole console() {
        return console;
    }

    /**
     * Lets the guest run.
     *
     * @throws IllegalStateException if it was started or closed before
     */
    public void start() {
        machine.start();
    }

    /** How the guest has ended; empty while it runs. */
    public Optional<BootEnd> end() {
        return monitor.end();
    }

    /**
     * Waits until the guest ends; meanwhile it does not wait for a reader of its console.
     *
     * @param  time                 how long at most
     * @return                      how it ended; empty if it still runs
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public Optional<BootEnd> awaitEnd(Duration time) throws InterruptedException {
        shown.drop();
        try {
            return monitor.await(Deadline.after(time));
        } finally {
            shown.keep();
        }
    }

    /** Waits until the guest ends, or ends it when the time is up or the user cancels. */
    BootEnd awaitEnd(Optional<Duration> timeout, Cancellation cancellation) {
        return monitor.await(timeout, cancellation);
    }

    /**
     * Waits until the time is up, the guest has ended, or the user has cancelled, which ends it; returns whether it
     * still runs.
     */
    public boolean pause(Deadline until, Cancellation cancellation) {
        return monitor.pause(Optional.of(until), cancellation);
    }

    /**
     * Holds the vCPUs, and reads each that has run code.
     *
     * @throws IllegalStateException if the PC has not been started, or is closed
     */
    public List<PostMortem> postMortems() {
        List<VcpuHandle> vcpus = IntStream.range(0, machine.vcpus()).mapToObj(machine::vcpu).toList();
        vcpus.forEach(VcpuHandle::hold);
        return vcpus.stream()
                .map(vcpu -> PostMortem.of(machine, vcpu))
                .filter(seen -> seen.state().cpu().isStarted())
                .toList();
    }

    /** Sends what the console shows to a stream, and what is typed to the guest. */
    void connect(BootConsole streams) {
        ConsoleCopy output = new ConsoleCopy(console.output(), streams.output(),
                failed -> monitor.end(new BootEnd.OutputFailed(failed)));
        output.start();
        copy = Optional.of(output);
        streams.input()
                .ifPresent(keys -> new ConsoleInput(keys, streams.escape(), console.input(),
                        () -> monitor.end(new BootEnd.Left())).start());
    }

    /** Stops the guest and releases all it has. Does nothing the second time. */
    @Override
    public void close() {
        endConsole();
        try {
            machine.close();
        } finally {
            copy.ifPresent(output -> output.await(OUTPUT_PATIENCE));
        }
    }
}
