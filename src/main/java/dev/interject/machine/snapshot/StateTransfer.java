package dev.interject.machine.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

import dev.interject.kvm.Kvm;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.kvm.Vcpu;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.board.Mainboard;
import dev.interject.machine.vcpu.VcpuActor;

/** Saves the state of a machine whose vCPUs are held, and restores one into a machine that has not started. */
public final class StateTransfer {

    /**
     * The order of reading. {@code KVM_GET_MP_STATE} comes first, since it lets a vCPU take INIT and SIPI, which change
     * its registers. The time-stamp counter is read after the timers: so a tick is late by the time between, not early.
     */
    private static final List<Piece> READING = List.of(Piece.MP_STATE, Piece.EVENTS, Piece.LAPIC, Piece.TSC_DEADLINE,
            Piece.TSC, Piece.TSC_ADJUST, Piece.TSC_KHZ, Piece.KVMCLOCK, Piece.MSRS, Piece.REGS, Piece.ACCESS,
            Piece.SREGS, Piece.XCRS, Piece.XSAVE, Piece.DEBUGREGS, Piece.CPUID, Piece.PAYLOAD, Piece.IRQFDS,
            Piece.WINDOW, Piece.PIT, Piece.PIC_MASTER, Piece.PIC_SLAVE, Piece.IOAPIC, Piece.ROUTES, Piece.CLOCK,
            Piece.LINES, Piece.MEMORY);

    /** How many ticks of a timer that come while its vCPU is read are waited for; faster timers lose one. */
    private static final int MOST_TICKS = 100;

    /** The errors by which KVM refuses what it is given. */
    private static final Set<String> REFUSALS = Set.of("EINVAL", "ENXIO", "ENOENT", "ENOTTY", "EOPNOTSUPP", "EPERM",
            "E2BIG", "ENODEV", "EEXIST", "EBUSY");

    private final Mainboard board;
    private final Vcpu first;
    private final List<VcpuActor> actors;
    private final List<VcpuPieces> vcpuPieces;
    private final BoardPieces boardPieces;

    /** @param actors of the vCPUs, in their order */
    public StateTransfer(Kvm kvm, Mainboard board, List<Vcpu> vcpus, List<VcpuActor> actors) {
        this.board = board;
        this.first = vcpus.getFirst();
        this.actors = List.copyOf(actors);
        List<VcpuPieces> pieces = new ArrayList<>();
        for (int number = 0; number < actors.size(); number++) {
            pieces.add(new VcpuPieces(number == 0, kvm, board.irqchip(), vcpus.get(number), actors.get(number)));
        }
        this.vcpuPieces = List.copyOf(pieces);
        this.boardPieces = new BoardPieces(kvm, board, first, actors.getFirst().window());
    }

    /**
     * Reads all pieces. Each vCPU must be held: see {@link dev.interject.machine.VcpuHandle#hold}. Eventfds are unbound
     * from their GSIs.
     *
     * @throws SystemCallException if KVM refuses to report a piece
     */
    public Snapshot save() {
        vcpuPieces.forEach(VcpuPieces::forgetAccess);
        Snapshot snapshot = settleAndRead();
        for (int again = 0; again < MOST_TICKS && vcpuPieces.stream().anyMatch(VcpuPieces::hasTicked); again++) {
            snapshot = settleAndRead();
        }
        return snapshot;
    }

    /**
     * First brings into KVM's structures what no ioctl reads while a vCPU is stopped. That may change another vCPU, so
     * none is read before; the first to be read comes last, since it takes time to have a vCPU's thread do something.
     */
    private Snapshot settleAndRead() {
        for (int number = actors.size() - 1; number > 0; number--) {
            VcpuPieces pieces = vcpuPieces.get(number);
            actors.get(number).commands().call(() -> deliverHidden(pieces));
        }
        return read(true);
    }

    /** Sets the time-stamp counters of a machine that has not started, where the host lets it. */
    public void setTimeStampCounter(long counter) {
        vcpuPieces.forEach(vcpu -> vcpu.writeTsc(counter));
    }

    /** The time-stamp counter of vCPU 0 of a machine that has not started. */
    public long timeStampCounter() {
        return first.timeStampCounter().read();
    }

    /** As {@link #save}, of a machine that has not started. */
    public Snapshot readBeforeStart() {
        return read(false);
    }

    private Snapshot read(boolean running) {
        List<SavedPiece> saved = new ArrayList<>();
        for (int number = 0; number < actors.size(); number++) {
            int vcpu = number;
            VcpuPieces pieces = vcpuPieces.get(number);
            Callable<List<SavedPiece>> reading = () -> {
                if (running && vcpu == 0) {
                    pieces.deliverHidden();
                }
                return READING.stream()
                        .filter(Piece::isOfVcpu)
                        .flatMap(piece -> pieces.read(piece)
                                .map(content -> new SavedPiece(piece, vcpu, content))
                                .stream())
                        .toList();
            };
            saved.addAll(running ? actors.get(number).commands().call(reading) : call(reading));
        }
        READING.stream()
                .filter(piece -> !piece.isOfVcpu() && (running || piece != Piece.IRQFDS)) // saving unbinds them
                .forEach(piece -> boardPieces.read(piece)
                        .ifPresent(content -> saved.add(new SavedPiece(piece, 0, content))));
        return new Snapshot(board.irqchip(), board.vm().hasPit(), actors.size(), board.memory().bytes(), saved);
    }

    private static boolean deliverHidden(VcpuPieces pieces) {
        pieces.deliverHidden();
        return true;
    }

    private static <T> T call(Callable<T> reading) {
        try {
            return reading.call();
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    /**
     * Writes pieces in an order, each for all vCPUs. The machine must be one of the same kind that has not started,
     * best a blank one.
     *
     * @throws RefusedPieceException if KVM does not take a piece
     */
    public void restore(Snapshot snapshot, PieceOrder order) {
        for (Piece piece : order.pieces()) {
            for (int vcpu = 0; vcpu < (piece.isOfVcpu() ? snapshot.vcpus() : 1); vcpu++) {
                int number = vcpu;
                content(snapshot, order, piece, number)
                        .ifPresent(content -> restore(new SavedPiece(piece, number, content)));
            }
        }
        actors.forEach(VcpuActor::changedByHand); // what kvm_run says of the interrupt window is not of this state
    }

    /** Without {@link Piece#ACCESS}, the guest gets the registers of the moment before the access was completed. */
    private static Optional<byte[]> content(Snapshot snapshot, PieceOrder order, Piece piece, int vcpu) {
        boolean isBefore = piece == Piece.REGS && !order.pieces().contains(Piece.ACCESS);
        Optional<byte[]> before = isBefore ? snapshot.content(Piece.ACCESS, vcpu) : Optional.empty();
        return before.or(() -> snapshot.content(piece, vcpu));
    }

    private void restore(SavedPiece saved) {
        try {
            if (saved.piece().isOfVcpu()) {
                vcpuPieces.get(saved.vcpu()).write(saved.piece(), saved.content());
            } else {
                boardPieces.write(saved.piece(), saved.content());
            }
        } catch (SystemCallException failed) {
            if (REFUSALS.contains(failed.errno().name())) {
                throw new RefusedPieceException(saved, actors.size(), failed);
            }
            throw failed; // it says nothing of the piece: memory is short, for example
        } catch (UnsupportedKvmException | IllegalArgumentException refused) {
            throw new RefusedPieceException(saved, actors.size(), refused);
        }
    }
}
