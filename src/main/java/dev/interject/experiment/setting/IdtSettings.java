package dev.interject.experiment.setting;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.machine.FrozenVcpu;

/** What can be set of the entries of a vCPU's interrupt table, in each mode of the CPU. */
final class IdtSettings {

    private static final SettingName.Index VECTOR = new SettingName.Index("VECTOR", 0xff, 1, false);
    private static final String REFERENCE = "Intel SDM vol. 3A, \"IDT Descriptors\"";
    private static final long LAST_STACK = 7;
    private static final long LAST_TYPE = 0x1f;
    private static final long LAST_RING = 3;
    private static final long LAST_SELECTOR = 0xffff;

    // where an entry has its parts (Intel SDM vol. 3A, "IDT Descriptors"; real mode: "8086 Emulation")
    private static final int SELECTOR_AT = 2;
    private static final int STACK_AT = 4;
    private static final int ACCESS_AT = 5;
    private static final int MIDDLE_AT = 6;
    private static final int HIGH_AT = 8;
    private static final int TYPE_SHIFT = 0;
    private static final int DPL_SHIFT = 5;
    private static final int PRESENT_SHIFT = 7;

    private IdtSettings() {}

    static List<SettingKind<?>> all() {
        return List.of(
                kind("present", NumberForm.flag("no or yes"), "whether the gate is present",
                        new Bits(ACCESS_AT, PRESENT_SHIFT, 1, Size.PROTECTED)),
                kind("selector", NumberForm.upTo("selector", LAST_SELECTOR), "the handler's code segment",
                        new Selector()),
                kind("offset", NumberForm.upTo("address", -1), "the handler's address in it", new Offset()),
                kind("ist", NumberForm.upTo("interrupt stack", LAST_STACK),
                        "the stack in the TSS, in long mode; 0 for none",
                        new Bits(STACK_AT, 0, LAST_STACK, Size.LONG)),
                kind("type", types(), "the type of the gate",
                        new Bits(ACCESS_AT, TYPE_SHIFT, LAST_TYPE, Size.PROTECTED)),
                kind("dpl", NumberForm.upTo("ring", LAST_RING), "the ring from which INT n may use it",
                        new Bits(ACCESS_AT, DPL_SHIFT, LAST_RING, Size.PROTECTED)));
    }

    private static NumberForm types() {
        SequencedMap<String, Long> words = new LinkedHashMap<>();
        words.put("interrupt", 0xeL);
        words.put("trap", 0xfL);
        words.put("call", 0xcL);
        words.put("task", 0x5L);
        words.put("interrupt16", 0x6L);
        words.put("trap16", 0x7L);
        return new NumberForm("type", 0, Optional.of(LAST_TYPE), -1, words);
    }

    private static SettingKind<Long> kind(String part, NumberForm form, String what, Access<Long> access) {
        return SettingKind.of(SettingName.indexed("idt", VECTOR, "." + part), form, what, REFERENCE, access);
    }

    /** The forms of an entry, by the CPU's mode, with their sizes in bytes. */
    private enum Size {
        REAL(4), PROTECTED(8), LONG(16);

        private final int bytes;

        Size(int bytes) {
            this.bytes = bytes;
        }

        static Size of(SpecialRegisters special) {
            return special.inLongMode() ? LONG : special.inRealMode() ? REAL : PROTECTED;
        }
    }

    /** An entry as it is in memory. */
    private record Entry(SpecialRegisters special, Size size, long vector, ByteBuffer bytes) {

        /** The entry of a vector; all zero if it is not in memory. */
        static Entry of(FrozenVcpu vcpu, long vector) {
            SpecialRegisters special = vcpu.special();
            Size size = Size.of(special);
            byte[] bytes = vcpu.readLinear(special.idt().base() + vector * size.bytes, size.bytes);
            ByteBuffer entry = ByteBuffer.allocate(size.bytes).order(ByteOrder.LITTLE_ENDIAN);
            entry.put(0, bytes);
            return new Entry(special, size, vector, entry);
        }

        /** An entry that can be changed. */
        static Entry toChange(FrozenVcpu vcpu, long vector) {
            Entry entry = of(vcpu, vector);
            TableSettings.requireThat((vector + 1) * entry.size.bytes - 1 <= entry.special.idt().limit(),
                    "the guest's interrupt table ends before this vector, at offset 0x%x"
                            .formatted(entry.special.idt().limit()));
            return entry;
        }

        void store(FrozenVcpu vcpu) {
            TableSettings.write(vcpu, special.idt().base() + vector * size.bytes, bytes.array());
        }
    }

    /** Some bits of one byte, which only longer entries have. */
    private record Bits(int at, int shift, long bits, Size least) implements Access<Long> {

        @Override
        public Long read(FrozenVcpu vcpu, long vector) {
            Entry entry = Entry.of(vcpu, vector);
            return entry.size.compareTo(least) < 0 ? 0 : entry.bytes.get(at) >>> shift & bits;
        }

        @Override
        public void write(FrozenVcpu vcpu, long vector, Long value) {
            Entry entry = Entry.toChange(vcpu, vector);
            TableSettings.requireThat(entry.size.compareTo(least) >= 0, least == Size.LONG
                    ? "the guest is not in long mode"
                    : "the guest is in real mode, whose table has addresses only");
            entry.bytes.put(at, (byte) (entry.bytes.get(at) & ~(bits << shift) | value << shift));
            entry.store(vcpu);
        }
    }

    private record Selector() implements Access<Long> {

        @Override
        public Long read(FrozenVcpu vcpu, long vector) {
            return (long) Short.toUnsignedInt(Entry.of(vcpu, vector).bytes.getShort(SELECTOR_AT));
        }

        @Override
        public void write(FrozenVcpu vcpu, long vector, Long value) {
            Entry entry = Entry.toChange(vcpu, vector);
            entry.bytes.putShort(SELECTOR_AT, value.shortValue());
            entry.store(vcpu);
        }
    }

    private record Offset() implements Access<Long> {

        @Override
        public Long read(FrozenVcpu vcpu, long vector) {
            Entry entry = Entry.of(vcpu, vector);
            long offset = Short.toUnsignedLong(entry.bytes.getShort(0));
            if (entry.size != Size.REAL) {
                offset |= Short.toUnsignedLong(entry.bytes.getShort(MIDDLE_AT)) << Short.SIZE;
            }
            return entry.size != Size.LONG ? offset
                    : offset | Integer.toUnsignedLong(entry.bytes.getInt(HIGH_AT)) << Integer.SIZE;
        }

        @Override
        public void write(FrozenVcpu vcpu, long vector, Long value) {
            Entry entry = Entry.toChange(vcpu, vector);
            int width = entry.size == Size.LONG ? Long.SIZE : entry.size == Size.REAL ? Short.SIZE : Integer.SIZE;
            TableSettings.requireThat(width == Long.SIZE || value >>> width == 0,
                    "an address has %d bits in this mode of the guest".formatted(width));
            entry.bytes.putShort(0, value.shortValue());
            if (entry.size != Size.REAL) {
                entry.bytes.putShort(MIDDLE_AT, (short) (value >>> Short.SIZE));
            }
            if (entry.size == Size.LONG) {
                entry.bytes.putInt(HIGH_AT, (int) (value >>> Integer.SIZE));
            }
            entry.store(vcpu);
        }
    }
}
