package dev.interject.cli.explain;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.interject.cli.output.TextPage;
import dev.interject.device.PicState;
import dev.interject.device.PitChannel;
import dev.interject.device.PitState;
import dev.interject.device.Redirection;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.delivery.Failure;
import dev.interject.interrupt.delivery.IdtEntry;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Lapic;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;

/** The whole state of a frozen guest as text, 80 columns wide. */
final class StateText {

    private static final int DESCRIPTOR_BYTES = 8;

    private final TextPage page;

    StateText(TextPage page) {
        this.page = page;
    }

    void dump(GuestState state) {
        registers(state.cpu().registers());
        special(state.cpu().special());
        TableText tables = new TableText(page);
        tables.mode(state.cpu());
        page.section("vCPU %d of %d".formatted(state.vcpu(), state.vcpus()));
        line("MP state %s, %s; ready_for_interrupt_injection %d".formatted(state.cpu().activity(),
                state.cpu().halted() ? "halted" : "not halted", state.cpu().ready() ? 1 : 0));
        line("events: %s".formatted(events(state)));
        interruptTable(state);
        segments(state);
        tables.task(state.cpu());
        tables.pages(state.cpu().pages());
        page.section("8259s");
        pic("master", state.controllers().master());
        pic("slave", state.controllers().slave());
        state.controllers().pit().ifPresent(this::pit);
        state.controllers().ioapic().ifPresent(ioapic -> {
            page.section("IOAPIC, IRR 0x%06x".formatted(ioapic.irr()));
            redirections(ioapic.entries());
        });
        state.controllers().lapic().ifPresent(lapic -> lapic(lapic, state.controllers().deadline()));
        if (!state.lapics().isEmpty()) {
            page.section("Who is addressed");
            state.lapics().forEach(this::addressed);
        }
    }

    private void addressed(Lapic lapic) {
        line("vCPU %d  %s%s".formatted(lapic.vcpu(), lapic,
                !lapic.isOn() ? ", off" : lapic.isEnabled() ? "" : ", disabled"));
    }

    private void registers(Registers r) {
        page.section("Registers");
        line("RAX %016x  RBX %016x  RCX %016x".formatted(r.rax(), r.rbx(), r.rcx()));
        line("RDX %016x  RSI %016x  RDI %016x".formatted(r.rdx(), r.rsi(), r.rdi()));
        line("RBP %016x  RSP %016x  R8  %016x".formatted(r.rbp(), r.rsp(), r.r8()));
        line("R9  %016x  R10 %016x  R11 %016x".formatted(r.r9(), r.r10(), r.r11()));
        line("R12 %016x  R13 %016x  R14 %016x".formatted(r.r12(), r.r13(), r.r14()));
        line("R15 %016x  RIP %016x  RFLAGS %08x".formatted(r.r15(), r.rip(), r.rflags()));
    }

    private void special(SpecialRegisters s) {
        line("CR0 %08x  CR2 %016x  CR3 %08x  CR4 %08x  CR8 %x".formatted(s.cr0(), s.cr2(), s.cr3(), s.cr4(), s.cr8()));
        line("EFER %x  IA32_APIC_BASE %x".formatted(s.efer(), s.apicBase()));
        line("GDT %016x limit %04x  IDT %016x limit %04x".formatted(s.gdt().base(), s.gdt().limit(), s.idt().base(),
                s.idt().limit()));
        segment("CS", s.cs());
        segment("SS", s.ss());
        segment("TR", s.tr());
    }

    private void segment(String name, Segment segment) {
        line("%s %04x base %016x limit %08x type %x DPL %d%s%s".formatted(name, segment.selector(), segment.base(),
                segment.limit(), segment.type(), segment.dpl(), segment.longMode() ? " 64-bit" : "",
                segment.present() ? "" : " not present"));
    }

    private static String events(GuestState state) {
        return "%s%s; shadow %s; NMIs pending %d%s".formatted(
                state.cpu().events().exception().map(queued -> queued + " queued; ").orElse(""),
                state.controllers().held().isPresent()
                        ? "vector 0x%02x held by KVM".formatted(state.controllers().held().getAsInt())
                        : state.cpu().events().interruptInjected()
                                ? "vector 0x%02x queued".formatted(state.cpu().events().interruptVector())
                                : "no interrupt queued",
                state.cpu().events().inShadow() ? "of " + state.cpu().events().shadow() : "none",
                state.cpu().events().nmisPending(), state.cpu().events().nmiMasked() ? ", masked" : "");
    }

