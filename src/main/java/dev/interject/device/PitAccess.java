package dev.interject.device;

/**
 * What the ports of an 8254's channel expect and hold: the bytes of a count, and latched values (Intel 8254 data sheet,
 * "Write Operations" and "Read Operations"), with the fields of KVM's {@code struct kvm_pit_channel_state}.
 *
 * @param rwMode        the bytes of a count: 1 the low one, 2 the high one, 3 both
 * @param readState     the byte that the next read returns, coded as KVM does
 * @param writeState    the byte that the next write sets, coded as KVM does
 * @param writeLatch    the low byte of a count whose high byte is still to come, 0–255
 * @param countLatched  the bytes of a latched count that are still to be read; 0 if none is latched
 * @param latchedCount  the latched count, 0–0xffff
 * @param statusLatched whether a status is latched
 * @param status        the latched status, 0–255
 */
public record PitAccess(int rwMode, int readState, int writeState, int writeLatch, int countLatched, int latchedCount,
        boolean statusLatched, int status) {}
