package dev.interject.experiment.setting;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.interject.interrupt.delivery.TaskState;
import dev.interject.interrupt.state.Page;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.machine.FrozenVcpu;

/** What can be set of a vCPU's descriptor tables, its TSS and its pages. */
final class TableSettings {

    private static final String REGISTERS = "Intel SDM vol. 3A, \"Memory-Management Registers\"";
    private static final SettingName.Index ADDRESS = new SettingName.Index("ADDRESS", -1, 1, false);
    private static final SettingName.Index SELECTOR = new SettingName.Index("SELECTOR", 0xfff8, 8, false);
    private static final long LIMIT = 0xffff;
    private static final long LONGEST_LIMIT = 0xffffffffL;

    private static final long ABSENT = 0;
    private static final long READONLY = 1;
    private static final long NO_EXECUTE = 2;
    private static final long USER = 3;
    private static final long WRITABLE = 4;

    private TableSettings() {}

    static List<SettingKind<?>> all() {
        List<SettingKind<?>> all = new ArrayList<>(IdtSettings.all());
        all.add(register("idt.base", address(), "the address of the IDT", special -> special.idt().base(),
                (special, value) -> special.withIdt(special.idt().withBase(value))));
        all.add(register("idt.limit", limit(LIMIT), "the last byte of the IDT",
                special -> (long) special.idt().limit(),
                (special, value) -> special.withIdt(special.idt().withLimit(value.intValue()))));
        all.add(SettingKind.of(SettingName.indexed("gdt", SELECTOR, ""), NumberForm.upTo("descriptor", -1),
                "the 64 bits of a segment's descriptor", "Intel SDM vol. 3A, \"Segment Descriptors\"",
                new OfGdt()));
        all.add(register("gdt.base", address(), "the address of the GDT", special -> special.gdt().base(),
                (special, value) -> special.withGdt(special.gdt().withBase(value))));
        all.add(register("gdt.limit", limit(LIMIT), "the last byte of the GDT",
                special -> (long) special.gdt().limit(),
                (special, value) -> special.withGdt(special.gdt().withLimit(value.intValue()))));
        for (int ring = 0; ring < TaskState.RINGS; ring++) {
            all.add(stack("rsp" + ring, TaskState.FIRST_RING + ring * Long.BYTES, "the stack of ring " + ring,
                    "\"Stack Switching in IA-32e Mode\""));
        }
        for (int number = 1; number <= TaskState.STACK_TABLES; number++) {
            all.add(stack("ist" + number, TaskState.FIRST_TABLE + (number - 1) * Long.BYTES,
                    "interrupt stack " + number, "\"Interrupt Stack Table\""));
        }
        all.add(register("tss.base", address(), "the address of the TSS", special -> special.tr().base(),
                (special, value) -> special.withTr(special.tr().withBase(value))));
        all.add(register("tss.limit", limit(LONGEST_LIMIT), "the last byte of the TSS",
                special -> Integer.toUnsignedLong(special.tr().limit()),
                (special, value) -> special.withTr(special.tr().withLimit(value.intValue()))));
        all.add(SettingKind.of(SettingName.indexed("page", ADDRESS, ""),
                NumberForm.words("access", "absent", "readonly", "no-execute", "user", "writable"),
                "the page of 4 KiB around a linear address, in a copy of the page tables; large pages are split",
                "Intel SDM vol. 3A, \"Access Rights\"", new OfPage()));
        return all;
    }

    private static NumberForm address() {
        return NumberForm.upTo("address", -1);
    }

    private static NumberForm limit(long most) {
        return NumberForm.upTo("offset of the last byte", most);
    }

    private static SettingKind<Long> register(String name, NumberForm form, String what,
            Function<SpecialRegisters, Long> reader, BiFunction<SpecialRegisters, Long, SpecialRegisters> writer) {
        return SettingKind.of(SettingName.of(name), form, what, REGISTERS,
                Access.of(vcpu -> reader.apply(vcpu.special()),
                        (vcpu, value) -> vcpu.special(special -> writer.apply(special, value))));
    }

    private static SettingKind<Long> stack(String name, int offset, String what, String section) {
        return SettingKind.of(SettingName.of("tss." + name), address(), what + ", in the TSS of 64-bit mode",
                "Intel SDM vol. 3A, " + section,
                Access.of(vcpu -> readLong(vcpu, vcpu.special().tr().base() + offset),
                        (vcpu, value) -> {
                            SpecialRegisters special = vcpu.special();
                            requireThat(special.inLongMode(), "the guest is not in long mode");
                            requireThat(Integer.compareUnsigned(special.tr().limit(), offset + Long.BYTES - 1) >= 0,
                                    "the guest's TSS ends at offset 0x%x".formatted(special.tr().limit()));
                            writeLong(vcpu, special.tr().base() + offset, value);
                        }));
    }

    /** @throws UnsettableException unless the condition holds */
    static void requireThat(boolean condition, String otherwise) {
        if (!condition) {
            throw new UnsettableException(otherwise);
        }
    }

    /** What memory that is not mapped holds counts as 0. */
    private static long readLong(FrozenVcpu vcpu, long address) {
        byte[] bytes = vcpu.readLinear(address, Long.BYTES);
        return bytes.length < Long.BYTES ? 0 : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static void writeLong(FrozenVcpu vcpu, long address, long value) {
        write(vcpu, address, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    static void write(FrozenVcpu vcpu, long address, byte... content) {
        requireThat(vcpu.writeLinear(address, content), "0x%x is not mapped to memory".formatted(address));
    }

    private static final class OfGdt implements Access<Long> {

        @Override
        public Long read(FrozenVcpu vcpu, long selector) {
            return readLong(vcpu, vcpu.special().gdt().base() + selector);
        }

        @Override
        public void write(FrozenVcpu vcpu, long selector, Long descriptor) {
            SpecialRegisters special = vcpu.special();
            requireThat(!special.inRealMode(), "the guest is in real mode, which has no GDT");
            requireThat(selector + Long.BYTES - 1 <= special.gdt().limit(),
                    "the guest's GDT ends at offset 0x%x".formatted(special.gdt().limit()));
            writeLong(vcpu, special.gdt().base() + selector, descriptor);
        }
    }

    private static final class OfPage implements Access<Long> {

        @Override
        public Long read(FrozenVcpu vcpu, long linear) {
            if (!vcpu.special().inLongMode()) {
                return WRITABLE;
            }
            Page page = vcpu.page(linear);
            return !page.present() ? ABSENT
                    : !page.executable() ? NO_EXECUTE : !page.writable() ? READONLY : page.user() ? USER : WRITABLE;
        }

        @Override
        public void write(FrozenVcpu vcpu, long linear, Long access) {
            SpecialRegisters special = vcpu.special();
            requireThat(special.inLongMode(), "the guest has no page tables of long mode");
            requireThat(special.isCanonical(linear), "0x%x is not a canonical address".formatted(linear));
            requireThat(access != NO_EXECUTE || special.forbidsExecution(),
                    "the guest's EFER.NXE is 0: bit 63 of an entry is reserved");
            try {
                vcpu.page(linear, page -> access == ABSENT ? Page.ABSENT
                        : new Page(page.physical(), true, access != READONLY,
                                access == USER || access != WRITABLE && page.user(), access != NO_EXECUTE,
                                page.reserved(), page.isRam()));
            } catch (IllegalStateException noEntry) {
                throw new UnsettableException(noEntry.getMessage());
            }
        }
    }
}
