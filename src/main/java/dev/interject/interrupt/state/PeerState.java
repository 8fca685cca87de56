package dev.interject.interrupt.state;

import java.util.Optional;

import dev.interject.kvm.state.LapicRegisters;

/**
 * A vCPU of the machine beside the one that a {@link GuestState} is about.
 *
 * @param number   its number, from 0
 * @param cpu      the vCPU
 * @param lapic    its LAPIC, if that is in the kernel
 * @param deadline its IA32_TSC_DEADLINE; 0 if its timer is not in that mode, or not armed
 */
public record PeerState(int number, CpuState cpu, Optional<LapicRegisters> lapic, long deadline) {}
