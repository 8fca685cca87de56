package dev.interject.interrupt.inject;

/** A vector given by number, queued until the injection window opens. */
public final class VectorInjector implements Injector {

    private final VectorQueue queue;
    private final int vector;
    private final Kick kick;

    /** Creates an injector that queues the vector, 0–255, and kicks the vCPU. */
    public VectorInjector(VectorQueue queue, int vector, Kick kick) {
        this.queue = queue;
        this.vector = vector;
        this.kick = kick;
    }

    @Override
    public int inject() {
        queue.add(vector);
        kick.kick();
        return NO_STATUS;
    }

    @Override
    public void release() {
        // a vector has no line
    }
}
