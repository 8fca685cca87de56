/* How threads wake each other, and how a kick makes a vCPU leave the guest. */
#include "reference.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* --- permits */

void permit_give(struct permit *p) {
    pthread_mutex_lock(&p->lock);
    bool given = p->permit;
    p->permit = true;
    pthread_mutex_unlock(&p->lock);
    if (!given) {
        pthread_cond_signal(&p->given); /* after the unlock, as HotSpot does it: the thread that wakes finds it free */
    }
}

void permit_await(struct permit *p, int64_t deadline) {
    struct timespec until = {.tv_sec = deadline / 1000000000, .tv_nsec = deadline % 1000000000};
    pthread_mutex_lock(&p->lock);
    if (!p->permit) {
        pthread_cond_timedwait(&p->given, &p->lock, &until);
    }
    p->permit = false;
    pthread_mutex_unlock(&p->lock);
}

/* --- the kick */

static void send_signal(struct machine *m) {
    pthread_mutex_lock(&m->sending);
    if (m->place == IN_GUEST && !m->signalled) {
        m->signalled = syscall(SYS_tgkill, getpid(), m->thread_id, SIGRTMIN) == 0;
    }
    pthread_mutex_unlock(&m->sending);
}

void vcpu_kick(struct machine *m) {
    __atomic_store_n(&m->run->immediate_exit, 1, __ATOMIC_SEQ_CST);
    switch (m->place) {
        case IN_GUEST:
            send_signal(m);
            break;
        case PARKED:
            permit_give(&m->sleep);
            break;
        case OUTSIDE:
        case GONE:
            break; /* it checks for work before it enters the guest again */
    }
}

/* The thread blocks the signal; KVM_RUN lets it through, and returns EINTR. */
void kick_arm(struct machine *m) {
    m->thread_id = gettid();
    sigset_t ours, before;
    sigemptyset(&ours);
    sigaddset(&ours, SIGRTMIN);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    struct kvm_signal_mask *mask = calloc(1, sizeof *mask + 8);
    mask->len = 8; /* the kernel's set, which is shorter than glibc's */
    for (int signal = 1; signal <= 64; signal++) {
        if (signal != SIGRTMIN && sigismember(&before, signal) == 1) {
            mask->sigset[(signal - 1) / 8] |= 1 << (signal - 1) % 8;
        }
    }
    control(m->vcpu, KVM_SET_SIGNAL_MASK, mask, "KVM_SET_SIGNAL_MASK");
    free(mask);
}

void kick_consume(struct machine *m) {
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, SIGRTMIN);
    struct timespec no_time = {0};
    pthread_mutex_lock(&m->sending);
    m->signalled = false;
    while (sigtimedwait(&ours, NULL, &no_time) > 0 || errno == EINTR) {
    }
    pthread_mutex_unlock(&m->sending);
}
