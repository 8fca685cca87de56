/*
 * usage: reference MEASURE IRQCHIP PATH LOAD IMAGE LINE VECTOR RAW WARM-UP COUNT PAUSE
 *
 * Prints one line per sample in nanoseconds, those of the warm-up first:
 *   latency     injection alone; to the handler's entry, by the guest's time-stamp counter; round trip
 *   throughput  from one injection to the guest's count of it, seen in its memory
 *   kick        from the kick until the vCPU's thread has left the guest
 *   window      from the guest's STI until the vCPU's thread has left the guest
 *   start       from open("/dev/kvm"), with the image in memory, to the first interrupt taken, a VM for each sample
 *   restore     from a guest that sleeps, its vCPU stopped, to a new VM that has its state, two VMs for each sample
 * Exit codes: 0, 2 usage, 3 a call failed (one line on stderr names it), 4 the guest did not answer.
 */
#include "reference.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#define PATIENCE 2000000000ll /* for one answer of the guest */

int64_t nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

void fail(const char *call) {
    fprintf(stderr, "%s: %s\n", call, strerrorname_np(errno));
    exit(3);
}

int control(int fd, unsigned long request, void *argument, const char *name) {
    int result = ioctl(fd, request, argument);
    if (result < 0) {
        fail(name);
    }
    return result;
}

static _Noreturn void silent(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(4);
}

void await_ready(struct machine *m) {
    int64_t deadline = nanos() + 5 * PATIENCE;
    while (!m->ready) {
        if (m->failed || nanos() > deadline) {
            silent("the guest did not say that it is ready");
        }
        permit_await(&m->heard, deadline);
    }
}

void await_rings(struct machine *m, long rings) {
    int64_t deadline = nanos() + PATIENCE;
    while (m->rings < rings) {
        if (m->failed || nanos() > deadline) {
            silent("an interrupt was not taken");
        }
        permit_await(&m->heard, deadline);
    }
}

/* Waits until a busy guest has set its interrupt flag again. */
static void await_turn(struct machine *m) {
    uint64_t opened = guest_word(m, MAILBOX_OPENED);
    for (int64_t deadline = nanos() + PATIENCE; guest_word(m, MAILBOX_OPENED) == opened;) {
        if (m->failed || nanos() > deadline) {
            silent("the guest does not run");
        }
        __builtin_ia32_pause();
    }
}

static void spin(int64_t time) {
    for (int64_t until = nanos() + time; nanos() < until;) {
        __builtin_ia32_pause();
    }
}

/*
 * Waits until the guest has reached the code to interrupt, without giving up this CPU. A busy guest must be seen to run
 * first, since the scheduler may have queued its thread behind this one.
 */
void pause_for(struct machine *m, int64_t time) {
    if (m->plan->busy) {
        await_turn(m);
    }
    spin(time);
}

/* From one opening of the guest to the next: the least of a few, since other load only adds to it. */
static int64_t period(struct machine *m) {
    int64_t least = INT64_MAX;
    for (int i = 0; i < 4; i++) {
        await_turn(m);
        int64_t opened = nanos();
        await_turn(m);
        int64_t time = nanos() - opened;
        least = time < least ? time : least;
    }
    return least;
}

static uint32_t counted(struct machine *m) {
    return __atomic_load_n((uint32_t *) (m->ram + MAILBOX_TAKEN + 4 * m->plan->vector), __ATOMIC_SEQ_CST);
}

static int64_t results[1 << 18][3];
static uint64_t stamps[1 << 18];

/* Interpolates between two readings, as machine/GuestClock.java does. */
static int64_t host_time(struct reading first, struct reading last, uint64_t counter) {
    int64_t from = (first.before + first.after) / 2, to = (last.before + last.after) / 2;
    return from + (int64_t) ((double) (int64_t) (counter - first.counter) * (to - from)
                             / (double) (last.counter - first.counter));
}

static void measure_latency(struct machine *m, int count, int64_t pause) {
    for (int i = 0; i < count; i++) {
        pause_for(m, pause);
        int64_t before = nanos();
        path_inject(m);
        results[i][0] = nanos() - before;
        await_rings(m, i + 1);
        results[i][1] = before; /* replaced when the clocks can be compared */
        stamps[i] = m->entered_at;
        results[i][2] = m->rung_at - before;
    }
}

static void measure_throughput(struct machine *m, int count) {
    uint32_t base = counted(m);
    for (int i = 0; i < count; i++) {
        int64_t before = nanos();
        path_inject(m);
        while (counted(m) - base != (uint32_t) i + 1) {
            if (nanos() - before > PATIENCE) {
                silent("an interrupt was not taken");
            }
            __builtin_ia32_pause();
        }
        results[i][0] = nanos() - before;
    }
}

