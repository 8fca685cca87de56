package dev.interject.device;

import java.util.ArrayList;
import java.util.List;

/**
 * The state of an 8254, with the fields of KVM's {@code struct kvm_pit_state2}.
 *
 * @param channels its three channels; channel 0 drives line 0
 * @param flags    KVM's flags: bit 0 if an HPET has replaced channel 0, bit 1 if the speaker's data bit is set
 */
public record PitState(List<PitChannel> channels, int flags) {

    /** How many channels an 8254 has. */
    public static final int CHANNELS = 3;

    /**
     * Checks the number of channels and copies them.
     *
     * @throws IllegalArgumentException if there are not three
     */
    public PitState {
        channels = List.copyOf(channels);
        if (channels.size() != CHANNELS) {
            throw new IllegalArgumentException("state must have %d channels, not %d".formatted(CHANNELS,
                    channels.size()));
        }
    }

    /** The channel that drives line 0. */
    public PitChannel timer() {
        return channels.getFirst();
    }

    /** This state with another channel 0. */
    public PitState withTimer(PitChannel channel) {
        List<PitChannel> changed = new ArrayList<>(channels);
        changed.set(0, channel);
        return new PitState(changed, flags);
    }
}
