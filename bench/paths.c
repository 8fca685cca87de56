/* The paths: each injects one interrupt, as the injectors of interrupt/ do. */
#include "reference.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MESSAGE_GSI PINS /* the first after the IOAPIC's */
#define ICR_ASSERT  (1 << 14)

static void bind_eventfd(struct machine *m, int gsi) {
    m->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (m->eventfd < 0) {
        fail("eventfd");
    }
    struct kvm_irqfd irqfd = {.fd = m->eventfd, .gsi = gsi};
    control(m->vm, KVM_IRQFD, &irqfd, "KVM_IRQFD");
}

/* Called when the guest is ready: bindings and routes. */
void path_prepare(struct machine *m) {
    const struct plan *plan = m->plan;
    if (plan->path == MSI_ROUTE || plan->path == MSI_IRQFD) {
        route_message(m, MESSAGE_GSI, LAPIC_BASE, plan->vector);
    }
    if (plan->path == IRQFD) {
        bind_eventfd(m, plan->line);
    } else if (plan->path == MSI_IRQFD) {
        bind_eventfd(m, MESSAGE_GSI);
    }
}

static int pulse(struct machine *m, int gsi) {
    struct kvm_irq_level level = {.irq = gsi, .level = 1};
    control(m->vm, KVM_IRQ_LINE_STATUS, &level, "KVM_IRQ_LINE_STATUS");
    int status = level.status;
    level = (struct kvm_irq_level) {.irq = gsi, .level = 0};
    control(m->vm, KVM_IRQ_LINE_STATUS, &level, "KVM_IRQ_LINE_STATUS");
    return status;
}

static int signal_message(struct machine *m, int vector) {
    struct kvm_msi message = {.address_lo = LAPIC_BASE, .data = vector};
    return control(m->vm, KVM_SIGNAL_MSI, &message, "KVM_SIGNAL_MSI");
}

static int signal_eventfd(struct machine *m) {
    uint64_t one = 1;
    if (write(m->eventfd, &one, sizeof one) != sizeof one) {
        fail("write eventfd");
    }
    return 1;
}

static void add(struct queue *queue, int value) {
    queue->ring[(queue->first + queue->size++) % QUEUE] = value;
}

int path_inject(struct machine *m) {
    const struct plan *plan = m->plan;
    int status = 1;
    switch (plan->path) {
        case LINE:
            if (plan->irqchip == KERNEL) {
                return pulse(m, plan->line);
            }
            pthread_mutex_lock(&m->device_lock);
            status = ioapic_pulse(m, plan->line);
            pthread_mutex_unlock(&m->device_lock);
            return status;
        case MSI_ROUTE:
            return pulse(m, MESSAGE_GSI);
        case IRQFD:
        case MSI_IRQFD:
            return signal_eventfd(m);
        case MSI:
            return signal_message(m, plan->vector);
        case VECTOR:
            pthread_mutex_lock(&m->device_lock);
            if (plan->raw) {
                add(&m->vectors, plan->vector);
            } else {
                status = pic_pulse(m, plan->line);
            }
            pthread_mutex_unlock(&m->device_lock);
            vcpu_kick(m);
            return status;
        case NMI:
            m->nmis_wanted++;
            vcpu_kick(m);
            return status;
        case IPI:
            pthread_mutex_lock(&m->device_lock);
            add(&m->commands, ICR_ASSERT | plan->vector);
            pthread_mutex_unlock(&m->device_lock);
            return signal_message(m, COMMAND_VECTOR);
    }
    return -1;
}
