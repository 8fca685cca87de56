package dev.interject.experiment.state;

import java.util.EnumSet;
import java.util.Optional;

import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.structure.RawStructures;

/** A vCPU's registers. */
final class RegisterReader {

    private static final int WORD = 0xffff;
    private static final int LARGEST_TYPE = 0xf;
    private static final int LARGEST_RING = 3;
    private static final long APIC_BASE_MSR = 0x1b;

    /** RFLAGS with IF = 1; 64-bit mode; a LAPIC that is enabled. */
    private static final long USUAL_FLAGS = 0x202;
    private static final long USUAL_CR0 = 0x80000011L;
    private static final long USUAL_CR4 = 0x20;
    private static final long USUAL_EFER = 0x500;
    private static final long BASE_X2APIC = 1 << 10;
    private static final long USUAL_APIC_BASE = 0xfee00900L;
    private static final Segment NO_SEGMENT = new Segment(0, 0, 0, 0, false, 0, false, false, false, false, true);
    private static final DescriptorTable NO_TABLE = new DescriptorTable(0, 0);

    private final Fields vcpu;
    private final boolean hasLapic;
    private final EnumSet<Piece> lacking;

    RegisterReader(Fields vcpu, boolean hasLapic, EnumSet<Piece> lacking) {
        this.vcpu = vcpu;
        this.hasLapic = hasLapic;
        this.lacking = lacking;
    }

    Registers general() {
        Optional<byte[]> raw = vcpu.bytes("kvm_regs");
        Optional<Fields> fields = vcpu.object("registers");
        VcpuReader.requireOne(vcpu, "kvm_regs", raw.isPresent(), fields.isPresent(), "registers");
        if (raw.isPresent()) {
            return vcpu.checked("kvm_regs", () -> RawStructures.registers(raw.get()));
        }
        Optional<Fields> r = fields;
        return new Registers(other(r, "rax"), other(r, "rbx"), other(r, "rcx"), other(r, "rdx"), other(r, "rsi"),
                other(r, "rdi"), value(r, "rsp", Piece.STACK_POINTER, 0), other(r, "rbp"), other(r, "r8"),
                other(r, "r9"), other(r, "r10"), other(r, "r11"), other(r, "r12"), other(r, "r13"), other(r, "r14"),
                other(r, "r15"), value(r, "rip", Piece.INSTRUCTION_POINTER, 0),
                value(r, "rflags", Piece.FLAGS, USUAL_FLAGS));
    }

    private long other(Optional<Fields> registers, String name) {
        return value(registers, name, Piece.GENERAL_REGISTERS, 0);
    }

    private long value(Optional<Fields> fields, String name, Piece piece, long usual) {
        if (fields.isEmpty() || !fields.get().has(name)) {
            lacking.add(piece);
            return usual;
        }
        return fields.get().number(name).orElseThrow();
    }

    SpecialRegisters special() {
        Optional<byte[]> raw = vcpu.bytes("kvm_sregs");
        Optional<Fields> fields = vcpu.object("specialRegisters");
        VcpuReader.requireOne(vcpu, "kvm_sregs", raw.isPresent(), fields.isPresent(), "specialRegisters");
        SpecialRegisters special = raw.isPresent()
                ? vcpu.checked("kvm_sregs", () -> RawStructures.specialRegisters(raw.get()))
                : special(fields);
        Optional<Fields> msrs = vcpu.object("msrs");
        Optional<Long> base = msrs.map(all -> all.number("0x1b"))
                .filter(value -> value.isPresent())
                .map(value -> value.getAsLong());
        if (base.isEmpty()) {
            return special;
        }
        lacking.remove(Piece.X2APIC_MODE);
        if (!lacking.remove(Piece.APIC_BASE) && base.get() != special.apicBase()) {
            throw msrs.orElseThrow()
                    .invalid("0x1b", "MSR 0x%x is not the same as apicBase".formatted(APIC_BASE_MSR),
                            "give it once");
        }
        return special.withApicBase(base.get());
    }

    private SpecialRegisters special(Optional<Fields> s) {
        return new SpecialRegisters(segment(s, "cs", Piece.SPECIAL_REGISTERS),
                segment(s, "ds", Piece.SPECIAL_OTHER), segment(s, "es", Piece.SPECIAL_OTHER),
                segment(s, "fs", Piece.SPECIAL_OTHER), segment(s, "gs", Piece.SPECIAL_OTHER),
                segment(s, "ss", Piece.SPECIAL_REGISTERS), segment(s, "tr", Piece.SPECIAL_REGISTERS),
                segment(s, "ldtr", Piece.SPECIAL_REGISTERS), table(s, "gdtr"), table(s, "idtr"),
                value(s, "cr0", Piece.SPECIAL_REGISTERS, USUAL_CR0), value(s, "cr2", Piece.SPECIAL_OTHER, 0),
                value(s, "cr3", Piece.SPECIAL_OTHER, 0), value(s, "cr4", Piece.SPECIAL_REGISTERS, USUAL_CR4),
                value(s, "cr8", Piece.SPECIAL_OTHER, 0), value(s, "efer", Piece.SPECIAL_REGISTERS, USUAL_EFER),
                apicBase(s));
    }

    /** The mode of a LAPIC may be known where the rest of IA32_APIC_BASE is not. */
    private long apicBase(Optional<Fields> special) {
        Optional<Boolean> isX2apic = vcpu.object("lapic").flatMap(lapic -> lapic.flag("x2apic"));
        boolean isMissing = special.isEmpty() || !special.get().has("apicBase");
        if (hasLapic && isMissing && isX2apic.isEmpty()) {
            lacking.add(Piece.X2APIC_MODE);
        }
        return value(special, "apicBase", Piece.APIC_BASE,
                isX2apic.orElse(false) ? USUAL_APIC_BASE | BASE_X2APIC : USUAL_APIC_BASE);
    }

    private Segment segment(Optional<Fields> special, String name, Piece piece) {
        Optional<Fields> segment = special.flatMap(fields -> fields.object(name));
        if (segment.isEmpty()) {
            lacking.add(piece);
            return NO_SEGMENT;
        }
        Fields s = segment.get();
        return new Segment(number(s, "base"), s.number32("limit").orElseThrow(() -> missing(s, "limit")),
                s.number("selector", WORD).orElseThrow(() -> missing(s, "selector")),
                s.number("type", LARGEST_TYPE).orElseThrow(() -> missing(s, "type")), flag(s, "present"),
                s.number("dpl", LARGEST_RING).orElseThrow(() -> missing(s, "dpl")), flag(s, "db"),
                flag(s, "codeOrData"), flag(s, "longMode"), flag(s, "pageGranular"), flag(s, "unusable"));
    }

    private DescriptorTable table(Optional<Fields> special, String name) {
        Optional<Fields> table = special.flatMap(fields -> fields.object(name));
        if (table.isEmpty()) {
            lacking.add(Piece.SPECIAL_REGISTERS);
            return NO_TABLE;
        }
        return new DescriptorTable(number(table.get(), "base"),
                table.get().number("limit", WORD).orElseThrow(() -> missing(table.get(), "limit")));
    }

    private static long number(Fields fields, String name) {
        return fields.number(name).orElseThrow(() -> missing(fields, name));
    }

    private static boolean flag(Fields fields, String name) {
        return fields.flag(name).orElseThrow(() -> missing(fields, name));
    }

    private static InvalidStateException missing(Fields fields, String name) {
        return fields.invalid(name, "is missing", "give the register with all its fields, or leave it out");
    }
}
