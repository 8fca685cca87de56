package dev.interject.machine.pc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import dev.interject.device.Ioapic;
import dev.interject.device.MmioBus;
import dev.interject.device.Pic8259Pair;
import dev.interject.device.PortBus;
import dev.interject.device.pc.AcpiFixedHardware;
import dev.interject.device.pc.DebugConsole;
import dev.interject.device.pc.ExitPort;
import dev.interject.device.pc.FirmwareConfiguration;
import dev.interject.device.pc.KeyboardController;
import dev.interject.device.pc.LineOutput;
import dev.interject.device.pc.PcTestDevice;
import dev.interject.device.pc.PciConfiguration;
import dev.interject.device.pc.Pit8254;
import dev.interject.device.pc.RealTimeClock;
import dev.interject.device.pc.ResetPort;
import dev.interject.device.pc.Serial16550;
import dev.interject.device.pc.SystemPorts;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.state.CpuidEntry;
import dev.interject.machine.board.Controllers;
import dev.interject.machine.board.Platform;

/** A small PC: a serial port, a clock, a timer, and what resets and ends it. Its devices belong to all vCPUs. */
public final class PcPlatform implements Platform {

    /**
     * What a PC consists of.
     *
     * @param irqchip    where the interrupt controllers live
     * @param ramBytes   the size of the guest's RAM
     * @param cpu        what CPUID shows
     * @param testDevice whether there is the test device of kvm-unit-tests
     * @param pit        whether there is a PIT here; one in the kernel is not this platform's
     */
    public record Configuration(Irqchip irqchip, int vcpus, long ramBytes, CpuModel cpu, boolean testDevice,
            boolean pit) {}

    private final Configuration configuration;
    private final AddedDevices added;
    private final PowerSwitch power;
    private final HostClock clock = new HostClock();
    private final List<Wire> wires = new ArrayList<>();
    private final DebugConsole debugConsole;
    private final Serial16550 serial;
    private final RealTimeClock realTime;
    private final Optional<Pit8254> pit;
    private final FirmwareConfiguration firmware;
    private final KeyboardController keyboard;
    private final PciConfiguration pci = new PciConfiguration();
    private final AcpiFixedHardware acpi = new AcpiFixedHardware(clock);
    private final Optional<PcTestDevice> testDevice;

    /** The output of a device, connected when the machine is built. */
    private static final class Wire implements LineOutput {

        private final int number;
        private LineOutput line = high -> {};

        Wire(int number) {
            this.number = number;
        }

        @Override
        public void set(boolean high) {
            line.set(high);
        }

        @Override
        public void pulse() {
            line.pulse();
        }
    }

    /**
     * @param added   devices of the user's
     * @param console receives each byte of the serial port and the debug console, on the vCPU's thread
     * @param power   is switched off by the guest
     * @throws IllegalArgumentException if an added device is in RAM, or where another device is
     */
    public PcPlatform(Configuration configuration, AddedDevices added, IntConsumer console, PowerSwitch power) {
        this.configuration = configuration;
        this.added = added;
        this.power = power;
        this.debugConsole = new DebugConsole(console);
        this.serial = new Serial16550(console, wire(Serial16550.COM1_LINE));
        this.realTime = new RealTimeClock(clock, wire(RealTimeClock.LINE), configuration.ramBytes());
        this.pit = configuration.pit() ? Optional.of(new Pit8254(clock, wire(Pit8254.LINE))) : Optional.empty();
        this.firmware = new FirmwareConfiguration(configuration.ramBytes(), configuration.vcpus());
        this.keyboard = new KeyboardController(power);
        this.testDevice = configuration.testDevice() ? Optional.of(testDevice()) : Optional.empty();
        added.requireRoom(configuration.ramBytes(), this::attachOwnTo);
    }

    private PcTestDevice testDevice() {
        int lines = configuration.irqchip() == Irqchip.USERSPACE ? Pic8259Pair.LINES : Ioapic.PINS;
        return new PcTestDevice(IntStream.range(0, lines).mapToObj(this::wire).toList());
    }

    private LineOutput wire(int number) {
        Wire wire = new Wire(number);
        wires.add(wire);
        return wire;
    }

    /** The first serial port, to send it characters. */
    public Serial16550 serial() {
        return serial;
    }

    @Override
    public int vcpus() {
        return configuration.vcpus();
    }

    @Override
    public List<CpuidEntry> cpuid(List<CpuidEntry> supported) {
        CpuModel cpu = configuration.irqchip().hasLapicInKernel()
                ? configuration.cpu()
                : configuration.cpu().withoutLapic();
        return cpu.leaves(supported);
    }

    @Override
    public boolean hasDoorbell() {
        return false;
    }

    @Override
    public void attachTo(PortBus ports, MmioBus mmio) {
        attachOwnTo(ports, mmio);
        added.attachTo(ports, mmio);
    }

    private void attachOwnTo(PortBus ports, MmioBus mmio) {
        serial.attachTo(ports);
        new ExitPort(power).attachTo(ports);
        realTime.attachTo(ports);
        pit.ifPresent(timer -> timer.attachTo(ports));
        new SystemPorts(power).attachTo(ports);
        keyboard.attachTo(ports);
        new ResetPort(power).attachTo(ports);
        pci.attachTo(ports);
        acpi.attachTo(ports);
        firmware.attachTo(ports);
        testDevice.ifPresentOrElse(device -> device.attachTo(ports, mmio),
                () -> debugConsole.attachTo(ports)); // the test device has the debug console's port
    }

    @Override
    public void initialize(IntFunction<LineOutput> lines, Controllers controllers) {
        wires.forEach(wire -> wire.line = lines.apply(wire.number)); // before a timer can tick, on another thread
        FirmwareInterrupts.initialize(controllers);
        pit.ifPresent(FirmwareInterrupts::start);
    }

    @Override
    public boolean isOff() {
        return power.isOff();
    }

    @Override
    public void close() {
        serial.close();
        clock.close();
    }
}
