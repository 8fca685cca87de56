package dev.interject.experiment.setting;

import java.util.function.Function;

import dev.interject.machine.FrozenVcpu;

/**
 * Reads and writes one value of a frozen vCPU.
 *
 * @param <T> the value
 */
interface Access<T> {

    /** @param index the number in brackets; 0 if the name has none */
    T read(FrozenVcpu vcpu, long index);

    /**
     * Writes the value.
     *
     * @throws dev.interject.linux.error.SystemCallException if KVM refuses it
     * @throws UnsettableException                           if this guest has no such value
     */
    void write(FrozenVcpu vcpu, long index, T value);

    /** Writes a value. */
    @FunctionalInterface
    interface Writer<T> {
        /** @param value the new one */
        void write(FrozenVcpu vcpu, T value);
    }

    /** Of a value without a number in brackets. */
    static <T> Access<T> of(Function<FrozenVcpu, T> reader, Writer<T> writer) {
        return new Access<>() {
            @Override
            public T read(FrozenVcpu vcpu, long index) {
                return reader.apply(vcpu);
            }

            @Override
            public void write(FrozenVcpu vcpu, long index, T value) {
                writer.write(vcpu, value);
            }
        };
    }
}
