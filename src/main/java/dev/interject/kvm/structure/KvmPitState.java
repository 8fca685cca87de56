package dev.interject.kvm.structure;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.interject.bindings.kvm_pit_channel_state;
import dev.interject.bindings.kvm_pit_state2;
import dev.interject.device.PitAccess;
import dev.interject.device.PitChannel;
import dev.interject.device.PitState;

/** Reads and writes {@code struct kvm_pit_state2}. */
public final class KvmPitState {

    private KvmPitState() {}

    public static PitState read(MemorySegment pit) {
        List<PitChannel> channels = new ArrayList<>();
        for (int number = 0; number < PitState.CHANNELS; number++) {
            channels.add(channel(kvm_pit_state2.channels(pit, number)));
        }
        return new PitState(channels, kvm_pit_state2.flags(pit));
    }

    private static PitChannel channel(MemorySegment channel) {
        PitAccess access = new PitAccess(unsigned(kvm_pit_channel_state.rw_mode(channel)),
                unsigned(kvm_pit_channel_state.read_state(channel)),
                unsigned(kvm_pit_channel_state.write_state(channel)),
                unsigned(kvm_pit_channel_state.write_latch(channel)),
                unsigned(kvm_pit_channel_state.count_latched(channel)),
                Short.toUnsignedInt(kvm_pit_channel_state.latched_count(channel)),
                kvm_pit_channel_state.status_latched(channel) != 0,
                unsigned(kvm_pit_channel_state.status(channel)));
        return new PitChannel(kvm_pit_channel_state.count(channel), unsigned(kvm_pit_channel_state.mode(channel)),
                kvm_pit_channel_state.bcd(channel) != 0, kvm_pit_channel_state.gate(channel) != 0,
                kvm_pit_channel_state.count_load_time(channel), access);
    }

    public static void write(PitState state, MemorySegment pit) {
        kvm_pit_state2.flags(pit, state.flags());
        for (int number = 0; number < PitState.CHANNELS; number++) {
            write(state.channels().get(number), kvm_pit_state2.channels(pit, number));
        }
    }

    private static void write(PitChannel values, MemorySegment channel) {
        PitAccess access = values.access();
        kvm_pit_channel_state.count(channel, values.count());
        kvm_pit_channel_state.mode(channel, (byte) values.mode());
        kvm_pit_channel_state.bcd(channel, bit(values.bcd()));
        kvm_pit_channel_state.gate(channel, bit(values.gate()));
        kvm_pit_channel_state.count_load_time(channel, values.loadTime());
        kvm_pit_channel_state.rw_mode(channel, (byte) access.rwMode());
        kvm_pit_channel_state.read_state(channel, (byte) access.readState());
        kvm_pit_channel_state.write_state(channel, (byte) access.writeState());
        kvm_pit_channel_state.write_latch(channel, (byte) access.writeLatch());
        kvm_pit_channel_state.count_latched(channel, (byte) access.countLatched());
        kvm_pit_channel_state.latched_count(channel, (short) access.latchedCount());
        kvm_pit_channel_state.status_latched(channel, bit(access.statusLatched()));
        kvm_pit_channel_state.status(channel, (byte) access.status());
    }

    private static int unsigned(byte value) {
        return Byte.toUnsignedInt(value);
    }

    private static byte bit(boolean set) {
        return (byte) (set ? 1 : 0);
    }
}
