/* The vCPU's thread: machine/VcpuThread.java and interrupt/InterruptWindow.java in C. */
#include "reference.h"

#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>

/* --- the injection window, where the 8259s are not in the kernel */

static bool window_open(struct machine *m) {
    return !m->window_spent && m->run->ready_for_interrupt_injection;
}

static bool vector_waits(struct machine *m) {
    pthread_mutex_lock(&m->device_lock);
    bool waits = m->vectors.size > 0 || pic_pending(m);
    pthread_mutex_unlock(&m->device_lock);
    return waits;
}

static int next_vector(struct machine *m) {
    pthread_mutex_lock(&m->device_lock);
    int vector;
    if (m->vectors.size > 0) {
        vector = m->vectors.ring[m->vectors.first];
        m->vectors.first = (m->vectors.first + 1) % QUEUE;
        m->vectors.size--;
    } else {
        vector = pic_acknowledge(m);
    }
    pthread_mutex_unlock(&m->device_lock);
    return vector;
}

static bool window_before_run(struct machine *m) {
    if (window_open(m) && vector_waits(m)) {
        struct kvm_interrupt interrupt = {.irq = next_vector(m)};
        control(m->vcpu, KVM_INTERRUPT, &interrupt, "KVM_INTERRUPT");
        m->window_spent = true;
    }
    m->run->request_interrupt_window = m->window_asked || vector_waits(m);
    return m->window_spent;
}

/* --- NMIs: only this thread can request one without waiting */

static void ask_nmis(struct machine *m) {
    int wanted = m->nmis_wanted == 0 ? 0 : atomic_exchange(&m->nmis_wanted, 0);
    for (; wanted > 0; wanted--) {
        control(m->vcpu, KVM_NMI, NULL, "KVM_NMI");
        m->nmi_ever_asked = true;
    }
}

static bool nmi_ends_halt(struct machine *m) {
    if (!m->nmi_ever_asked) {
        return false;
    }
    struct kvm_vcpu_events events;
    control(m->vcpu, KVM_GET_VCPU_EVENTS, &events, "KVM_GET_VCPU_EVENTS");
    return events.nmi.pending && !events.nmi.masked;
}

/* --- exits */

static void rung(struct machine *m, uint32_t value) {
    if (value >> 24 == RING_TAKEN && (int) (value & 0xff) == m->plan->vector) {
        m->rung_at = nanos();
        m->entered_at = guest_word(m, STAMPS_ENTERED + 8 * m->plan->vector);
        m->rings++;
        permit_give(&m->heard);
    } else if (value >> 24 == RING_READY) {
        m->ready = true;
        permit_give(&m->heard);
    } else if (value >> 24 != RING_TAKEN) {
        m->failed = true; /* a fault or a spurious interrupt */
        permit_give(&m->heard);
    }
}

static void access_port(struct machine *m) {
    uint32_t *data = (uint32_t *) ((uint8_t *) m->run + m->run->io.data_offset);
    int port = m->run->io.port, width = m->run->io.size;
    if (m->run->io.direction == KVM_EXIT_IO_OUT) {
        uint32_t value = width == 1 ? *(uint8_t *) data : width == 2 ? *(uint16_t *) data : *data;
        if (port == DOORBELL_PORT && width == 4) {
            rung(m, value);
            return;
        }
        pthread_mutex_lock(&m->device_lock);
        port_write(m, port, width, value);
        pthread_mutex_unlock(&m->device_lock);
        return;
    }
    pthread_mutex_lock(&m->device_lock);
    uint32_t value = port_read(m, port, width);
    pthread_mutex_unlock(&m->device_lock);
    if (width == 1) {
        *(uint8_t *) data = value;
    } else if (width == 2) {
        *(uint16_t *) data = value;
    } else {
        *data = value;
    }
}

