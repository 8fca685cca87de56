/* Saves a VM's state and restores it into another VM, piece by piece: machine/snapshot/StateTransfer.java in C. */
#include "reference.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE          4096
#define CPUID_ENTRIES 256
#define CHIPS         3

/* The pieces of machine/snapshot/Piece.java. */
struct snapshot {
    uint8_t *ram; /* the pages that are not zero */
    uint32_t page[RAM_BYTES / PAGE]; /* their numbers */
    int pages;
    struct kvm_cpuid2 *cpuid;
    int tsc_khz; /* negative where the host cannot say */
    struct kvm_sregs2 sregs;
    bool has_xcrs;
    struct kvm_xcrs xcrs;
    struct kvm_xsave *xsave;
    struct kvm_regs regs;
    struct kvm_debugregs debugregs;
    struct msrs others, tsc, adjust, kvmclock, deadline;
    struct kvm_clock_data clock;
    struct kvm_lapic_state lapic;
    struct kvm_vcpu_events events;
    struct kvm_mp_state mp_state;
    bool halted; /* where HLT exits */
    struct kvm_irq_routing_entry routes[MOST_ROUTES];
    int routes_used;
    struct kvm_irqchip chips[CHIPS];
    struct pic pic[2];
    struct ioapic ioapic;
    struct queue vectors;
};

static const uint8_t zeros[PAGE];

static bool has(struct machine *m, int capability) {
    return control(m->kvm, KVM_CHECK_EXTENSION, (void *) (uintptr_t) capability, "KVM_CHECK_EXTENSION") > 0;
}

/* --- what no ioctl reads while a vCPU is stopped */

static uint32_t lapic_word(struct kvm_lapic_state *lapic, int offset) {
    uint32_t word;
    memcpy(&word, lapic->regs + offset, sizeof word);
    return word;
}

static bool is_one_shot(struct kvm_lapic_state *lapic) {
    return (lapic_word(lapic, 0x320) >> 17 & 3) == 0;
}

/* KVM_RUN with a signal pending has the kernel look for what is pending, and executes nothing. */
static void deliver_pending(struct machine *m) {
    m->run->immediate_exit = 0;
    for (int looks = 0; looks < 2; looks++) {
        syscall(SYS_tgkill, getpid(), m->thread_id, SIGRTMIN);
        if (ioctl(m->vcpu, KVM_RUN, NULL) >= 0 || errno != EINTR) {
            fail("KVM_RUN");
        }
        kick_consume(m);
    }
}

static void settle(struct machine *m, struct kvm_lapic_state *lapic) {
    control(m->vcpu, KVM_GET_LAPIC, lapic, "KVM_GET_LAPIC");
    if (m->plan->irqchip == SPLIT || lapic_word(lapic, 0x380) != 0) {
        deliver_pending(m);
        control(m->vcpu, KVM_GET_LAPIC, lapic, "KVM_GET_LAPIC");
    }
}

/* --- the whole */

static void chip_read(struct machine *m, struct kvm_irqchip *chip, int number) {
    chip->chip_id = number;
    control(m->vm, KVM_GET_IRQCHIP, chip, "KVM_GET_IRQCHIP");
}

static void vcpu_read(struct machine *m, struct snapshot *s) {
    bool in_kernel = m->plan->irqchip != USERSPACE;
    if (in_kernel) {
        struct kvm_lapic_state settled;
        do {
            settle(m, &settled);
            control(m->vcpu, KVM_GET_MP_STATE, &s->mp_state, "KVM_GET_MP_STATE");
            control(m->vcpu, KVM_GET_VCPU_EVENTS, &s->events, "KVM_GET_VCPU_EVENTS");
            control(m->vcpu, KVM_GET_LAPIC, &s->lapic, "KVM_GET_LAPIC");
        } while (lapic_word(&settled, 0x390) != 0 && lapic_word(&s->lapic, 0x390) == 0);
        if (is_one_shot(&s->lapic) && lapic_word(&s->lapic, 0x390) == 0) {
            memset(s->lapic.regs + 0x380, 0, 4); /* it has ticked, and would tick again */
        }
        msr_read(m, &s->deadline, IA32_TSC_DEADLINE);
    } else {
        control(m->vcpu, KVM_GET_VCPU_EVENTS, &s->events, "KVM_GET_VCPU_EVENTS");
    }
    msr_read(m, &s->tsc, IA32_TSC);
    msr_read(m, &s->adjust, IA32_TSC_ADJUST);
    s->tsc_khz = ioctl(m->vcpu, KVM_GET_TSC_KHZ, NULL);
    all_msrs_read(m, &s->kvmclock, &s->others);
    control(m->vcpu, KVM_GET_REGS, &s->regs, "KVM_GET_REGS");
    control(m->vcpu, KVM_GET_SREGS2, &s->sregs, "KVM_GET_SREGS2");
    s->has_xcrs = has(m, KVM_CAP_XCRS);
    if (s->has_xcrs) {
        control(m->vcpu, KVM_GET_XCRS, &s->xcrs, "KVM_GET_XCRS");
    }
    int bytes = control(m->kvm, KVM_CHECK_EXTENSION, (void *) KVM_CAP_XSAVE2, "KVM_CHECK_EXTENSION");
    s->xsave = calloc(1, bytes > 0 ? bytes : (int) sizeof *s->xsave);
    control(m->vcpu, bytes > 0 ? KVM_GET_XSAVE2 : KVM_GET_XSAVE, s->xsave, "KVM_GET_XSAVE2");
    control(m->vcpu, KVM_GET_DEBUGREGS, &s->debugregs, "KVM_GET_DEBUGREGS");
    s->cpuid = calloc(1, sizeof *s->cpuid + CPUID_ENTRIES * sizeof *s->cpuid->entries);
    s->cpuid->nent = CPUID_ENTRIES;
    control(m->vcpu, KVM_GET_CPUID2, s->cpuid, "KVM_GET_CPUID2");
}

