package dev.interject.machine.pc;

/** A device that was added to a PC threw an exception, which is the cause. */
public final class DeviceFailedException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /** @param access such as {@code a read of port 0x500} */
    DeviceFailedException(Object device, String access, Throwable cause) {
        super("%s failed at %s: %s".formatted(device.getClass().getTypeName(), access, cause), cause);
    }
}
