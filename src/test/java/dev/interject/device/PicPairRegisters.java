package dev.interject.device;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/** The state of a pair of 8259As. */
record PicPairRegisters(PicState master, PicState slave) {

    /** Returns the fields of both chips by name, such as {@code master.irr}, in a fixed order. */
    Map<String, Integer> byName() {
        Map<String, Integer> fields = new LinkedHashMap<>();
        add(fields, "master.", master);
        add(fields, "slave.", slave);
        return fields;
    }

    private static void add(Map<String, Integer> fields, String prefix, PicState chip) {
        for (RecordComponent field : PicState.class.getRecordComponents()) {
            try {
                Object value = field.getAccessor().invoke(chip);
                fields.put(prefix + field.getName(), value instanceof Boolean set ? set ? 1 : 0 : (Integer) value);
            } catch (ReflectiveOperationException impossible) {
                throw new AssertionError("the accessors of a public record are public", impossible);
            }
        }
    }
}