static void access_memory(struct machine *m) {
    uint32_t *data = (uint32_t *) m->run->mmio.data;
    uint64_t offset = m->run->mmio.phys_addr - IOAPIC_BASE;
    if (m->plan->irqchip == SPLIT && offset < 0x100) {
        pthread_mutex_lock(&m->device_lock);
        if (m->run->mmio.is_write) {
            ioapic_write(m, offset, *data);
        } else {
            *data = ioapic_read(m, offset);
        }
        pthread_mutex_unlock(&m->device_lock);
    } else if (!m->run->mmio.is_write) {
        *(uint64_t *) m->run->mmio.data = UINT64_MAX;
    }
}

static void handle(struct machine *m, int result) {
    if (result < 0) {
        if (errno == EINTR) {
            kick_consume(m);
            return;
        }
        fail("KVM_RUN");
    }
    switch (m->run->exit_reason) {
        case KVM_EXIT_IO:
            access_port(m);
            break;
        case KVM_EXIT_MMIO:
            access_memory(m);
            break;
        case KVM_EXIT_HLT:
            m->halted = !nmi_ends_halt(m);
            break;
        case KVM_EXIT_INTR:
            kick_consume(m);
            break;
        case KVM_EXIT_IRQ_WINDOW_OPEN:
        case KVM_EXIT_SET_TPR:
        case KVM_EXIT_IOAPIC_EOI:
            break;
        default:
            fprintf(stderr, "exit reason %u\n", m->run->exit_reason);
            m->failed = true;
            permit_give(&m->heard);
    }
}

static bool has_window(struct machine *m) {
    return m->plan->irqchip != KERNEL;
}

static bool has_word(struct machine *m) {
    return m->stopping || m->kick_wanted || m->window_wanted || m->nmis_wanted > 0
        || (has_window(m) && window_open(m) && vector_waits(m));
}

static void sleep_unless_word(struct machine *m) {
    m->place = PARKED;
    if (!has_word(m)) {
        permit_await(&m->sleep, INT64_MAX);
    }
    m->place = OUTSIDE;
}

/* Handles the request of a kick: to leave the guest, or to leave it when the guest can take an interrupt. */
static void run_tasks(struct machine *m) {
    if (m->kick_wanted) {
        m->kick_wanted = false;
        m->came_at = nanos();
        permit_give(&m->heard);
    }
    if (m->window_wanted) {
        m->window_asked = true;
        if (window_open(m)) {
            m->window_wanted = m->window_asked = false;
            m->opened_at = guest_word(m, MAILBOX_OPENED);
            m->came_at = nanos();
            permit_give(&m->heard);
        }
    }
}

static void turn(struct machine *m) {
    bool injected = has_window(m) && window_before_run(m);
    ask_nmis(m);
    if (m->halted && !injected && !nmi_ends_halt(m)) {
        sleep_unless_word(m);
        return;
    }
    m->halted = false;
    m->place = IN_GUEST;
    int result = ioctl(m->vcpu, KVM_RUN, NULL);
    m->place = OUTSIDE;
    m->window_spent = false;
    handle(m, result);
}

static void *live(void *argument) {
    struct machine *m = argument;
    kick_arm(m);
    while (!m->stopping && !m->failed) {
        __atomic_store_n(&m->run->immediate_exit, 0, __ATOMIC_SEQ_CST);
        run_tasks(m);
        if (!m->stopping) {
            turn(m);
        }
    }
    pthread_mutex_lock(&m->sending);
    m->place = GONE;
    pthread_mutex_unlock(&m->sending);
    kick_consume(m);
    return NULL;
}

void vcpu_start(struct machine *m) {
    if ((errno = pthread_create(&m->thread, NULL, live, m)) != 0) {
        fail("pthread_create");
    }
}

void vcpu_stop(struct machine *m) {
    m->stopping = true;
    vcpu_kick(m); /* the flag is checked before the next entry, and the signal ends this one, so one kick is enough */
    pthread_join(m->thread, NULL);
}
