package dev.interject.experiment.boot;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

import dev.interject.device.MmioDevice;
import dev.interject.device.PortDevice;
import dev.interject.experiment.InvalidValueException;
import dev.interject.guest.ForeignGuest;
import dev.interject.guest.MemoryMap;
import dev.interject.guest.boot.BootRequest;
import dev.interject.guest.firmware.Firmware;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.pc.AddedDevices;
import dev.interject.machine.pc.CpuModel;
import dev.interject.trace.Recorder;

/**
 * Builds a {@link BootedPc}. Without further calls: the irqchip in the kernel, one vCPU, 128 MiB of RAM, a CPU with all
 * that the host offers, and the devices of {@link BootPlan.Devices#USUAL}.
 */
public final class PcBuilder {

    private static final long STANDARD_MEMORY = 128 << 20;

    private final GuestImage image;
    private final AddedDevices added = new AddedDevices();
    private String imageName = "";
    private String commandLine = "";
    private Optional<byte[]> initrd = Optional.empty();
    private Irqchip irqchip = Irqchip.KERNEL;
    private int vcpus = 1;
    private long memoryBytes = STANDARD_MEMORY;
    private CpuModel cpu = CpuModel.HOST;
    private BootPlan.Devices devices = BootPlan.Devices.USUAL;
    private Optional<ConsoleText> text = Optional.empty();
    private Recorder recorder = Recorder.off();

    PcBuilder(GuestImage image) {
        this.image = Objects.requireNonNull(image, "image");
    }

    /** The image that is booted. */
    public GuestImage image() {
        return image;
    }

    /** The command line, for formats that have one; may be empty. */
    public PcBuilder commandLine(String text) {
        commandLine = Objects.requireNonNull(text, "commandLine");
        return this;
    }

    /** The image's name, which Multiboot 1 puts before the command line. */
    public PcBuilder imageName(String name) {
        imageName = Objects.requireNonNull(name, "imageName");
        return this;
    }

    /**
     * A file that is loaded beside the image: a Multiboot or PVH module, or Linux's initrd.
     *
     * @throws dev.interject.guest.boot.UnbootableImageException if it cannot be read
     */
    public PcBuilder initrd(Path file) {
        initrd = Optional.of(GuestImage.contentOf(file));
        return this;
    }

    /** Where the interrupt controllers are to live; with {@link Irqchip#USERSPACE} there is no LAPIC, and one vCPU. */
    public PcBuilder irqchip(Irqchip where) {
        irqchip = Objects.requireNonNull(where, "irqchip");
        return this;
    }

    /** How many vCPUs there are: 1 to 32. All but the first wait for INIT and SIPI. */
    public PcBuilder vcpus(int count) {
        InvalidValueException.requireWithin("vcpus", count, 1, MemoryMap.MOST_VCPUS);
        vcpus = count;
        return this;
    }

    /**
     * The size of RAM, which begins at 0; it takes up only what the guest touches.
     *
     * @param bytes 1 MiB to 3 GiB, a multiple of 4096
     */
    public PcBuilder memory(long bytes) {
        BootPlan.Hardware.requireMemory(bytes);
        memoryBytes = bytes;
        return this;
    }

    /** What CPUID shows, such as {@code CpuModel.of("x86-64,+cx16")}. */
    public PcBuilder cpu(CpuModel model) {
        cpu = Objects.requireNonNull(model, "cpu");
        return this;
    }

    /** Which of the PC's own devices there are. */
    public PcBuilder devices(BootPlan.Devices present) {
        devices = Objects.requireNonNull(present, "devices");
        return this;
    }

    /**
     * Adds a device at I/O ports. It is called on the thread of the vCPU that accesses it, which waits meanwhile: with
     * several vCPUs it must be thread-safe, and it must not wait for the guest. If it throws, the guest ends by a
     * {@link BootEnd.HostFailed} with a {@link dev.interject.machine.pc.DeviceFailedException}. It may interrupt by
     * {@code pc.machine().line(n)}.
     *
     * @param first the first port, 0 to 0xffff
     * @param last  the last port, which belongs to it
     */
    public PcBuilder portDevice(int first, int last, PortDevice device) {
        added.addPorts(first, last, device);
        return this;
    }

    /**
     * Adds a device at guest-physical addresses beyond RAM; each access of the guest is an exit. See
     * {@link #portDevice}.
     *
     * @param address of its first byte, such as 0xd0000000
     * @param bytes   its size, above 0
     */
    public PcBuilder mmioDevice(long address, long bytes, MmioDevice device) {
        added.addMemory(address, bytes, device);
        return this;
    }

    /** Ends the guest, before its next instruction, when its console shows a text, which is not empty. */
    public PcBuilder until(String text) {
        if (text.isEmpty()) {
            throw new InvalidValueException("until", "must not be empty");
        }
        this.text = Optional.of(new ConsoleText(text, true));
        return this;
    }

    /** Holds the guest, before its next instruction, when its console shows a text: until {@link BootedPc#resume}. */
    public PcBuilder holdAt(String text) {
        this.text = Optional.of(new ConsoleText(text, false));
        return this;
    }

    /** Records what happens in the machine. */
    public PcBuilder recorder(Recorder events) {
        recorder = Objects.requireNonNull(events, "recorder");
        return this;
    }

    /** The hardware of a plan. */
    PcBuilder hardware(BootPlan.Hardware hardware) {
        return irqchip(hardware.irqchip())
                .vcpus(hardware.vcpus())
                .memory(hardware.memoryBytes())
                .cpu(hardware.cpu())
                .devices(hardware.devices());
    }

    /**
     * Makes the PC and loads the image; nothing runs before {@link BootedPc#start}.
     *
     * @throws IllegalArgumentException                          if a device is where RAM or another device is, or there
     *                                                           are too many vCPUs for the irqchip
     * @throws dev.interject.guest.boot.UnbootableImageException if the image cannot be booted
     * @throws dev.interject.linux.error.SystemCallException     if a call failed; it names the call, such as
     *                                                           {@code KVM_CREATE_VM}
     * @throws dev.interject.kvm.UnsupportedKvmException         if this host's KVM lacks something
     */
    public BootedPc build() {
        BootPlan.Hardware hardware = new BootPlan.Hardware(irqchip, vcpus, memoryBytes, cpu, devices);
        ForeignGuest guest = new ForeignGuest(image, memoryBytes,
                new BootRequest(imageName, commandLine, initrd, OptionalLong.empty()),
                new Firmware(vcpus, irqchip.hasLapicInKernel(), devices.acpi()));
        return new BootedPc(guest, hardware, added, text, recorder);
    }

    /** Makes the PC and lets the guest run. See {@link #build}. */
    public BootedPc start() {
        BootedPc pc = build();
        try {
            pc.start();
            return pc;
        } catch (RuntimeException | Error failed) {
            pc.close();
            throw failed;
        }
    }
}
