package dev.interject.machine.vcpu;

import java.util.function.BooleanSupplier;

/**
 * What a host's KVM does for a debugger.
 *
 * @param registersWork    tests whether breakpoints in the debug registers stop a guest; called when there is one
 * @param blocksInterrupts whether no interrupt is injected during a step that was not queued before
 */
public record DebugSupport(BooleanSupplier registersWork, boolean blocksInterrupts) {}
