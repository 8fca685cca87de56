package dev.interject.machine.vcpu;

/** A vCPU has ended, so that what was asked of it cannot happen. */
public final class VcpuEndedException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final transient VcpuEnd end;

    /** The cause of this exception is that of a {@link VcpuEnd.HostFailed}; other ends have none. */
    public VcpuEndedException(VcpuEnd end) {
        super(end.describe(), end instanceof VcpuEnd.HostFailed failed ? failed.cause() : null);
        this.end = end;
    }

    /** How the vCPU ended. */
    public VcpuEnd end() {
        return end;
    }
}
