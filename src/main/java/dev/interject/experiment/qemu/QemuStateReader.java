package dev.interject.experiment.qemu;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.experiment.state.StateFile;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.Piece;

/** Asks QEMU for a VM's state, and writes it down as another VMM would: what it does not show is left out. */
final class QemuStateReader {

    private static final int FEWEST_ADDRESS_BITS = 32;
    private static final long APIC_ADDRESS = 0xfee00000L;
    private static final long APIC_OF_BSP = 1 << 8;
    private static final long APIC_ON = 1 << 11;
    private static final int PINS = 24;
    private static final int PIC_LINES = 16;
    private static final int CASCADE = 2;

    private final QemuMonitor monitor;
    private final String name;
    private final Optional<String> runState;
    private final List<String> notes = new ArrayList<>();

    /** @param runState of the VM; empty if it is stopped only to be read */
    QemuStateReader(QemuMonitor monitor, String name, Optional<String> runState) {
        this.monitor = monitor;
        this.name = name;
        this.runState = runState;
    }

    StateFile read() {
        try {
            return whole();
        } catch (NumberFormatException impossible) {
            throw new QemuException("%s: QEMU shows a number that no PC has: %s".formatted(name,
                    impossible.getMessage()), "see whether that is a QEMU");
        }
    }

    private StateFile whole() {
        if (monitor.property("/machine", "confidential-guest-support") instanceof String path && !path.isEmpty()) {
            throw new QemuException("%s: the VM is confidential (%s): what QEMU shows of it is encrypted, or stale"
                    .formatted(name, path), "explain the same guest in a VM without confidential-guest-support");
        }
        List<Map<String, Object>> vcpus = new RegistersText(notes).parse(monitor.human("info registers -a"));
        if (vcpus.stream().allMatch(vcpu -> Map.of().equals(vcpu.get("registers")))) {
            throw new QemuException("%s: QEMU shows no x86 registers".formatted(name),
                    "name a QEMU that emulates a PC (qemu-system-x86_64)");
        }
        boolean isKvm = monitor.human("info kvm").contains("enabled");
        Map<String, Object> controllers = new PicText(notes).parse(monitor.human("info pic"));
        addLapics(vcpus, isKvm);
        MemoryTree tree = MemoryTree.parse(monitor.human("info mtree -f"));
        boolean isSplit = isKvm && tree.hasKernelApic() && !tree.hasKernelPic();
        boolean isOwn = !isKvm || !tree.hasKernelApic();
        describe(isKvm, isSplit, isOwn);
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("irqchip", (isSplit ? Irqchip.SPLIT : Irqchip.KERNEL).label());
        state.putAll(controllers);
        if (!isSplit) {
            state.put("routes", routes());
            state.put("unknown", List.of(Piece.ROUTES.label()));
        }
        state.put("vcpus", vcpus);
        return StateFile.read(new ByteArrayInputStream(Json.write(state)), name, new QemuMemory(monitor, tree))
                .withNotes(notes);
    }

    private void describe(boolean isKvm, boolean isSplit, boolean isOwn) {
        String accelerator = isKvm ? "QEMU uses KVM" : "QEMU emulates the CPUs, without KVM";
        notes.addFirst(isSplit ? accelerator + ", and has the 8259s and the IOAPIC itself"
                : isOwn ? accelerator
                        + ", and has the interrupt controllers itself: the gates are those of a PC with all"
                        + " of them"
                        : accelerator + ", with its interrupt controllers");
        runState.ifPresent(state -> notes.add(state.equals(QemuMonitor.RUNNING)
                ? "the VM ran while it was read, so what was read later may not fit what was read before: stop it"
                        + " meanwhile"
                : "the VM does not run (QEMU's run state is %s): until it does, it takes no interrupt"
                        .formatted(state)));
    }

    private void addLapics(List<Map<String, Object>> vcpus, boolean isKvm) {
        List<?> cpus = monitor.execute("query-cpus-fast", Map.of()) instanceof List<?> all ? all : List.of();
        for (int i = 0; i < vcpus.size(); i++) {
            Map<String, Object> vcpu = vcpus.get(i);
            String path = cpus.size() == vcpus.size() && cpus.get(i) instanceof Map<?, ?> cpu
                    ? String.valueOf(cpu.get("qom-path"))
                    : "";
            int apicId = number(path, "apic-id").orElse(i);
            Map<String, Object> lapic = LapicText.parse(monitor.human("info lapic %d".formatted(apicId)),
                    number(path + "/lapic", "id"));
            if (lapic.isEmpty()) {
                notes.add("info lapic shows no LAPIC of vCPU %d".formatted(i));
            } else {
                addMode(vcpu, lapic, path, isKvm, i, vcpus.size() == 1);
            }
            number(path, "phys-bits").stream()
                    .filter(bits -> bits >= FEWEST_ADDRESS_BITS)
                    .forEach(bits -> vcpu.put("physicalBits", bits));
        }
    }

    /**
     * QEMU does not show IA32_APIC_BASE. A CPU without x2APIC has no such mode; without KVM, one whose LAPIC is off
     * lacks the feature "apic" (QEMU's {@code apic_set_base}). With {@code -cpu …,-apic}, one of several CPUs lacks it
     * as well, and has a LAPIC that is on; a single CPU has none then.
     */
    private void addMode(Map<String, Object> vcpu, Map<String, Object> lapic, String path, boolean isKvm, int number,
            boolean isSingle) {
        boolean isNeverX2apic = Boolean.FALSE.equals(monitor.property(path, "x2apic"));
        if (isNeverX2apic) {
            lapic.put("x2apic", false);
        }
        if (isNeverX2apic && !isKvm && monitor.property(path, "apic") instanceof Boolean isOn
                && (isOn || isSingle) && vcpu.get("specialRegisters") instanceof Map<?, ?> special) {
            Map<String, Object> whole = new LinkedHashMap<>();
            special.forEach((name, value) -> whole.put(String.valueOf(name), value));
            whole.put("apicBase", APIC_ADDRESS | (number == 0 ? APIC_OF_BSP : 0) | (isOn ? APIC_ON : 0));
            vcpu.put("specialRegisters", whole);
        }
        vcpu.put("lapic", lapic);
    }

    private OptionalInt number(String path, String property) {
        return monitor.property(path, property) instanceof Number number && number.longValue() >= 0
                && number.longValue() <= Integer.MAX_VALUE ? OptionalInt.of(number.intValue()) : OptionalInt.empty();
    }

    /** Those that QEMU sets for a PC (hw/i386/kvm/ioapic.c). It does not show whether they still hold. */
    private static List<Object> routes() {
        Stream<Object> toPics = IntStream.range(0, PIC_LINES)
                .filter(gsi -> gsi != CASCADE)
                .mapToObj(gsi -> Map.of("gsi", gsi, "to", gsi < 8 ? "master" : "slave", "pin", gsi % 8));
        Stream<Object> toIoapic = IntStream.range(0, PINS)
                .filter(gsi -> gsi != CASCADE)
                .mapToObj(gsi -> Map.of("gsi", gsi, "to", "ioapic", "pin", gsi == 0 ? CASCADE : gsi));
        return Stream.concat(toPics, toIoapic).toList();
    }
}
