package dev.interject.interrupt.inject;

import dev.interject.device.CommandPort;
import dev.interject.kvm.Msi;
import dev.interject.kvm.state.Icr;
import dev.interject.trace.Recorder;

/**
 * An interrupt that one vCPU sends to another, or to itself, through its LAPIC's ICR. Only the guest can send
 * it, so it gets a command, and a message that makes it read the command.
 */
public final class IpiInjector implements Injector {

    private static final int DESTINATION_SHIFT = 24;

    private final CommandPort commands;
    private final Msi attention;
    private final Icr icr;
    private final Recorder recorder;

    /**
     * @param attention makes the sending vCPU fetch the command
     * @param icr       what it writes
     */
    public IpiInjector(CommandPort commands, Msi attention, Icr icr, Recorder recorder) {
        this.recorder = recorder;
        this.commands = commands;
        this.attention = attention;
        this.icr = icr;
    }

    /** An IPI has no status. If the sender was not reached, the status is that of the message to it. */
    @Override
    public int inject() {
        if (!offer()) {
            return 0; // the sender does not fetch them
        }
        long since = recorder.now();
        int status = attention.signal();
        recorder.messageSent(since, status);
        return status > 0 ? NO_STATUS : status;
    }

    private boolean offer() {
        int command = icr.destination() << DESTINATION_SHIFT | icr.low();
        return icr.hasShortDestination() && command != CommandPort.NONE ? commands.offer(command)
                : commands.offer(icr.low() | CommandPort.TWO_WORDS, icr.high());
    }

    @Override
    public void release() {
        // an IPI has no level
    }
}