/* Kicks the vCPU with a request; returns the time of the kick. */
static int64_t call(struct machine *m, _Atomic bool *wanted) {
    m->came_at = 0;
    int64_t before = nanos();
    *wanted = true;
    vcpu_kick(m);
    while (m->came_at == 0) {
        if (m->failed || nanos() - before > PATIENCE) {
            silent("the vCPU did not come out of the guest");
        }
        permit_await(&m->heard, before + PATIENCE);
    }
    return before;
}

static void measure_kick(struct machine *m, int count, int64_t pause) {
    for (int i = 0; i < count; i++) {
        pause_for(m, pause);
        int64_t before = call(m, &m->kick_wanted);
        results[i][0] = m->came_at - before;
    }
}

static void measure_window(struct machine *m, int count) {
    uint64_t last_opening = 0;
    int64_t half = period(m) / 2; /* the guest is open in the first quarter of each period */
    for (int i = 0; i < count;) {
        await_turn(m);
        spin(half);
        last_opening = guest_word(m, MAILBOX_OPENED);
        call(m, &m->window_wanted);
        if (m->opened_at != last_opening) { /* otherwise it was open already, or opened before the kick */
            results[i][0] = m->came_at;
            stamps[i++] = m->opened_at;
        }
    }
}

static int index_of(const char *word, const char *const *words) {
    for (int i = 0; words[i]; i++) {
        if (strcmp(word, words[i]) == 0) {
            return i;
        }
    }
    fprintf(stderr, "unknown: %s\n", word);
    exit(2);
}

int main(int argc, char **argv) {
    static const char *const irqchips[] = {"kernel", "split", "userspace", NULL};
    static const char *const paths[] = {"line", "irqfd", "msi", "msi-route", "msi-irqfd", "vector", "nmi", "ipi", NULL};
    static const char *const loads[] = {"halted", "busy", NULL};
    static const char *const measures[] = {"latency", "throughput", "kick", "window", "start", "restore",
                                           NULL};
    enum { LATENCY, THROUGHPUT, KICK, WINDOW, START, RESTORE };
    if (argc != 12) {
        fprintf(stderr, "usage: reference MEASURE IRQCHIP PATH LOAD IMAGE LINE VECTOR RAW WARM-UP COUNT PAUSE\n");
        return 2;
    }
    int measure = index_of(argv[1], measures);
    struct plan plan = {.irqchip = index_of(argv[2], irqchips), .path = index_of(argv[3], paths),
                        .busy = index_of(argv[4], loads), .line = atoi(argv[6]),
                        .vector = atoi(argv[7]), .raw = atoi(argv[8])};
    int samples = atoi(argv[9]) + atoi(argv[10]);
    int64_t pause = atoll(argv[11]);
    if (samples < 1 || (size_t) samples > sizeof results / sizeof *results || plan.line < 0 || plan.line >= PINS) {
        fprintf(stderr, "out of range\n");
        return 2;
    }

    image_read(argv[5]);
    if (measure == START || measure == RESTORE) {
        for (int i = 0; i < samples; i++) {
            results[i][0] = measure == START ? start_once(&plan) : restore_once(&plan, pause);
        }
    } else {
        static struct machine m;
        machine_make(&m, &plan);
        struct reading first = read_clock(&m);
        vcpu_start(&m);
        await_ready(&m);
        path_prepare(&m);
        switch (measure) {
            case LATENCY:
                measure_latency(&m, samples, pause);
                break;
            case THROUGHPUT:
                measure_throughput(&m, samples);
                break;
            case KICK:
                measure_kick(&m, samples, pause);
                break;
            default:
                measure_window(&m, samples);
        }
        vcpu_stop(&m);
        struct reading last = read_clock(&m);
        for (int i = 0; i < samples; i++) {
            if (measure == LATENCY) {
                results[i][1] = host_time(first, last, stamps[i]) - results[i][1];
            } else if (measure == WINDOW) {
                results[i][0] -= host_time(first, last, stamps[i]);
            }
        }
        machine_close(&m);
    }
    for (int i = 0; i < samples; i++) {
        if (measure == LATENCY) {
            printf("%lld %lld %lld\n", (long long) results[i][0], (long long) results[i][1],
                   (long long) results[i][2]);
        } else {
            printf("%lld\n", (long long) results[i][0]);
        }
    }
    return 0;
}
