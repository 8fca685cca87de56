package dev.interject.machine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.delivery.DeliveryAddresses;
import dev.interject.interrupt.route.Pending;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.DescriptorTables;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Page;
import dev.interject.interrupt.state.PageWalk;
import dev.interject.interrupt.state.Pages;
import dev.interject.interrupt.state.PeerState;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.LapicTimerMode;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.machine.board.Controllers;
import dev.interject.machine.board.Mainboard;

/** Reads a {@link GuestState} from the kernel and from guest memory. On the vCPU's thread; changes nothing. */
final class StateReader {

    /** 256 gates of 16 bytes: the largest IDT that a CPU reads. */
    private static final int LARGEST_IDT = 4096;
    /** 256 entries of 4 bytes, whatever the limit: some hosts do not look at it. */
    private static final int LARGEST_IVT = 1024;
    /** 8192 descriptors: as many as a selector can name. */
    private static final int MOST_DESCRIPTORS = 0x10000;
    private static final int TSS_BYTES = 104;
    private static final byte[] NONE = {};
    /** Far longer than a host's timer interrupt is late. */
    private static final long RELOAD_NANOS = 20_000_000;

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
                        deadline(lapic), controllers.pit(), held(lapic), board.routes().routes(),
                        board.levels().high()),
                peers);
    }

    /** Without statistics of the kernel it is unknown, since it may have been taken. */
    private OptionalInt held(Optional<LapicRegisters> lapic) {
        return board.irqchip() == Irqchip.SPLIT && context.statistics().isPresent() ? context.actor()
                .window()
                .map(window -> window.heldByKernel(lapic.orElseThrow().letsPicThrough()))
                .orElse(OptionalInt.empty()) : OptionalInt.empty();
    }

    /** Reads the vCPU for the state of another one. */
    PeerState peer() {
        Optional<LapicRegisters> lapic = lapic();
        return new PeerState(context.number(), cpu(), lapic, deadline(lapic));
    }

    /** The vCPU alone, without controllers. */
    CpuState cpu() {
        Vcpu vcpu = context.vcpu();
        SpecialRegisters special = vcpu.specialRegisters();
        MpState activity = vcpu.mpState();
        boolean halted =
                board.irqchip() == Irqchip.USERSPACE ? context.actor().sleep().isHalted() : activity == MpState.HALTED;
        Registers registers = vcpu.registers();
        PageWalk walk = new PageWalk(board.memory(), special, context.width().bits());
        return withPages(walk, new CpuState(activity, registers, special, events(), vcpu.readyForInterruptInjection(),
                halted, tables(walk), Pages.UNKNOWN));
    }

    private long deadline(Optional<LapicRegisters> lapic) {
        return lapic.filter(timer -> timer.timerMode() == LapicTimerMode.DEADLINE)
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
        return board.irqchip().hasLapicInKernel() ? Optional.of(settledLapic()) : Optional.empty();
    }

    /** The count of a periodic timer is 0 until the kernel reloads it; it stays 0 only if the timer is stopped. */
    private LapicRegisters settledLapic() {
        LapicRegisters lapic = context.vcpu().lapicRegisters();
        long since = System.nanoTime();
        while (lapic.isTimerAtEndOfPeriod() && System.nanoTime() - since < RELOAD_NANOS) {
            lapic = context.vcpu().lapicRegisters();
        }
        return lapic;
    }

    private CpuState withPages(PageWalk walk, CpuState cpu) {
        if (!cpu.special().isPaging()) {
            return cpu.withPages(new Pages.Unpaged(board.memory().bytes()));
        }
        Map<Long, Page> pages = new HashMap<>();
        DeliveryAddresses.visit(cpu,
                linear -> pages.computeIfAbsent(Pages.numberOf(linear), _ -> walk.page(linear)));
        return cpu.withPages(new Pages.Walked(pages));
    }

    private static DescriptorTables tables(PageWalk walk) {
        SpecialRegisters special = walk.special();
        byte[] idt = walk.read(special.idt().base(),
                special.inRealMode() ? LARGEST_IVT : bytes(special.idt().limit(), LARGEST_IDT));
        byte[] gdt = walk.read(special.gdt().base(), bytes(special.gdt().limit(), MOST_DESCRIPTORS));
        if (special.inRealMode()) {
            return new DescriptorTables(idt, gdt, NONE, NONE);
        }
        Segment ldt = special.ldt();
        return new DescriptorTables(idt, gdt,
                ldt.unusable() || !ldt.present() ? NONE : walk.read(ldt.base(), bytes(ldt.limit(), MOST_DESCRIPTORS)),
                walk.read(special.tr().base(), TSS_BYTES));
    }

    /** The size of a table whose limit the guest chose: unsigned, and of 32 bits where a segment's G is 1. */
    private static int bytes(int limit, int most) {
        return (int) Math.min(Integer.toUnsignedLong(limit) + 1, most);
    }
}
