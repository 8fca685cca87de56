package dev.interject.experiment.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

import dev.interject.kvm.Kvm;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MsiMessage;

/**
 * Probes of what KVM does with a message, and of which LAPICs receive it. No guest runs: two LAPICs get registers, and
 * their IRRs are read.
 */
final class DestinationProbe {

    private static final int ID = 0x20;
    private static final int LOGICAL_DESTINATION = 0xd0;
    private static final int FORMAT = 0xe0;
    private static final int FLAT = -1;
    private static final int ID_SHIFT = 24;

    private static final int ADDRESS = 0xfee00000;
    private static final int DESTINATION_SHIFT = 12;
    private static final int LOGICAL = 1 << 2;
    private static final int LOWEST_PRIORITY = 1 << 8;
    private static final int SYSTEM_MANAGEMENT = 2 << 8;
    private static final int VECTOR = 0x60;
    /** Enough for a pattern. */
    private static final int VECTORS = 8;

    private DestinationProbe() {}

    /** Two LAPICs in a machine of their own. */
    private record Pair(Kvm kvm, VirtualMachine vm, List<Vcpu> vcpus) implements AutoCloseable {

        static Pair open() {
            Kvm kvm = Kvm.open();
            VirtualMachine vm = kvm.createVirtualMachine();
            vm.createIrqchip();
            Pair pair = new Pair(kvm, vm, List.of(vm.createVcpu(0), vm.createVcpu(1)));
            pair.vcpus.forEach(vcpu -> vcpu.setCpuid(kvm.supportedCpuid()));
            return pair;
        }

        /** Enables both, with an ID of 8 bits in a register. */
        void set(int register, int first, int second) {
            set(vcpus.getFirst(), register, first);
            set(vcpus.getLast(), register, second);
        }

        private static void set(Vcpu vcpu, int register, int value) {
            LapicRegisters lapic = vcpu.lapicRegisters();
            vcpu.setLapicRegisters(lapic.withSoftwareEnabled(true)
                    .withRegister(FORMAT, FLAT)
                    .withRegister(register, value << ID_SHIFT));
        }

        /** Sends a message, and returns which LAPICs have it, the first in bit 0. */
        int receivers(int destination, int mode, int data) {
            vm.msi(new MsiMessage(ADDRESS | destination << DESTINATION_SHIFT | mode, data)).signal();
            int vector = data & 0xff;
            return (vcpus.getFirst().lapicRegisters().isRequested(vector) ? 1 : 0)
                    | (vcpus.getLast().lapicRegisters().isRequested(vector) ? 2 : 0);
        }

        @Override
        public void close() {
            vcpus.forEach(Vcpu::close);
            vm.close();
            kvm.close();
        }
    }

    static Finding reachesEveryLapic() {
        List<String> missed = new ArrayList<>();
        try (Pair pair = Pair.open()) {
            pair.set(LOGICAL_DESTINATION, 0x03, 0x04);
            if (pair.receivers(0x02, LOGICAL, VECTOR) != 1) {
                missed.add("logical destination 0x02 misses a LAPIC with logical ID 0x03");
            }
            pair.set(LOGICAL_DESTINATION, 0x04, 0x04);
            if (pair.receivers(0x04, LOGICAL, VECTOR + 1) != 3) {
                missed.add("logical destination 0x04 misses one of two LAPICs with logical ID 0x04");
            }
            pair.set(LOGICAL_DESTINATION, 0x01, 0x02);
            pair.set(ID, 0, 0);
            if (pair.receivers(0, 0, VECTOR + 2) != 3) {
                missed.add("physical destination 0 misses one of two LAPICs with APIC ID 0");
            }
        }
        return missed.isEmpty() ? new Finding.Kept("reached with two LAPICs of one ID, and a logical ID of two bits")
                : new Finding.Departs(String.join("; ", missed));
    }

    /** No guest runs, so the SMI stays pending. */
    static Finding deliversSmi() {
        try (Pair pair = Pair.open()) {
            int status = pair.vm.msi(new MsiMessage(ADDRESS, SYSTEM_MANAGEMENT)).signal();
            return status > 0 ? new Finding.Kept("KVM_SIGNAL_MSI returned %d".formatted(status))
                    : new Finding.Departs("KVM_SIGNAL_MSI returned %d for such a message".formatted(status));
        }
    }

    static Finding choosesOne() {
        try (Pair pair = Pair.open()) {
            pair.set(LOGICAL_DESTINATION, 0x01, 0x02);
            List<Integer> receivers = IntStream.range(VECTOR, VECTOR + VECTORS)
                    .map(vector -> pair.receivers(0x03, LOGICAL, vector | LOWEST_PRIORITY))
                    .boxed()
                    .toList();
            IntUnaryOperator byVector = vector -> 1 << vector % 2;
            if (receivers.equals(IntStream.range(VECTOR, VECTOR + VECTORS).map(byVector).boxed().toList())) {
                return new Finding.Departs("even vectors went to the first of two LAPICs, odd ones to the second");
            }
            if (receivers.contains(0) || receivers.contains(3)) {
                throw new ProbeFailedException("a lowest-priority interrupt went to none of two LAPICs, or to both");
            }
            return new Finding.Kept("%d of %d vectors went to the first of two LAPICs"
                    .formatted(receivers.stream().filter(bits -> bits == 1).count(), VECTORS));
        }
    }
}
