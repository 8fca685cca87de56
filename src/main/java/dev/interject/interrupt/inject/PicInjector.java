package dev.interject.interrupt.inject;

import dev.interject.interrupt.Trigger;

/** A line of the 8259 pair in user space, whose vector enters the vCPU at its next injection window. */
public final class PicInjector implements Injector {

    private final PicController pic;
    private final int line;
    private final Trigger trigger;
    private final Kick kick;

    /** Creates an injector that drives the line, 0–15, and kicks the vCPU. */
    public PicInjector(PicController pic, int line, Trigger trigger, Kick kick) {
        this.pic = pic;
        this.line = line;
        this.trigger = trigger;
        this.kick = kick;
    }

    @Override
    public int inject() {
        int status = switch (trigger) {
            case EDGE -> pic.pulse(line);
            case LEVEL -> pic.setLine(line, true);
        };
        kick.kick();
        return status;
    }

    @Override
    public void release() {
        if (trigger == Trigger.LEVEL) {
            pic.setLine(line, false);
        }
    }
}
