package dev.interject.interrupt.inject;

import dev.interject.interrupt.Trigger;
import dev.interject.kvm.IrqLine;
import dev.interject.trace.Recorder;

/** Raises and lowers a line of the controllers in the kernel ({@code KVM_IRQ_LINE_STATUS}). */
public final class KernelLineInjector implements Injector {

    private final IrqLine line;
    private final Trigger trigger;
    private final LineLevels levels;
    private final Recorder recorder;

    /** @param levels records the lines that are held high */
    public KernelLineInjector(IrqLine line, Trigger trigger, LineLevels levels, Recorder recorder) {
        this.line = line;
        this.trigger = trigger;
        this.levels = levels;
        this.recorder = recorder;
    }

    @Override
    public int inject() {
        if (trigger == Trigger.LEVEL) {
            levels.set(line.gsi(), true);
            return raise();
        }
        int status = raise();
        lower();
        return status;
    }

    private int raise() {
        long since = recorder.now();
        int status = line.raise();
        recorder.lineRaised(since, line.gsi(), status);
        return status;
    }

    private void lower() {
        long since = recorder.now();
        line.lower();
        recorder.lineLowered(since, line.gsi());
    }

    @Override
    public void release() {
        if (trigger == Trigger.LEVEL) {
            lower();
            levels.set(line.gsi(), false);
        }
    }
}