    /** Adjacent vectors whose entries differ only in the address share a line. */
    private void interruptTable(GuestState state) {
        page.section("IDT");
        int from = 0;
        while (from < Mailbox.VECTORS) {
            int to = from;
            while (to + 1 < Mailbox.VECTORS && kind(state, to + 1).equals(kind(state, from))) {
                to++;
            }
            String vectors = from == to ? "0x%02x".formatted(from) : "0x%02x-0x%02x".formatted(from, to);
            IdtEntry entry = IdtEntry.of(state.cpu(), from);
            folded("%s  %s".formatted(vectors, entry.isUsable() ? entry.evidence() + (from == to ? "" : " and up")
                    : kind(state, from)));
            from = to + 1;
        }
    }

    private static String kind(GuestState state, int vector) {
        IdtEntry entry = IdtEntry.of(state.cpu(), vector);
        return entry.problem().map(Failure::kind).orElse("gate in segment %02x".formatted(entry.selector()));
    }

    private void segments(GuestState state) {
        page.section("GDT");
        byte[] gdt = state.cpu().tables().gdt();
        for (int offset = DESCRIPTOR_BYTES; offset + DESCRIPTOR_BYTES <= gdt.length; offset += DESCRIPTOR_BYTES) {
            long descriptor = 0;
            for (int i = DESCRIPTOR_BYTES - 1; i >= 0; i--) {
                descriptor = descriptor << Byte.SIZE | Byte.toUnsignedLong(gdt[offset + i]);
            }
            if (descriptor != 0) {
                line("0x%02x  %016x".formatted(offset, descriptor));
            }
        }
    }

    private void pic(String name, PicState pic) {
        folded("%-6s base 0x%02x  IRR %02x  IMR %02x  ISR %02x  lines high %02x  ELCR %02x  top priority %d%s%s%s"
                .formatted(name, pic.irqBase(), pic.irr(), pic.imr(), pic.isr(), pic.lastIrr(), pic.elcr(),
                        pic.priorityAdd(), pic.autoEoi() ? pic.rotateOnAutoEoi() ? "  AEOI, rotating" : "  AEOI" : "",
                        pic.specialMask() ? "  special mask" : "",
                        pic.specialFullyNested() ? "  special fully nested" : ""));
    }

    private void pit(PitState pit) {
        page.section("PIT, flags 0x%x".formatted(pit.flags()));
        for (int number = 0; number < PitState.CHANNELS; number++) {
            PitChannel channel = pit.channels().get(number);
            line("channel %d  mode %s  count %d%s  GATE %s".formatted(number,
                    channel.mode() == PitChannel.NO_MODE ? "none" : channel.mode(), channel.count(),
                    channel.bcd() ? " in BCD" : "", channel.gate() ? "high" : "low"));
        }
    }

    private void redirections(List<Redirection> entries) {
        String masked = IntStream.range(0, entries.size())
                .filter(pin -> entries.get(pin).bits() == Redirection.RESET.bits())
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(" "));
        for (int pin = 0; pin < entries.size(); pin++) {
            Redirection entry = entries.get(pin);
            if (entry.bits() != Redirection.RESET.bits()) {
                line("pin %-2d  %016x  vector 0x%02x to %d, %s%s%s".formatted(pin, entry.bits(), entry.vector(),
                        entry.destination(), entry.isLevel() ? "level" : "edge", entry.isMasked() ? ", masked" : "",
                        entry.remoteIrr() ? ", remote IRR" : ""));
            }
        }
        folded("reset value, masked: pins " + masked);
    }

    private void lapic(LapicRegisters lapic, long deadline) {
        page.section("LAPIC");
        line("SVR %s  TPR %02x  LVT0 %05x  LVT1 %05x".formatted(lapic.isSoftwareEnabled() ? "enabled" : "disabled",
                lapic.taskPriority(), lapic.lint0(), lapic.lint1()));
        line("LVT timer %05x  initial count %x  current %x  IA32_TSC_DEADLINE %x".formatted(lapic.timer(),
                lapic.timerInitialCount(), lapic.timerCurrentCount(), deadline));
        folded("IRR " + vectors(lapic::isRequested));
        folded("ISR " + vectors(lapic::isInService));
    }

    private static String vectors(IntPredicate isSet) {
        String set = IntStream.range(0, Mailbox.VECTORS)
                .filter(isSet)
                .mapToObj("0x%02x"::formatted)
                .collect(Collectors.joining(" "));
        return set.isEmpty() ? "empty" : set;
    }

    private void folded(String content) {
        page.folded("    ", content);
    }

    private void line(String content) {
        page.line("    " + content);
    }
}
