package dev.interject.cli.option;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.MessageChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that select the guest, the interrupt and its path. */
public final class TargetOptions {

    @Option(names = "--guest", paramLabel = "NAME",
            description = "the guest to boot (default: one that suits the path); see: interject guests")
    private BuiltinGuest guest;

    @Option(names = "--irqchip", paramLabel = "WHERE", defaultValue = "kernel",
            description = "where the interrupt controllers live: kernel (default),"
                    + " split (only the LAPIC in the kernel) or userspace (none of them in the kernel)")
    private Irqchip irqchip;

    @Option(names = "--path", paramLabel = "PATH", completionCandidates = PathConverter.Names.class,
            description = "the path of the interrupt: line, irqfd, msi, msi-route, msi-irqfd, vector, nmi, ipi, pit or"
                    + " lapic-timer; default: what suits irqchip and guest")
    private Route path;

    @Option(names = "--irq", paramLabel = "N[,N...]|auto", defaultValue = "auto",
            description = "the line to pull, or several alternately; auto (default) picks a free one of 9, 10, 11")
    private String irq;

    @Option(names = "--vector", paramLabel = "N",
            description = "inject this vector by number, without an 8259 (0x20 to 0xff); with a message, its vector")
    private Integer vector;

    @Option(names = "--address", paramLabel = "ADDRESS",
            description = "where a message goes (default: the LAPIC of the target vCPU, 0xfee00000 for vCPU 0)")
    private Integer address;

    @Option(names = "--message-data", paramLabel = "DATA",
            description = "all 32 bits of a message's data: vector, delivery mode, trigger (default: a fixed vector)")
    private Integer data;

    @Option(names = "--icr", paramLabel = "ICR",
            description = "all 64 bits that vCPU 0 writes to its LAPIC's ICR on path ipi"
                    + " (default: a fixed vector to the target vCPU)")
    private Long icr;

    @Option(names = "--trigger", paramLabel = "HOW", defaultValue = "edge",
            description = "edge (default) or level: the line is held until its handler has run")
    private Trigger trigger;

    @Mixin
    private SettingOptions settings;

    @Option(names = "--vcpus", paramLabel = "N", defaultValue = "1",
            description = "how many vCPUs the guest has (default: 1)")
    private int vcpus;

    @Option(names = "--to", paramLabel = "VCPU",
            description = "the target vCPU (default: the first that --address or --icr names, else 0)")
    private Integer to;

    /**
     * A plan.
     *
     * @throws IllegalArgumentException where the library refuses such a plan
     */
    public RunPlan plan(Pace pace, Conduct conduct) {
        return new RunPlan(new MachineChoice(irqchip, Optional.ofNullable(guest), vcpus, to(), situation()),
                interrupt(), pace, conduct);
    }

    /** Whether a built-in guest is given. */
    public boolean hasGuest() {
        return guest != null;
    }

    /** The interrupt. */
    public InterruptChoice interrupt() {
        return new InterruptChoice(Optional.ofNullable(path), lines(), optional(vector), message(), trigger);
    }

    /** Where the interrupt controllers live. */
    public Irqchip irqchip() {
        return irqchip;
    }

    /** How many vCPUs the guest has. */
    public int vcpus() {
        return vcpus;
    }

    /** The target vCPU, if one is given. */
    public OptionalInt to() {
        return optional(to);
    }

    /** What is set in the guest. */
    public Situation situation() {
        return settings.situation();
    }

    private MessageChoice message() {
        return new MessageChoice(optional(address), optional(data),
                icr == null ? OptionalLong.empty() : OptionalLong.of(icr));
    }

    /** Whether the user wants the list of settings, and nothing else. */
    public boolean listsSettings() {
        return settings.isListed();
    }

    /** The number that an option gave; empty without the option. */
    public static OptionalInt optional(Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private List<Integer> lines() {
        if (irq.equals("auto")) {
            return List.of();
        }
        return Arrays.stream(irq.split(",", -1)).map(this::line).toList();
    }

    private int line(String number) {
        try {
            return new NumberConverter().convert(number);
        } catch (TypeConversionException notANumber) {
            throw new UsageException("--irq takes a line number or auto, not '" + irq + "'");
        }
    }
}
