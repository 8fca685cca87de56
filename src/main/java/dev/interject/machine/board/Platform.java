package dev.interject.machine.board;

import java.util.List;
import java.util.function.IntFunction;

import dev.interject.device.MmioBus;
import dev.interject.device.PortBus;
import dev.interject.device.pc.LineOutput;
import dev.interject.kvm.state.CpuidEntry;

/** What a guest finds around its CPUs: what CPUID shows, and the devices beside the interrupt controllers. */
public interface Platform {

    /** How many vCPUs there are. */
    int vcpus();

    /** The CPUID leaves that the guest gets, before those that differ between vCPUs are set. */
    List<CpuidEntry> cpuid(List<CpuidEntry> supported);

    /** Whether the guest reports through {@link dev.interject.device.Doorbell}. */
    boolean hasDoorbell();

    /** Registers the devices at the buses of one vCPU. */
    void attachTo(PortBus ports, MmioBus mmio);

    /**
     * Connects the devices' interrupts, and then sets the controllers as the platform's firmware leaves them. Before
     * the guest runs.
     */
    void initialize(IntFunction<LineOutput> lines, Controllers controllers);

    /** Whether the guest has switched its machine off. Read after each access to a device. */
    boolean isOff();

    /** Ends what the devices do by themselves. */
    void close();
}
