package dev.interject.experiment.setting;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.Outcome;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.FrozenVcpu;

/** A value of a frozen guest and what it is to be, as {@code NAME=VALUE}. */
public final class Setting {

    private static final Pattern OF_A_VCPU = Pattern.compile("vcpu\\[([^]]*)]\\.(.*)", Pattern.DOTALL);

    private final OptionalInt vcpu;
    private final SettingKind.Assignment<?> assignment;

    private Setting(OptionalInt vcpu, SettingKind.Assignment<?> assignment) {
        this.vcpu = vcpu;
        this.assignment = assignment;
    }

    /**
     * Reads a setting, such as {@code pic.master.imr=0xff} or {@code vcpu[1].lapic.id=3}.
     *
     * @throws InvalidValueException that names what is wrong, and a similar name if there is none of this name
     */
    public static Setting parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new InvalidValueException("setting '" + text + "'", "must be NAME=VALUE");
        }
        String name = text.substring(0, equals);
        String value = text.substring(equals + 1);
        Matcher ofAVcpu = OF_A_VCPU.matcher(name);
        if (!ofAVcpu.matches()) {
            return new Setting(OptionalInt.empty(), SettingCatalogue.named(name).assign(name, value));
        }
        if (!Numbers.isWithin(ofAVcpu.group(1), MemoryMap.MOST_VCPUS - 1)) {
            throw new InvalidValueException(name,
                    "must have a vCPU from 0 to %d in brackets, not '%s'".formatted(MemoryMap.MOST_VCPUS - 1,
                            ofAVcpu.group(1)));
        }
        SettingKind<?> kind = SettingCatalogue.named(ofAVcpu.group(2));
        if (!kind.isOfVcpu()) {
            throw new InvalidValueException(name, "is of the machine, not of a vCPU: write " + ofAVcpu.group(2));
        }
        return new Setting(OptionalInt.of((int) Numbers.parse(ofAVcpu.group(1))),
                kind.assign(ofAVcpu.group(2), value));
    }

    /** The vCPU that it names; empty: the target of the interrupt. */
    public OptionalInt vcpu() {
        return vcpu;
    }

    /** What is set. */
    public SettingKind<?> kind() {
        return assignment.kind();
    }

    /** The value, as text. */
    public String value() {
        return assignment.valueText();
    }

    /** Why a machine with this irqchip and this many vCPUs does not have the value; empty if it has. */
    public Optional<String> refusalOn(Irqchip irqchip, int vcpus) {
        if (vcpu.orElse(0) >= vcpus) {
            return Optional.of("setting %s: there is no vCPU %d: the guest has %d, numbered from 0".formatted(this,
                    vcpu.getAsInt(), vcpus));
        }
        return kind().irqchips().contains(irqchip)
                ? assignment.refusalOn(irqchip).map(reason -> "setting %s: %s".formatted(this, reason))
                : Optional.of("setting %s needs irqchip %s, not %s".formatted(this,
                        kind().irqchips().stream().sorted().map(Irqchip::label).collect(Collectors.joining(" or ")),
                        irqchip));
    }

    /** What the value is now, as text. */
    public String read(FrozenVcpu frozen) {
        return kind().read(frozen, assignment.index());
    }

    /**
     * Sets the value.
     *
     * @param  frozen              the vCPU that it names
     * @return                     a note if KVM has made something else of it
     * @throws EndedEarlyException if the guest has no such value, or KVM refuses it
     */
    public Optional<String> apply(FrozenVcpu frozen) {
        try {
            String now = assignment.apply(frozen);
            return now.equals(value()) ? Optional.empty()
                    : Optional.of("setting %s: it reads back as %s".formatted(this, now));
        } catch (UnsettableException unsettable) {
            throw new EndedEarlyException(Outcome.REFUSED, "setting %s: %s".formatted(this, unsettable.getMessage()));
        } catch (SystemCallException | UnsupportedKvmException refused) {
            throw new EndedEarlyException(refused instanceof SystemCallException failed
                    && failed.errno().number() == Errno.EINVAL
                            ? Ending.of(Outcome.REFUSED, "setting %s: KVM refuses this value: %s".formatted(this,
                                    failed.getMessage()))
                            : Ending.of(Outcome.HOST_UNABLE, "setting %s: %s".formatted(this, refused.getMessage())));
        }
    }

    /** As it is parsed. */
    @Override
    public String toString() {
        return vcpu.isPresent() ? "vcpu[%d].%s".formatted(vcpu.getAsInt(), assignment) : assignment.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Setting setting && setting.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
