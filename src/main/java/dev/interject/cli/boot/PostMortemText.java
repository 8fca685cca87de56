package dev.interject.cli.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;

import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.device.PicState;
import dev.interject.experiment.boot.PostMortem;
import dev.interject.experiment.boot.TableEntry;
import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;

/** The vCPUs of a guest that broke, as text. */
public final class PostMortemText {

    private static final int PER_LINE = 4;
    private static final int EXCEPTIONS = 32;

    private final TextPage page;

    /** An empty page. */
    public PostMortemText(Style style) {
        this.page = new TextPage(style);
    }

    /** Adds each vCPU, and returns the page. */
    public String render(List<PostMortem> vcpus) {
        vcpus.forEach(this::vcpu);
        return page.toString();
    }

    private void vcpu(PostMortem seen) {
        GuestState state = seen.state();
        CpuState cpu = state.cpu();
        page.section("vCPU %d, in %s mode%s".formatted(state.vcpu(), mode(cpu.special()),
                cpu.halted() ? ", asleep in HLT" : ""));
        if (seen.isReset()) {
            page.line("  KVM has reset it, as it does on AMD at a triple fault: its state at the crash is lost");
        } else {
            cpu(seen, cpu.registers(), cpu.special());
        }
        interrupts(seen);
    }

    private void cpu(PostMortem seen, Registers r, SpecialRegisters s) {
        page.line("  at     %s%s".formatted(hex(r.rip()), seen.place().isEmpty() ? "" : "  " + seen.place()));
        page.line("  code   " + bytes(seen.code()));
        page.line("  flags  0x%x, IF = %d".formatted(r.rflags(), r.interruptFlag() ? 1 : 0));
        registers(r, s);
        page.line("  cr0 0x%x  cr2 0x%x  cr3 0x%x  cr4 0x%x  efer 0x%x".formatted(s.cr0(), s.cr2(), s.cr3(), s.cr4(),
                s.efer()));
        page.line("  cs 0x%04x  ss 0x%04x  tr 0x%04x  gdt %s + 0x%x  idt %s + 0x%x".formatted(s.cs().selector(),
                s.ss().selector(), s.tr().selector(), hex(s.gdt().base()), s.gdt().limit(), hex(s.idt().base()),
                s.idt().limit()));
        page.line("  stack  " + (seen.stack().length == 0 ? "not in RAM" : words(seen.stack(), s)));
        seen.entries().forEach(this::entry);
    }

    private void entry(TableEntry entry) {
        String name = entry.vector() < EXCEPTIONS ? " (%s)".formatted(CpuException.mnemonic(entry.vector()))
                : "";
        page.line("  idt    0x%02x%s%s: %s%s%s".formatted(entry.vector(), name, entry.queued() ? ", queued" : "",
                entry.evidence(), entry.handler().isEmpty() ? "" : " (%s)".formatted(entry.handler()),
                entry.problem().map("; "::concat).orElse("")));
    }

    private void interrupts(PostMortem seen) {
        ControllerState controllers = seen.state().controllers();
        pic("master", controllers.master());
        pic("slave ", controllers.slave());
        controllers.lapic()
                .ifPresent(
                        lapic -> page.line("  LAPIC  IRR %s  ISR %s  TPR 0x%02x".formatted(vectors(lapic.requested()),
                                vectors(lapic.inService()), lapic.taskPriority())));
        if (!seen.counts().isEmpty()) {
            page.line("  KVM    irq_injections %d  nmi_injections %d".formatted(
                    seen.counts().getOrDefault("irq_injections", 0L),
                    seen.counts().getOrDefault("nmi_injections", 0L)));
        }
    }

    private static String vectors(SortedSet<Integer> vectors) {
        return vectors.isEmpty() ? "-" : vectors.stream().map("0x%02x"::formatted).collect(Collectors.joining(" "));
    }

    private static String mode(SpecialRegisters special) {
        return special.inRealMode() ? "real" : special.inLongMode() ? "long" : "protected";
    }

    private void registers(Registers r, SpecialRegisters special) {
        List<String> fields = new ArrayList<>(List.of("rax " + hex(r.rax()), "rbx " + hex(r.rbx()),
                "rcx " + hex(r.rcx()), "rdx " + hex(r.rdx()), "rsi " + hex(r.rsi()), "rdi " + hex(r.rdi()),
                "rbp " + hex(r.rbp()), "rsp " + hex(r.rsp())));
        if (special.inLongMode()) {
            fields.addAll(List.of("r8 " + hex(r.r8()), "r9 " + hex(r.r9()), "r10 " + hex(r.r10()),
                    "r11 " + hex(r.r11()), "r12 " + hex(r.r12()), "r13 " + hex(r.r13()), "r14 " + hex(r.r14()),
                    "r15 " + hex(r.r15())));
        }
        for (int i = 0; i < fields.size(); i += PER_LINE) {
            page.line("  " + String.join("  ", fields.subList(i, i + PER_LINE)));
        }
    }

    private void pic(String name, PicState pic) {
        page.line("  8259 %s  IRR 0x%02x  ISR 0x%02x  IMR 0x%02x".formatted(name, pic.irr(), pic.isr(), pic.imr()));
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static String bytes(byte[] code) {
        return code.length == 0 ? "not in RAM" : HexFormat.ofDelimiter(" ").formatHex(code);
    }

    private static String words(byte[] stack, SpecialRegisters special) {
        ByteBuffer words = ByteBuffer.wrap(stack).order(ByteOrder.LITTLE_ENDIAN);
        List<Long> values = new ArrayList<>();
        while (values.size() < PER_LINE && words.remaining() >= Long.BYTES) {
            values.add(special.inLongMode() ? words.getLong()
                    : special.inRealMode() ? Short.toUnsignedLong(words.getShort())
                            : Integer.toUnsignedLong(words.getInt()));
        }
        return values.stream().map(PostMortemText::hex).collect(Collectors.joining(" "));
    }
}
