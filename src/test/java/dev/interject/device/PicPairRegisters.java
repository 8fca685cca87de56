package dev.interject.device;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.interject.kvm.state.PicRegisters;

/** The state of a pair of 8259As in KVM's fields, so that nothing is lost before the comparison. */
record PicPairRegisters(PicRegisters master, PicRegisters slave) {

    static PicPairRegisters of(PicState master, PicState slave) {
        return new PicPairRegisters(registers(master), registers(slave));
    }

    static PicRegisters registers(PicState state) {
        return new PicRegisters(state.lastIrr(), state.irr(), state.imr(), state.isr(), state.priorityAdd(),
                state.irqBase(), bit(state.readRegSelect()), bit(state.poll()), bit(state.specialMask()),
                state.initState(), bit(state.autoEoi()), bit(state.rotateOnAutoEoi()), bit(state.specialFullyNested()),
                bit(state.init4()), state.elcr(), state.elcrMask());
    }

    private static int bit(boolean set) {
        return set ? 1 : 0;
    }

    /** Returns the fields of both chips by name, such as {@code master.irr}, in a fixed order. */
    Map<String, Integer> byName() {
        Map<String, Integer> fields = new LinkedHashMap<>();
        add(fields, "master.", master);
        add(fields, "slave.", slave);
        return fields;
    }

    private static void add(Map<String, Integer> fields, String prefix, PicRegisters chip) {
        for (RecordComponent field : PicRegisters.class.getRecordComponents()) {
            try {
                fields.put(prefix + field.getName(), (Integer) field.getAccessor().invoke(chip));
            } catch (ReflectiveOperationException impossible) {
                throw new AssertionError("the accessors of a public record are public", impossible);
            }
        }
    }
}
