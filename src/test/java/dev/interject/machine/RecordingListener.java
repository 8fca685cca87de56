package dev.interject.machine;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.interject.Hang;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;

/** A listener that records all events, and lets a test wait for them. */
final class RecordingListener implements MachineListener {

    final AtomicInteger readies = new AtomicInteger();
    final ConcurrentHashMap<Integer, Integer> taken = new ConcurrentHashMap<>();
    final List<Integer> faults = new CopyOnWriteArrayList<>();
    final List<String> crashes = new CopyOnWriteArrayList<>();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();

    private final CountDownLatch isReady = new CountDownLatch(1);
    private final CountDownLatch hasCrashed = new CountDownLatch(1);

    @Override
    public void ready() {
        readies.incrementAndGet();
        isReady.countDown();
    }

    @Override
    public void taken(int vcpu, int vector) {
        taken.merge(vector, 1, Integer::sum);
    }

    @Override
    public void fault(int vcpu, int vector) {
        faults.add(vector);
    }

    @Override
    public void spurious(int vcpu, int vector) {
        // the mailbox counts these
    }

    @Override
    public void ended(VcpuEnd end) {
        switch (end) {
            case VcpuEnd.Crashed(int vcpu, String how) -> {
                crashes.add(how);
                hasCrashed.countDown();
            }
            case VcpuEnd.HostFailed(int vcpu, Throwable cause) -> failures.add(cause);
            case VcpuEnd.Stopped stopped -> throw new AssertionError("a closed machine reports nothing");
        }
    }

    boolean becomesReady() {
        return happens(isReady);
    }

    boolean observesCrash() {
        return happens(hasCrashed);
    }

    private static boolean happens(CountDownLatch event) {
        try {
            return event.await(Hang.AFTER.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
