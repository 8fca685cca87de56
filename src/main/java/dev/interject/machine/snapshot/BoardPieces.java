package dev.interject.machine.snapshot;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.inject.InterruptWindow;
import dev.interject.kvm.Capability;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VmStructure;
import dev.interject.kvm.VmStructures;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.PicChip;
import dev.interject.kvm.structure.RawStructures;
import dev.interject.machine.board.Mainboard;

/** The pieces that the vCPUs of a machine share. While no vCPU runs. */
final class BoardPieces {

    private final Kvm kvm;
    private final Mainboard board;
    private final Vcpu first;
    private final Optional<InterruptWindow> window;
    private final VmStructures structures;

    /**
     * @param first  the vCPU that gets vectors from user space
     * @param window how it gets them
     */
    BoardPieces(Kvm kvm, Mainboard board, Vcpu first, Optional<InterruptWindow> window) {
        this.kvm = kvm;
        this.board = board;
        this.first = first;
        this.window = window;
        this.structures = board.vm().structures();
    }

    /** Empty if the machine has no such piece. */
    Optional<byte[]> read(Piece piece) {
        boolean inKernel = board.irqchip() == Irqchip.KERNEL;
        return switch (piece) {
            case MEMORY -> Optional.of(MemoryPages.read(board.memory()));
            case PAYLOAD -> board.vm().hasExceptionPayload()
                    ? Optional.of(IntBytes.write(List.of(1)))
                    : Optional.empty();
            case CLOCK -> read(VmStructure.CLOCK, kvm.check(Capability.KVM_CAP_ADJUST_CLOCK) != 0);
            case ROUTES -> board.irqchip() == Irqchip.USERSPACE
                    ? Optional.empty()
                    : Optional.of(RawStructures.routes(board.routes().routes()));
            case PIC_MASTER -> inKernel
                    ? read(VmStructure.PIC_MASTER, true)
                    : Optional.of(RawStructures.pic(PicChip.MASTER.number(), board.pic().masterState()));
            case PIC_SLAVE -> inKernel
                    ? read(VmStructure.PIC_SLAVE, true)
                    : Optional.of(RawStructures.pic(PicChip.SLAVE.number(), board.pic().slaveState()));
            case IOAPIC -> inKernel
                    ? read(VmStructure.IOAPIC, true)
                    : board.ioapic().map(ioapic -> RawStructures.ioapic(ioapic.state()));
            case PIT -> read(VmStructure.PIT, board.vm().hasPit());
            case LINES -> Optional.of(IntBytes.write(List.of(board.levels().high())));
            case IRQFDS -> board.irqchip() == Irqchip.USERSPACE
                    ? Optional.empty()
                    : Optional.of(IntBytes
                            .write(board.irqfds().unbind().stream().flatMap(gsi -> Stream.of(gsi, 0)).toList()));
            case WINDOW -> window.map(open -> IntBytes.write(vectors(open)));
            case CPUID, TSC_KHZ, SREGS, XCRS, XSAVE, REGS, ACCESS, DEBUGREGS, MSRS, TSC, TSC_ADJUST, KVMCLOCK,
                    LAPIC, TSC_DEADLINE, EVENTS, MP_STATE ->
                throw new IllegalArgumentException(piece + " is of a vCPU");
        };
    }

    private Optional<byte[]> read(VmStructure structure, boolean present) {
        return present ? Optional.of(structures.read(structure)) : Optional.empty();
    }

    /** The vector that the kernel keeps is not in its structures only if the guest is not open to it. */
    private List<Integer> vectors(InterruptWindow open) {
        OptionalInt kept = board.irqchip() == Irqchip.SPLIT
                ? open.heldByKernel(first.lapicRegisters().letsPicThrough())
                : OptionalInt.empty();
        return Stream.of(kept.stream(), open.heldHere().stream(),
                board.vectors().waiting().stream().mapToInt(vector -> vector))
                .flatMap(IntStream::boxed)
                .toList();
    }

    /** @throws RuntimeException if KVM refuses it, or it is not what such a piece is */
    void write(Piece piece, byte[] content) {
        boolean inKernel = board.irqchip() == Irqchip.KERNEL;
        switch (piece) {
            case MEMORY -> MemoryPages.write(content, board.memory());
            case PAYLOAD -> board.vm().enableExceptionPayload();
            case CLOCK -> structures.write(VmStructure.CLOCK, content);
            case ROUTES -> restoreRoutes(RawStructures.routes(content));
            case PIC_MASTER -> {
                if (inKernel) {
                    structures.write(VmStructure.PIC_MASTER, content);
                } else {
                    board.pic().restore(RawStructures.pic(content), board.pic().slaveState());
                }
            }
            case PIC_SLAVE -> {
                if (inKernel) {
                    structures.write(VmStructure.PIC_SLAVE, content);
                } else {
                    board.pic().restore(board.pic().masterState(), RawStructures.pic(content));
                }
            }
            case IOAPIC -> {
                if (inKernel) {
                    structures.write(VmStructure.IOAPIC, content);
                } else {
                    board.ioapic().orElseThrow().restore(RawStructures.ioapic(content));
                }
            }
            case PIT -> structures.write(VmStructure.PIT, content);
            case LINES -> board.levels().setAll(IntBytes.read(content).getFirst());
            case IRQFDS -> bindIrqfds(IntBytes.read(content));
            case WINDOW -> IntBytes.read(content).forEach(board.vectors()::add);
            case CPUID, TSC_KHZ, SREGS, XCRS, XSAVE, REGS, ACCESS, DEBUGREGS, MSRS, TSC, TSC_ADJUST, KVMCLOCK,
                    LAPIC, TSC_DEADLINE, EVENTS, MP_STATE ->
                throw new IllegalArgumentException(piece + " is of a vCPU");
        }
    }

    /** KVM waits some milliseconds until no reader uses the old table, so the same one is not set again. */
    private void restoreRoutes(List<GsiRoute> table) {
        if (!table.equals(board.routes().routes())) {
            board.routes().replaceAll(table);
        }
    }

    /** @param pairs of a GSI, and how often a device has signalled it while it was bound nowhere */
    private void bindIrqfds(List<Integer> pairs) {
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            for (int signals = 0; signals < pairs.get(i + 1); signals++) {
                board.irqfds().signal(pairs.get(i));
            }
            board.irqfds().bind(pairs.get(i));
        }
    }
}
