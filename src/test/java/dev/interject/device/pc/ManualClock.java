package dev.interject.device.pc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A clock that a test sets ahead; timers run on the test's thread. It starts at a full second. */
final class ManualClock implements DeviceClock {

    private static final long NANOS_A_MILLI = 1_000_000;
    private static final ManualTimer NEVER = new ManualTimer(() -> {});

    private final List<ManualTimer> timers = new ArrayList<>();
    private final long startMillis;
    private long nanos;

    ManualClock(long startMillis) {
        this.startMillis = startMillis;
    }

    private static final class ManualTimer implements DeviceTimer {

        private final Runnable due;
        private long at = Long.MAX_VALUE;

        ManualTimer(Runnable due) {
            this.due = due;
        }

        @Override
        public void arm(long nanoTime) {
            at = nanoTime;
        }

        @Override
        public void disarm() {
            at = Long.MAX_VALUE;
        }
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long currentTimeMillis() {
        return startMillis + nanos / NANOS_A_MILLI;
    }

    @Override
    public DeviceTimer timer(Runnable due) {
        ManualTimer timer = new ManualTimer(due);
        timers.add(timer);
        return timer;
    }

    /** Lets time pass; timers run at their times. */
    void advance(long byNanos) {
        long end = nanos + byNanos;
        ManualTimer next = next();
        while (next.at <= end) {
            nanos = Math.max(nanos, next.at);
            next.at = Long.MAX_VALUE;
            next.due.run();
            next = next();
        }
        nanos = end;
    }

    /** Lets time pass as on a host that is too busy to run a timer before the end. */
    void stall(long byNanos) {
        nanos += byNanos;
        advance(0);
    }

    private ManualTimer next() {
        return timers.stream().min(Comparator.comparingLong(timer -> timer.at)).orElse(NEVER);
    }
}
