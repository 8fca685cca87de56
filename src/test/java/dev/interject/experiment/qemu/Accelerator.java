package dev.interject.experiment.qemu;

/** How QEMU runs a guest. */
public enum Accelerator {
    TCG("accel=tcg"), KVM("accel=kvm"), SPLIT("accel=kvm,kernel-irqchip=split");

    private final String option;

    Accelerator(String option) {
        this.option = option;
    }

    /** The value of {@code -machine}. */
    String option() {
        return option;
    }
}
