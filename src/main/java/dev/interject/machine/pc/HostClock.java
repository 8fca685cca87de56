package dev.interject.machine.pc;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.interject.device.pc.DeviceClock;
import dev.interject.device.pc.DeviceTimer;

/** The host's time; timers run on one thread, which starts with the first. */
final class HostClock implements DeviceClock, AutoCloseable {

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1,
            work -> Thread.ofPlatform().daemon().name("timers").unstarted(work));

    HostClock() {
        timers.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public DeviceTimer timer(Runnable due) {
        return new HostTimer(due);
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }

    private final class HostTimer implements DeviceTimer {

        private final Runnable due;
        private Future<?> armed;

        HostTimer(Runnable due) {
            this.due = due;
        }

        @Override
        public synchronized void arm(long nanoTime) {
            disarm();
            if (!timers.isShutdown()) {
                armed = timers.schedule(due, nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public synchronized void disarm() {
            if (armed != null) {
                armed.cancel(false);
                armed = null;
            }
        }
    }
}
