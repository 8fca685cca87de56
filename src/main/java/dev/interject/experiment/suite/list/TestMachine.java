package dev.interject.experiment.suite.list;

import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.boot.BootPlan;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.pc.CpuModel;

/** The PC of a test, while the test's section is read. */
final class TestMachine {

    private static final long USUAL_MEMORY = 128L << 20;

    private Irqchip irqchip = Irqchip.KERNEL;
    private int vcpus = 1;
    private long memoryBytes = USUAL_MEMORY;
    private CpuModel cpu = CpuModel.HOST;
    private boolean acpi = true;
    private boolean testDevice = true;
    private boolean pit = true;

    void irqchip(Irqchip where) {
        irqchip = where;
    }

    void vcpus(int count) {
        vcpus = count;
    }

    /** @throws InvalidValueException unless RAM may have this size */
    void memoryBytes(long bytes) {
        BootPlan.Hardware.requireMemory(bytes);
        memoryBytes = bytes;
    }

    void cpu(CpuModel model) {
        cpu = model;
    }

    void withoutAcpi() {
        acpi = false;
    }

    void withoutTestDevice() {
        testDevice = false;
    }

    void withoutPit() {
        pit = false;
    }

    /** @throws UnsupportedTestException if there is no such PC here, such as one with too many vCPUs */
    BootPlan.Hardware hardware() throws UnsupportedTestException {
        try {
            return new BootPlan.Hardware(irqchip, vcpus, memoryBytes, cpu, new BootPlan.Devices(acpi, testDevice, pit));
        } catch (InvalidValueException refused) {
            throw new UnsupportedTestException("needs another PC: " + refused.getMessage());
        }
    }
}
