package dev.interject.experiment.explain;

/** A handler and the vCPU that runs it. */
record Handler(int vcpu, int vector) implements Comparable<Handler> {

    /** The vector of a spurious interrupt, which a guest counts apart from a real one. */
    static final int SPURIOUS = -1;

    @Override
    public int compareTo(Handler other) {
        return vcpu == other.vcpu ? Integer.compare(vector, other.vector) : Integer.compare(vcpu, other.vcpu);
    }

    @Override
    public String toString() {
        return "%s on vCPU %d".formatted(vector == SPURIOUS ? "a spurious one" : "0x%02x".formatted(vector), vcpu);
    }
}