/* A new machine's memory is zero, and takes up no page of the host where it stays so. */
static void ram_read(struct machine *m, struct snapshot *s) {
    s->ram = malloc(RAM_BYTES);
    for (uint32_t page = 0; page < RAM_BYTES / PAGE; page++) {
        if (memcmp(m->ram + page * PAGE, zeros, PAGE) != 0) {
            memcpy(s->ram + s->pages * PAGE, m->ram + page * PAGE, PAGE);
            s->page[s->pages++] = page;
        }
    }
}

/* The vCPU's thread has ended, and the calling one is armed. */
struct snapshot *machine_save(struct machine *m) {
    struct snapshot *s = calloc(1, sizeof *s);
    vcpu_read(m, s);
    s->halted = m->halted;
    s->vectors = m->vectors;
    if (m->plan->irqchip == KERNEL) {
        for (int number = 0; number < CHIPS; number++) {
            chip_read(m, &s->chips[number], number);
        }
    }
    memcpy(s->pic, m->pic, sizeof s->pic);
    s->ioapic = m->ioapic;
    memcpy(s->routes, m->routes, sizeof s->routes);
    s->routes_used = m->routes_used;
    control(m->vm, KVM_GET_CLOCK, &s->clock, "KVM_GET_CLOCK");
    s->clock.flags = 0; /* what it reports, not what is to be set */
    ram_read(m, s);
    return s;
}

static void ram_write(struct machine *m, const struct snapshot *s) {
    for (int i = 0; i < s->pages; i++) {
        memcpy(m->ram + s->page[i] * PAGE, s->ram + i * PAGE, PAGE);
    }
}

static void vcpu_write(struct machine *m, struct snapshot *s) {
    control(m->vcpu, KVM_SET_CPUID2, s->cpuid, "KVM_SET_CPUID2");
    if (s->tsc_khz > 0) {
        control(m->vcpu, KVM_SET_TSC_KHZ, (void *) (uintptr_t) s->tsc_khz, "KVM_SET_TSC_KHZ");
    }
    control(m->vcpu, KVM_SET_SREGS2, &s->sregs, "KVM_SET_SREGS2");
    if (s->has_xcrs) {
        control(m->vcpu, KVM_SET_XCRS, &s->xcrs, "KVM_SET_XCRS");
    }
    control(m->vcpu, KVM_SET_XSAVE, s->xsave, "KVM_SET_XSAVE");
    control(m->vcpu, KVM_SET_REGS, &s->regs, "KVM_SET_REGS");
    control(m->vcpu, KVM_SET_DEBUGREGS, &s->debugregs, "KVM_SET_DEBUGREGS");
    msrs_write(m, &s->others);
    tsc_write(m, &s->tsc);
    msrs_write(m, &s->adjust);
    msrs_write(m, &s->kvmclock);
    control(m->vm, KVM_SET_CLOCK, &s->clock, "KVM_SET_CLOCK");
    bool in_kernel = m->plan->irqchip != USERSPACE;
    if (in_kernel) {
        control(m->vcpu, KVM_SET_LAPIC, &s->lapic, "KVM_SET_LAPIC");
        msrs_write(m, &s->deadline);
    }
    control(m->vcpu, KVM_SET_VCPU_EVENTS, &s->events, "KVM_SET_VCPU_EVENTS");
    if (in_kernel) {
        control(m->vcpu, KVM_SET_MP_STATE, &s->mp_state, "KVM_SET_MP_STATE");
    }
}

/* Into a blank machine. */
void machine_restore(struct machine *m, struct snapshot *s) {
    ram_write(m, s);
    vcpu_write(m, s);
    m->halted = s->halted;
    if (s->routes_used != m->routes_used
        || memcmp(s->routes, m->routes, s->routes_used * sizeof *s->routes) != 0) {
        memcpy(m->routes, s->routes, sizeof s->routes);
        m->routes_used = s->routes_used;
        routes_set(m);
    }
    if (m->plan->irqchip == KERNEL) {
        static const int order[CHIPS] = {KVM_IRQCHIP_PIC_SLAVE, KVM_IRQCHIP_PIC_MASTER, KVM_IRQCHIP_IOAPIC};
        for (int i = 0; i < CHIPS; i++) {
            control(m->vm, KVM_SET_IRQCHIP, &s->chips[order[i]], "KVM_SET_IRQCHIP");
        }
    }
    memcpy(m->pic, s->pic, sizeof m->pic);
    m->ioapic = s->ioapic;
    m->vectors = s->vectors;
}

/* Has kvm_run say whether the guest can take an interrupt: a vCPU that has never run says no. */
void vcpu_refresh(struct machine *m) {
    m->run->immediate_exit = 1;
    if (ioctl(m->vcpu, KVM_RUN, NULL) >= 0 || errno != EINTR) {
        fail("KVM_RUN");
    }
}

void snapshot_free(struct snapshot *s) {
    free(s->xsave);
    free(s->cpuid);
    free(s->ram);
    free(s);
}
