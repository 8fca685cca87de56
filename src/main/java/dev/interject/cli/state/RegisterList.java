package dev.interject.cli.state;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;

/** A vCPU's registers by their names, for text and JSON alike. */
public final class RegisterList {

    private RegisterList() {}

    /** The piece of a state that a register belongs to. */
    static Piece piece(String register) {
        return switch (register) {
            case "rip" -> Piece.INSTRUCTION_POINTER;
            case "rsp" -> Piece.STACK_POINTER;
            case "rflags" -> Piece.FLAGS;
            case "apicBase" -> Piece.APIC_BASE;
            case "cr2", "cr3", "cr8", "ds", "es", "fs", "gs" -> Piece.SPECIAL_OTHER;
            case "cr0", "cr4", "efer", "cs", "ss", "tr", "ldtr", "gdtr", "idtr" -> Piece.SPECIAL_REGISTERS;
            default -> Piece.GENERAL_REGISTERS;
        };
    }

    /** The general-purpose registers, RIP and RFLAGS. */
    public static SequencedMap<String, Long> general(Registers r) {
        SequencedMap<String, Long> all = new LinkedHashMap<>();
        all.put("rax", r.rax());
        all.put("rbx", r.rbx());
        all.put("rcx", r.rcx());
        all.put("rdx", r.rdx());
        all.put("rsi", r.rsi());
        all.put("rdi", r.rdi());
        all.put("rbp", r.rbp());
        all.put("rsp", r.rsp());
        all.put("r8", r.r8());
        all.put("r9", r.r9());
        all.put("r10", r.r10());
        all.put("r11", r.r11());
        all.put("r12", r.r12());
        all.put("r13", r.r13());
        all.put("r14", r.r14());
        all.put("r15", r.r15());
        all.put("rip", r.rip());
        all.put("rflags", r.rflags());
        return all;
    }

    /** The control registers, EFER and IA32_APIC_BASE. */
    public static SequencedMap<String, Long> control(SpecialRegisters s) {
        SequencedMap<String, Long> all = new LinkedHashMap<>();
        all.put("cr0", s.cr0());
        all.put("cr2", s.cr2());
        all.put("cr3", s.cr3());
        all.put("cr4", s.cr4());
        all.put("cr8", s.cr8());
        all.put("efer", s.efer());
        all.put("apicBase", s.apicBase());
        return all;
    }

    /** The segment registers, TR and LDTR. */
    public static SequencedMap<String, Segment> segments(SpecialRegisters s) {
        SequencedMap<String, Segment> all = new LinkedHashMap<>();
        all.put("cs", s.cs());
        all.put("ds", s.ds());
        all.put("es", s.es());
        all.put("fs", s.fs());
        all.put("gs", s.gs());
        all.put("ss", s.ss());
        all.put("tr", s.tr());
        all.put("ldtr", s.ldt());
        return all;
    }

    /** GDTR and IDTR. */
    public static SequencedMap<String, DescriptorTable> tables(SpecialRegisters s) {
        SequencedMap<String, DescriptorTable> all = new LinkedHashMap<>();
        all.put("gdtr", s.gdt());
        all.put("idtr", s.idt());
        return all;
    }
}
