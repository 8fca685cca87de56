package dev.interject.experiment.boot;

import java.io.IOException;
import java.time.Duration;

import dev.interject.machine.vcpu.VcpuEnd;

/** How a booted guest ended. */
public sealed interface BootEnd {

    /** One line for people. */
    String describe();

    /** Whether the guest broke, so that its state is worth a look. */
    boolean isFailure();

    /**
     * The guest wrote to its exit port.
     *
     * @param value what it wrote
     */
    record Exited(int value) implements BootEnd {

        private static final int BYTE = 0xff;

        /** As QEMU's {@code isa-debug-exit} has it: never 0. */
        public int exitCode() {
            return (value << 1 | 1) & BYTE;
        }

        @Override
        public String describe() {
            return "the guest wrote 0x%x to its exit port".formatted(value);
        }

        @Override
        public boolean isFailure() {
            return false;
        }
    }

    /** The console showed the text that ends it. */
    record Shown(String text) implements BootEnd {

        @Override
        public String describe() {
            return "the console showed '%s'".formatted(text);
        }

        @Override
        public boolean isFailure() {
            return false;
        }
    }

    /** The user left by the escape key. */
    record Left() implements BootEnd {

        @Override
        public String describe() {
            return "left the console";
        }

        @Override
        public boolean isFailure() {
            return false;
        }
    }

    /** The guest reset its machine. */
    record Reset(String cause) implements BootEnd {

        @Override
        public String describe() {
            return "the guest reset its machine by " + cause;
        }

        @Override
        public boolean isFailure() {
            return true;
        }
    }

    /** The guest cannot continue. */
    record Crashed(VcpuEnd.Crashed how) implements BootEnd {

        @Override
        public String describe() {
            return how.describe();
        }

        @Override
        public boolean isFailure() {
            return true;
        }
    }

    /** The time was up. */
    record TimedOut(Duration after) implements BootEnd {

        @Override
        public String describe() {
            return "the guest did not end within %,d ms".formatted(after.toMillis());
        }

        @Override
        public boolean isFailure() {
            return true;
        }
    }

    /** The user ended it from outside. */
    record Interrupted() implements BootEnd {

        @Override
        public String describe() {
            return "ended by a signal";
        }

        @Override
        public boolean isFailure() {
            return false;
        }
    }

    /** The console's output cannot be written any more. */
    record OutputFailed(IOException cause) implements BootEnd {

        @Override
        public String describe() {
            return "cannot write the console's output: " + cause.getMessage();
        }

        @Override
        public boolean isFailure() {
            return false;
        }
    }

    /** The host could not run a vCPU. */
    record HostFailed(Throwable cause) implements BootEnd {

        @Override
        public String describe() {
            return "cannot run the guest: " + cause.getMessage();
        }

        @Override
        public boolean isFailure() {
            return false;
        }
    }
}
