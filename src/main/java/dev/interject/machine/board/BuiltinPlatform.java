package dev.interject.machine.board;

import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

import dev.interject.device.MmioBus;
import dev.interject.device.PortBus;
import dev.interject.device.pc.LineOutput;
import dev.interject.guest.BootParameters;
import dev.interject.kvm.state.CpuidEntry;

/**
 * The platform of Interject's own guests: a doorbell, a command port, and parameters in CPUID leaves.
 *
 * @param parameters what the guest reads when it boots
 */
public record BuiltinPlatform(BootParameters parameters) implements Platform {

    /** Checks that there are parameters. */
    public BuiltinPlatform {
        Objects.requireNonNull(parameters, "parameters");
    }

    @Override
    public int vcpus() {
        return parameters.vcpus();
    }

    @Override
    public List<CpuidEntry> cpuid(List<CpuidEntry> supported) {
        return parameters.addTo(supported);
    }

    @Override
    public boolean hasDoorbell() {
        return true;
    }

    @Override
    public void attachTo(PortBus ports, MmioBus mmio) {
        // doorbell and command port belong to every vCPU alone
    }

    @Override
    public void initialize(IntFunction<LineOutput> lines, Controllers controllers) {
        // no device has an interrupt, and the guest programs the controllers
    }

    @Override
    public boolean isOff() {
        return false;
    }

    @Override
    public void close() {
        // nothing runs by itself
    }
}
