package dev.interject.experiment.suite.list;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import dev.interject.experiment.Sizes;
import dev.interject.interrupt.Irqchip;

/**
 * QEMU's options, as far as they make sense here. Each other one makes the test unsupported: none is ignored that could
 * change what the test sees.
 */
final class QemuOptions {

    /** What a machine has in any case. */
    private static final List<String> PRESENT_DEVICES = List.of("pc-testdev", "isa-debug-exit", "pci-testdev");
    private static final List<String> PCS = List.of("pc", "accel=kvm");

    private static final Map<String, Consumer<TestMachine>> MACHINE_PROPERTIES = Map.of(
            "pit=off", TestMachine::withoutPit,
            "pit=on", machine -> {},
            "acpi=off", TestMachine::withoutAcpi,
            "kernel-irqchip=on", machine -> machine.irqchip(Irqchip.KERNEL),
            "kernel-irqchip=split", machine -> machine.irqchip(Irqchip.SPLIT));

    private final TestMachine machine;
    private Optional<String> append = Optional.empty();
    private Optional<String> initrd = Optional.empty();

    private QemuOptions(TestMachine machine) {
        this.machine = machine;
    }

    /**
     * Applies them to a machine.
     *
     * @throws UnsupportedTestException if an option is unknown, or this PC cannot have it
     */
    static QemuOptions apply(List<String> words, TestMachine machine) throws UnsupportedTestException {
        QemuOptions options = new QemuOptions(machine);
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            options.apply(rest.next(), rest);
        }
        return options;
    }

    /** The command line of {@code -append}. */
    Optional<String> append() {
        return append;
    }

    /** The file of {@code -initrd}. */
    Optional<String> initrd() {
        return initrd;
    }

    private void apply(String word, Iterator<String> rest) throws UnsupportedTestException {
        String name = word.startsWith("--") ? word.substring(1) : word;
        switch (name) {
            case "-enable-kvm", "-no-reboot", "-nodefaults" -> {
                // as it is here
            }
            case "-cpu" -> machine.cpu(QemuCpu.model(value(name, rest)));
            case "-m" -> memory(value(name, rest));
            case "-smp" -> machine.vcpus(vcpus(value(name, rest)));
            case "-append" -> append = Optional.of(value(name, rest));
            case "-initrd" -> initrd = Optional.of(value(name, rest));
            case "-machine", "-M" -> pc(value(name, rest));
            case "-device" -> device(value(name, rest));
            default -> throw new UnsupportedTestException("needs QEMU's option " + word
                    + (rest.hasNext() ? " " + rest.next() : ""));
        }
    }

    private static String value(String name, Iterator<String> rest) throws UnsupportedTestException {
        if (!rest.hasNext()) {
            throw new UnsupportedTestException("QEMU's option %s has no value".formatted(name));
        }
        return rest.next();
    }

    private void memory(String text) throws UnsupportedTestException {
        try {
            machine.memoryBytes(
                    Sizes.parseMebibytes(text.startsWith("size=") ? text.substring("size=".length()) : text));
        } catch (IllegalArgumentException other) {
            throw new UnsupportedTestException("needs QEMU's option -m %s: %s".formatted(text, other.getMessage()));
        }
    }

    /** The number of vCPUs, where it is a plain number. */
    static int vcpus(String text) throws UnsupportedTestException {
        try {
            return SuiteValue.number(text.startsWith("cpus=") ? text.substring("cpus=".length()) : text);
        } catch (IllegalArgumentException other) {
            throw new UnsupportedTestException("needs vCPUs by QEMU's option -smp " + text);
        }
    }

    private void pc(String text) throws UnsupportedTestException {
        for (String property : text.split(",", -1)) {
            Consumer<TestMachine> change = MACHINE_PROPERTIES.get(property.replace('_', '-'));
            if (change != null) {
                change.accept(machine);
            } else if (!PCS.contains(property)) {
                throw new UnsupportedTestException("needs QEMU's machine " + text);
            }
        }
    }

    private static void device(String text) throws UnsupportedTestException {
        if (PRESENT_DEVICES.stream().noneMatch(device -> text.equals(device) || text.startsWith(device + ","))) {
            throw new UnsupportedTestException("needs QEMU's device " + text);
        }
    }
}
