package dev.interject.machine;

import java.util.List;
import java.util.Optional;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Pending;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.DescriptorTables;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Pages;
import dev.interject.interrupt.state.PeerState;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.machine.board.Controllers;
import dev.interject.machine.board.Mainboard;
import dev.interject.machine.vcpu.LinearMemory;

/** Reads a {@link GuestState} from the kernel and from guest memory. On the vCPU's thread; changes nothing. */
final class StateReader {

    /** 256 gates of 16 bytes: the largest IDT that a CPU reads. */
    private static final int LARGEST_IDT = 4096;
    /** Far more segments than a built-in guest has. */
    private static final int LARGEST_GDT = 4096;
    private static final int TSS_BYTES = 104;

    private final Mainboard board;
    private final Controllers controllers;
    private final VcpuContext context;

    StateReader(Mainboard board, VcpuContext context) {
        this.board = board;
        this.controllers = board.controllers();
        this.context = context;
    }

    /** @param peers what {@link #peer} has read of the machine's other vCPUs */
    GuestState read(List<PeerState> peers) {
        CpuState cpu = cpu();
        Optional<LapicRegisters> lapic = lapic();
        return new GuestState(board.irqchip(), context.number(), cpu,
                new ControllerState(controllers.master(), controllers.slave(), controllers.ioapic(), lapic,
                        deadline(lapic), board.routes().routes(), board.levels().high()),
                peers);
    }

    /** Reads the vCPU for the state of another one. */
    PeerState peer() {
        Optional<LapicRegisters> lapic = lapic();
        return new PeerState(context.number(), cpu(), lapic, deadline(lapic));
    }

    private CpuState cpu() {
        Vcpu vcpu = context.vcpu();
        SpecialRegisters special = vcpu.specialRegisters();
        MpState activity = vcpu.mpState();
        boolean halted =
                board.irqchip() == Irqchip.USERSPACE ? context.actor().isHalted() : activity == MpState.HALTED;
        Registers registers = vcpu.registers();
        DescriptorTables tables = tables(special);
        Pages pages = special.inLongMode() ? new PageWalk(board.memory(), special).pages(tables, registers.rsp())
                : Pages.UNKNOWN;
        return new CpuState(activity, registers, special, events(), vcpu.readyForInterruptInjection(), halted, tables,
                pages);
    }

    private long deadline(Optional<LapicRegisters> lapic) {
        return lapic.filter(LapicRegisters::isTimerForDeadline)
                .map(_ -> context.vcpu().timeStampCounter().deadline())
                .orElse(0L);
    }

    private VcpuEvents events() {
        VcpuEvents events = context.vcpu().events();
        return events.withNmisPending(context.actor().nmis().pending(events));
    }

    /** What waits at the vCPU. */
    Pending pending() {
        return new Pending(lapic(), controllers.master(), controllers.slave(), events().nmisPending());
    }

    private Optional<LapicRegisters> lapic() {
        return board.irqchip().hasLapicInKernel()
                ? Optional.of(context.vcpu().lapicRegisters())
                : Optional.empty();
    }

    private DescriptorTables tables(SpecialRegisters special) {
        LinearMemory memory = new LinearMemory(context.vcpu(), board.memory());
        byte[] idt = memory.read(special, special.idt().base(), bytes(special.idt().limit(), LARGEST_IDT));
        byte[] gdt = memory.read(special, special.gdt().base(), bytes(special.gdt().limit(), LARGEST_GDT));
        byte[] tss = special.inLongMode()
                ? memory.read(special, special.tr().base(), bytes(special.tr().limit(), TSS_BYTES))
                : new byte[0];
        return new DescriptorTables(idt, gdt, tss);
    }

    /** The size of a table whose limit the guest chose: unsigned, and of 32 bits where a segment's G is 1. */
    private static int bytes(int limit, int most) {
        return (int) Math.min(Integer.toUnsignedLong(limit) + 1, most);
    }
}
