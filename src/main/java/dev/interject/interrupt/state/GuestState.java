package dev.interject.interrupt.state;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.interrupt.Irqchip;

/**
 * The state that the gates depend on: a vCPU and its interrupt controllers, read between two instructions, and the
 * other vCPUs, which a message or an IPI may reach as well.
 *
 * <p>The others are read one after the other, each between two of its own instructions, before the vCPU itself, and run
 * on meanwhile. So all that belongs to one vCPU is consistent; what two vCPUs change together may be torn.
 *
 * @param irqchip     where the controllers live, as KVM reports it
 * @param vcpu        the vCPU's number, from 0
 * @param cpu         the vCPU
 * @param controllers the controllers
 * @param peers       the machine's other vCPUs, in the order of their numbers
 * @param hostRules   where this host departs from the manuals
 * @param unknown     what of the machine is not known; what of a vCPU is not, its own state says
 */
public record GuestState(Irqchip irqchip, int vcpu, CpuState cpu, ControllerState controllers, List<PeerState> peers,
        HostRules hostRules, Set<Piece> unknown) {

    public GuestState {
        peers = List.copyOf(peers);
        unknown = Set.copyOf(unknown);
    }

    /** A state on a host that follows the manuals, as far as is known. */
    public GuestState(Irqchip irqchip, int vcpu, CpuState cpu, ControllerState controllers, List<PeerState> peers) {
        this(irqchip, vcpu, cpu, controllers, peers, HostRules.OF_THE_MANUALS, Set.of());
    }

    /** The same state on a host with other rules. */
    public GuestState with(HostRules rules) {
        return new GuestState(irqchip, vcpu, cpu, controllers, peers, rules, unknown);
    }

    /** Whether a piece of the machine, or of the vCPU, is not known. */
    public boolean lacks(Piece piece) {
        return unknown.contains(piece) || cpu.lacks(piece);
    }

    /** Whether everything of the machine and of the vCPU is known. */
    public boolean isWhole() {
        return unknown.isEmpty() && cpu.unknown().isEmpty();
    }

    /** Whether a piece of any vCPU is not known. */
    public boolean anyLacks(Piece piece) {
        return cpu.lacks(piece) || peers.stream().anyMatch(peer -> peer.cpu().lacks(piece));
    }

    /** How many vCPUs the machine has. */
    public int vcpus() {
        return peers.size() + 1;
    }

    /** Whether a maskable interrupt would be taken now. */
    public boolean isOpen() {
        // with a LAPIC in the kernel, "ready" concerns the 8259s' vectors only
        return cpu.acceptsInterrupts() && (cpu.ready() || irqchip.hasLapicInKernel());
    }

    /** All vCPUs, in the order of their numbers. */
    public List<PeerState> all() {
        PeerState own = new PeerState(vcpu, cpu, controllers.lapic(), controllers.deadline());
        return Stream.concat(Stream.of(own), peers.stream())
                .sorted(Comparator.comparingInt(PeerState::number))
                .toList();
    }

    /** The LAPICs in the kernel, in the order of their vCPUs' numbers. */
    public List<Lapic> lapics() {
        return all().stream()
                .flatMap(vcpu -> vcpu.lapic()
                        .map(lapic -> new Lapic(vcpu.number(), lapic, vcpu.cpu().special().apicBase()))
                        .stream())
                .toList();
    }

    /**
     * The same state as another vCPU sees it.
     *
     * @throws java.util.NoSuchElementException if the machine has no vCPU with this number
     */
    public GuestState seenBy(int number) {
        if (number == vcpu) {
            return this;
        }
        PeerState other = peers.stream().filter(peer -> peer.number() == number).findFirst().orElseThrow();
        return new GuestState(irqchip, number, other.cpu(), controllers.with(other.lapic(), other.deadline()),
                all().stream().filter(peer -> peer.number() != number).toList(), hostRules, unknown);
    }
}
