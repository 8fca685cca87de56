package dev.interject.interrupt.inject;

import dev.interject.kvm.Msi;
import dev.interject.trace.Recorder;

/** A message to a LAPIC in the kernel ({@code KVM_SIGNAL_MSI}). */
public final class MsiInjector implements Injector {

    private final Msi message;
    private final Recorder recorder;

    /** Creates an injector that sends the message. */
    public MsiInjector(Msi message, Recorder recorder) {
        this.message = message;
        this.recorder = recorder;
    }

    @Override
    public int inject() {
        long since = recorder.now();
        int status = message.signal();
        recorder.messageSent(since, status);
        return status;
    }

    @Override
    public void release() {
        // a message has no level
    }
}
