package dev.interject.device.pc;

/** Receives a guest's request to end, on the vCPU's thread. Must not throw; only the first request counts. */
public interface PowerControl {

    /** The guest has written this value to its exit port. */
    void exit(int value);

    /**
     * The guest has reset its machine.
     *
     * @param cause how, such as {@code port 0xcf9}
     */
    void reset(String cause);
}
