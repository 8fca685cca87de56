package dev.interject.interrupt.inject;

import dev.interject.device.CommandPort;
import dev.interject.kvm.Msi;
import dev.interject.trace.Recorder;

/**
 * An interrupt that one vCPU sends to another, or to itself, through its LAPIC's ICR. Only the guest can send
 * it, so it gets a command, and a message that makes it read the command.
 */
public final class IpiInjector implements Injector {

    // The ICR's low word (Intel SDM vol. 3, "Interrupt Command Register"): fixed, physical destination, asserted, edge
    private static final int ASSERT = 1 << 14;
    private static final int DESTINATION_SHIFT = 24;

    private final CommandPort commands;
    private final Msi attention;
    private final int command;
    private final Recorder recorder;

    /**
     * @param attention makes the sending vCPU fetch the command
     * @param apicId    the destination, 0–255
     * @param vector    0–255
     */
    public IpiInjector(CommandPort commands, Msi attention, int apicId, int vector, Recorder recorder) {
        this.recorder = recorder;
        this.commands = commands;
        this.attention = attention;
        this.command = apicId << DESTINATION_SHIFT | ASSERT | vector;
    }

    /** An IPI has no status. If the sender was not reached, the status is that of the message to it. */
    @Override
    public int inject() {
        if (!commands.offer(command)) {
            return 0; // the sender does not fetch them
        }
        long since = recorder.now();
        int status = attention.signal();
        recorder.messageSent(since, status);
        return status > 0 ? NO_STATUS : status;
    }

    @Override
    public void release() {
        // an IPI has no level
    }
}
