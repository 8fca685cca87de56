package dev.interject.interrupt;

import dev.interject.kvm.Msi;

/** A message to a LAPIC in the kernel ({@code KVM_SIGNAL_MSI}). */
public final class MsiInjector implements Injector {

    private final Msi message;

    public MsiInjector(Msi message) {
        this.message = message;
    }

    @Override
    public int inject() {
        return message.signal();
    }

    @Override
    public void release() {
        // a message has no level
    }
}
