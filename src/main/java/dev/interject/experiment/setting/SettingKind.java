package dev.interject.experiment.setting;

import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import dev.interject.experiment.InvalidValueException;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.FrozenVcpu;

/**
 * A value that can be set by name.
 *
 * @param <T> the value
 */
public final class SettingKind<T> {

    private static final Set<Irqchip> WITH_LAPIC = EnumSet.of(Irqchip.KERNEL, Irqchip.SPLIT);

    private final SettingName name;
    private final ValueForm<T> form;
    private final String what;
    private final String reference;
    private final Set<Irqchip> irqchips;
    private final boolean isOfVcpu;
    private final Access<T> access;

    private SettingKind(SettingName name, ValueForm<T> form, String what, String reference, Set<Irqchip> irqchips,
            boolean isOfVcpu, Access<T> access) {
        this.name = name;
        this.form = form;
        this.what = what;
        this.reference = reference;
        this.irqchips = Set.copyOf(irqchips);
        this.isOfVcpu = isOfVcpu;
        this.access = access;
    }

    /** One that each vCPU of every machine has. */
    static <T> SettingKind<T> of(SettingName name, ValueForm<T> form, String what, String reference,
            Access<T> access) {
        return new SettingKind<>(name, form, what, reference, EnumSet.allOf(Irqchip.class), true, access);
    }

    /** The same, but the machine has one, not each vCPU. */
    SettingKind<T> ofMachine() {
        return new SettingKind<>(name, form, what, reference, irqchips, false, access);
    }

    /** The same, but only where the LAPIC is in the kernel. */
    SettingKind<T> withLapicOnly() {
        return new SettingKind<>(name, form, what, reference, WITH_LAPIC, isOfVcpu, access);
    }

    /** The same, but only where all controllers are in the kernel. */
    SettingKind<T> withKernelOnly() {
        return new SettingKind<>(name, form, what, reference, EnumSet.of(Irqchip.KERNEL), isOfVcpu, access);
    }

    /** The same, but only where the LAPIC is in the kernel and the 8259s are not. */
    SettingKind<T> withSplitOnly() {
        return new SettingKind<>(name, form, what, reference, EnumSet.of(Irqchip.SPLIT), isOfVcpu, access);
    }

    /** Its name in the catalogue. */
    public SettingName name() {
        return name;
    }

    /** How its value is written. */
    public ValueForm<T> form() {
        return form;
    }

    /** What it sets, in one clause. */
    public String what() {
        return what;
    }

    /** The section of a manual that describes it. */
    public String reference() {
        return reference;
    }

    /** The irqchips with which a machine has it. */
    public Set<Irqchip> irqchips() {
        return irqchips;
    }

    /** Whether each vCPU has one; otherwise the machine has it. */
    public boolean isOfVcpu() {
        return isOfVcpu;
    }

    /** What it is now, as {@link Setting} is written. */
    String read(FrozenVcpu vcpu, OptionalLong index) {
        return form.format(access.read(vcpu, index.orElse(0)));
    }

    /** Its number in brackets and value, checked. */
    Assignment<T> assign(String written, String value) {
        OptionalLong index = name.inBrackets(written)
                .map(text -> OptionalLong.of(index(written, text)))
                .orElseGet(OptionalLong::empty);
        try {
            return new Assignment<>(this, index, form.parse(value));
        } catch (IllegalArgumentException wrong) {
            throw new InvalidValueException(written, "must be %s (%s), not '%s'".formatted(form.range(), form.unit(),
                    value));
        }
    }

    private long index(String written, String text) {
        SettingName.Index brackets = name.index().orElseThrow();
        if (!brackets.contains(text)) {
            throw new InvalidValueException(written,
                    "must have %s in brackets, not '%s'".formatted(brackets.range(), text));
        }
        return Numbers.parse(text);
    }

    /**
     * A value of this kind.
     *
     * @param index the number in brackets, if the name has one
     */
    record Assignment<T>(SettingKind<T> kind, OptionalLong index, T value) {

        /** Sets the value; returns what it is then, as text. */
        String apply(FrozenVcpu vcpu) {
            kind.access.write(vcpu, index.orElse(0), value);
            return kind.read(vcpu, index);
        }

        Optional<String> refusalOn(Irqchip irqchip) {
            return kind.form.refusalOn(irqchip, value);
        }

        String valueText() {
            return kind.form.format(value);
        }

        @Override
        public String toString() {
            return kind.name.with(index) + "=" + valueText();
        }
    }

    @Override
    public String toString() {
        return name.toString();
    }
}
