package dev.interject.machine;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import dev.interject.device.Ioapic;
import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.guest.MemoryMap;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.Capability;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.trace.Recorder;

/**
 * Builds a {@link Machine}. Without further calls: the irqchip in the kernel, one vCPU, no open line, edge triggered.
 * Each value is checked when it is set.
 */
public final class MachineBuilder {

    private final GuestImage image;
    private final BootMode bootMode;
    private final int lineCount;
    private final boolean pit;
    private final Set<Capability> needs;
    private final Set<Integer> lines = new HashSet<>();
    private Irqchip irqchip = Irqchip.KERNEL;
    private Trigger trigger = Trigger.EDGE;
    private int destination;
    private int vcpus = 1;
    private MachineListener listener = new MachineListener() {};
    private Recorder recorder = Recorder.off();

    MachineBuilder(BuiltinGuest guest) {
        this.image = Objects.requireNonNull(guest, "guest").image();
        this.bootMode = guest.bootMode();
        this.lineCount = guest.lines();
        this.pit = guest.handles(GuestInput.PIT);
        this.needs = guest.needs();
    }

    MachineBuilder(GuestImage image, BootMode bootMode) {
        this.image = Objects.requireNonNull(image, "image");
        this.bootMode = Objects.requireNonNull(bootMode, "bootMode");
        this.lineCount = Ioapic.PINS;
        this.pit = false;
        this.needs = Set.of();
    }

    /** Where the interrupt controllers are to live. */
    public MachineBuilder irqchip(Irqchip where) {
        irqchip = Objects.requireNonNull(where, "irqchip");
        return this;
    }

    /**
     * Has the guest open a line at its interrupt controllers, besides those of earlier calls.
     *
     * @param line 0–15 at the 8259s, 0–23 at the IOAPIC
     */
    public MachineBuilder openLine(int line) {
        lines.add(inRange("line", line, 0, lineCount - 1));
        return this;
    }

    /** How the open lines are triggered. */
    public MachineBuilder trigger(Trigger how) {
        trigger = Objects.requireNonNull(how, "trigger");
        return this;
    }

    /** The vCPU to which the IOAPIC sends the open lines. */
    public MachineBuilder destination(int vcpu) {
        destination = inRange("destination", vcpu, 0, MemoryMap.MOST_VCPUS - 1);
        return this;
    }

    /** How many vCPUs there are: 1 to 32. */
    public MachineBuilder vcpus(int count) {
        vcpus = inRange("vcpus", count, 1, MemoryMap.MOST_VCPUS);
        return this;
    }

    /** Receives the guest's events as well; {@link Machine#awaitReady} and {@link Machine#awaitTaken} need none. */
    public MachineBuilder listener(MachineListener receiver) {
        listener = Objects.requireNonNull(receiver, "listener");
        return this;
    }

    /** Records what happens in the machine. */
    public MachineBuilder recorder(Recorder events) {
        recorder = Objects.requireNonNull(events, "recorder");
        return this;
    }

    /** @throws IllegalArgumentException if the value is out of range */
    static int inRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s must be %d to %d, not %d".formatted(name, least, most, value));
        }
        return value;
    }

    /**
     * Makes the machine; nothing runs before {@link Machine#start}.
     *
     * @throws IllegalArgumentException                      if the destination is none of the vCPUs
     * @throws dev.interject.linux.error.SystemCallException if a call failed; it names the call
     * @throws dev.interject.kvm.UnsupportedKvmException     if this host's KVM lacks something
     */
    public Machine build() {
        inRange("destination", destination, 0, vcpus - 1);
        BootParameters parameters = new BootParameters(lines, trigger, destination, vcpus);
        return new Machine(new MachinePlan(irqchip, pit, image, bootMode, parameters, needs), listener, recorder);
    }

    /** Makes the machine and lets the guest run. See {@link #build}. */
    public Machine start() {
        Machine machine = build();
        try {
            machine.start();
            return machine;
        } catch (RuntimeException | Error failed) {
            machine.close();
            throw failed;
        }
    }
}
