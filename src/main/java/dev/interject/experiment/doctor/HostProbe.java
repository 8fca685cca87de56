package dev.interject.experiment.doctor;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.device.Ioapic;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunReport;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.Capability;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.board.Mainboard;

/** Tries on an open {@code /dev/kvm} what a run needs, from the API version to a guest that takes an interrupt. */
final class HostProbe {

    /** The name of the check that a guest with a split irqchip takes an interrupt. */
    static final String SPLIT_INTERRUPT = "interrupt, irqchip split";

    /** What only a host exceeds that takes no interrupts, however busy or slow. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Kvm kvm;
    private final HostFacts facts;
    private final List<HostCheck> checks;

    /** @param checks the list that results are added to */
    HostProbe(Kvm kvm, HostFacts facts, List<HostCheck> checks) {
        this.kvm = kvm;
        this.facts = facts;
        this.checks = checks;
    }

    /** One trial. */
    @FunctionalInterface
    private interface Trial {
        /** @return the result in one line */
        String run();
    }

    /** A trial ended without a failed call, but with the wrong result. */
    private static final class WrongResult extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient List<HostFix> fixes;

        WrongResult(String message, HostFix... fixes) {
            super(message);
            this.fixes = List.of(fixes);
        }
    }

    boolean apiIsStable() {
        return attempt("KVM_GET_API_VERSION", () -> {
            int version = kvm.apiVersion();
            if (version != Kvm.STABLE_API_VERSION) {
                throw new WrongResult("version %d, not %d".formatted(version, Kvm.STABLE_API_VERSION),
                        HostFix.of("use a kernel with the stable KVM API: Linux 2.6.22 or newer"));
            }
            return "version " + version;
        });
    }

    Map<Capability, Integer> checkCapabilities() {
        Map<Capability, Integer> answers = new EnumMap<>(Capability.class);
        for (Capability capability : Capability.values()) {
            try {
                int answer = kvm.check(capability);
                answers.put(capability, answer);
                checks.add(HostCapability.check(capability, answer));
            } catch (SystemCallException failed) {
                checks.add(HostCheck.failed(HostArea.CAPABILITIES, capability.name(), failed, facts));
            }
        }
        return answers;
    }

    /** Tries each irqchip; each step runs only if the one before it worked. */
    void tryMachines() {
        attempt("KVM_GET_SUPPORTED_CPUID", () -> kvm.supportedCpuid().size() + " leaves");
        if (!attempt("KVM_CREATE_VM", this::makeAndCloseVm)) {
            return;
        }
        attemptIrqchip(Irqchip.KERNEL);
        if (kvm.check(Capability.KVM_CAP_SPLIT_IRQCHIP) != 0) {
            attemptIrqchip(Irqchip.SPLIT);
        }
        attemptIrqchip(Irqchip.USERSPACE);
    }

    private void attemptIrqchip(Irqchip irqchip) {
        if (attempt("vCPU, irqchip " + irqchip, irqchip != Irqchip.SPLIT, () -> makeVcpu(irqchip))) {
            attempt("interrupt, irqchip " + irqchip, irqchip != Irqchip.SPLIT, () -> interrupt(irqchip));
        }
    }

    private boolean attempt(String name, Trial trial) {
        return attempt(name, true, trial);
    }

    /** @param required whether a failure makes the host unsupported */
    private boolean attempt(String name, boolean required, Trial trial) {
        HostCheck check = check(name, trial);
        checks.add(required ? check : check.optional());
        return check.status() == HostStatus.OK;
    }

    private HostCheck check(String name, Trial trial) {
        try {
            return HostCheck.ok(HostArea.PROBES, name, trial.run());
        } catch (SystemCallException failed) {
            return HostCheck.failed(HostArea.PROBES, name, failed, facts);
        } catch (WrongResult wrong) {
            return HostCheck.failed(HostArea.PROBES, name, wrong.getMessage(), wrong.fixes);
        } catch (RuntimeException bug) { // the report contains every failure
            return HostCheck.failed(HostArea.PROBES, name, String.valueOf(bug.getMessage()), List.of());
        }
    }

    private String makeAndCloseVm() {
        kvm.createVirtualMachine().close();
        return "created and closed a VM";
    }

    private String makeVcpu(Irqchip wanted) {
        try (VirtualMachine vm = kvm.createVirtualMachine()) {
            vm.setIdentityMapAddress(MemoryMap.IDENTITY_MAP);
            vm.setTssAddress(MemoryMap.TSS);
            switch (wanted) {
                case KERNEL -> vm.createIrqchip();
                case SPLIT -> vm.enableSplitIrqchip(Ioapic.PINS);
                case USERSPACE -> {
                    // no controller is in the kernel
                }
            }
            try (Vcpu vcpu = vm.createVcpu(0)) {
                Irqchip detected = Mainboard.detectIrqchip(vm, vcpu);
                if (detected != wanted) {
                    throw new WrongResult("created, but the kernel reports irqchip " + detected);
                }
            }
        }
        return "created; the kernel reports the same irqchip";
    }

    private static String interrupt(Irqchip irqchip) {
        RunPlan plan = RunPlan.on(MachineChoice.of(irqchip, BuiltinGuest.PIC))
                .with(Pace.oneByOne(1))
                .withTimeout(Optional.of(PATIENCE));
        RunReport report = RunExperiment.run(plan);
        report.ending().failure().ifPresent(failure -> {
            throw failure;
        });
        if (report.outcome() != Outcome.TAKEN) {
            throw new WrongResult(report.reason().orElse(report.outcome().label()));
        }
        return "a guest took an interrupt";
    }
}
